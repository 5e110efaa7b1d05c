"""The leads of a bilan: suggested, written, sorted by the agent, surveyed, and the few that are kept for the scenarios."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan.fields import EmptyForm, as_uuid, form_status
from bilan.french import NBSP
from bilan.htmx import render
from bilan.journeys.models import Journey
from bilan.leads import actions
from bilan.leads.forms import LeadForm, SortForm, SurveyForm
from bilan.leads.models import Lead, Survey
from bilan.leads.rules import KEPT_MAX, Choice, Origin, Suggestion, grouped, origin_of, ranked
from bilan.occupations.models import Occupation, OccupationSource, ground_of, interest_names
from bilan.occupations.rules import Ground
from bilan.pages import paginate_list
from bilan.permissions import Permission, requires
from bilan.pieces import writing as pieces
from bilan.pieces.actions import Overtaken, TooMany
from bilan.pieces.writing import Sort
from bilan.together import WAY

blueprint = Blueprint("leads", __name__)
pieces.init_pieces(blueprint)
LEAD = Sort(Lead, "leads/lead_form.html", "leads.new", "leads.index")
SURVEY = Sort(Survey, "leads/survey.html", "leads.new_survey", "leads.index")


@blueprint.get(WAY + "/<uuid:id>/pistes")
@requires(Permission.READ_TOGETHER)
def index(journey: Journey) -> ResponseReturnValue:
    """List the leads by what is said of them."""
    groups, surveys = grouped(Lead.of_journey(journey)), Survey.by_lead(journey)
    return render("leads/index.html", journey=journey, groups=groups, surveys=surveys, kept_max=KEPT_MAX)


@blueprint.route(WAY + "/<uuid:id>/pistes/suggestions", methods=["GET", "POST"])
@requires(Permission.WRITE_TOGETHER)
def suggestions(journey: Journey) -> ResponseReturnValue:
    """Suggest occupations, each with its reasons; adopt one of them. All are there, in an order that is said."""
    ground = ground_of(journey, by_agent=current_user.id == journey.agent_id)
    if EmptyForm().validate_on_submit():
        return _adopt(journey)
    everything = "tous" in request.args
    listed = Occupation.listed() if everything else Occupation.listed().where(Occupation.territorial)
    page = paginate_list(ranked(listed, ground), 20)
    known = {one.occupation_id: one for one in Lead.of_journey(journey)}
    found = [Suggestion(one, _why(one, ground), _origin(one, ground, journey), one.id in known) for one in page.rows]
    context = {"found": found, "page": page, "ground": ground, "everything": everything, "rome": OccupationSource.rome()}
    return render("leads/suggestions.html", journey=journey, known=known, names=interest_names(), **context)


def _why(occupation: Occupation, ground: Ground) -> list[str]:
    # What is adopted is read by the two: neither "vos" nor "ses".
    return ground.reasons(occupation.code, occupation.letters, interest_names(), whose="les")


def _origin(occupation: Occupation, ground: Ground, journey: Journey) -> Origin:
    return origin_of(occupation, ground, other=Origin.AGENT if current_user.id == journey.agent_id else Origin.COUNSELLOR)


def _adopt(journey: Journey) -> ResponseReturnValue:
    # What is kept is read by the agent: it says nothing of a result that is not released yet.
    ground = ground_of(journey, by_agent=True)
    wanted = as_uuid(request.form.get("occupation"))
    occupation = Occupation.get_or_none_by_id(wanted) if wanted else None
    if occupation is None:
        flash("Choisissez un métier de la liste.", "attention")
        return redirect(url_for("leads.suggestions", id=journey.id))
    why, origin = " ".join(_why(occupation, ground)), _origin(occupation, ground, journey)
    try:
        lead, new_one = actions.adopt(journey=journey, occupation=occupation, origin=origin, why=why, by=current_user)
    except TooMany:
        flash(f"Ce bilan a déjà {Lead.maximum} pistes, et c’est le maximum. Retirez-en une d’abord.", "attention")
        return redirect(url_for("leads.index", id=journey.id))
    flash("C’est ajouté aux pistes." if new_one else "Ce métier est déjà dans les pistes.", "done" if new_one else "info")
    return redirect(url_for("leads.show", id=lead.id))


@blueprint.route(WAY + "/<uuid:id>/pistes/nouvelle", methods=["GET", "POST"])
@requires(Permission.WRITE_TOGETHER)
def new(journey: Journey) -> ResponseReturnValue:
    """Write a lead of one's own."""
    origin = Origin.AGENT if current_user.id == journey.agent_id else Origin.COUNSELLOR
    return pieces.new(LEAD, journey, LeadForm.new(journey, origin=origin.value, occupation=""))


