"""Second factors, recovery codes, open sessions, known browsers.

Guarantees: a secret is in the database only encrypted, a recovery code and a browser only as digests;
no address of the network is kept.
"""

import datetime
import uuid
from typing import Self

from peewee import JOIN, BigIntegerField, CharField, DateTimeField, ForeignKeyField, fn

from bilan.database import BaseModel, now
from bilan.passkeys.models import Passkey
from bilan.people.models import Person
from bilan.statements import Slot, Statement
from bilan.vault import EncryptedTextField

# The key of the secrets: made at the first of them, wrapped by the master keys like the others.
SECRETS_KEY = uuid.UUID("00000000-0000-4000-8000-736563726574")


class SecondFactor(BaseModel):
    """The application that shows somebody's codes; `pending` is one that has not shown a right code yet."""

    person = ForeignKeyField(Person, unique=True, on_delete="CASCADE")
    secret = EncryptedTextField(null=True)
    pending = EncryptedTextField(null=True)
    confirmed_at = DateTimeField(null=True)
    last_step = BigIntegerField(default=0)

    key_id = SECRETS_KEY

    @classmethod
    def of(cls, person: Person) -> Self | None:
        """Return that of a person, or None."""
        return cls.get_or_none(cls.person == person)

    @classmethod
    def holders(cls, people: list[Person]) -> set[uuid.UUID]:
        """Return which of these people have one, or a passkey."""
        ids = [person.id for person in people]
        confirmed = cls.select(cls.person).where(cls.person.in_(ids), ~cls.confirmed_at.is_null())
        return {found for (found,) in confirmed.tuples()} | Passkey.holders(people)

    def spend(self, step: int) -> bool:
        """Use the code of a step; False when it, or a later one, has served."""
        query = SecondFactor.update(last_step=step).where(SecondFactor.id == self.id, SecondFactor.last_step < step)
        return query.execute() == 1


class RecoveryCode(BaseModel):
    """A code that replaces the application once, of which only the digest is kept."""

    person = ForeignKeyField(Person, on_delete="CASCADE")
    digest = CharField(unique=True, max_length=64)

    @classmethod
    def left(cls, person: Person) -> int:
        """Return how many codes are left."""
        return cls.select().where(cls.person == person).count()

    @classmethod
    def spend(cls, person: Person, digest: str) -> bool:
        """Use a code; False when there is no such code any more."""
        return cls.delete().where(cls.person == person, cls.digest == digest).execute() == 1


class OpenSession(BaseModel):
    """A sign-in that lasts, in one browser; without its row a cookie opens nothing."""

    person = ForeignKeyField(Person, on_delete="CASCADE")
    seen_at = DateTimeField(default=now)
    browser = CharField(max_length=80)

    @classmethod
    def person_of(cls, uniquifier: str, opened: uuid.UUID) -> Person | None:
        """Return the account of a session: the first query of every request."""
        return BY_SESSION.instance(uniquifier=uniquifier, opened=opened)

    @classmethod
    def of(cls, person: Person, since: datetime.datetime) -> list[Self]:
        """Return the sessions of a person that were used since then, the last used first."""
        return list(cls.select().where(cls.person == person, cls.seen_at > since).order_by(cls.seen_at.desc(), cls.id))

    @classmethod
    def close_all(cls, person: Person, *, but: uuid.UUID | None = None) -> int:
        """Close the sessions of a person; return how many."""
        query = cls.delete().where(cls.person == person)
        return (query.where(cls.id != but) if but else query).execute()


class KnownBrowser(BaseModel):
    """A browser in which somebody has signed in, by the digest of a cookie that only it holds."""

    person = ForeignKeyField(Person, on_delete="CASCADE")
    digest = CharField(max_length=64)
    seen_at = DateTimeField(default=now)

    class Meta:
        indexes = ((("person", "digest"), True),)


# Without the password's hash: a request has no use for it.
BY_SESSION = Statement(
    Person,
    lambda: (
        Person.select(
            Person.id,
            Person.email,
            Person.display_name,
            Person.role,
            Person.employer,
            Person.active,
            Person.fs_uniquifier,
            Person.preferences,
            OpenSession.id,
            OpenSession.created_at,
            OpenSession.seen_at,
            SecondFactor.confirmed_at,
            fn.EXISTS(Passkey.select(Passkey.id).where(Passkey.person == Person.id)).alias("has_passkey"),
        )
        .join(OpenSession, on=(OpenSession.person == Person.id), attr="opened")
        .switch(Person)
        .join(SecondFactor, JOIN.LEFT_OUTER, on=(SecondFactor.person == Person.id), attr="second_factor")
        .where(Person.fs_uniquifier == Slot("uniquifier"), OpenSession.id == Slot("opened"))
    ),
)
