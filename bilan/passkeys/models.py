"""Passkeys.

Guarantees: only what checks a signature is kept, nothing that could make one; a challenge is
accepted once by a key, whatever cookie brings it back.
"""

import datetime
import uuid
from typing import Self

from peewee import BigIntegerField, BlobField, CharField, DateTimeField, ForeignKeyField

from bilan.database import BaseModel
from bilan.people.models import Person


class Passkey(BaseModel):
    """A key that somebody holds: in a telephone, a computer, a key of its own."""

    person = ForeignKeyField(Person, on_delete="CASCADE")
    name = CharField(max_length=60)
    credential = CharField(unique=True, max_length=1400)  # what the key calls itself, in base64url
    public_key = BlobField()
    handle = CharField(max_length=90)  # what the keys of a person know her by: random
    sign_count = BigIntegerField(default=0)
    challenged_at = BigIntegerField(default=0)  # when the last accepted challenge was made, in milliseconds
    used_at = DateTimeField(null=True)

    @classmethod
    def of(cls, person: Person) -> list[Self]:
        """Return the keys of a person, the oldest first."""
        return list(cls.select().where(cls.person == person).order_by(cls.created_at, cls.id))

    @classmethod
    def called(cls, credential: str, person: Person) -> Self | None:
        """Return the key of that person that calls itself so, or None."""
        return cls.get_or_none(cls.credential == credential, cls.person == person)

    @classmethod
    def is_held_by(cls, person: Person) -> bool:
        """Whether a person has one."""
        return cls.select().where(cls.person == person).exists()

    @classmethod
    def holders(cls, people: list[Person]) -> set[uuid.UUID]:
        """Return which of these people have one."""
        return {found for (found,) in cls.select(cls.person).where(cls.person.in_([person.id for person in people])).tuples()}

    def spend(self, *, sign_count: int, challenged_at: int, used_at: datetime.datetime) -> bool:
        """Accept an answer; False when that challenge, or a later one, or the same count was accepted meanwhile."""
        query = Passkey.update(sign_count=sign_count, challenged_at=challenged_at, used_at=used_at).where(
            Passkey.id == self.id, Passkey.challenged_at < challenged_at, Passkey.sign_count == self.sign_count
        )
        return query.execute() == 1
