"""The counsellor's journeys and one journey's page; the agent's own bilan."""

import uuid
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import french
from bilan.adaptations.models import AdaptationRequest
from bilan.assignments.models import Assignment
from bilan.assignments.rules import Line, lines
from bilan.closing.models import items_of
from bilan.closing.rules import Item, Side, waiting_for
from bilan.database import now
from bilan.diagnostics.models import Diagnostic
from bilan.diagnostics.rules import objectives_of
from bilan.fields import EmptyForm, as_uuid, clean_search, form_status
from bilan.followup.models import Interruption, MidwayReview, inactivity_thresholds, last_activity
from bilan.followup.rules import is_half_way, silence
from bilan.hours.models import account_of
from bilan.htmx import render
from bilan.interviews.models import Interview, ObjectivesTouched
from bilan.journeys import actions
from bilan.journeys.forms import ConflictForm
from bilan.journeys.models import ConflictOfInterest, Journey, Suspension
from bilan.journeys.rules import Phase, next_interview, overview, stations
from bilan.measures.models import effects_of, preparing
from bilan.messages.models import Message
from bilan.notes.models import Note
from bilan.people.models import Employer
from bilan.permissions import Permission, requires
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import State
from bilan.questionnaires import instruments
from bilan.questionnaires.models import Passation
from bilan.vault import is_destroyed

blueprint = Blueprint("journeys", __name__)


@blueprint.get("/parcours")
@requires(Permission.SEE_OWN_JOURNEYS)
def index() -> ResponseReturnValue:
    """Show the counsellor her journeys, with what waits for her first."""
    closed = request.args.get("etat") == "termines"
    search = clean_search(request.args.get("q"))
    journeys = Journey.of_counsellor(current_user, closed=closed, search=search)
    lines = overview(
        journeys,
        Interview.of_journeys(journeys),
        Passation.of_journeys(journeys),
        now(),
        decisions=Diagnostic.of_journeys(journeys),
        sleeping={} if closed else _sleeping(journeys),
        unread=Message.unread_of_agents(journeys),
    )
    return render(
        "journeys/index.html",
        lines=lines,
        closed=closed,
        search=search,
        interviews=list(Interview.of_today(current_user)),
        to_close=Interview.to_close(current_user),
    )


@blueprint.route("/parcours/conflits", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_JOURNEYS)
def conflicts() -> ResponseReturnValue:
    """Let a counsellor declare whom she cannot accompany, and take a declaration back."""
    form = ConflictForm()
    form.offer(Employer.in_order())
    lifted = as_uuid(request.form.get("lift"))
    if lifted and EmptyForm().validate_on_submit():
        if not actions.lift_conflict(counsellor=current_user, conflict_id=lifted):
            abort(404)
        flash("La déclaration est retirée.", "done")
        return redirect(url_for("journeys.conflicts"))
    if form.validate_on_submit():
        employer = Employer.get_by_id(form.employer.data) if form.employer.data else None
        actions.declare_conflict(counsellor=current_user, employer=employer, person_name=form.person_name.data or "")
        flash("Votre déclaration est enregistrée. Le secrétariat en tient compte.", "done")
        return redirect(url_for("journeys.conflicts"))
    declared = ConflictOfInterest.of_counsellor(current_user)
    return render("journeys/conflicts.html", form=form, declared=declared, status=form_status(form))


@blueprint.route("/parcours/<uuid:id>", methods=["GET", "POST"])
@requires(Permission.READ_JOURNEY)
def show(journey: Journey) -> ResponseReturnValue:
    """Show one journey; move it on to its next phase."""
    form = EmptyForm()
    if form.validate_on_submit():
        leaving = request.form.get("leaving", "")
        # The first phase ends by the agent's commitment, the last by the conclusion's own procedure.
        if leaving == journey.phase.value and journey.phase is Phase.ACCOMPANIMENT:
            _move_on(journey)
        return redirect(url_for("journeys.show", id=journey.id))
    return _page(journey)


