"""The agenda, the slots that counsellors offer, booking and moving for the agent and the secretariat, calendar files."""

import datetime
from collections.abc import Callable
from dataclasses import replace

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import french
from bilan.agenda import actions, rules
from bilan.agenda.forms import CancelForAgentForm, CancelForm, ChoiceForm, MoveForm, publish_form
from bilan.agenda.models import Slot, Subscription, TimeTaken, agenda, counsellors_seen_by, followed
from bilan.database import now
from bilan.fields import EmptyForm, Form, form_status
from bilan.htmx import render
from bilan.interviews.actions import MeetingOver, TooLate, cancel_interview, refuse_late
from bilan.interviews.models import Interview
from bilan.interviews.rules import InterviewKind, Mode
from bilan.interviews.telling import calendar_file, meeting_of
from bilan.journeys.models import Journey
from bilan.mail.actions import link_to
from bilan.measures.models import effects_of
from bilan.people.rules import digest_of
from bilan.permissions import Permission, public, requires
from bilan.protection import limiter

blueprint = Blueprint("agenda", __name__)
FEED_DAYS = datetime.timedelta(days=30)
REFUSALS = {
    actions.SlotTaken: "Ce rendez-vous vient d’être pris. Choisissez-en un autre.",
    actions.SlotPast: "Ce créneau est passé, ou commence dans moins de deux heures. Choisissez-en un autre.",
}
REFUSED = tuple(REFUSALS)


@blueprint.get("/agenda")
@requires(Permission.SEE_AGENDA)
def index() -> ResponseReturnValue:
    """Show a day or a week: a counsellor's own, or everybody's to the secretariat."""
    span = rules.span(request.args.get("jour", ""), request.args.get("semaine", ""), french.to_paris(now()).date())
    seen = counsellors_seen_by(current_user)
    chosen = [one for one in seen if str(one.id) == request.args.get("conseil")]
    asks = len(seen) > rules.TEAM and not chosen
    entries = [] if asks else agenda(chosen or seen, *span.bounds)
    days = [(day, rules.holiday(day), [one for one in entries if french.to_paris(one.starts_at).date() == day]) for day in span.days]
    return render(
        "agenda/index.html",
        span=span,
        days=[] if asks else [one for one in days if one[2] or one[0].weekday() < 5 or span.length == 1],
        asks=asks,
        counsellors=[] if seen == [current_user] else seen,
        chosen=str(chosen[0].id) if chosen else None,
    )


@blueprint.route("/agenda/creneaux", methods=["GET", "POST"])
@requires(Permission.OFFER_SLOTS)
def publish() -> ResponseReturnValue:
    """Offer a slot or a series."""
    form = publish_form()
    if form.validate_on_submit():
        try:
            published = actions.publish_slots(counsellor=current_user, **form.values())
        except TimeTaken as taken:
            form.time.errors = [taken.sentence]
        else:
            flash(published.sentence, "done")
            return redirect(_week_of(published.slots[0]))
    return render("agenda/publish.html", form=form, status=form_status(form))


@blueprint.post("/agenda/creneaux/<uuid:id>/retirer")
@requires(Permission.WITHDRAW_SLOT)
def withdraw_slot(slot: Slot) -> ResponseReturnValue:
    """Withdraw a free slot, or the free slots to come of its series."""
    try:
        count = actions.withdraw_slot(slot=slot, whole_series=request.form.get("series") == "1", by=current_user)
    except actions.SlotTaken:
        flash("Ce créneau vient d’être réservé\u00a0: il reste à votre agenda.", "attention")
    else:
        flash(f"{french.plural(count, 'créneau retiré', 'créneaux retirés')}.", "done")
    return redirect(_week_of(slot))


