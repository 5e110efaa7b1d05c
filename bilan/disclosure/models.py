"""Agreements to tell HR something, what was shown under each, and each reading of it."""

import uuid
from typing import Any, Self

from peewee import SQL, CharField, DateField, DateTimeField, ForeignKeyField, ModelSelect

from bilan.database import BaseModel, now
from bilan.disclosure.rules import STATEMENTS_MAX, Subject
from bilan.events import Event
from bilan.french import to_paris
from bilan.journeys.models import Journey
from bilan.people.models import Person, Role
from bilan.pieces.models import Piece
from bilan.statements import one_row
from bilan.vault import EncryptedJSONField


class Statement(Piece):
    """A text that the two write for HR; nobody reads it there without an agreement. `content`: subject, text."""

    maximum = STATEMENTS_MAX
    said = "ce texte"
    saved_event, removed_event = Event.STATEMENT_SAVED, Event.STATEMENT_REMOVED

    @property
    def subject(self) -> Subject:
        """Return what it is about."""
        return Subject(self.content["subject"])

    @property
    def title(self) -> str:
        """Return what it is about, in words."""
        return self.subject.label


class Disclosure(BaseModel):
    """An agreement: these blocks, as they were on that day, to this person, for this purpose, until that day included.

    `content`: blocks and purpose. `digest` is the SHA-256 of what is shown (rules.digest). It is
    never changed: another choice is another agreement.
    """

    journey = ForeignKeyField(Journey, on_delete="RESTRICT")
    recipient = ForeignKeyField(Person, on_delete="RESTRICT")
    content = EncryptedJSONField()
    digest = CharField(max_length=64)
    until = DateField()
    revoked_at = DateTimeField(null=True)

    class Meta:
        constraints = (SQL("CONSTRAINT revoked_after_agreed CHECK (revoked_at IS NULL OR revoked_at >= created_at)"),)

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of the journey's key."""
        return self.journey_id

    @property
    def is_live(self) -> bool:
        """Whether it may be read: not revoked, not expired, the bilan is not closed, nor the account of whom it is for."""
        current = self.revoked_at is None and self.until >= to_paris(now()).date()
        return current and self.journey.is_open and self.recipient.active

    @one_row
    def by_id_with_people(cls, disclosure_id: uuid.UUID) -> ModelSelect:
        """Return one agreement with its journey and its people, or None."""
        return Journey.join_people(cls.select(cls, Journey).join(Journey)).where(cls.id == disclosure_id)

    @classmethod
    def of_journey(cls, journey: Journey) -> list[Self]:
        """Return the agreements of a journey with whom they are for, the newest first, each with its readings (`readings`)."""
        found = list(cls.select(cls, Person).join(Person).where(cls.journey == journey.id).order_by(cls.created_at.desc()))
        read: dict[uuid.UUID, list[Any]] = {}
        for one in DisclosureReading.select().where(DisclosureReading.disclosure.in_(found)).order_by(DisclosureReading.created_at):
            read.setdefault(one.disclosure_id, []).append(one.created_at)
        for disclosure in found:
            disclosure.journey, disclosure.readings = journey, read.get(disclosure.id, [])
        return found

    @classmethod
    def received_by(cls, person: Person) -> list[Self]:
        """Return the live agreements of which somebody is the recipient, the newest first, without what they show."""
        columns = (cls.id, cls.created_at, cls.recipient, cls.until, cls.revoked_at, cls.journey, Journey)
        query = Journey.join_people(cls.select(*columns).join(Journey)).where(cls.recipient == person, cls.revoked_at.is_null())
        found = list(query.order_by(cls.created_at.desc()))
        for one in found:
            one.recipient = person
        return [one for one in found if one.is_live]


class DisclosureReading(BaseModel):
    """A reading by the recipient: the agent sees each of them."""

    disclosure = ForeignKeyField(Disclosure, on_delete="CASCADE")


def recipients_of(journey: Journey) -> list[Any]:
    """Return whom an agent may tell: the active HR officers of her own employer."""
    query = Person.select().where(Person.role == Role.HR, Person.active, Person.employer == journey.employer_id)
    return list(query.order_by(Person.display_name))
