"""The action plan of a bilan: its steps by scenario or by date, the calendar file, the review months later."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import french
from bilan.database import now
from bilan.fields import EmptyForm, as_uuid, form_status
from bilan.french import NBSP
from bilan.htmx import render, wants_fragment
from bilan.journeys.models import Journey
from bilan.permissions import Permission, requires
from bilan.pieces import writing as pieces
from bilan.pieces.actions import Overtaken
from bilan.pieces.writing import Sort
from bilan.plans import actions
from bilan.plans.forms import ReviewForm, StepForm
from bilan.plans.models import Step
from bilan.plans.rules import Answer, State, by_date, by_scenario, calendar_of, in_order
from bilan.scenarios.models import Scenario
from bilan.together import WAY

blueprint = Blueprint("plans", __name__)
pieces.init_pieces(blueprint)
STEP = Sort(Step, "plans/step.html", "plans.new", "plans.index")


@blueprint.get(WAY + "/<uuid:id>/plan")
@requires(Permission.READ_TOGETHER)
def index(journey: Journey) -> ResponseReturnValue:
    """Show the steps, by scenario or by date."""
    return render("plans/index.html", **_listed(journey))


@blueprint.post(WAY + "/etapes/<uuid:id>/etat")
@requires(Permission.WRITE_STEP)
def move(step: Step) -> ResponseReturnValue:
    """Say in one press where a step is."""
    wanted = request.form.get("state", "")
    said = ""
    if EmptyForm().validate_on_submit() and wanted in State.choices():
        actions.move(step=step, state=State(wanted), by=current_user)
        said = f"«\u00a0{step.title}\u00a0»{NBSP}: {State(wanted).label.lower()}."
    if not wants_fragment():
        flash(said or "Choisissez un état de la liste.", "done" if said else "attention")
        return redirect(url_for("plans.index", id=step.journey_id, par=_order(), _anchor=f"etape-{step.id}"))
    return render("plans/index.html", "plans/_moved.html", said=said, **_listed(step.journey))


@blueprint.route(WAY + "/<uuid:id>/plan/nouvelle", methods=["GET", "POST"])
@requires(Permission.WRITE_TOGETHER)
def new(journey: Journey) -> ResponseReturnValue:
    """Write a step, for the scenario that the address names."""
    return pieces.new(STEP, journey, StepForm.new(journey, scenario=str(as_uuid(request.args.get("scenario")) or "")))


@blueprint.route(WAY + "/etapes/<uuid:id>", methods=["GET", "POST"])
@requires(Permission.WRITE_STEP)
def edit(step: Step) -> ResponseReturnValue:
    """Complete a step."""
    form = StepForm.of(step)
    form.kept = step.due_on
    return pieces.edit(STEP, step, form)


@blueprint.route(WAY + "/etapes/<uuid:id>/retirer", methods=["GET", "POST"])
@requires(Permission.WRITE_STEP)
def remove(step: Step) -> ResponseReturnValue:
    """Remove a step."""
    return pieces.remove(STEP, step)


@blueprint.get("/mon-bilan/<uuid:id>/plan.ics")
@requires(Permission.READ_OWN_JOURNEY)
def calendar(journey: Journey) -> ResponseReturnValue:
    """Give the agent the days of her plan, for her own calendar."""
    response = Response(calendar_of(Step.of_journey(journey)), mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'attachment; filename="plan.ics"'
    return response


@blueprint.get("/mon-bilan/<uuid:id>/plan/point")
@requires(Permission.REVIEW_PLAN)
def review(journey: Journey) -> ResponseReturnValue:
    """Show the agent her steps once the bilan is over, and which ones she has not spoken of."""
    return render("plans/review.html", journey=journey, steps=in_order(Step.of_journey(journey)))


@blueprint.route("/mon-bilan/etapes/<uuid:id>/point", methods=["GET", "POST"])
@requires(Permission.REVIEW_STEP)
def answer(step: Step) -> ResponseReturnValue:
    """Let the agent say what became of one step, and why."""
    form, other = ReviewForm.of(step), None
    if form.validate_on_submit():
        try:
            actions.review(step=step, done=Answer(form.done.data), why=form.why.data, base=form.base.data, by=current_user)
        except Overtaken as overtaken:
            other = overtaken.current
            form.base.data, form.base.raw_data = other.review_revision, None
        else:
            flash("C’est noté.", "done")
            pieces.recall(form.why.data or "")
            return redirect(url_for("plans.review", id=step.journey_id))
    return render("plans/answer.html", journey=step.journey, step=step, form=form, other=other, status=409 if other else form_status(form))


def _order() -> str | None:
    return "date" if request.values.get("par") == "date" else None


def _listed(journey: Journey) -> dict[str, Any]:
    """Return what the list shows, with each step as it is now."""
    steps, order = Step.of_journey(journey), _order()
    scenarios = Scenario.of_journey(journey)
    groups = by_date(steps, french.to_paris(now()).date()) if order else by_scenario(steps, scenarios)
    titles = {one.id: one.title for one in scenarios}
    return {"journey": journey, "groups": groups, "by_date": bool(order), "titles": titles, "states": list(State)}
