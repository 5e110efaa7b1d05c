"""The evidence files that were asked for: each under a key of its own, destroyed with it."""

import uuid
from typing import Any, Self

from peewee import SQL, DateField, DateTimeField, ForeignKeyField, IntegerField, UUIDField
from playhouse.fields import EnumField

from bilan.database import BaseModel, now
from bilan.evidence.rules import KEPT, STOPPED, Period, State
from bilan.filetypes import size_words
from bilan.people.models import Person
from bilan.vault import EncryptedBytesField


class EvidenceFile(BaseModel):
    """A file for a period; its identifier is the name of its key, `submission` the number of the form that asked for it.

    `seed` chose its samples. `content` is the ZIP.
    """

    submission = UUIDField(unique=True)
    starts_on = DateField()
    ends_on = DateField()
    seed = IntegerField()
    state = EnumField(State, max_length=10, default=State.WAITING)
    size = IntegerField(null=True)
    content = EncryptedBytesField(null=True)
    asked_by = ForeignKeyField(Person, null=True, on_delete="SET NULL")
    done_at = DateTimeField(null=True)

    class Meta:
        constraints = (SQL("CONSTRAINT evidence_of_a_period CHECK (ends_on >= starts_on)"),)

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of its own key."""
        return self.id

    @property
    def period(self) -> Period:
        """Return what it is about."""
        return Period(self.starts_on, self.ends_on)

    @property
    def size_words(self) -> str:
        """Return "850 Ko", once it is ready."""
        return size_words(self.size or 0)

    @property
    def expires_at(self) -> Any:
        """Return when it goes (naive UTC)."""
        return self.created_at + KEPT

    @property
    def is_ready(self) -> bool:
        """Whether it can be taken."""
        return self.state is State.READY

    @property
    def is_waiting(self) -> bool:
        """Whether it is being made."""
        return self.state is State.WAITING and self.created_at > now() - STOPPED

    @classmethod
    def _columns(cls) -> list[Any]:
        return [one for one in cls._meta.sorted_fields if one is not cls.content]

    @classmethod
    def listed(cls) -> list[Self]:
        """Return the files, without their content, the newest first."""
        return list(cls.select(*cls._columns()).order_by(cls.created_at.desc()))

    @classmethod
    def by_id(cls, file_id: uuid.UUID) -> Self | None:
        """Return one file, or None."""
        return cls.get_or_none(cls.id == file_id)

    @classmethod
    def overdue(cls) -> list[Self]:
        """Return the files that have had their time."""
        return list(cls.select(*cls._columns()).where(cls.created_at < now() - KEPT))
