"""The disability referent's list of requests, and the page of each: decision, measures, verification, exchanges."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import errors
from bilan.adaptations.actions import NotInPlace, TakenBack, write
from bilan.adaptations.models import AdaptationEntry, AdaptationRequest
from bilan.adaptations.rules import Decision, EntryKind, State, Wanted
from bilan.fields import clean_search, form_status
from bilan.htmx import render
from bilan.measures import actions
from bilan.measures.forms import FORM_OF, CheckForm, DecideForm, WriteForm
from bilan.measures.models import Measure
from bilan.measures.rules import Kind
from bilan.pages import paginate_list
from bilan.permissions import Permission, requires

blueprint = Blueprint("measures", __name__)
BACK = "La personne a repris sa demande\u00a0: elle ne change plus."
NOTHING = "Rien n’est encore en place pour cette demande."
UNDECIDED = "Décidez d’abord\u00a0: une mesure répond à une demande accordée."


@blueprint.errorhandler(TakenBack)
def taken_back(_error: TakenBack) -> ResponseReturnValue:
    """Say that a request taken back no longer changes."""
    return errors.page(409, message=BACK)


@blueprint.get("/adaptations")
@requires(Permission.FOLLOW_ADAPTATIONS)
def index() -> ResponseReturnValue:
    """List the requests, what presses first."""
    wanted = Wanted.read(request.args, clean_search(request.args.get("q")))
    page = paginate_list(AdaptationRequest.listed(wanted), 25)
    return render("measures/index.html", page=page, wanted=wanted, states=State)


@blueprint.route("/adaptations/<uuid:id>", methods=["GET", "POST"])
@requires(Permission.READ_ADAPTATION)
def show(one: AdaptationRequest) -> ResponseReturnValue:
    """Show the referent what the person shows; write to her, or what was told her."""
    form = WriteForm()
    form.offer(has_account=one.agent_id is not None)
    if form.validate_on_submit():
        write(request=one, kind=EntryKind(form.what.data), text=form.text.data, submission=form.number(), by=current_user)
        flash("C’est enregistré.", "done")
        return redirect(url_for("measures.show", id=one.id))
    return _page(one, form, None)


@blueprint.post("/adaptations/<uuid:id>/verification")
@requires(Permission.TREAT_ADAPTATION)
def check(one: AdaptationRequest) -> ResponseReturnValue:
    """Note that what is in place was checked with the person."""
    form = CheckForm()
    if not form.validate_on_submit():
        return _page(one, None, form)
    try:
        actions.check(request=one, text=form.text.data, submission=form.number(), by=current_user)
    except NotInPlace:
        return errors.page(409, message=NOTHING)
    flash("C’est vérifié avec la personne.", "done")
    return redirect(url_for("measures.show", id=one.id))


def _page(one: AdaptationRequest, writing: WriteForm | None, checking: CheckForm | None) -> ResponseReturnValue:
    form, verification = writing or WriteForm(formdata=None), checking or CheckForm(formdata=None)
    form.offer(has_account=one.agent_id is not None)
    for each in (form, verification):
        each.renumber()
    verification.submission.id, verification.text.id = "check-submission", "check-text"
    return render(
        "measures/show.html",
        one=one,
        meetings=one.meetings(),
        measures=Measure.of_request(one),
        thread=AdaptationEntry.of_request(one),
        kinds=Kind if one.agent_id else (Kind.OTHER,),
        form=form,
        verification=verification,
        status=form_status(checking or form),
    )


@blueprint.route("/adaptations/<uuid:id>/decision", methods=["GET", "POST"])
@requires(Permission.TREAT_ADAPTATION)
def decide(one: AdaptationRequest) -> ResponseReturnValue:
    """Decide, with the reason that the person reads."""
    form = DecideForm(decision=one.decision and one.decision.value, reason=one.reason, late_reason=one.late_reason, base=one.revision)
    form.is_late, overtaken = one.answering.is_late, None
    if form.validate_on_submit():
        words = {"reason": form.reason.data, "late_reason": form.late_reason.data or "", "base": form.base.data}
        try:
            actions.decide(request=one, decision=Decision(form.decision.data), by=current_user, **words)
        except actions.Overtaken as other:
            overtaken = other.current
            form.base.data, form.base.raw_data = (overtaken.revision if overtaken else 0), None
        else:
            flash("La décision est enregistrée.", "done")
            return redirect(url_for("measures.show", id=one.id))
    status = 409 if overtaken else form_status(form)
    return render("measures/decide.html", one=one, form=form, overtaken=overtaken, status=status)


@blueprint.route("/adaptations/<uuid:id>/mesures/<kind>", methods=["GET", "POST"])
@requires(Permission.TREAT_ADAPTATION)
def measure(one: AdaptationRequest, kind: str) -> ResponseReturnValue:
    """Add a measure of a kind; somebody without an account has those put in place by hand."""
    found = next((each for each in Kind if each.value == kind), None)
    if found is None or (one.agent_id is None and found is not Kind.OTHER):
        abort(404)
    form = FORM_OF[found]()
    if form.validate_on_submit():
        try:
            actions.add_measure(request=one, kind=found, values=form.values(), submission=form.number(), by=current_user)
        except actions.NotDecided:
            return errors.page(409, message=UNDECIDED)
        flash("La mesure est ajoutée. Dites quand elle est en place.", "done")
        return redirect(url_for("measures.show", id=one.id, _anchor="mesures"))
    form.renumber()
    return render("measures/measure.html", one=one, kind=found, form=form, status=form_status(form))


@blueprint.post("/adaptations/mesures/<uuid:id>")
@requires(Permission.TREAT_MEASURE)
def settle(one: Measure) -> ResponseReturnValue:
    """Put a measure in place, or stop it."""
    ends = request.form.get("action") == "end"
    (actions.end_measure if ends else actions.apply_measure)(measure=one, by=current_user)
    flash("La mesure s’arrête." if ends else "La mesure est en place.", "done")
    return redirect(url_for("measures.show", id=one.request_id, _anchor="mesures"))
