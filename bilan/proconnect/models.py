"""Whose ProConnect account opens which of ours, and the sign-ins that ProConnect can end.

Guarantee: the identity token of a sign-in is in the database only, encrypted, no longer than its session.
"""

import uuid
from typing import Self

from peewee import CharField, ForeignKeyField

from bilan.access.models import SECRETS_KEY, OpenSession
from bilan.database import BaseModel
from bilan.people.models import Person
from bilan.vault import EncryptedTextField

SUBJECT_MAX = 255


class ProconnectIdentity(BaseModel):
    """The ProConnect account of one of ours: the first that came with its e-mail address."""

    person = ForeignKeyField(Person, unique=True, on_delete="CASCADE")
    subject = CharField(unique=True, max_length=SUBJECT_MAX)

    @classmethod
    def of(cls, person: Person, subject: str) -> list[Self]:
        """Return what is known of either."""
        return list(cls.select().where((cls.person == person) | (cls.subject == subject)))

    @classmethod
    def holders(cls, people: list[Person]) -> set[uuid.UUID]:
        """Return which of these people have one."""
        ids = [person.id for person in people]
        return {found for (found,) in cls.select(cls.person).where(cls.person.in_(ids)).tuples()}


class ProconnectVisit(BaseModel):
    """A sign-in by ProConnect; goes with its session, or the next night when no session came of it."""

    person = ForeignKeyField(Person, on_delete="CASCADE")
    opened = ForeignKeyField(OpenSession, null=True, unique=True, on_delete="CASCADE")
    id_token = EncryptedTextField()

    key_id = SECRETS_KEY
