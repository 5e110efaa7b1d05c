"""Writing the notes of a meeting."""

from peewee import IntegrityError

from bilan.database import transaction
from bilan.interviews.models import Interview
from bilan.journal import Event, record
from bilan.notes.models import Note
from bilan.notes.rules import NoteKind
from bilan.people.models import Person

TRIES = 5


class NoteConflict(Exception):
    """Another tab or device has saved since this text was opened; `current` is what it saved."""

    def __init__(self, current: Note | None) -> None:
        super().__init__("note conflict")
        self.current = current


def save_note(*, interview: Interview, kind: NoteKind, text: str, base: int, author: Person) -> Note:
    """Save a text as the next version after `base` (0: nothing was there); raise NoteConflict.

    The same text again makes no new version. The versions' numbers are unique in the
    database: of two saves on one base, one waits and meets the conflict. A private note
    follows its author's own; its number follows everybody's, hence the new try.
    """
    for _ in range(TRIES):
        try:
            with transaction():
                return _save_note(interview, kind, text, base, author)
        except IntegrityError:
            current = Note.current(interview, kind, author)
            if (current.number if current else 0) != base:
                break
    raise NoteConflict(Note.current(interview, kind, author))


def _save_note(interview: Interview, kind: NoteKind, text: str, base: int, author: Person) -> Note:
    # The number is read before the version it must follow: what is saved between the two reads then
    # meets the conflict, and what is saved after them the unique index.
    number = Note.next_number(interview, kind)
    current = Note.current(interview, kind, author)
    if current and current.text == text:
        return current
    if (current.number if current else 0) != base:
        raise NoteConflict(current)
    note = Note.create(interview=interview, kind=kind, number=number, author=author, text=text)
    record(Event.NOTE_SAVED, person=author, journey_id=interview.journey_id, subject_id=interview.id, detail=kind.value)
    return note
