"""Meetings between an agent and her counsellor."""

import datetime
import uuid
from collections import Counter
from typing import Any, Self

from peewee import SQL, DateTimeField, Expression, ForeignKeyField, IntegerField, ModelSelect, fn
from playhouse.fields import EnumField

from bilan.database import BaseModel, now
from bilan.french import from_paris, to_paris
from bilan.interviews.rules import CANCELLED, CancelReason, InterviewKind, LogReason, Mode, Outcome
from bilan.journeys.models import Journey
from bilan.people.models import Person
from bilan.statements import all_rows, one_row
from bilan.vault import EncryptedJSONField


class Interview(BaseModel):
    """A meeting. Durations are in minutes; `held_minutes` is None unless it was held.

    `sequence` counts its changes, for the calendars that follow it (RFC 5545, SEQUENCE).
    """

    journey = ForeignKeyField(Journey, on_delete="RESTRICT")
    kind = EnumField(InterviewKind, max_length=20)
    mode = EnumField(Mode, max_length=10)
    starts_at = DateTimeField()
    planned_minutes = IntegerField()
    held_minutes = IntegerField(null=True)
    outcome = EnumField(Outcome, max_length=30, null=True)
    reason = EnumField(CancelReason, max_length=20, null=True)
    sequence = IntegerField(default=0, constraints=[SQL("DEFAULT 0")])
    reminded_at = DateTimeField(null=True)
    logged_because = EnumField(LogReason, max_length=20, null=True)

    class Meta:
        constraints = (
            SQL("CONSTRAINT held_has_its_duration CHECK ((outcome = 'held') = (held_minutes IS NOT NULL))"),
            SQL("CONSTRAINT planned_within_a_day CHECK (planned_minutes BETWEEN 15 AND 480)"),
            SQL("CONSTRAINT held_within_a_day CHECK (held_minutes IS NULL OR held_minutes BETWEEN 1 AND 480)"),
        )
        indexes = ((("journey", "starts_at"), False), (("starts_at",), False))

    @property
    def is_held(self) -> bool:
        """Whether the counsellor has said that it took place."""
        return self.outcome is Outcome.HELD

    @property
    def is_pending(self) -> bool:
        """Whether nobody has said what became of it."""
        return self.outcome is None

    @property
    def is_cancelled(self) -> bool:
        """Whether it was cancelled, by the agent or by the service."""
        return self.outcome in CANCELLED

    @property
    def is_coming(self) -> bool:
        """Whether it is planned and has not begun."""
        return self.is_pending and self.starts_at > now()

    @property
    def ends_at(self) -> datetime.datetime:
        """Return the planned end (naive UTC)."""
        return self.starts_at + datetime.timedelta(minutes=self.planned_minutes)

    @property
    def needs_outcome(self) -> bool:
        """Whether its time has passed and nobody has said what became of it."""
        return self.is_pending and self.ends_at < now()

    @classmethod
    def pending(cls) -> Expression:
        """Return the condition that nobody has said what became of it."""
        return cls.outcome.is_null()

    @classmethod
    def not_cancelled(cls) -> Expression:
        """Return the condition that it is planned, or took place in some way."""
        return cls.outcome.is_null() | cls.outcome.not_in(CANCELLED)

    @one_row
    def by_id_with_people(cls, interview_id: uuid.UUID) -> ModelSelect:
        """Return one interview with its journey and its two people."""
        return Journey.join_people(cls.select(cls, Journey).join(Journey)).where(cls.id == interview_id)

    @classmethod
    def coming_of(cls, journey: Journey) -> Self | None:
        """Return the journey's next planned interview of the two that has not begun, or None; a review with HR is apart."""
        coming = cls.select().where(cls.journey == journey.id, cls.pending(), cls.starts_at > now())
        return coming.where(cls.kind != InterviewKind.HR_REVIEW).order_by(cls.starts_at).first()

    @classmethod
    def coming_with_people(cls, journey: Journey) -> list[Self]:
        """Return the journey's planned interviews that have not begun, with their people."""
        query = Journey.join_people(cls.select(cls, Journey).join(Journey)).where(cls.journey == journey.id)
        return list(query.where(cls.pending(), cls.starts_at > now()))

    @classmethod
    def to_remind(cls, until: datetime.datetime) -> list[Self]:
        """Return the planned interviews that begin before that moment and of which nobody was reminded."""
        return list(cls.select().where(cls.pending(), cls.reminded_at.is_null(), cls.starts_at > now(), cls.starts_at <= until))

    @all_rows
    def of_journey(cls, journey: Journey) -> ModelSelect:
        """Return the journey's interviews, the oldest first."""
        return cls.select().where(cls.journey == journey).order_by(cls.starts_at)

    @classmethod
    def rank(cls, interview: Self) -> int:
        """Return its place among the journey's interviews, from 1."""
        earlier = (cls.starts_at < interview.starts_at) | ((cls.starts_at == interview.starts_at) & (cls.id < interview.id))
        return cls.select().where(cls.journey == interview.journey_id, earlier).count() + 1

    @classmethod
    def of_journeys(cls, journeys: list[Journey]) -> list[Self]:
        """Return the interviews of several journeys, in one query, the oldest first."""
        return list(cls.select().where(cls.journey.in_(journeys)).order_by(cls.starts_at)) if journeys else []

    @classmethod
    def is_taken(cls, journey: Journey, starts_at: datetime.datetime) -> bool:
        """Whether the journey has a meeting that begins at that moment and was not cancelled."""
        return cls.select(cls.id).where(cls.journey == journey.id, cls.starts_at == starts_at, cls.not_cancelled()).exists()

    @classmethod
    def has_begun(cls, journey: Journey) -> bool:
        """Whether an interview of the journey that was not cancelled has begun."""
        return cls.select(cls.id).where(cls.journey == journey, cls.starts_at <= now(), cls.not_cancelled()).exists()

    @classmethod
    def is_today(cls) -> Expression:
        """Return the condition that it is of today (of Paris) and not cancelled."""
        midnight = to_paris(now()).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        return cls.starts_at.between(from_paris(midnight), from_paris(midnight + datetime.timedelta(days=1))) & cls.not_cancelled()

    @classmethod
    def of_today(cls, counsellor: Person | None = None) -> ModelSelect:
        """Return today's interviews with their people, the first one first: one counsellor's, or everybody's."""
        query = Journey.join_people(cls.select(cls, Journey).join(Journey)).where(cls.is_today())
        return (query.where(Journey.accompanied_by(counsellor)) if counsellor else query).order_by(cls.starts_at)

    @classmethod
    def to_close(cls, counsellor: Person) -> list[Self]:
        """Return a counsellor's past interviews of which nobody has said what became, the oldest first, with their people."""
        # The planned end is not a column: the few of today are sorted out by `needs_outcome`.
        query = Journey.join_people(cls.select(cls, Journey).join(Journey)).where(cls.pending(), cls.starts_at < now())
        return [one for one in query.where(Journey.accompanied_by(counsellor)).order_by(cls.starts_at) if one.needs_outcome]

    @classmethod
    def counted(cls, journey_id: object) -> list[Any]:
        """Return the meetings held and those to come, the oldest first: `id`, `kind`, `starts_at`, `planned_minutes`, `held_minutes`.

        The query selects nothing else: an HR service reads it.
        """
        columns = (cls.id, cls.kind, cls.starts_at, cls.planned_minutes, cls.held_minutes)
        counts = (cls.outcome == Outcome.HELD) | (cls.pending() & (cls.starts_at > now()))
        return list(cls.select(*columns).where(cls.journey == journey_id, counts).order_by(cls.starts_at).namedtuples())

    @classmethod
    def attendance(cls, journey_id: object) -> list[Any]:
        """Return the meetings held, the oldest first: `starts_at`, `held_minutes`, `mode`, and whether it was `with_hr`.

        The query selects nothing else: an HR service reads it.
        """
        with_hr = (cls.kind == InterviewKind.HR_REVIEW).alias("with_hr")
        query = cls.select(cls.starts_at, cls.held_minutes, cls.mode, with_hr).where(cls.journey == journey_id, cls.outcome == Outcome.HELD)
        return list(query.order_by(cls.starts_at).namedtuples())

    @classmethod
    def held_minutes_of(cls, journey_id: object) -> ModelSelect:
        """Return a query of the minutes held in a journey, the HR review apart."""
        return cls.select(fn.SUM(cls.held_minutes)).where(cls.journey == journey_id, cls.kind != InterviewKind.HR_REVIEW)


class ObjectivesTouched(BaseModel):
    """The objectives of the bilan that a meeting has worked on, in their words of that day."""

    interview = ForeignKeyField(Interview, unique=True, on_delete="CASCADE")
    objectives = EncryptedJSONField()

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of the journey's key."""
        return self.interview.journey_id

    @classmethod
    def of_interview(cls, interview: Interview) -> list[str]:
        """Return the objectives that this meeting has worked on."""
        row = cls.select(cls, Interview).join(Interview).where(cls.interview == interview.id).first()
        return row.objectives if row else []

    @classmethod
    def of_journey(cls, journey: Journey) -> dict[str, int]:
        """Return how many meetings of a journey have worked on each objective."""
        rows = cls.select(cls, Interview).join(Interview).where(Interview.journey == journey.id)
        return Counter(objective for row in rows for objective in row.objectives)
