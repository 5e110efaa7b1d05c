"""Saving the notes of a meeting, their versions, and what changed from one to another."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import french
from bilan.delicate import matters
from bilan.htmx import render, wants_fragment
from bilan.interviews.models import Interview
from bilan.notes import actions
from bilan.notes.forms import NoteForm
from bilan.notes.models import Note
from bilan.notes.rules import NoteKind
from bilan.pages import paginate
from bilan.permissions import Permission, requires
from bilan.prose import changes

blueprint = Blueprint("notes", __name__)
KIND = "/parcours/entretiens/<uuid:id>/notes/<any(private,shared):kind>"
PAGE_SIZE = 10


@blueprint.post(KIND)
@requires(Permission.WRITE_INTERVIEW)
def save(interview: Interview, kind: str) -> ResponseReturnValue:
    """Save a note while it is typed (htmx) or by its button."""
    form, note_kind = NoteForm(), NoteKind(kind)
    if not form.validate_on_submit():
        return _refused(interview, note_kind, form)
    try:
        note = actions.save_note(interview=interview, kind=note_kind, text=form.text.data, base=form.base.data, author=current_user)
    except actions.NoteConflict as conflict:
        return _conflict(interview, note_kind, form, conflict.current)
    if wants_fragment():
        return render("notes/_saved.html", "notes/_saved.html", note=note, kind=note_kind, matters=matters(note.text))
    flash(f"Note enregistrée à {french.clock(note.created_at)}.", "done")
    return redirect(url_for("interviews.show", id=interview.id, _anchor=f"note-{kind}"))


@blueprint.get(f"{KIND}/versions")
@requires(Permission.READ_INTERVIEW)
def versions(interview: Interview, kind: str) -> ResponseReturnValue:
    """List every version of a note, the newest first."""
    newest = Note.current(interview, NoteKind(kind), current_user)
    return render(
        "notes/versions.html",
        interview=interview,
        kind=NoteKind(kind),
        page=paginate(Note.versions_query(interview, NoteKind(kind), current_user), PAGE_SIZE),
        newest=newest.number if newest else 0,
    )


@blueprint.get(f"{KIND}/versions/<int:number>")
@requires(Permission.READ_INTERVIEW)
def compare(interview: Interview, kind: str, number: int) -> ResponseReturnValue:
    """Show what a version has changed in the one before it."""
    after, before = Note.with_previous(interview, NoteKind(kind), current_user, number)
    if after is None:
        abort(404)
    found = changes(before.text if before else "", after.text)
    return render("notes/compare.html", interview=interview, kind=NoteKind(kind), before=before, after=after, changes=found)


def _refused(interview: Interview, kind: NoteKind, form: NoteForm) -> ResponseReturnValue:
    problem = " ".join(message for messages in form.errors.values() for message in messages)
    if wants_fragment():
        return render("notes/_refused.html", "notes/_refused.html", problem=problem, status=422)
    return _again(interview, kind, status=422, problem=problem, typed=form.text.data or "", base=form.base.data or 0, other=None)


def _conflict(interview: Interview, kind: NoteKind, form: NoteForm, other: Note | None) -> ResponseReturnValue:
    if wants_fragment():
        return render("notes/_conflict.html", "notes/_conflict.html", other=other, kind=kind, status=409)
    problem = "Cette note a été enregistrée ailleurs pendant que vous écriviez. Les deux textes sont ci-dessous."
    return _again(interview, kind, status=409, problem=problem, typed=form.text.data, base=other.number if other else 0, other=other)


def _again(interview: Interview, kind: NoteKind, *, status: int, **caught: Any) -> ResponseReturnValue:
    """Show the note alone, with what was typed and what stands against it."""
    notes = {kind: Note.current(interview, kind, current_user)}
    return render(
        "notes/again.html", interview=interview, kind=kind, notes=notes, conflict={"kind": kind, **caught}, matters={}, status=status
    )
