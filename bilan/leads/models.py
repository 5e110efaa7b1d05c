"""Leads and their surveys: which occupation somebody thinks of is as confidential as what is said of it."""

import datetime
import uuid
from typing import Self

from peewee import DateTimeField, ForeignKeyField, IntegerField

from bilan.events import Event
from bilan.journeys.models import Journey
from bilan.leads.rules import LEADS_MAX, SURVEYS_MAX, Choice, Contact, Origin
from bilan.pieces.models import Piece
from bilan.vault import EncryptedJSONField


class Lead(Piece):
    """An occupation or a direction to explore.

    `content`: title, why (the sentence that explains it), origin, occupation (its identifier, or "").
    `sorting`: choice and reason, which are the agent's own. `kept_at`: kept for the scenarios.
    """

    maximum = LEADS_MAX
    said = "cette piste"
    saved_event, removed_event = Event.LEAD_SAVED, Event.LEAD_REMOVED
    sorting = EncryptedJSONField(null=True)
    sorting_revision = IntegerField(default=0)
    kept_at = DateTimeField(null=True)

    @property
    def title(self) -> str:
        """Return its title."""
        return self.content["title"]

    @property
    def origin(self) -> Origin:
        """Return where it comes from."""
        return Origin(self.content["origin"])

    @property
    def occupation_id(self) -> uuid.UUID | None:
        """Return the identifier of its occupation, None when it is an idea without one."""
        return uuid.UUID(self.content["occupation"]) if self.content["occupation"] else None

    @property
    def choice(self) -> Choice | None:
        """Return what the agent says of it, None before she does."""
        return Choice(self.sorting["choice"]) if self.sorting else None

    @property
    def reason(self) -> str:
        """Return the agent's reason."""
        return self.sorting["reason"] if self.sorting else ""

    @classmethod
    def count_kept(cls, journey: Journey) -> int:
        """Return how many of a journey are kept for the scenarios."""
        return cls.select().where(cls.journey == journey.id, ~cls.kept_at.is_null()).count()


class Survey(Piece):
    """What was found out about a job: `content` has who, contact, on (a day, or ""), findings."""

    maximum = SURVEYS_MAX
    said = "cette enquête métier"
    saved_event, removed_event = Event.SURVEY_SAVED, Event.SURVEY_REMOVED
    lead = ForeignKeyField(Lead, on_delete="CASCADE")

    @property
    def title(self) -> str:
        """Return whom it was done with."""
        return self.content["who"]

    @property
    def contact(self) -> str:
        """Return how it was done, in words."""
        return Contact(self.content["contact"]).label if self.content["contact"] else ""

    @property
    def day(self) -> datetime.date | None:
        """Return the day it was done, None when it was not said."""
        return datetime.date.fromisoformat(self.content["on"]) if self.content["on"] else None

    @classmethod
    def by_lead(cls, journey: Journey) -> dict[uuid.UUID, list[Self]]:
        """Return the surveys of a journey by their lead, the oldest first."""
        found: dict[uuid.UUID, list[Self]] = {}
        for survey in cls.of_journey(journey):
            found.setdefault(survey.lead_id, []).append(survey)
        return found
