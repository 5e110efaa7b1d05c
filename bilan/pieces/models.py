"""The base of what is written piece by piece.

Dates, employers and levels tell as much as sentences: all that was written is encrypted
together. A bilan has some dozens of each, which are sorted once they are read.
"""

import uuid
from typing import Any, ClassVar, Self

from peewee import DateTimeField, ForeignKeyField, IntegerField, ModelSelect

from bilan.database import BaseModel, now
from bilan.events import Event
from bilan.journeys.models import Journey
from bilan.people.models import Person
from bilan.statements import one_row
from bilan.vault import EncryptedJSONField, EncryptedTextField, cipher


class Piece(BaseModel):
    """What the two people of a bilan write piece by piece, and `maximum` of them at most: the columns of its tables, itself none.

    `said` is how a sentence points at one. `revision` counts the savings: a saving names the one that it was
    written on. `saved_by` wrote last, `written_by` first. The two events are those of the journal.
    """

    maximum: ClassVar[int]
    said: ClassVar[str]
    saved_event: ClassVar[Event]
    removed_event: ClassVar[Event]
    journey = ForeignKeyField(Journey, on_delete="RESTRICT")
    content = EncryptedJSONField()
    revision = IntegerField(default=1)
    written_by = ForeignKeyField(Person, on_delete="RESTRICT")
    saved_by = ForeignKeyField(Person, on_delete="RESTRICT")
    saved_at = DateTimeField(default=now)

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of the journey's key."""
        return self.journey_id

    @one_row
    def by_id_with_people(cls, piece_id: uuid.UUID) -> ModelSelect:
        """Return one piece with its journey and its two people, or None."""
        query = cls.select(cls, Journey).join(Journey)
        return Journey.join_people(query).where(cls.id == piece_id)

    @classmethod
    def of_journey(cls, journey: Journey) -> list[Self]:
        """Return the pieces of a journey with their authors, the oldest first, decrypted under a key that is read once."""
        author, saver = Person.alias("author"), Person.alias("saver")
        query = cls.select(cls, author, saver).join(author, on=(cls.written_by == author.id), attr="written_by")
        query = query.switch(cls).join(saver, on=(cls.saved_by == saver.id), attr="saved_by")
        pieces = list(query.where(cls.journey == journey.id).order_by(cls.created_at))
        if not pieces:
            return []
        opened = cipher(journey.key_id)
        sealed = [one for one in cls._meta.sorted_fields if isinstance(one, EncryptedTextField)]
        for piece in pieces:
            for one in sealed:
                held = piece.__data__[one.name]
                setattr(piece, one.name, None if held is None else one.unseal(opened, held))
        return pieces

    @classmethod
    def count_of(cls, journey: Journey) -> int:
        """Return how many a journey has."""
        return cls.select().where(cls.journey == journey.id).count()

    def take(self, values: dict[str, Any]) -> None:
        """Take what a form gave."""
        for name, value in values.items():
            setattr(self, name, value)
