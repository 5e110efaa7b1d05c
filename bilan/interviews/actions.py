"""Planning a meeting, saying that it was held, and writing its notes."""

import datetime

from peewee import IntegrityError

from bilan.database import now, transaction
from bilan.interviews.models import Interview, InterviewKind, Mode, Note, NoteKind, Outcome
from bilan.journal import Event, record
from bilan.journeys.models import Journey
from bilan.people.models import Person


class NoteConflict(Exception):
    """Another tab or device has saved since this text was opened; `current` is what it saved."""

    def __init__(self, current: Note | None) -> None:
        super().__init__("note conflict")
        self.current = current


class NotYetBegun(Exception):
    """An interview cannot have been held before it begins."""


def plan_interview(
    *, journey: Journey, kind: InterviewKind, mode: Mode, starts_at: datetime.datetime, planned_minutes: int, by: Person
) -> Interview:
    """Plan a meeting; one that is past may be logged afterwards."""
    with transaction():
        interview = Interview.create(journey=journey, kind=kind, mode=mode, starts_at=starts_at, planned_minutes=planned_minutes)
        record(Event.INTERVIEW_PLANNED, person=by, journey_id=journey.id, subject_id=interview.id, detail=kind.value)
    return interview


def change_interview(
    *, interview: Interview, kind: InterviewKind, mode: Mode, starts_at: datetime.datetime, planned_minutes: int, by: Person
) -> None:
    """Move a meeting or correct it."""
    with transaction():
        Interview.update(kind=kind, mode=mode, starts_at=starts_at, planned_minutes=planned_minutes).where(
            Interview.id == interview.id
        ).execute()
        record(Event.INTERVIEW_CHANGED, person=by, journey_id=interview.journey_id, subject_id=interview.id)


def hold_interview(*, interview: Interview, held_minutes: int, by: Person) -> None:
    """Say how long the meeting lasted (minutes), or correct it; raise NotYetBegun."""
    if interview.starts_at > now():
        raise NotYetBegun
    with transaction():
        Interview.update(held_minutes=held_minutes, outcome=Outcome.HELD).where(Interview.id == interview.id).execute()
        record(Event.INTERVIEW_HELD, person=by, journey_id=interview.journey_id, subject_id=interview.id)


def save_note(*, interview: Interview, kind: NoteKind, text: str, base: int, author: Person) -> Note:
    """Save a text as the next version after `base` (0: nothing was there); raise NoteConflict.

    The same text again makes no new version. The versions' numbers are unique in the
    database: of two saves on one base, one waits and meets the conflict.
    """
    try:
        with transaction():
            current = Note.current(interview, kind)
            number = current.number if current else 0
            if current and current.text == text:
                return current
            if number != base:
                raise NoteConflict(current)
            note = Note.create(interview=interview, kind=kind, number=number + 1, author=author, text=text)
            record(Event.NOTE_SAVED, person=author, journey_id=interview.journey_id, subject_id=interview.id, detail=kind.value)
    except IntegrityError:
        raise NoteConflict(Note.current(interview, kind)) from None
    return note