@blueprint.route("/mon-bilan/rendez-vous", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_BILAN)
def choose() -> ResponseReturnValue:
    """Let an agent choose her next meeting among her referent's free slots."""
    journey = Journey.of_agent(current_user)
    if journey is None or not journey.is_open:
        return redirect(url_for("journeys.mine"))
    try:
        return _book(journey, "agenda/choose.html", lambda booked: url_for("interviews.read", id=booked.id))
    except actions.AlreadyBooked as already:
        flash("Vous avez déjà un rendez-vous.", "info")
        return redirect(url_for("interviews.read", id=already.interview.id))


@blueprint.route("/secretariat/parcours/<uuid:id>/rendez-vous", methods=["GET", "POST"])
@requires(Permission.BOOK_FOR_AGENT)
def book_for(journey: Journey) -> ResponseReturnValue:
    """Let the secretariat book a meeting for an agent."""
    return _book(journey, "agenda/book_for.html", _day_of)


def _book(journey: Journey, template: str, after: Callable[[Interview], str]) -> ResponseReturnValue:
    form, status = ChoiceForm(), 200
    if form.validate_on_submit():
        try:
            interview = actions.book_slot(journey=journey, slot_id=form.slot_id, by=current_user)
        except REFUSED as refusal:
            status = _refuse(form, refusal)
        else:
            flash(f"Rendez-vous pris\u00a0: {french.moment(interview.starts_at)}.", "done")
            return redirect(after(interview))
    kind = actions.KIND_OF_PHASE[journey.phase]
    return _offer(template, form, journey, kind, status, coming=Interview.coming_of(journey))


@blueprint.route("/mon-bilan/rendez-vous/<uuid:id>/deplacer", methods=["GET", "POST"])
@requires(Permission.MOVE_OWN_INTERVIEW)
def move(interview: Interview) -> ResponseReturnValue:
    """Let an agent move her meeting."""
    here = url_for("interviews.read", id=interview.id)
    return _move(interview, here, lambda _moved: here)


@blueprint.route("/secretariat/rendez-vous/<uuid:id>/deplacer", methods=["GET", "POST"])
@requires(Permission.MOVE_FOR_AGENT)
def move_for(interview: Interview) -> ResponseReturnValue:
    """Let the secretariat move a meeting."""
    here = _day_of(interview)
    return _move(interview, here, _day_of)


def _move(interview: Interview, back: str, after: Callable[[Slot], str]) -> ResponseReturnValue:
    form, status = MoveForm(), 200
    try:
        refuse_late(interview, current_user)
        if form.validate_on_submit():
            slot = actions.move_interview(interview=interview, slot_id=form.slot_id, by=current_user, reason=form.chosen_reason())
            flash(f"Rendez-vous déplacé\u00a0: {french.moment(slot.starts_at)}.", "done")
            return redirect(after(slot))
    except (TooLate, MeetingOver) as refusal:
        return _too_late(interview, back, refusal)
    except REFUSED as refusal:
        status = _refuse(form, refusal)
    return _offer("agenda/move.html", form, interview.journey, interview.kind, status, interview=interview, back=back)


@blueprint.route("/mon-bilan/rendez-vous/<uuid:id>/annuler", methods=["GET", "POST"])
@requires(Permission.MOVE_OWN_INTERVIEW)
def cancel(interview: Interview) -> ResponseReturnValue:
    """Let an agent cancel her meeting."""
    here = url_for("interviews.read", id=interview.id)
    return _cancel(interview, CancelForm(), back=here, after=url_for("journeys.mine"))


@blueprint.route("/secretariat/rendez-vous/<uuid:id>/annuler", methods=["GET", "POST"])
@requires(Permission.MOVE_FOR_AGENT)
def cancel_for(interview: Interview) -> ResponseReturnValue:
    """Let the secretariat cancel a meeting, at the agent's word or by the service."""
    here = _day_of(interview)
    return _cancel(interview, CancelForAgentForm(), back=here, after=here)