def _page(journey: Journey) -> ResponseReturnValue:
    interviews = Interview.of_journey(journey)
    diagnostic = Diagnostic.of_journey(journey)
    return render(
        "journeys/show.html",
        journey=journey,
        interviews=interviews,
        work=_work(journey, interviews),
        unread=Message.count_unread(journey, current_user),
        passations=Passation.of_journey(journey),
        account=account_of(journey.id, is_open=journey.is_open),
        next_interview=next_interview(interviews, now()),
        diagnostic=diagnostic,
        **_objectives(journey, diagnostic),
        suspension=Suspension.current(journey.id),
        interruption=Interruption.of_journey(journey),
        asleep=_sleeping([journey]).get(journey.id) if journey.is_open and not next_interview(interviews, now()) else None,
        midway=MidwayReview.of_journey(journey),
        prescription=Prescription.for_counsellor(journey.id),
        instruments=instruments.published(),
        to_conclude=_to_conclude(journey, Side.COUNSELLOR),
        **preparing(journey.id),
        stations=stations(journey.phase, "en cours", journey.phase_ends()),
    )


def _objectives(journey: Journey, diagnostic: Diagnostic | None) -> dict[str, Any]:
    if diagnostic is None or is_destroyed(journey.id):
        return {"objectives": [], "touched": {}}
    return {"objectives": objectives_of(diagnostic.content), "touched": ObjectivesTouched.of_journey(journey)}


def _work(journey: Journey, interviews: list[Interview]) -> list[Line]:
    """Return the work of a bilan; of one whose content was destroyed, nothing is left to name it by."""
    if is_destroyed(journey.id):
        return []
    return lines(Assignment.of_journey(journey), interviews, french.to_paris(now()).date())


def _sleeping(journeys: list[Journey]) -> dict[uuid.UUID, str]:
    """Return in words the silence, or the pause, of the journeys that have one."""
    found, last = {}, last_activity(journeys)
    for journey in journeys:
        if quiet := silence(last.get(journey.id, journey.created_at), now(), inactivity_thresholds()):
            found[journey.id] = f"sans activité depuis {french.plural(quiet.days, 'jour', 'jours')}"
    return found | {key: f"en pause jusqu’au {french.short_day(day)}" for key, day in Suspension.of_journeys(journeys).items()}


def _to_conclude(journey: Journey, side: Side) -> list[Item] | None:
    """Return what waits for one of the two in a bilan that comes to its end, None before that."""
    return waiting_for(items_of(journey), side) if journey.phase is Phase.CONCLUSION else None


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
    proposal = Prescription.proposed_to(current_user) if journey is None or not journey.is_open else None
    if proposal and proposal.state is State.INVITED:
        return redirect(url_for("proposals.show"))
    if journey is None or (proposal and proposal.is_open and proposal.id != journey.id):
        return render("journeys/none_yet.html", proposal=proposal)
    return _own_page(journey)


def _own_page(journey: Journey) -> ResponseReturnValue:
    interviews = Interview.of_journey(journey)
    passations = Passation.of_journey(journey)
    account = account_of(journey.id, is_open=journey.is_open)
    midway = MidwayReview.of_journey(journey)
    work = _work(journey, interviews)
    in_work = {one.assignment.passation_id for one in work}
    return render(
        "journeys/mine.html",
        effects=effects_of(journey.id),
        adapted=bool(AdaptationRequest.of_agent(journey.agent)),
        work=[one for one in work if one.state.is_waiting],
        unread=Message.count_unread(journey, current_user),
        journey=journey,
        interviews=interviews,
        passations=passations,
        account=account,
        next_interview=next_interview(interviews, now()),
        notes=Note.shared_interviews(journey),
        to_fill=[one for one in passations if one.submitted_at is None and not one.is_entered and one.id not in in_work],
        diagnostic=Diagnostic.of_journey(journey),
        suspension=Suspension.current(journey.id),
        to_conclude=_to_conclude(journey, Side.AGENT),
        asks_midway=midway is None and journey.phase is Phase.ACCOMPANIMENT and is_half_way(account.held, account.planned),
        midway=midway,
        stations=stations(journey.phase, f"vous êtes ici · {french.duration(account.held)} tenues", journey.phase_ends()),
    )
