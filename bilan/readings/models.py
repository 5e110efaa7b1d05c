"""What was read, by whom, on which day: never what it said."""

import uuid
from typing import Self

from peewee import CharField, DateField, ForeignKeyField, UUIDField

from bilan.database import BaseModel
from bilan.people.models import Person


class Reading(BaseModel):
    """The first reading of a day: a person, a bilan, a room (a word of the code). `created_at` is its moment.

    What is of no bilan (a complaint, a request about her data, an adaptation before any) stands in `journey_id` itself:
    these identifiers are drawn at random, so that none is another's.
    """

    person = ForeignKeyField(Person, on_delete="CASCADE")
    journey_id = UUIDField()
    room = CharField(max_length=20)
    day = DateField()

    class Meta:
        indexes = ((("journey_id", "day", "room", "person"), True),)

    @classmethod
    def of_subjects(cls, *subject_ids: uuid.UUID) -> list[Self]:
        """Return the readings of bilans, complaints and requests with their readers, the oldest first."""
        return list(cls.select(cls, Person).join(Person).where(cls.journey_id.in_(subject_ids)).order_by(cls.created_at))
