"""The counsellor's page of a meeting; what the agent reads of it; the certificate of those held."""

import uuid
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import errors, french
from bilan.agenda.actions import KIND_OF_PHASE, SlotPast, SlotTaken, book_slot, open_slots
from bilan.agenda.models import Slot, TimeTaken
from bilan.assignments.models import Assignment
from bilan.assignments.rules import due_at, lines
from bilan.database import now
from bilan.delicate import matters
from bilan.diagnostics.models import Diagnostic
from bilan.diagnostics.rules import objectives_of
from bilan.fields import as_uuid, form_status
from bilan.hours.models import account_of, next_at_rhythm, warned_of
from bilan.hours.rules import Warned
from bilan.hr_review.models import HrReview
from bilan.htmx import render, wants_fragment
from bilan.interviews import actions
from bilan.interviews.forms import InterviewForm, LogForm, OutcomeForm, PlanForm
from bilan.interviews.models import Interview, ObjectivesTouched
from bilan.interviews.rules import Mode, Outcome
from bilan.journeys.models import Journey
from bilan.measures.models import effects_of, preparing
from bilan.notes.models import Note
from bilan.notes.rules import NoteKind
from bilan.permissions import Permission, requires
from bilan.prescriptions.models import Prescription
from bilan.printing import pdf, send_pdf

blueprint = Blueprint("interviews", __name__)
NO_ATTENDANCE = "Aucun entretien n’a encore été tenu : il n’y a rien à attester."


@blueprint.route("/parcours/<uuid:id>/entretiens/nouveau", methods=["GET", "POST"])
@requires(Permission.WRITE_JOURNEY)
def plan(journey: Journey) -> ResponseReturnValue:
    """Plan a meeting; what the hours would be warned of is said first."""
    effects, kind = effects_of(journey.id), KIND_OF_PHASE[journey.phase].value
    form, warned = PlanForm(data={"kind": kind, **next_at_rhythm(journey.id), **effects.meeting}), []
    if form.validate_on_submit():
        warned = _warned(form, journey)
        try:
            interview = None if warned else actions.plan_interview(journey=journey, by=current_user, **form.values())
        except TimeTaken as taken:
            form.time.errors = [taken.sentence]
        else:
            if interview:
                flash(f"Entretien noté : {french.moment(interview.starts_at)}.", "done")
                return redirect(url_for("interviews.show", id=interview.id))
    return render("interviews/plan.html", form=form, journey=journey, effects=effects, warned=warned, status=form_status(form))


@blueprint.route("/parcours/<uuid:id>/entretiens/deja-tenu", methods=["GET", "POST"])
@requires(Permission.WRITE_JOURNEY)
def log(journey: Journey) -> ResponseReturnValue:
    """Write down afterwards a meeting that was held."""
    form = LogForm()
    if form.validate_on_submit():
        try:
            interview = actions.log_interview(journey=journey, by=current_user, **form.values())
        except actions.AlreadyThere:
            form.time.errors = ["Un entretien est déjà noté à ce moment. Ouvrez-le depuis le parcours pour le corriger."]
        else:
            flash(f"Entretien noté\u00a0: {french.duration(interview.held_minutes)} tenues. L’agent est prévenu par e-mail.", "done")
            return redirect(url_for("interviews.show", id=interview.id))
    return render("interviews/log.html", form=form, journey=journey, status=form_status(form))


@blueprint.route("/parcours/entretiens/<uuid:id>/modifier", methods=["GET", "POST"])
@requires(Permission.WRITE_INTERVIEW)
def change(interview: Interview) -> ResponseReturnValue:
    """Move a meeting or correct it; what the hours would be warned of is said first. A review with HR has its own page."""
    if review := HrReview.of_interview(interview):
        return redirect(url_for("hr_review.plan", id=review.id))
    local = french.to_paris(interview.starts_at)
    known = {"kind": interview.kind.value, "mode": interview.mode.value, "planned_minutes": interview.planned_minutes}
    form, warned = InterviewForm(data={**known, "date": local.date(), "time": local.time()}), []
    if form.validate_on_submit():
        warned = _warned(form, interview.journey, instead_of=interview.id) if interview.is_pending else []
        try:
            if not warned:
                actions.change_interview(interview=interview, by=current_user, **form.values())
                flash("L’entretien est modifié.", "done")
                return redirect(url_for("interviews.show", id=interview.id))
        except TimeTaken as taken:
            form.time.errors = [taken.sentence]
        except actions.MeetingOver:
            form.date.errors = ["Cet entretien est annulé. Notez-en un autre."]
    return render("interviews/change.html", form=form, interview=interview, warned=warned, status=form_status(form))


