"""The copy that an agent has asked for: one at a time, under a key of its own, destroyed with it."""

import datetime
import uuid
from typing import Any, Self

from flask import current_app
from peewee import DateTimeField, ForeignKeyField, IntegerField
from playhouse.fields import EnumField

from bilan.database import BaseModel, now
from bilan.exports.rules import STOPPED, State
from bilan.filetypes import size_words
from bilan.people.models import Person
from bilan.vault import EncryptedBytesField


class DataExport(BaseModel):
    """A copy; its identifier is the name of its key. `agent` is unique: of two demands at once, one makes it."""

    agent = ForeignKeyField(Person, unique=True, on_delete="CASCADE")
    state = EnumField(State, max_length=10, default=State.WAITING)
    size = IntegerField(null=True)
    content = EncryptedBytesField(null=True)
    done_at = DateTimeField(null=True)
    taken_at = DateTimeField(null=True)

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of its own key."""
        return self.id

    @property
    def size_words(self) -> str:
        """Return "850 Ko", once it is ready."""
        return size_words(self.size or 0)

    @property
    def expires_at(self) -> datetime.datetime:
        """Return when it goes (naive UTC)."""
        return self.created_at + kept_for()

    @property
    def is_ready(self) -> bool:
        """Whether it can be taken."""
        return self.state is State.READY and self.expires_at > now()

    @property
    def is_waiting(self) -> bool:
        """Whether it is being made."""
        return self.state is State.WAITING and self.created_at > now() - STOPPED

    @classmethod
    def _columns(cls) -> list[Any]:
        return [one for one in cls._meta.sorted_fields if one is not cls.content]

    @classmethod
    def of_agent(cls, agent: Person) -> Self | None:
        """Return an agent's copy, without its content, or None."""
        return cls.select(*cls._columns()).where(cls.agent == agent.id).first()

    @classmethod
    def by_id(cls, export_id: uuid.UUID) -> Self | None:
        """Return one copy, or None."""
        return cls.get_or_none(cls.id == export_id)

    @classmethod
    def overdue(cls) -> list[Self]:
        """Return the copies that have had their time."""
        return list(cls.select(*cls._columns()).where(cls.created_at < now() - kept_for()))


def kept_for() -> datetime.timedelta:
    """Return how long a copy is kept."""
    return datetime.timedelta(days=current_app.config["BILAN"].export_days)
