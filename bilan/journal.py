"""The journal: who did what to which journey, as typed events.

Guarantees: an entry never holds content, only identifiers, kinds and dates; it is
written in the transaction of what it tells; the database refuses that it be changed or
deleted (migration 0019), and each day is sealed (seals/).
"""

import uuid

from peewee import CharField, ForeignKeyField, UUIDField
from playhouse.fields import EnumField

from bilan.database import BaseModel
from bilan.events import Event
from bilan.people.models import Person

__all__ = ["Event", "JournalEntry", "record"]


class JournalEntry(BaseModel):
    """One event. `detail` is a word of the code (a phase, a kind of note), never a text of a person."""

    event = EnumField(Event, max_length=40)
    # SET NULL is a change, and refused: whoever has an entry is emptied of what names her, never deleted.
    person = ForeignKeyField(Person, null=True, on_delete="SET NULL")
    journey_id = UUIDField(null=True, index=True)
    subject_id = UUIDField(null=True)
    detail = CharField(max_length=60, default="")

    class Meta:
        # What the manager's page counts is in them: an entry is not read for it.
        indexes = ((("created_at", "id"), False), (("event", "created_at", "subject_id"), False))


def record(
    event: Event,
    *,
    person: Person | None = None,
    journey_id: uuid.UUID | None = None,
    subject_id: uuid.UUID | None = None,
    detail: str = "",
) -> None:
    """Write one event in the current transaction."""
    JournalEntry.create(event=event, person=person, journey_id=journey_id, subject_id=subject_id, detail=detail)
