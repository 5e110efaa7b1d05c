"""Measures, and what those in place change in a bilan."""

import uuid
from typing import Any, Self

from peewee import JOIN, DateTimeField, Expression, ForeignKeyField, ModelSelect
from playhouse.fields import EnumField

from bilan.adaptations.models import AdaptationRequest
from bilan.adaptations.rules import CounsellorSees, State
from bilan.database import BaseModel, now
from bilan.journeys.models import Journey
from bilan.mail.models import Relay
from bilan.measures.rules import Effects, Kind, said
from bilan.people.models import Person
from bilan.statements import all_rows, one_row
from bilan.vault import ContentDestroyed, EncryptedJSONField, is_destroyed


class Measure(BaseModel):
    """A measure decided for a request; its identifier is the number of its form. `values` are what its kind needs."""

    request = ForeignKeyField(AdaptationRequest, on_delete="CASCADE")
    kind = EnumField(Kind, max_length=20)
    values = EncryptedJSONField()
    applied_at = DateTimeField(null=True)
    applied_by = ForeignKeyField(Person, null=True, on_delete="SET NULL")
    ended_at = DateTimeField(null=True)

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of the request's key."""
        return self.request_id

    @property
    def said(self) -> str:
        """Return it in words."""
        try:
            return said(self.kind, self.values)
        except ContentDestroyed:
            return self.kind.label

    @property
    def is_acting(self) -> bool:
        """Whether it is in place."""
        return self.applied_at is not None and self.ended_at is None

    @classmethod
    def of_request(cls, one: AdaptationRequest) -> list[Self]:
        """Return the measures of a request with who put them in place, the oldest first."""
        query = cls.select(cls, Person).join(Person, JOIN.LEFT_OUTER).where(cls.request == one.id)
        return list(query.order_by(cls.created_at, cls.id))

    @one_row
    def by_id_with_request(cls, measure_id: uuid.UUID) -> ModelSelect:
        """Return one measure with its request."""
        return cls.select(cls, AdaptationRequest).join(AdaptationRequest).where(cls.id == measure_id)

    @classmethod
    def stop(cls, measures: list[Self]) -> None:
        """Stop these, in the current transaction, and the notices that they asked for."""
        ids = [one.id for one in measures]
        cls.update(ended_at=now()).where(cls.id.in_(ids), cls.ended_at.is_null()).execute()
        Relay.delete().where(Relay.source_id.in_(ids)).execute()

    @classmethod
    def in_place(cls) -> Expression:
        """Return the condition that it is in place, and its request not taken back."""
        return cls.applied_at.is_null(is_null=False) & cls.ended_at.is_null() & (AdaptationRequest.state != State.WITHDRAWN)

    @all_rows
    def acting_in(cls, journey_id: uuid.UUID) -> ModelSelect:
        """Return the measures in place in an open bilan, with their requests, in the order in which they came."""
        query = cls.select(cls, AdaptationRequest).join(AdaptationRequest).join(Journey, on=(Journey.id == AdaptationRequest.journey_id))
        return query.where(Journey.id == journey_id, Journey.closed_at.is_null(), cls.in_place()).order_by(cls.applied_at)


def effects_of(journey_id: uuid.UUID) -> Effects:
    """Return what the measures in place change in a bilan, as long as it is open; what was destroyed changes nothing."""
    return Effects.of((one.kind, one.values) for one in Measure.acting_in(journey_id) if not is_destroyed(one.key_id))


def seen_by_counsellor(journey_id: uuid.UUID) -> list[AdaptationRequest]:
    """Return the requests of a bilan that its counsellor may know, not destroyed, with the `measures` in place, the oldest first."""
    found = [one for one in AdaptationRequest.known_to_counsellor(journey_id) if not is_destroyed(one.id)]
    for one in found:
        one.words, one.measures = "", [each for each in Measure.of_request(one) if each.is_acting]
        one.needs = one.needs if one.counsellor_sees is CounsellorSees.ALL else []
    return found


def preparing(journey_id: uuid.UUID) -> dict[str, Any]:
    """Return what whoever accompanies the agent prepares a meeting with: see measures/_effects.html."""
    return {"effects": effects_of(journey_id), "adaptations": seen_by_counsellor(journey_id)}
