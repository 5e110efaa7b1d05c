"""What an agent and her counsellor write to each other."""

import datetime
import uuid
from collections.abc import Sequence
from typing import Self

from peewee import DateTimeField, Expression, ForeignKeyField, ModelSelect, fn

from bilan.database import BaseModel
from bilan.journeys.models import Journey
from bilan.people.models import Person
from bilan.vault import EncryptedTextField


class Message(BaseModel):
    """A message: the agent's to whoever accompanies her, or theirs to the agent. Read by one of them, it is read.

    Its identifier is the number of the form that sent it, so that a double click sends one.
    """

    journey = ForeignKeyField(Journey, on_delete="RESTRICT")
    author = ForeignKeyField(Person, on_delete="RESTRICT")
    text = EncryptedTextField()
    read_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("journey", "created_at"), False),)

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of the journey's key."""
        return self.journey_id

    @classmethod
    def listed(cls, journey: Journey) -> ModelSelect:
        """Return the messages of a journey with their authors, the newest first."""
        query = cls.select(cls, Person).join(Person, on=cls.author).where(cls.journey == journey.id)
        return query.order_by(cls.created_at.desc(), cls.id)

    @classmethod
    def _addressed_to(cls, journey: Journey, reader: Person) -> Expression:
        """Return the condition that a message of the journey was written to that reader's side."""
        to_agent = reader.id == journey.agent_id
        written = (cls.author != journey.agent_id) if to_agent else (cls.author == journey.agent_id)
        return (cls.journey == journey.id) & written

    @classmethod
    def count_unread(cls, journey: Journey, reader: Person) -> int:
        """Return how many messages wait for that reader in a journey."""
        return cls.select(cls.id).where(cls._addressed_to(journey, reader), cls.read_at.is_null()).count()

    @classmethod
    def unread_of_agents(cls, journeys: Sequence[Journey]) -> dict[uuid.UUID, int]:
        """Return how many messages of their agents wait in several journeys, by journey, in one query."""
        if not journeys:
            return {}
        query = cls.select(cls.journey, fn.COUNT(cls.id)).join(Journey)
        waiting = cls.journey.in_(journeys) & cls.read_at.is_null() & (cls.author == Journey.agent)
        return dict(query.where(waiting).group_by(cls.journey).tuples())

    @classmethod
    def newest_unread(cls, journey: Journey, reader: Person) -> Self | None:
        """Return the newest message that waits for that reader, without its text, or None."""
        query = cls.select(cls.id, cls.created_at).where(cls._addressed_to(journey, reader), cls.read_at.is_null())
        return query.order_by(cls.created_at.desc()).first()

    @classmethod
    def mark_read(cls, journey: Journey, reader: Person, until: datetime.datetime, moment: datetime.datetime) -> int:
        """Mark as read what that reader had received until then; return how many."""
        update = cls.update(read_at=moment).where(cls._addressed_to(journey, reader), cls.read_at.is_null(), cls.created_at <= until)
        return update.execute()

    def is_unread_by(self, reader: Person, journey: Journey) -> bool:
        """Whether it waits for that reader."""
        from_agent = self.author_id == journey.agent_id
        return self.read_at is None and from_agent != (reader.id == journey.agent_id)
