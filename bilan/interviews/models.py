"""Meetings between an agent and her counsellor, and the notes taken there."""

import datetime
import enum
import uuid
from typing import Self

from peewee import SQL, DateTimeField, ForeignKeyField, IntegerField, ModelSelect, fn
from playhouse.fields import EnumField

from bilan.database import BaseModel, now
from bilan.journeys.models import Journey
from bilan.people.models import Person
from bilan.vault import EncryptedTextField


class InterviewKind(enum.StrEnum):
    """What a meeting is for."""

    DIAGNOSTIC = "diagnostic"
    ACCOMPANIMENT = "accompaniment"
    RESTITUTION = "restitution"
    HR_REVIEW = "hr_review"

    @property
    def label(self) -> str:
        """Return the words that the screens use."""
        return KIND_LABELS[self]


KIND_LABELS = {
    InterviewKind.DIAGNOSTIC: "Entretien de diagnostic",
    InterviewKind.ACCOMPANIMENT: "Entretien d’accompagnement",
    InterviewKind.RESTITUTION: "Entretien de restitution",
    InterviewKind.HR_REVIEW: "Bilan avec le service RH",
}


class Mode(enum.StrEnum):
    """Where a meeting takes place."""

    ON_SITE = "on_site"
    REMOTE = "remote"

    @property
    def label(self) -> str:
        """Return the words that the screens use."""
        return {Mode.ON_SITE: "sur place", Mode.REMOTE: "à distance"}[self]


class NoteKind(enum.StrEnum):
    """Who reads a note."""

    PRIVATE = "private"
    SHARED = "shared"


class Interview(BaseModel):
    """A meeting. Durations are in minutes; `held_minutes` is None until it was held."""

    journey = ForeignKeyField(Journey, on_delete="RESTRICT")
    kind = EnumField(InterviewKind, max_length=20)
    mode = EnumField(Mode, max_length=10)
    starts_at = DateTimeField()
    planned_minutes = IntegerField()
    held_minutes = IntegerField(null=True)

    class Meta:
        constraints = (
            SQL("CONSTRAINT planned_within_a_day CHECK (planned_minutes BETWEEN 15 AND 480)"),
            SQL("CONSTRAINT held_within_a_day CHECK (held_minutes IS NULL OR held_minutes BETWEEN 1 AND 480)"),
        )
        indexes = ((("journey", "starts_at"), False),)

    @property
    def is_held(self) -> bool:
        """Whether the counsellor has said that it took place."""
        return self.held_minutes is not None

    @property
    def ends_at(self) -> datetime.datetime:
        """Return the planned end (naive UTC)."""
        return self.starts_at + datetime.timedelta(minutes=self.planned_minutes)

    @property
    def needs_outcome(self) -> bool:
        """Whether its time has passed and nobody has said what became of it."""
        return not self.is_held and self.ends_at < now()

    @classmethod
    def by_id_with_people(cls, interview_id: uuid.UUID) -> Self | None:
        """Return one interview with its journey and its two people."""
        return Journey.join_people(cls.select(cls, Journey).join(Journey)).where(cls.id == interview_id).first()

    @classmethod
    def of_journey(cls, journey: Journey) -> list[Self]:
        """Return the journey's interviews, the oldest first."""
        return list(cls.select().where(cls.journey == journey).order_by(cls.starts_at))

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
    def held_minutes_of(cls, journey_id: object) -> ModelSelect:
        """Return a query of the minutes held in a journey, the HR review apart."""
        return cls.select(fn.SUM(cls.held_minutes)).where(cls.journey == journey_id, cls.kind != InterviewKind.HR_REVIEW)


class Note(BaseModel):
    """One version of an interview's private or shared note; a version is never changed."""

    interview = ForeignKeyField(Interview, on_delete="CASCADE")
    kind = EnumField(NoteKind, max_length=10)
    number = IntegerField()
    author = ForeignKeyField(Person, on_delete="RESTRICT")
    text = EncryptedTextField()

    class Meta:
        constraints = (SQL("CONSTRAINT numbered_from_one CHECK (number >= 1)"),)
        indexes = ((("interview", "kind", "number"), True),)

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of the journey's key."""
        return self.interview.journey_id

    @classmethod
    def current(cls, interview: Interview, kind: NoteKind) -> Self | None:
        """Return the newest version, or None when nothing was written."""
        return cls.versions_query(interview, kind).first()

    @classmethod
    def versions_query(cls, interview: Interview, kind: NoteKind) -> ModelSelect:
        """Return the versions of one note, the newest first, with the interview attached."""
        return cls.select(cls, Interview).join(Interview).where(cls.interview == interview, cls.kind == kind).order_by(cls.number.desc())

    @classmethod
    def shared_interviews(cls, journey: Journey) -> set[uuid.UUID]:
        """Return the interviews of a journey that have a shared note."""
        rows = cls.select(cls.interview).join(Interview).where(Interview.journey == journey, cls.kind == NoteKind.SHARED)
        return {interview_id for (interview_id,) in rows.distinct().tuples()}