def _cancel(interview: Interview, form: CancelForm | CancelForAgentForm, *, back: str, after: str) -> ResponseReturnValue:
    try:
        refuse_late(interview, current_user)
        if form.validate_on_submit():
            cancel_interview(interview=interview, by=current_user, **form.values())
            flash("Le rendez-vous est annulé. Un e-mail le confirme.", "done")
            return redirect(after)
    except (TooLate, MeetingOver) as refusal:
        return _too_late(interview, back, refusal)
    return render("agenda/cancel.html", form=form, interview=interview, back=back, status=form_status(form))


@blueprint.get("/mon-bilan/rendez-vous/<uuid:id>.ics")
@requires(Permission.READ_OWN_INTERVIEW)
def event(interview: Interview) -> ResponseReturnValue:
    """Give the agent, or the counsellor, the calendar file of a meeting."""
    meeting = meeting_of(interview, Slot.of_interview(interview), current_user)
    return _calendar([meeting], "rendez-vous.ics")


@blueprint.route("/agenda/abonnement", methods=["GET", "POST"])
@requires(Permission.OFFER_SLOTS)
def subscription() -> ResponseReturnValue:
    """Open, renew or revoke the private address that the counsellor's own calendar follows; it is shown once."""
    form, address = EmptyForm(), None
    if form.validate_on_submit():
        if request.form.get("action") == "revoke":
            actions.close_subscription(counsellor=current_user)
            flash("L’adresse est fermée. Votre agenda ne reçoit plus rien.", "done")
            return redirect(url_for("agenda.subscription"))
        if request.form.get("action") != "open":
            abort(404)
        address = link_to("agenda.feed", token=actions.open_subscription(counsellor=current_user))
    current = Subscription.get_or_none(Subscription.counsellor == current_user.id)
    return render("agenda/subscription.html", current=current, address=address)


@blueprint.get("/agenda/abonnement/<token>.ics")
@public
@limiter.limit("120 per hour")
def feed(token: str) -> ResponseReturnValue:
    """Give the bearer of a private address the counsellor's meetings: their hours, and initials only."""
    counsellor = Subscription.reader(digest_of(token))
    if counsellor is None:
        abort(404)
    meetings = [replace(meeting_of(one, None, counsellor), location="") for one in followed(counsellor, now() - FEED_DAYS)]
    return _calendar(meetings, "agenda.ics")


def _calendar(meetings: list[rules.Meeting], name: str) -> Response:
    response = Response(calendar_file(meetings, method="PUBLISH"), mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _refuse(form: Form, refusal: Exception) -> int:
    form.form_errors.append(REFUSALS[type(refusal)])
    return 409


def _too_late(interview: Interview, back: str, refusal: Exception) -> ResponseReturnValue:
    return render("agenda/too_late.html", interview=interview, back=back, is_limit=isinstance(refusal, TooLate), status=409)


def _offer(template: str, form: ChoiceForm, journey: Journey, kind: InterviewKind, status: int, **context: object) -> ResponseReturnValue:
    """Show the free slots, a page of them at a time."""
    asked, slots, effects = request.args, actions.open_slots(journey, kind, current_user), effects_of(journey.id)
    remote_first = effects.remote and any(one.mode is Mode.REMOTE for one in slots)
    where = asked.get("lieu", Mode.REMOTE.value if remote_first else "")
    found = rules.choice(slots, where=where, when=asked.get("moment", ""), page=asked.get("page", 1, type=int))
    form.offer(list(found.slots), journey.counsellor_id)
    status = status if status != 200 else form_status(form)
    return render(template, form=form, journey=journey, kind=kind, choice=found, effects=effects, status=status, **context)


def _week_of(one: Slot) -> str:
    return url_for("agenda.index", semaine=rules.span("", "", french.to_paris(one.starts_at).date()).query["semaine"])


def _day_of(one: Interview | Slot) -> str:
    return url_for("agenda.index", jour=french.to_paris(one.starts_at).date().isoformat())