def _warned(form: InterviewForm, journey: Journey, *, instead_of: uuid.UUID | None = None) -> list[Warned]:
    """Return what the hours would be warned of and were not; nothing once the reader has said "all the same"."""
    if form.despite.data:
        return []
    meeting = {name: form.values()[name] for name in ("kind", "starts_at", "planned_minutes")}
    return warned_of(journey.id, {"": meeting}, instead_of=instead_of)[""]


def _free(journey: Journey) -> list[tuple[Slot, list[Warned]]]:
    """Return the next slots that may be fixed in the session, each with what it would bring to be warned of."""
    kind = KIND_OF_PHASE[journey.phase]
    remote_first = effects_of(journey.id).remote
    slots = sorted(open_slots(journey, kind, current_user), key=lambda one: remote_first and one.mode is not Mode.REMOTE)[:3]
    warned = warned_of(journey.id, {one.id: {"kind": kind, "starts_at": one.starts_at, "planned_minutes": one.minutes} for one in slots})
    return [(one, warned[one.id]) for one in slots]


@blueprint.post("/parcours/<uuid:id>/prochain-rendez-vous")
@requires(Permission.WRITE_JOURNEY)
def take_slot(journey: Journey) -> ResponseReturnValue:
    """Fix the next meeting, in a session, on one of the slots offered."""
    slot_id = as_uuid(request.form.get("slot"))
    try:
        interview = book_slot(journey=journey, slot_id=slot_id, by=current_user) if slot_id else None
    except (SlotTaken, SlotPast):
        interview = None
    if interview:
        flash(f"Rendez-vous fixé\u00a0: {french.moment(interview.starts_at)}. L’agent est prévenu par e-mail.", "done")
    else:
        flash("Ce créneau n’est plus libre. Choisissez-en un autre.", "attention")
    session = as_uuid(request.form.get("entretien"))
    return redirect(url_for("interviews.show", id=session) if session else url_for("journeys.show", id=journey.id))


@blueprint.post("/parcours/entretiens/<uuid:id>/objectifs")
@requires(Permission.WRITE_INTERVIEW)
def touch(interview: Interview) -> ResponseReturnValue:
    """Say which objectives the meeting has worked on, as they are ticked (htmx) or by the button."""
    diagnostic = Diagnostic.of_journey(interview.journey)
    known = objectives_of(diagnostic.content) if diagnostic else []
    ranks = {int(rank) for rank in request.form.getlist("objective") if rank.isdecimal() and len(rank) < 4}
    touched = [objective for rank, objective in enumerate(known) if rank in ranks]
    # What was touched and is no longer an objective stays said.
    kept = [one for one in ObjectivesTouched.of_interview(interview) if one not in known]
    actions.touch_objectives(interview=interview, objectives=kept + touched, by=current_user)
    if wants_fragment():
        return render("interviews/_touched.html", "interviews/_touched.html", saved_at=now())
    flash("Objectifs enregistrés.", "done")
    return redirect(url_for("interviews.show", id=interview.id, _anchor="objectifs"))


@blueprint.route("/parcours/entretiens/<uuid:id>", methods=["GET", "POST"])
@requires(Permission.READ_INTERVIEW)
def show(interview: Interview) -> ResponseReturnValue:
    """Show a meeting with its two notes; say what became of it."""
    form = _outcome_form(interview)
    if form.is_submitted() and not interview.journey.is_open:
        abort(404)
    if form.validate_on_submit():
        try:
            actions.close_interview(interview=interview, by=current_user, **form.values())
        except actions.NotYetBegun:
            form.outcome.errors = ["Cet entretien n’a pas encore commencé. Corrigez d’abord sa date."]
        except actions.MeetingOver:
            form.outcome.errors = ["Cet entretien est déjà annulé."]
        else:
            flash(_closed_words(form), "done")
            return redirect(url_for("interviews.show", id=interview.id))
    return _page(interview, form)


