"""What was read, by whom, on which day: never what it said."""

import uuid
from typing import Self

from peewee import CharField, DateField, ForeignKeyField, UUIDField

from bilan.database import BaseModel
from bilan.people.models import Person


class Reading(BaseModel):
    """The first reading of a day: a person, a bilan, a room (a word of the code). `created_at` is its moment."""

    person = ForeignKeyField(Person, on_delete="CASCADE")
    journey_id = UUIDField()
    room = CharField(max_length=20)
    day = DateField()

    class Meta:
        indexes = ((("journey_id", "day", "room", "person"), True),)

    @classmethod
    def of_journey(cls, journey_id: uuid.UUID) -> list[Self]:
        """Return the readings of a bilan with their readers, the oldest first."""
        return list(cls.select(cls, Person).join(Person).where(cls.journey_id == journey_id).order_by(cls.created_at))
