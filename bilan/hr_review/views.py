"""The review with HR: the page of the two, the agent's answers, the counsellor's date and minutes, HR's own page."""

from flask import Blueprint, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import errors, french
from bilan.agenda.models import TimeTaken
from bilan.fields import EmptyForm, as_uuid, form_status
from bilan.hr_review import actions
from bilan.hr_review.forms import MinutesForm, PlanForm, ProposeForm, ReadForm
from bilan.hr_review.models import HrReview
from bilan.hr_review.rules import State
from bilan.htmx import render
from bilan.journeys.models import Journey
from bilan.people.models import Person
from bilan.permissions import Permission, requires
from bilan.pieces import writing as pieces
from bilan.together import WAY

blueprint = Blueprint("hr_review", __name__)
pieces.init_pieces(blueprint)
REFUSALS: dict[type[Exception], str] = {
    actions.AlreadyGoing: "Un bilan avec le service RH est déjà proposé. Ouvrez sa page pour voir où il en est.",
    actions.NoAgreement: "Il faut d’abord un accord de l’agent avec cette personne du service RH\u00a0: sans lui, rien n’est à l’ordre du jour.",
    actions.Over: "Ce bilan avec le service RH n’est plus en attente\u00a0: il a été tenu, ou il n’aura pas lieu.",
    actions.NotHeld: "Le compte rendu s’écrit une fois l’entretien tenu. Dites d’abord ce qu’il en a été, sur sa page.",
    actions.MinutesFrozen: "L’agent a validé ce compte rendu\u00a0: il ne change plus.",
}


@blueprint.get(WAY + "/<uuid:id>/bilan-rh")
@requires(Permission.READ_TOGETHER)
def show(journey: Journey) -> ResponseReturnValue:
    """Show where the review stands, what is on its agenda, its minutes and who has read them."""
    return _page(journey)


def _page(journey: Journey, *, read: ReadForm | None = None, status: int = 200) -> ResponseReturnValue:
    reviews = HrReview.of_journey(journey)
    going = next((one for one in reviews if one.state is not State.OVER), None)
    over = [one for one in reviews if one.state is State.OVER]
    minutes = going.minutes if going else None
    form = ReadForm(formdata=None, base=minutes.revision if minutes else 0)
    errors_said = read.form_errors if read else []
    context = {"review": going, "over": over, "minutes": minutes, "form": form, "said": errors_said}
    return render("hr_review/show.html", journey=journey, **context, status=status)


@blueprint.route(WAY + "/<uuid:id>/bilan-rh/proposer", methods=["GET", "POST"])
@requires(Permission.WRITE_TOGETHER)
def propose(journey: Journey) -> ResponseReturnValue:
    """Propose a review: the agent with somebody who has her agreement, the counsellor with anybody, for the agent to accept."""
    form = ProposeForm.of(journey, current_user)
    if form.validate_on_submit():
        recipient = Person.get_by_id(as_uuid(form.recipient.data))
        review = actions.propose(journey=journey, recipient=recipient, by=current_user)
        said = "Le bilan avec le service RH est demandé. Une date va être fixée." if review.accepted_at else "La proposition est faite."
        flash(said, "done")
        return redirect(url_for("hr_review.show", id=journey.id))
    return render("hr_review/propose.html", journey=journey, form=form, status=form_status(form))


@blueprint.post("/mon-bilan/bilan-rh/<uuid:id>/reponse")
@requires(Permission.ANSWER_HR_REVIEW)
def answer(review: HrReview) -> ResponseReturnValue:
    """Let the agent accept, or refuse, or change her mind."""
    said = request.form.get("answer") if EmptyForm().validate_on_submit() else None
    if said == "yes":
        actions.accept(review=review, by=current_user)
        flash("C’est accepté. Une date va être fixée.", "done")
    elif said == "no":
        actions.decline(review=review, by=current_user)
        flash("C’est noté\u00a0: il n’y aura pas de bilan avec le service RH. Personne ne vous demandera pourquoi.", "done")
    return redirect(url_for("hr_review.show", id=review.journey_id))


