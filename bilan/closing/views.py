"""The closing: the checklist of the two, the forms that do what it asks, the gesture that ends the bilan."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import errors
from bilan.closing import actions
from bilan.closing.forms import AssessForm, CloseForm, HandOverForm, KeepForm
from bilan.closing.models import Attainment, Closing, items_of, objectives_in, side_of
from bilan.closing.rules import Keep, Level, Side, forbidding, kept_words, left_open, to_explain
from bilan.database import now
from bilan.fields import EmptyForm, form_status
from bilan.followup.models import Interruption
from bilan.french import short_day, to_paris
from bilan.hours.models import account_of
from bilan.htmx import render
from bilan.journeys.actions import JourneyAlreadyClosed
from bilan.journeys.models import Journey
from bilan.permissions import Permission, requires
from bilan.pieces import writing as pieces
from bilan.satisfaction.models import Invitation
from bilan.satisfaction.rules import AT_CLOSING
from bilan.synthesis.models import Synthesis
from bilan.together import WAY

blueprint = Blueprint("closing", __name__)
pieces.init_pieces(blueprint)
ALREADY = "Ce bilan vient d’être clos par une autre personne, ou dans une autre fenêtre. Rien n’est à refaire."


@blueprint.get(WAY + "/<uuid:id>/cloture")
@requires(Permission.READ_TOGETHER)
def show(journey: Journey) -> ResponseReturnValue:
    """Show what is left to do before the closing; once closed, what was done and when."""
    closing = Closing.of_journey(journey)
    context: dict[str, Any] = {
        "closing": closing,
        "objectives": objectives_in(journey),
        "said": Attainment.of_journey(journey),
        "levels": Level.choices(),
        "sides": Side,
        "kept": kept_words(closing.keep, closing.keep_months),
    }
    if journey.is_open:
        items = items_of(journey)
        return render("closing/show.html", journey=journey, items=items, forbidding=forbidding(items), **context)
    account, interruption = account_of(journey.id, is_open=False), Interruption.of_journey(journey)
    context |= {"synthesis": Synthesis.of_journey(journey), "survey_at": Invitation.sent_at(journey, AT_CLOSING)}
    context |= {"done": {one.key: one.words for one in items_of(journey) if one.done}}
    return render("closing/done.html", journey=journey, account=account, interruption=interruption, **context)


@blueprint.route("/parcours/<uuid:id>/cloture/remise", methods=["GET", "POST"])
@requires(Permission.WRITE_JOURNEY)
def hand_over(journey: Journey) -> ResponseReturnValue:
    """Say which day the synthesis was handed over."""
    synthesis = Synthesis.of_journey(journey)
    form = HandOverForm(on=Closing.of_journey(journey).handed_over_on or to_paris(now()).date())
    if form.validate_on_submit():
        try:
            actions.hand_over(journey=journey, on=form.on.data, by=current_user)
        except actions.NotValidated:
            frozen = synthesis.frozen_at if synthesis else None
            after = f"Elle a été validée le {short_day(frozen)}\u00a0: indiquez ce jour ou un jour d’après." if frozen else ""
            form.on.errors = [after or "La synthèse n’est pas encore validée par les deux."]
        else:
            flash("La remise de la synthèse est notée.", "done")
            return _back(journey)
    return render("closing/hand_over.html", journey=journey, form=form, synthesis=synthesis, status=form_status(form))


@blueprint.post("/mon-bilan/<uuid:id>/cloture/decision")
@requires(Permission.WRITE_OWN_JOURNEY)
def decide(journey: Journey) -> ResponseReturnValue:
    """Let the agent say in one press that HR is told nothing, or that she wishes no review."""
    decision = request.form.get("decision") if EmptyForm().validate_on_submit() else None
    if decision == "nothing":
        actions.tell_nothing(journey=journey, by=current_user)
        flash("C’est noté\u00a0: rien n’est communiqué au service RH.", "done")
    elif decision == "no-review":
        actions.skip_review(journey=journey, by=current_user)
        flash("C’est noté\u00a0: pas de bilan avec le service RH.", "done")
    return _back(journey)


@blueprint.route(WAY + "/<uuid:id>/cloture/objectifs", methods=["GET", "POST"])
@requires(Permission.WRITE_TOGETHER)
def assess(journey: Journey) -> ResponseReturnValue:
    """Let each of the two say how far the objectives were reached; the other's answers are beside."""
    side, said, objectives = side_of(journey, current_user), Attainment.of_journey(journey), objectives_in(journey)
    own, other = said.get(side), next((one for key, one in said.items() if key is not side), None)
    known: dict[str, Any] = own.content if own else {}
    elsewhere: dict[str, Any] = {}
    form = AssessForm.of(objectives, side, known, own.revision if own else 0)
    if form.validate_on_submit():
        try:
            actions.assess(journey=journey, content=form.content(known), base=form.base.data, by=current_user)
        except actions.Overtaken as overtaken:
            elsewhere = overtaken.current.content if overtaken.current else {}
            form.base.data, form.base.raw_data = overtaken.current.revision if overtaken.current else 0, None
        else:
            flash("Votre avis est enregistré.", "done")
            pieces.recall(" ".join(field.data or "" for _, field in form.pairs()))
            return _back(journey)
    context = {"other": other.content if other else {}, "elsewhere": elsewhere, "levels": Level.choices()}
    return render("closing/assess.html", journey=journey, form=form, status=409 if elsewhere else form_status(form), **context)