def _closed_words(form: OutcomeForm) -> str:
    outcome = Outcome(form.outcome.data)
    if outcome is Outcome.HELD:
        return f"Durée tenue enregistrée\u00a0: {french.duration(form.held_minutes.data)}."
    if outcome is Outcome.CANCELLED_BY_SERVICE:
        return "L’entretien est annulé. L’agent est prévenu par e-mail."
    return f"C’est enregistré\u00a0: {outcome.label}."


@blueprint.get("/mon-bilan/entretiens/<uuid:id>")
@requires(Permission.READ_SHARED_NOTE)
def read(interview: Interview) -> ResponseReturnValue:
    """Show the agent a meeting and its shared note."""
    slot, review = Slot.of_interview(interview), HrReview.of_interview(interview)
    return render(
        "interviews/read.html",
        journey=interview.journey,
        interview=interview,
        rank=Interview.rank(interview),
        note=Note.current(interview, NoteKind.SHARED, current_user),
        slot=slot,
        place=(review.place if review else "") or (slot.place if slot else ""),
        touched=ObjectivesTouched.of_interview(interview),
    )


@blueprint.get("/prescriptions/<uuid:id>/attestation.pdf")
@requires(Permission.READ_PRESCRIPTION)
def certificate(prescription: Prescription) -> ResponseReturnValue:
    """Print for the HR service the dates and durations of the meetings held, and nothing of their content."""
    return _certificate(prescription)


@blueprint.get("/mon-bilan/<uuid:id>/attestation.pdf")
@requires(Permission.READ_OWN_JOURNEY)
def own_certificate(journey: Journey) -> ResponseReturnValue:
    """Print the same for the agent."""
    return _certificate(Prescription.for_hr(journey.id) or abort(404))


def _certificate(prescription: Prescription) -> ResponseReturnValue:
    meetings = Interview.attendance(prescription.id)
    if not meetings:
        return errors.page(404, message=NO_ATTENDANCE)
    words: dict[str, Any] = {"title": f"Attestation de présence {prescription.reference}", "issued_at": now()}
    content = pdf("interviews/certificate.pdf.html", prescription=prescription, meetings=meetings, **words)
    return send_pdf(content, f"attestation-{prescription.reference}.pdf")


def _page(interview: Interview, form: OutcomeForm) -> ResponseReturnValue:
    """Show the session: what was said the last time, the notes, the objectives, the next meeting."""
    journey = interview.journey
    notes = {kind: Note.current(interview, kind, current_user) for kind in NoteKind}
    diagnostic, upcoming = Diagnostic.of_journey(journey), Interview.coming_of(journey)
    work = lines(Assignment.of_journey(journey), Interview.of_journey(journey), french.to_paris(now()).date())
    return render(
        "interviews/show.html",
        due=due_at(work, french.to_paris(interview.starts_at).date()),
        given=[one for one in work if one.assignment.interview_id == interview.id],
        journey=journey,
        interview=interview,
        rank=Interview.rank(interview),
        slot=Slot.of_interview(interview),
        form=form,
        notes=notes,
        conflict=None,
        matters={kind: matters(note.text) for kind, note in notes.items() if note},
        previous=Note.shared_before(interview),
        objectives=objectives_of(diagnostic.content) if diagnostic else [],
        touched=ObjectivesTouched.of_interview(interview),
        account=account_of(journey.id, is_open=journey.is_open),
        upcoming=upcoming if upcoming and upcoming.id != interview.id else None,
        **preparing(journey.id),
        free=_free(journey) if journey.is_open and not upcoming else [],
        status=form_status(form),
    )


def _outcome_form(interview: Interview, **options: Any) -> OutcomeForm:
    """Return the form as the meeting stands; once begun, it was held unless somebody says otherwise."""
    outcome = interview.outcome or (Outcome.HELD if interview.starts_at <= now() else None)
    return OutcomeForm(outcome=outcome and outcome.value, held_minutes=interview.held_minutes or interview.planned_minutes, **options)
