"""The counsellor's page of a meeting, its notes and their versions; what the agent reads of them."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import errors, french
from bilan.agenda.models import Slot, TimeTaken
from bilan.database import now
from bilan.fields import form_status
from bilan.htmx import render, wants_fragment
from bilan.interviews import actions
from bilan.interviews.forms import InterviewForm, NoteForm, OutcomeForm
from bilan.interviews.models import Interview, Note
from bilan.interviews.rules import NoteKind, Outcome
from bilan.journeys.models import Journey
from bilan.pages import paginate
from bilan.permissions import Permission, requires
from bilan.prescriptions.models import Prescription
from bilan.printing import pdf, send_pdf

blueprint = Blueprint("interviews", __name__)
PAGE_SIZE = 10
NO_ATTENDANCE = "Aucun entretien n’a encore été tenu : il n’y a rien à attester."


@blueprint.route("/parcours/<uuid:id>/entretiens/nouveau", methods=["GET", "POST"])
@requires(Permission.WRITE_JOURNEY)
def plan(journey: Journey) -> ResponseReturnValue:
    """Plan a meeting."""
    form = InterviewForm()
    if form.validate_on_submit():
        try:
            interview = actions.plan_interview(journey=journey, by=current_user, **form.values())
        except TimeTaken as taken:
            form.time.errors = [taken.sentence]
        else:
            flash(f"Entretien noté : {french.moment(interview.starts_at)}.", "done")
            return redirect(url_for("interviews.show", id=interview.id))
    return render("interviews/plan.html", form=form, journey=journey, status=form_status(form))


@blueprint.route("/parcours/entretiens/<uuid:id>/modifier", methods=["GET", "POST"])
@requires(Permission.WRITE_INTERVIEW)
def change(interview: Interview) -> ResponseReturnValue:
    """Move a meeting or correct it."""
    local = french.to_paris(interview.starts_at)
    form = InterviewForm(
        kind=interview.kind.value,
        mode=interview.mode.value,
        planned_minutes=interview.planned_minutes,
        date=local.date(),
        time=local.time(),
    )
    if form.validate_on_submit():
        try:
            actions.change_interview(interview=interview, by=current_user, **form.values())
        except TimeTaken as taken:
            form.time.errors = [taken.sentence]
        except actions.MeetingOver:
            form.date.errors = ["Cet entretien est annulé. Notez-en un autre."]
        else:
            flash("L’entretien est modifié.", "done")
            return redirect(url_for("interviews.show", id=interview.id))
    return render("interviews/change.html", form=form, interview=interview, status=form_status(form))


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


@blueprint.post("/parcours/entretiens/<uuid:id>/notes/<any(private,shared):kind>")
@requires(Permission.WRITE_INTERVIEW)
def save_note(interview: Interview, kind: str) -> ResponseReturnValue:
    """Save a note while it is typed (htmx) or by its button."""
    form, note_kind = NoteForm(), NoteKind(kind)
    if not form.validate_on_submit():
        return _note_refused(interview, note_kind, form)
    try:
        note = actions.save_note(interview=interview, kind=note_kind, text=form.text.data, base=form.base.data, author=current_user)
    except actions.NoteConflict as conflict:
        return _note_conflict(interview, note_kind, form, conflict.current)
    if wants_fragment():
        return render("interviews/_note_saved.html", "interviews/_note_saved.html", note=note, kind=note_kind)
    flash(f"Note enregistrée à {french.clock(note.created_at)}.", "done")
    return redirect(url_for("interviews.show", id=interview.id, _anchor=f"note-{kind}"))


@blueprint.route("/parcours/entretiens/<uuid:id>/notes/<any(private,shared):kind>/versions")
@requires(Permission.READ_INTERVIEW)
def versions(interview: Interview, kind: str) -> ResponseReturnValue:
    """List every version of a note, the newest first."""
    newest = Note.current(interview, NoteKind(kind), current_user)
    return render(
        "interviews/versions.html",
        interview=interview,
        kind=NoteKind(kind),
        page=paginate(Note.versions_query(interview, NoteKind(kind), current_user), PAGE_SIZE),
        newest=newest.number if newest else 0,
    )


@blueprint.get("/mon-bilan/entretiens/<uuid:id>")
@requires(Permission.READ_SHARED_NOTE)
def read(interview: Interview) -> ResponseReturnValue:
    """Show the agent a meeting and its shared note."""
    note = Note.current(interview, NoteKind.SHARED, current_user)
    slot = Slot.of_interview(interview)
    return render("interviews/read.html", interview=interview, rank=Interview.rank(interview), note=note, slot=slot)


@blueprint.get("/prescriptions/<uuid:id>/attestation.pdf")
@requires(Permission.READ_PRESCRIPTION)
def certificate(prescription: Prescription) -> ResponseReturnValue:
    """Print for the HR service the dates and durations of the meetings held, and nothing of their content."""
    meetings = Interview.attendance(prescription.id)
    if not meetings:
        return errors.page(404, message=NO_ATTENDANCE)
    title = f"Attestation de présence {prescription.reference}"
    content = pdf("interviews/certificate.pdf.html", title=title, prescription=prescription, meetings=meetings, issued_at=now())
    return send_pdf(content, f"attestation-{prescription.reference}.pdf")


def _page(
    interview: Interview, form: OutcomeForm, *, status: int | None = None, conflict: dict[str, Any] | None = None
) -> ResponseReturnValue:
    notes = {kind: Note.current(interview, kind, current_user) for kind in NoteKind}
    return render(
        "interviews/show.html",
        interview=interview,
        rank=Interview.rank(interview),
        slot=Slot.of_interview(interview),
        form=form,
        notes=notes,
        conflict=conflict,
        status=status or form_status(form),
    )


def _outcome_form(interview: Interview, **options: Any) -> OutcomeForm:
    """Return the form as the meeting stands; once begun, it was held unless somebody says otherwise."""
    usual = Outcome.HELD.value if interview.starts_at <= now() else None
    outcome = interview.outcome.value if interview.outcome else usual
    return OutcomeForm(outcome=outcome, held_minutes=interview.held_minutes or interview.planned_minutes, **options)


def _note_refused(interview: Interview, kind: NoteKind, form: NoteForm) -> ResponseReturnValue:
    problem = " ".join(message for messages in form.errors.values() for message in messages)
    if wants_fragment():
        return render("interviews/_note_refused.html", "interviews/_note_refused.html", problem=problem, status=422)
    kept = {"kind": kind, "problem": problem, "typed": form.text.data or "", "base": form.base.data or 0, "other": None}
    return _page(interview, _outcome_form(interview, formdata=None), status=422, conflict=kept)


def _note_conflict(interview: Interview, kind: NoteKind, form: NoteForm, other: Note | None) -> ResponseReturnValue:
    if wants_fragment():
        return render("interviews/_note_conflict.html", "interviews/_note_conflict.html", other=other, kind=kind, status=409)
    problem = "Cette note a été enregistrée ailleurs pendant que vous écriviez. Les deux textes sont ci-dessous."
    kept = {"kind": kind, "problem": problem, "typed": form.text.data, "base": other.number if other else 0, "other": other}
    return _page(interview, _outcome_form(interview, formdata=None), status=409, conflict=kept)
