"""Noting who reads what: a line a day, after the page, which never fails for it."""

import uuid
from typing import Any

from flask import Flask, current_app
from peewee import PeeweeException

from bilan.database import now, transaction
from bilan.french import to_paris
from bilan.journeys.models import Journey
from bilan.people.models import Person, Role
from bilan.readings.models import Reading
from bilan.readings.rules import room_of

# HR's readings are of what one agent has agreed to: disclosure and hr_review keep each of them.
READERS = (Role.COUNSELLOR, Role.DISABILITY_REFERENT)
KNOWN = "readings_noted"
KNOWN_MAX = 20_000


def init_readings(app: Flask) -> None:
    """Remember in memory what this process has noted today: a page that is read again costs nothing."""
    app.extensions[KNOWN] = set()


def note_reading(*, person: Person, subject: Any, endpoint: str | None) -> None:
    """Note that somebody of the centre has read a page about an agent; where nothing can be written, the page is read all the same."""
    room, bilan = room_of(endpoint), _bilan_of(subject)
    if room is None or bilan is None or person.role not in READERS:
        return
    day, known = to_paris(now()).date(), current_app.extensions[KNOWN]
    if (mark := (person.id, bilan, room, day)) in known:
        return
    try:
        with transaction():
            Reading.insert(id=uuid.uuid4(), person=person.id, journey_id=bilan, room=room, day=day).on_conflict_ignore().execute()
    except PeeweeException:
        return
    if len(known) > KNOWN_MAX:
        known.clear()
    known.add(mark)


def _bilan_of(subject: Any) -> uuid.UUID | None:
    journey = subject if isinstance(subject, Journey) else getattr(subject, "journey", None)
    return journey.id if journey is not None else getattr(subject, "journey_id", None)
