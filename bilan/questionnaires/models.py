"""One agent's filling of one instrument version, answer by answer."""

import datetime
import enum
import uuid
from typing import Any, Self

from peewee import SQL, CharField, DateField, DateTimeField, ForeignKeyField, IntegerField, fn

from bilan.database import BaseModel, Statement, slot
from bilan.journeys.models import Journey
from bilan.questionnaires import instruments
from bilan.vault import EncryptedJSONField, EncryptedTextField, cipher

# The questionnaire whose letters are also those of the occupations.
INTERESTS = "interets"


class PassationState(enum.StrEnum):
    """Where a passation stands."""

    ASSIGNED = "assigned"
    STARTED = "started"
    SUBMITTED = "submitted"
    RELEASED = "released"


class Passation(BaseModel):
    """A filling: assigned by the counsellor, submitted once, released to the agent in or after an interview.

    `revision` counts the answers saved: a page that knows an older one was overtaken.
    """

    journey = ForeignKeyField(Journey, on_delete="RESTRICT")
    slug = CharField(max_length=60)
    version = IntegerField()
    due_on = DateField(null=True)
    revision = IntegerField(default=0)
    started_at = DateTimeField(null=True)
    submitted_at = DateTimeField(null=True)
    released_at = DateTimeField(null=True)
    result = EncryptedJSONField(null=True)
    comment = EncryptedTextField(null=True)
    comment_revision = IntegerField(default=0)

    class Meta:
        constraints = (
            SQL("CONSTRAINT submitted_with_its_result CHECK ((submitted_at IS NULL) = (result IS NULL))"),
            SQL("CONSTRAINT released_after_submitted CHECK (released_at IS NULL OR released_at >= submitted_at)"),
        )
        indexes = ((("journey", "created_at"), False),)

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of the journey's key."""
        return self.journey_id

    @property
    def instrument(self) -> instruments.Instrument:
        """Return the definition frozen with this passation."""
        return instruments.find(self.slug, self.version)

    @property
    def state(self) -> PassationState:
        """Return where it stands, from its dates."""
        if self.released_at:
            return PassationState.RELEASED
        if self.submitted_at:
            return PassationState.SUBMITTED
        return PassationState.STARTED if self.started_at else PassationState.ASSIGNED

    @property
    def is_open(self) -> bool:
        """Whether answers may still be given."""
        return self.submitted_at is None and self.journey.is_open

    @classmethod
    def by_id_with_people(cls, passation_id: uuid.UUID) -> Self | None:
        """Return one passation with its journey and its two people."""
        return Journey.join_people(cls.select(cls, Journey).join(Journey)).where(cls.id == passation_id).first()

    @classmethod
    def by_id_with_journey(cls, passation_id: uuid.UUID) -> Self | None:
        """Return one passation with its journey only: the way of an answer, where every query counts."""
        return BY_ID_WITH_JOURNEY.instance(id=passation_id)

    @classmethod
    def next_revision(cls, passation_id: uuid.UUID, moment: datetime.datetime) -> int | None:
        """Count one more saving of an unsubmitted passation, begun at that moment at the latest; None when submitted."""
        for (revision,) in NEXT_REVISION.rows(id=passation_id, moment=moment):
            return revision
        return None

    @classmethod
    def interests_of(cls, journey: Journey, *, reader_is_agent: bool) -> dict[str, Any] | None:
        """Return the newest result of the interests that this reader may know: submitted, and released when it is the agent; or None."""
        ready = cls.released_at if reader_is_agent else cls.submitted_at
        query = cls.select().where(cls.journey == journey.id, cls.slug == INTERESTS, ~ready.is_null())
        found = query.order_by(cls.submitted_at.desc()).first()
        return found and found.result

    def count_answered(self) -> int:
        """Return how many items have an answer."""
        ((count,),) = COUNT_ANSWERED.rows(passation=self.id)
        return count

    @classmethod
    def of_journey(cls, journey: Journey) -> list[Self]:
        """Return the journey's passations with the number of answers given (`answered`), the oldest first."""
        answered = Answer.select(fn.COUNT(Answer.id)).where(Answer.passation == cls.id)
        return list(
            cls.select(cls, Journey, answered.alias("answered")).join(Journey).where(cls.journey == journey).order_by(cls.created_at)
        )

    @classmethod
    def of_journeys(cls, journeys: list[Journey]) -> list[Self]:
        """Return the passations of several journeys, without their results, in one query."""
        columns = (cls.id, cls.journey, cls.slug, cls.version, cls.due_on, cls.started_at, cls.submitted_at, cls.released_at)
        return list(cls.select(*columns).where(cls.journey.in_(journeys)).order_by(cls.created_at)) if journeys else []

    def answers(self) -> dict[str, int | None]:
        """Return the answers given: item identifier to level, None for "je préfère ne pas répondre"."""
        rows = Answer.select().where(Answer.passation == self)
        held = {}
        for answer in rows:
            answer.passation = self
            held[answer.item] = answer.value
        return held

    def answered_items(self) -> set[str]:
        """Return the identifiers of the items answered, without reading the answers."""
        return {item for (item,) in Answer.select(Answer.item).where(Answer.passation == self).tuples()}


class Answer(BaseModel):
    """The level chosen for one item, or None for "je préfère ne pas répondre"."""

    passation = ForeignKeyField(Passation, on_delete="CASCADE")
    item = CharField(max_length=20)
    value = EncryptedJSONField()
    answered_at = DateTimeField()

    class Meta:
        indexes = ((("passation", "item"), True),)

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of the journey's key."""
        return self.passation.journey_id

    @classmethod
    def put(cls, passation: Passation, item: str, level: int | None, moment: datetime.datetime) -> None:
        """Save one answer, in the place of the one before."""
        value = cls.value.seal(cipher(passation.key_id), level)
        UPSERT.rows(id=uuid.uuid4(), passation=passation.id, item=item, value=value, answered_at=moment)


BY_ID_WITH_JOURNEY = Statement(
    lambda: (
        Passation.select(
            Passation.id,
            Passation.journey,
            Passation.slug,
            Passation.version,
            Passation.started_at,
            Passation.submitted_at,
            Journey.id,
            Journey.agent,
            Journey.phase,
        )
        .join(Journey)
        .where(Passation.id == slot(Passation.id, "id"))
    )
)
NEXT_REVISION = Statement(
    lambda: (
        Passation.update(
            revision=Passation.revision + 1, started_at=fn.COALESCE(Passation.started_at, slot(Passation.started_at, "moment"))
        )
        .where(Passation.id == slot(Passation.id, "id"), Passation.submitted_at.is_null())
        .returning(Passation.revision)
        .tuples()
    )
)
COUNT_ANSWERED = Statement(lambda: Answer.select(fn.COUNT(Answer.id)).where(Answer.passation == slot(Passation.id, "passation")).tuples())
UPSERT = Statement(
    lambda: Answer.insert(
        id=slot(Answer.id, "id"),
        created_at=slot(Answer.answered_at, "answered_at"),
        passation=slot(Passation.id, "passation"),
        item=slot(Answer.item, "item"),
        value=slot(Answer.value, "value"),
        answered_at=slot(Answer.answered_at, "answered_at"),
    ).on_conflict(conflict_target=[Answer.passation, Answer.item], preserve=[Answer.value, Answer.answered_at])
)
