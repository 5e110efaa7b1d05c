"""The scenarios of a bilan: side by side, written from a kept lead or freely, and what the agent says of each."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan.fields import as_uuid, form_status
from bilan.french import NBSP
from bilan.htmx import render
from bilan.journeys.models import Journey
from bilan.leads.models import Lead
from bilan.permissions import Permission, requires
from bilan.pieces import writing as pieces
from bilan.pieces.actions import Overtaken
from bilan.pieces.writing import Sort
from bilan.plans.models import Step
from bilan.scenarios import actions
from bilan.scenarios.drawings import two_axes
from bilan.scenarios.forms import ChoiceForm, ScenarioForm
from bilan.scenarios.models import Scenario
from bilan.scenarios.rules import SCENARIOS_MAX, Priority, unwritten
from bilan.together import WAY

blueprint = Blueprint("scenarios", __name__)
pieces.init_pieces(blueprint)
SCENARIO = Sort(Scenario, "scenarios/scenario.html", "scenarios.new", "scenarios.index")


@blueprint.get(WAY + "/<uuid:id>/scenarios")
@requires(Permission.READ_TOGETHER)
def index(journey: Journey) -> ResponseReturnValue:
    """Show the scenarios side by side, and their picture on two axes."""
    scenarios = Scenario.of_journey(journey)
    leads, picture = unwritten(Lead.of_journey(journey), scenarios), two_axes(scenarios)
    return render("scenarios/index.html", journey=journey, scenarios=scenarios, leads=leads, picture=picture, maximum=SCENARIOS_MAX)


@blueprint.route(WAY + "/<uuid:id>/scenarios/nouveau", methods=["GET", "POST"])
@requires(Permission.WRITE_TOGETHER)
def new(journey: Journey) -> ResponseReturnValue:
    """Write a scenario, from a lead of the bilan when the address names one."""
    wanted = as_uuid(request.args.get("piste"))
    lead = next((one for one in Lead.of_journey(journey) if one.id == wanted), None)
    form = ScenarioForm.new(journey, **({"title": lead.title, "origin": lead.content["why"]} if lead else {}))
    form.lead_id = lead.id if lead else None
    return pieces.new(SCENARIO, journey, form)


@blueprint.route(WAY + "/scenarios/<uuid:id>", methods=["GET", "POST"])
@requires(Permission.WRITE_SCENARIO)
def edit(scenario: Scenario) -> ResponseReturnValue:
    """Complete a scenario."""
    form = ScenarioForm.of(scenario)
    form.lead_id = scenario.lead_id
    return pieces.edit(SCENARIO, scenario, form)


@blueprint.route(WAY + "/scenarios/<uuid:id>/retirer", methods=["GET", "POST"])
@requires(Permission.WRITE_SCENARIO)
def remove(scenario: Scenario) -> ResponseReturnValue:
    """Remove a scenario."""
    steps = [one for one in Step.of_journey(scenario.journey) if one.scenario_id == scenario.id]
    return pieces.remove(SCENARIO, scenario, steps=steps)


@blueprint.route("/mon-bilan/scenarios/<uuid:id>/a-moi", methods=["GET", "POST"])
@requires(Permission.CHOOSE_SCENARIO)
def choose(scenario: Scenario) -> ResponseReturnValue:
    """Let the agent say, in her own words, what she thinks of a scenario, and its place."""
    form, other = ChoiceForm.of(scenario), None
    if form.validate_on_submit():
        priority = Priority(form.priority.data)
        try:
            actions.choose(scenario=scenario, priority=priority, words=form.words.data, base=form.base.data, by=current_user)
        except Overtaken as overtaken:
            other = overtaken.current
            form.base.data, form.base.raw_data = other.own_revision, None
        else:
            flash(f"C’est noté{NBSP}: {priority.label}.", "done")
            pieces.recall(form.words.data)
            return redirect(url_for("scenarios.index", id=scenario.journey_id))
    status = 409 if other else form_status(form)
    return render("scenarios/choose.html", journey=scenario.journey, scenario=scenario, form=form, other=other, status=status)