@blueprint.route("/parcours/bilan-rh/<uuid:id>/date", methods=["GET", "POST"])
@requires(Permission.RUN_HR_REVIEW)
def plan(review: HrReview) -> ResponseReturnValue:
    """Fix the date and the place, or change them."""
    form = PlanForm.of(review, minutes=current_app.config["BILAN"].hr_review_minutes)
    if form.validate_on_submit():
        try:
            actions.plan(review=review, by=current_user, **form.values())
        except TimeTaken as taken:
            form.time.errors = [taken.sentence]
        except actions.BeyondAgreement as beyond:
            form.date.errors = [
                f"L’accord de l’agent s’arrête le {french.short_day(beyond.until)}. Choisissez une date avant, ou demandez-lui."
            ]
        else:
            flash("La date est fixée. Les trois personnes sont prévenues par e-mail.", "done")
            return redirect(url_for("hr_review.show", id=review.journey_id))
    return render("hr_review/plan.html", journey=review.journey, review=review, form=form, status=form_status(form))


@blueprint.route("/parcours/bilan-rh/<uuid:id>/compte-rendu", methods=["GET", "POST"])
@requires(Permission.RUN_HR_REVIEW)
def minutes(review: HrReview) -> ResponseReturnValue:
    """Write the minutes, which the agent reads first."""
    known = review.minutes
    if review.state is not State.HELD:
        raise actions.NotHeld
    if known and known.agreed_at:
        raise actions.MinutesFrozen
    form, other = MinutesForm(text=known.text if known else "", base=known.revision if known else 0), None
    if form.validate_on_submit():
        try:
            actions.write_minutes(review=review, text=form.text.data, base=form.base.data, by=current_user)
        except actions.MinutesOvertaken as overtaken:
            other = overtaken.current.text if overtaken.current else ""
            form.base.data, form.base.raw_data = overtaken.current.revision if overtaken.current else 0, None
        else:
            flash("Le compte rendu est enregistré. L’agent le lit, puis décide.", "done")
            pieces.recall(form.text.data)
            return redirect(url_for("hr_review.show", id=review.journey_id))
    status = form_status(form) if other is None else 409
    return render("hr_review/minutes.html", journey=review.journey, review=review, form=form, other=other, status=status)


@blueprint.post("/mon-bilan/bilan-rh/<uuid:id>/accord")
@requires(Permission.ANSWER_HR_REVIEW)
def agree(review: HrReview) -> ResponseReturnValue:
    """Let the agent agree to the minutes as she has read them."""
    form = ReadForm()
    if form.validate_on_submit():
        try:
            actions.agree_minutes(review=review, base=form.base.data, by=current_user)
        except actions.MinutesOvertaken:
            form.form_errors.append("Le compte rendu a changé depuis votre lecture. Relisez-le\u00a0: votre accord n’est pas donné.")
            return _page(review.journey, read=form, status=409)
        flash("Votre accord est donné. Le compte rendu ne change plus.", "done")
    return redirect(url_for("hr_review.show", id=review.journey_id))


@blueprint.route("/prescriptions/bilans-rh/<uuid:id>", methods=["GET", "POST"])
@requires(Permission.READ_HR_REVIEW)
def meet(review: HrReview) -> ResponseReturnValue:
    """Show HR the meeting and its agenda; give the minutes when asked: each reading is noted, and the agent sees it."""
    if not EmptyForm().validate_on_submit():
        return render("hr_review/meet.html", review=review, minutes=None, readable=review.is_readable_by_hr)
    try:
        found = actions.read_minutes(review=review, by=current_user)
    except actions.NoLonger:
        return errors.page(409, message="Ce compte rendu n’est pas ouvert à la lecture, ou ne l’est plus.")
    return render("hr_review/meet.html", review=review, minutes=found, readable=True)


@blueprint.errorhandler(actions.AlreadyGoing)
@blueprint.errorhandler(actions.NoAgreement)
@blueprint.errorhandler(actions.Over)
@blueprint.errorhandler(actions.NotHeld)
@blueprint.errorhandler(actions.MinutesFrozen)
def refused(error: Exception) -> ResponseReturnValue:
    """Say why the review did not change."""
    return errors.page(409, message=REFUSALS[type(error)])
