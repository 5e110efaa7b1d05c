"""Saving the notes of a meeting, their versions, and what changed from one to another."""

from itertools import pairwise
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import french
from bilan.delicate import matters
from bilan.htmx import render, wants_fragment
from bilan.interviews.models import Interview
from bilan.notes import actions
from bilan.notes.forms import NoteForm
from bilan.notes.models import Note
from bilan.notes.rules import NoteKind, sittings
from bilan.pages import paginate_list
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
    """List the versions of a note, the newest first: the last of each moment of writing, or every one."""
    every = request.args.get("toutes") == "1"
    moments = Note.moments(interview, NoteKind(kind), current_user)
    page = paginate_list(moments if every else sittings(moments), PAGE_SIZE)
    found = Note.numbered(interview, NoteKind(kind), current_user, [one.number for one in page.rows])
    return render(
        "notes/versions.html",
        interview=interview,
        kind=NoteKind(kind),
        page=page._replace(rows=found),
        before={after.number: before.number for after, before in pairwise(page.rows)},
        every=every,
        hidden=len(moments) - page.total,
        newest=moments[0].number if moments else 0,
    )


@blueprint.get(f"{KIND}/versions/<int:number>")
@requires(Permission.READ_INTERVIEW)
def compare(interview: Interview, kind: str, number: int) -> ResponseReturnValue:
    """Show what a version has changed in another, given by the address, else in the one before it."""
    numbers = [one.number for one in Note.moments(interview, NoteKind(kind), current_user)]
    if number not in numbers:
        abort(404)
    earlier = [one for one in numbers if one < number]
    before = next((one for one in earlier if one == request.args.get("depuis", type=int)), next(iter(earlier), None))
    found = {one.number: one for one in Note.numbered(interview, NoteKind(kind), current_user, [number, before or number])}
    after, old = found[number], found[before] if before else None
    parts = changes(old.text if old else "", after.text)
    return render("notes/compare.html", interview=interview, kind=NoteKind(kind), before=old, after=after, changes=parts)


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
