"""What the follow-up of a bilan keeps: its interruption, the mid-way evaluation, the silences told, its journal."""

import datetime
import uuid
from collections.abc import Iterable
from typing import Self

from flask import current_app
from peewee import JOIN, SQL, DateTimeField, ForeignKeyField, IntegerField, ModelSelect, fn
from playhouse.fields import EnumField

from bilan.database import BaseModel, as_moment, now
from bilan.followup.rules import SENTENCES, Origin, Reason
from bilan.interviews.models import Interview
from bilan.journal import JournalEntry
from bilan.journeys.models import Journey, Suspension
from bilan.journeys.rules import Phase
from bilan.people.models import Person
from bilan.vault import EncryptedJSONField, EncryptedTextField


class Interruption(BaseModel):
    """Why a bilan stopped before its end; an HR service reads neither the reason nor the detail."""

    journey = ForeignKeyField(Journey, unique=True, on_delete="CASCADE")
    origin = EnumField(Origin, max_length=20)
    reason = EnumField(Reason, max_length=20)
    detail = EncryptedTextField()
    by = ForeignKeyField(Person, null=True, on_delete="SET NULL")

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of the journey's key."""
        return self.journey_id

    @classmethod
    def of_journey(cls, journey: Journey) -> Self | None:
        """Return the interruption of a journey, or None."""
        return cls.get_or_none(cls.journey == journey.id)


class MidwayReview(BaseModel):
    """What the agent says half-way. `content`: `useful` and `adjust` (texts), `pace` (a word of Pace or "").

    `revision` counts the savings: a saving names the one that it was written on.
    """

    journey = ForeignKeyField(Journey, unique=True, on_delete="CASCADE")
    content = EncryptedJSONField()
    revision = IntegerField(default=0)
    saved_at = DateTimeField(default=now)

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of the journey's key."""
        return self.journey_id

    @classmethod
    def of_journey(cls, journey: Journey) -> Self | None:
        """Return the mid-way review of a journey, or None."""
        return cls.get_or_none(cls.journey == journey.id)


class SilenceTold(BaseModel):
    """A silence of so many days since a moment, told once: the unique index keeps two workers from telling it twice."""

    journey = ForeignKeyField(Journey, on_delete="CASCADE")
    since = DateTimeField()
    days = IntegerField()

    class Meta:
        constraints = (SQL("CONSTRAINT told_after_a_day CHECK (days >= 1)"),)
        indexes = ((("journey", "since", "days"), True),)


def inactivity_thresholds() -> tuple[int, int]:
    """Return after how many days without activity a silence is told, then told to the secretariat too."""
    settings = current_app.config["BILAN"]
    return settings.inactivity_days, settings.inactivity_alert_days


def last_activity(journeys: Iterable[Journey]) -> dict[uuid.UUID, datetime.datetime]:
    """Return when the two people of each of these journeys last did something, in one query."""
    ids = [journey.id for journey in journeys]
    if not ids:
        return {}
    by_one_of_them = (
        (JournalEntry.person == Journey.agent) | (JournalEntry.person == Journey.counsellor) | (JournalEntry.person == Journey.replacement)
    )
    query = (
        JournalEntry.select(JournalEntry.journey_id, fn.MAX(JournalEntry.created_at))
        .join(Journey, on=(Journey.id == JournalEntry.journey_id))
        .where(JournalEntry.journey_id.in_(ids), by_one_of_them)
        .group_by(JournalEntry.journey_id)
    )
    return {journey_id: as_moment(last) for journey_id, last in query.tuples()}


def asleep(before: datetime.datetime) -> list[Journey]:
    """Return the open journeys that were opened before that moment, have no meeting to come and are not suspended, with their people."""
    coming = Interview.select(Interview.id).where(Interview.journey == Journey.id, Interview.pending(), Interview.starts_at > now())
    query = Journey.with_people().where(Journey.phase != Phase.CLOSED, Journey.created_at < before)
    return list(query.where(~fn.EXISTS(coming), ~fn.EXISTS(Suspension.lasting(Journey.id))))


def journal_of(journey: Journey) -> ModelSelect:
    """Return what the two people of a journey may read of its journal, the newest first, with who did it.

    An autosave is told once a day at most: the first of its kind on the same subject.
    """
    earlier = JournalEntry.alias("earlier")
    again = earlier.select(earlier.id).where(
        earlier.journey_id == journey.id,
        earlier.event == JournalEntry.event,
        earlier.subject_id == JournalEntry.subject_id,
        earlier.detail == JournalEntry.detail,
        fn.DATE(earlier.created_at) == fn.DATE(JournalEntry.created_at),
        earlier.created_at < JournalEntry.created_at,
    )
    query = JournalEntry.select(JournalEntry, Person).join(Person, JOIN.LEFT_OUTER).where(JournalEntry.journey_id == journey.id)
    query = query.where(JournalEntry.event.in_(list(SENTENCES)), ~fn.EXISTS(again))
    return query.order_by(JournalEntry.created_at.desc(), JournalEntry.id)
