"""Noting who reads what: a line a day, after the page, which never fails for it."""

import uuid
from typing import Any

from flask import Flask, current_app
from peewee import PeeweeException

from bilan.adaptations.models import AdaptationRequest
from bilan.complaints.models import Complaint, ComplaintEntry, ComplaintFile
from bilan.data_requests.models import DataRequest
from bilan.database import BaseModel, now, transaction
from bilan.french import to_paris
from bilan.journeys.models import Journey
from bilan.people.models import Person, Role
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import State
from bilan.readings.models import Reading
from bilan.readings.rules import room_of

# What HR reads of what one agent has agreed to, disclosure and hr_review keep reading by reading.
READERS = (Role.COUNSELLOR, Role.DISABILITY_REFERENT)
READERS_OF = {
    "prescriptions": (Role.HR,),
    "reception": (Role.SECRETARIAT,),
    "treatment": (Role.SECRETARIAT, Role.MANAGER),
    "data_requests": (Role.SECRETARIAT,),
}
# What is of an agent without being of a bilan, and the field that says of which.
OWNERS: dict[type[BaseModel], str] = {Complaint: "person", DataRequest: "agent", AdaptationRequest: "agent"}
KNOWN = "readings_noted"
KNOWN_MAX = 20_000


def init_readings(app: Flask) -> None:
    """Remember in memory what this process has noted today: a page that is read again costs nothing."""
    app.extensions[KNOWN] = set()


def note_reading(*, person: Person, subject: Any, endpoint: str | None) -> None:
    """Note that somebody of the centre has read a page about an agent; where nothing can be written, the page is read all the same."""
    room, read = room_of(endpoint), _read_of(subject)
    if room is None or read is None or person.role not in READERS_OF.get(room, READERS):
        return
    day, known = to_paris(now()).date(), current_app.extensions[KNOWN]
    if (mark := (person.id, read, room, day)) in known:
        return
    try:
        with transaction():
            Reading.insert(id=uuid.uuid4(), person=person.id, journey_id=read, room=room, day=day).on_conflict_ignore().execute()
    except PeeweeException:
        return
    if len(known) > KNOWN_MAX:
        known.clear()
    known.add(mark)


def _read_of(subject: Any) -> uuid.UUID | None:
    """Return the bilan that a page is about; without one, the complaint or the request, when it is of an agent's account."""
    if isinstance(subject, Prescription):
        # Its identifier is its bilan's too, as soon as there is one; a draft is still its author's own.
        return None if subject.state is State.DRAFT else subject.id
    journey = subject if isinstance(subject, Journey) else getattr(subject, "journey", None)
    if bilan := journey.id if journey is not None else getattr(subject, "journey_id", None):
        return bilan
    if isinstance(subject, ComplaintFile):
        subject = subject.entry
    if isinstance(subject, ComplaintEntry):
        subject = subject.complaint
    owner = OWNERS.get(type(subject))
    return subject.id if owner and getattr(subject, f"{owner}_id") is not None else None