@blueprint.get(WAY + "/pistes/<uuid:id>")
@requires(Permission.READ_LEAD)
def show(lead: Lead) -> ResponseReturnValue:
    """Show a lead: why, what the agent says of it, its surveys."""
    form = SortForm(formdata=None, base=lead.sorting_revision, **(lead.sorting or {}))
    return _page(lead, form)


@blueprint.route(WAY + "/pistes/<uuid:id>/modifier", methods=["GET", "POST"])
@requires(Permission.WRITE_LEAD)
def edit(lead: Lead) -> ResponseReturnValue:
    """Reword a lead."""
    return pieces.edit(LEAD, lead, LeadForm.of(lead), back=url_for("leads.show", id=lead.id))


@blueprint.route(WAY + "/pistes/<uuid:id>/retirer", methods=["GET", "POST"])
@requires(Permission.WRITE_LEAD)
def remove(lead: Lead) -> ResponseReturnValue:
    """Remove a lead with its surveys."""
    return pieces.remove(LEAD, lead, surveys=Survey.by_lead(lead.journey).get(lead.id, []))


@blueprint.post("/mon-bilan/pistes/<uuid:id>/tri")
@requires(Permission.SORT_LEAD)
def sort(lead: Lead) -> ResponseReturnValue:
    """Let the agent say what she thinks of a lead, and why."""
    form, other = SortForm(), None
    if form.validate_on_submit():
        try:
            actions.sort(lead=lead, choice=Choice(form.choice.data), reason=form.reason.data, base=form.base.data, by=current_user)
        except Overtaken as overtaken:
            other = overtaken.current
            form.base.data, form.base.raw_data = other.sorting_revision, None
        else:
            flash(f"C’est noté{NBSP}: {Choice(form.choice.data).label.lower()}.", "done")
            return redirect(url_for("leads.index", id=lead.journey_id))
    return _page(lead, form, other=other, status=409 if other else form_status(form))


@blueprint.post(WAY + "/pistes/<uuid:id>/garder")
@requires(Permission.WRITE_LEAD)
def keep(lead: Lead) -> ResponseReturnValue:
    """Keep a lead for the scenarios, or no longer."""
    kept = "kept" in request.form
    try:
        actions.keep(lead=lead, kept=kept, by=current_user)
        flash("La piste est gardée pour les scénarios." if kept else "La piste n’est plus gardée pour les scénarios.", "done")
    except actions.EnoughKept:
        flash(f"{KEPT_MAX} pistes sont déjà gardées, et c’est le maximum. Retirez-en une d’abord.", "attention")
    return redirect(url_for("leads.show", id=lead.id))


@blueprint.route(WAY + "/pistes/<uuid:id>/enquete", methods=["GET", "POST"])
@requires(Permission.WRITE_LEAD)
def new_survey(lead: Lead) -> ResponseReturnValue:
    """Write what was found out about the job."""
    form = SurveyForm.new(lead.journey)
    form.lead_id = lead.id
    return pieces.new(SURVEY, lead.journey, form, back=url_for("leads.show", id=lead.id))


@blueprint.route(WAY + "/enquetes/<uuid:id>", methods=["GET", "POST"])
@requires(Permission.WRITE_SURVEY)
def survey(survey: Survey) -> ResponseReturnValue:
    """Complete a survey."""
    form = SurveyForm.of(survey)
    form.lead_id = survey.lead_id
    return pieces.edit(SURVEY, survey, form, back=url_for("leads.show", id=survey.lead_id))


@blueprint.route(WAY + "/enquetes/<uuid:id>/retirer", methods=["GET", "POST"])
@requires(Permission.WRITE_SURVEY)
def remove_survey(survey: Survey) -> ResponseReturnValue:
    """Remove a survey."""
    return pieces.remove(SURVEY, survey, back=url_for("leads.show", id=survey.lead_id))


def _page(lead: Lead, form: SortForm, *, other: Lead | None = None, status: int = 200) -> ResponseReturnValue:
    surveys = Survey.by_lead(lead.journey).get(lead.id, [])
    return render("leads/show.html", journey=lead.journey, lead=lead, form=form, other=other, surveys=surveys, status=status)
