"""The counsellor's journeys and one journey's page; the agent's own bilan."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import french
from bilan.database import now
from bilan.fields import EmptyForm, clean_search
from bilan.htmx import render
from bilan.interviews.models import Interview, Note
from bilan.journeys import actions
from bilan.journeys.models import Journey
from bilan.journeys.rules import NEXT_PHASE, Phase, held_minutes, next_interview, overview, stations
from bilan.permissions import Permission, requires
from bilan.questionnaires import instruments
from bilan.questionnaires.models import Passation

blueprint = Blueprint("journeys", __name__)


@blueprint.get("/parcours")
@requires(Permission.SEE_OWN_JOURNEYS)
def index() -> ResponseReturnValue:
    """Show the counsellor her journeys, with what waits for her first."""
    closed = request.args.get("etat") == "termines"
    search = clean_search(request.args.get("q"))
    journeys = Journey.of_counsellor(current_user, closed=closed, search=search)
    lines = overview(journeys, Interview.of_journeys(journeys), Passation.of_journeys(journeys), now())
    return render("journeys/index.html", lines=lines, closed=closed, search=search)


@blueprint.route("/parcours/<uuid:id>", methods=["GET", "POST"])
@requires(Permission.READ_JOURNEY)
def show(journey: Journey) -> ResponseReturnValue:
    """Show one journey; move it on to its next phase."""
    form = EmptyForm()
    if form.validate_on_submit():
        leaving = request.form.get("leaving", "")
        if leaving == journey.phase.value and NEXT_PHASE.get(journey.phase) not in (None, Phase.CLOSED):
            _move_on(journey)
        return redirect(url_for("journeys.show", id=journey.id))
    interviews = Interview.of_journey(journey)
    passations = Passation.of_journey(journey)
    return render(
        "journeys/show.html",
        journey=journey,
        interviews=interviews,
        passations=passations,
        held=held_minutes(interviews),
        next_interview=next_interview(interviews, now()),
        next_phase=NEXT_PHASE.get(journey.phase),
        instruments=instruments.published(),
        stations=stations(journey.phase, "en cours", journey.phase_ends()),
    )


def _move_on(journey: Journey) -> None:
    try:
        reached = actions.enter_next_phase(journey=journey, leaving=journey.phase, by=current_user)
    except actions.PhaseAlreadyLeft:
        flash("Cette étape était déjà passée.", "info")
    else:
        flash(f"Le parcours entre dans la phase « {reached.label} ».", "done")


@blueprint.get("/mon-bilan")
@requires(Permission.SEE_OWN_BILAN)
def mine() -> ResponseReturnValue:
    """Show the agent where the bilan stands and what to do next."""
    journey = Journey.of_agent(current_user)
    if journey is None:
        return render("journeys/none_yet.html")
    interviews = Interview.of_journey(journey)
    passations = Passation.of_journey(journey)
    held = held_minutes(interviews)
    return render(
        "journeys/mine.html",
        journey=journey,
        interviews=interviews,
        passations=passations,
        held=held,
        next_interview=next_interview(interviews, now()),
        notes=Note.shared_interviews(journey),
        to_fill=[one for one in passations if one.submitted_at is None],
        stations=stations(journey.phase, f"vous êtes ici · {french.duration(held)} tenues", journey.phase_ends()),
    )
