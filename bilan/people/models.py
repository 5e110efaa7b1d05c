"""Accounts, their roles, the bodies that employ them, and the links that open a door once."""

import datetime
import enum
import uuid
from typing import Any, Self

from flask_security import UserMixin
from peewee import JOIN, SQL, BlobField, BooleanField, CharField, DateField, DateTimeField, ForeignKeyField, ModelSelect, TextField, fn
from playhouse.fields import EnumField

from bilan.database import BaseModel, now
from bilan.wording import Worded


class Role(Worded):
    """What a person does here; one role each."""

    AGENT = "agent", "Agent"
    COUNSELLOR = "counsellor", "Conseil"
    HR = "hr", "Service RH"
    SECRETARIAT = "secretariat", "Secrétariat"
    DISABILITY_REFERENT = "disability_referent", "Référent handicap"
    MANAGER = "manager", "Responsable"


class EmployerSize(Worded):
    """How many people an employer employs: large enough classes not to name one."""

    UNKNOWN = "unknown", "effectif non renseigné"
    SMALL = "small", "moins de 50 agents"
    MEDIUM = "medium", "de 50 à 349 agents"
    LARGE = "large", "350 agents et plus"


class Employer(BaseModel):
    """A commune or an intercommunal body; until `agreement_until` (included) its bilans need no quote."""

    name = CharField(unique=True, max_length=200)
    address = TextField(default="", constraints=[SQL("DEFAULT ''")])
    agreement_until = DateField(null=True)
    size = EnumField(EmployerSize, max_length=10, default=EmployerSize.UNKNOWN, constraints=[SQL("DEFAULT 'unknown'")])

    def has_agreement(self, today: datetime.date) -> bool:
        """Whether its bilans need no quote on that day."""
        return self.agreement_until is not None and today <= self.agreement_until

    @classmethod
    def in_order(cls) -> list[Self]:
        """Return the employers by name."""
        return list(cls.select().order_by(cls.name))

    @classmethod
    def names(cls) -> list[str]:
        """Return the names, in order, to be offered while typing."""
        return [name for (name,) in cls.select(cls.name).order_by(cls.name).tuples()]


def fresh_uniquifier() -> str:
    """Return a new session identity; replacing it ends every session of the person."""
    return uuid.uuid4().hex


class Person(BaseModel, UserMixin):
    """An account. The names that Flask-Security reads are `active`, `password` and `fs_uniquifier`."""

    email = CharField(unique=True, max_length=254)
    display_name = CharField(max_length=120)
    role = EnumField(Role, max_length=30, index=True)
    employer = ForeignKeyField(Employer, null=True, on_delete="RESTRICT")
    password = CharField(null=True, max_length=255)
    active = BooleanField(default=True)
    fs_uniquifier = CharField(unique=True, max_length=64, default=fresh_uniquifier)
    preferences = TextField(default="")

    # Flask-Security asks for many-to-many roles; here a person has one, in `role`.
    roles: tuple[()] = ()
    # What comes with the person of a session (access.models): its row, the second factor if there is one, whether there are passkeys.
    opened: Any = None
    second_factor: Any = None
    has_passkey: Any = False

    def get_id(self) -> str:
        """Return the session identity: peewee's own get_id would give the primary key."""
        return self.fs_uniquifier

    @property
    def role_label(self) -> str:
        """Return the role as the header shows it."""
        return self.role.label

    @property
    def is_staff(self) -> bool:
        """Whether the shorter idle limit applies: everybody but the agents."""
        return self.role is not Role.AGENT

    @property
    def is_team(self) -> bool:
        """Whether the centre employs this person."""
        return self.role not in (Role.AGENT, Role.HR)

    @property
    def has_application(self) -> bool:
        """Whether an application shows the codes of this session's person."""
        return self.second_factor is not None and self.second_factor.confirmed_at is not None

    @property
    def has_second_factor(self) -> bool:
        """Whether the sign-in of this session's person asks for a code or a key."""
        return self.has_application or bool(self.has_passkey)

    @classmethod
    def by_email(cls, email: str) -> Self | None:
        """Return the account of an address, whatever its letter case."""
        return cls.get_or_none(cls.email == email.strip().lower())

    @classmethod
    def by_id_of_role(cls, person_id: object, role: Role) -> Self | None:
        """Return the active person of that role, or None."""
        return cls.get_or_none(cls.id == person_id, cls.role == role, cls.active)

    @classmethod
    def hold(cls, person_id: object) -> bool:
        """Lock an open account until the transaction ends, so that nobody closes it meanwhile; False when it is closed."""
        return cls.update(active=True).where(cls.id == person_id, cls.active).execute() == 1

    @classmethod
    def active_of(cls, *roles: Role) -> list[Self]:
        """Return the active people of these roles, by name."""
        return list(cls.select().where(cls.role.in_(roles), cls.active).order_by(cls.display_name, cls.id))

    @classmethod
    def listed(cls, search: str) -> tuple[ModelSelect, ModelSelect]:
        """Return the accounts by name with their employers, those whose name, address or employer matches; then the same to be counted."""
        query = cls.select(cls, Employer).join(Employer, JOIN.LEFT_OUTER).order_by(fn.LOWER(cls.display_name), cls.id)
        if not search:
            return query, cls.select()
        query = query.where(cls.display_name.contains(search) | cls.email.contains(search) | Employer.name.contains(search))
        return query, query


# For the list of all accounts alone: with an index of the names as they are, SQLite reads everybody in order to sort a team.
Person.add_index(Person.index(fn.LOWER(Person.display_name), Person.id, name="person_by_name"))


class LinkPurpose(enum.StrEnum):
    """What a one-time link opens."""

    SIGN_IN = "sign_in"
    INVITATION = "invitation"
    RESET = "reset"


class OneTimeLink(BaseModel):
    """A link sent by e-mail, of which only the digest is kept; it serves once."""

    person = ForeignKeyField(Person, on_delete="CASCADE")
    purpose = EnumField(LinkPurpose, max_length=20)
    digest = CharField(unique=True, max_length=64)
    expires_at = DateTimeField()
    used_at = DateTimeField(null=True)

    @classmethod
    def living(cls, digest: str, *purposes: LinkPurpose) -> Self | None:
        """Return the unused, unexpired link of an active person."""
        return (
            cls.select(cls, Person)
            .join(Person)
            .where(cls.digest == digest, cls.purpose.in_(purposes), cls.used_at.is_null(), cls.expires_at > now(), Person.active)
            .first()
        )

    def use(self) -> bool:
        """Spend the link; False when another request has just done it."""
        query = OneTimeLink.update(used_at=now()).where(OneTimeLink.id == self.id, OneTimeLink.used_at.is_null())
        return query.execute() == 1


class KeptEntry(BaseModel):
    """What somebody was posting when the session expired, until the next sign-in.

    Encrypted under a key that only the person's own session cookie holds.
    """

    person = ForeignKeyField(Person, on_delete="CASCADE")
    path = CharField(max_length=500)
    sealed = BlobField()