@blueprint.route("/mon-bilan/<uuid:id>/cloture/garder", methods=["GET", "POST"])
@requires(Permission.WRITE_OWN_JOURNEY)
def keep(journey: Journey) -> ResponseReturnValue:
    """Let the agent choose what is kept after her bilan."""
    closing, status = Closing.of_journey(journey), None
    maximum = current_app.config["BILAN"].keeping_months_max
    known = {"keep": closing.keep.value, "months": closing.keep_months or min(6, maximum), "need": closing.need, "base": closing.revision}
    form = KeepForm.of(maximum, **known)
    if form.validate_on_submit():
        choice = {"keep": Keep(form.keep.data), "months": form.months.data, "need": form.need.data or ""}
        try:
            actions.choose_keeping(journey=journey, base=form.base.data, by=current_user, **choice)
        except actions.Overtaken as overtaken:
            form.base.data, form.base.raw_data, status = overtaken.current.revision, None, 409
            said = kept_words(overtaken.current.keep, overtaken.current.keep_months)
            form.form_errors.append(f"Un autre choix vient d’être enregistré\u00a0: {said} Enregistrez de nouveau pour le remplacer.")
        else:
            flash("Votre choix est enregistré. Vous pouvez le changer jusqu’à la clôture.", "done")
            return _back(journey)
    return render("closing/keep.html", journey=journey, form=form, maximum=maximum, status=status or form_status(form))


@blueprint.route("/parcours/<uuid:id>/cloture/clore", methods=["GET", "POST"])
@requires(Permission.READ_JOURNEY)
def close(journey: Journey) -> ResponseReturnValue:
    """Close the bilan, after a page that says what follows and what is left undone."""
    if not journey.is_open:
        return _back(journey) if request.method == "GET" else errors.page(409, message=ALREADY)
    items = items_of(journey)
    form = CloseForm.of(to_explain(items))
    missing = forbidding(items)
    if not missing and form.validate_on_submit():
        try:
            actions.close(journey=journey, reasons=form.reasons(), by=current_user)
        except JourneyAlreadyClosed:
            return errors.page(409, message=ALREADY)
        except actions.NotReady as not_ready:
            missing = not_ready.items
        else:
            flash("Le bilan est clos. L’agent et le service RH sont prévenus.", "done")
            return _back(journey)
    status = 409 if missing and form.is_submitted() else form_status(form)
    return render("closing/close.html", journey=journey, form=form, missing=missing, undone=left_open(items), status=status)


def _back(journey: Journey) -> ResponseReturnValue:
    return redirect(url_for("closing.show", id=journey.id))
