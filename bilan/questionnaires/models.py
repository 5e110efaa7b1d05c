"""One agent's filling of one instrument version, answer by answer."""

import datetime
import enum
import uuid
from collections.abc import Collection
from typing import Any, Self

from peewee import SQL, Case, CharField, DateField, DateTimeField, ForeignKeyField, IntegerField, ModelSelect, fn
from playhouse.fields import EnumField

from bilan.database import BaseModel
from bilan.journeys.models import Journey
from bilan.people.models import Person
from bilan.questionnaires import instruments
from bilan.questionnaires.rules import Channel, Wording
from bilan.statements import Slot, Statement, all_rows, one_row
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

    `revision` counts the answers saved: a page that knows an older one was overtaken. Answers given
    on paper, by phone or in an interview are typed by a counsellor, `entered_by`. `wording` is that
    of the questions as they were read. `withdrawn_at`: the agent keeps the result out of the synthesis.
    `carried_at`: the answers of a guided grid were taken over into the career path.
    """

    journey = ForeignKeyField(Journey, on_delete="RESTRICT")
    slug = CharField(max_length=60)
    version = IntegerField()
    due_on = DateField(null=True)
    revision = IntegerField(default=0)
    started_at = DateTimeField(null=True)
    submitted_at = DateTimeField(null=True)
    released_at = DateTimeField(null=True)
    channel = EnumField(Channel, max_length=10, default=Channel.ONLINE, constraints=[SQL("DEFAULT 'online'")])
    entered_by = ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    wording = EnumField(Wording, max_length=10, default=Wording.UNREAD, constraints=[SQL("DEFAULT ''")])
    result = EncryptedJSONField(null=True)
    comment = EncryptedTextField(null=True)
    comment_revision = IntegerField(default=0)
    own_comment = EncryptedTextField(null=True)
    own_comment_revision = IntegerField(default=0, constraints=[SQL("DEFAULT 0")])
    withdrawn_at = DateTimeField(null=True)
    carried_at = DateTimeField(null=True)

    class Meta:
        constraints = (
            SQL("CONSTRAINT submitted_with_its_result CHECK ((submitted_at IS NULL) = (result IS NULL))"),
            SQL("CONSTRAINT typed_by_somebody CHECK ((channel = 'online') = (entered_by_id IS NULL))"),
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
    def is_entered(self) -> bool:
        """Whether a counsellor types the answers, which the agent gave otherwise."""
        return self.channel is not Channel.ONLINE

    @property
    def is_open(self) -> bool:
        """Whether answers may still be given."""
        return self.submitted_at is None and self.journey.is_open

    @one_row
    def by_id_with_people(cls, passation_id: uuid.UUID) -> ModelSelect:
        """Return one passation with its journey and its two people."""
        return Journey.join_people(cls.select(cls, Journey).join(Journey)).where(cls.id == passation_id)

    @one_row
    def by_id_with_journey(cls, passation_id: uuid.UUID) -> ModelSelect:
        """Return what an answer needs of one passation and of its journey: on its way every query counts."""
        own = (cls.id, cls.journey, cls.slug, cls.version, cls.started_at, cls.submitted_at, cls.channel)
        journey = (Journey.id, Journey.agent, Journey.counsellor, Journey.replacement, Journey.replacement_until, Journey.phase)
        return cls.select(*own, *journey).join(Journey).where(cls.id == passation_id)

    @classmethod
    def next_revision(cls, passation_id: uuid.UUID, moment: datetime.datetime, wording: Wording) -> int | None:
        """Count one more saving of an unsubmitted passation, begun at that moment at the latest; None when submitted."""
        for (revision,) in NEXT_REVISION.rows(id=passation_id, moment=moment, wording=wording):
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

    @all_rows
    def of_journey(cls, journey: Journey) -> ModelSelect:
        """Return the journey's passations with the number of answers given (`answered`), the oldest first."""
        answered = Answer.select(fn.COUNT(Answer.id)).where(Answer.passation == cls.id)
        return cls.select(cls, Journey, answered.alias("answered")).join(Journey).where(cls.journey == journey).order_by(cls.created_at)

    @classmethod
    def of_journeys(cls, journeys: list[Journey]) -> list[Self]:
        """Return the passations of several journeys, without their results, in one query."""
        columns = (cls.id, cls.journey, cls.slug, cls.version, cls.due_on, cls.started_at, cls.submitted_at, cls.released_at)
        return list(cls.select(*columns).where(cls.journey.in_(journeys)).order_by(cls.created_at)) if journeys else []

    @classmethod
    def readable_of(cls, journey: Journey, *, by_agent: bool) -> list[Self]:
        """Return the results that a reader of the bilan may open, the newest first: the agent's, once they are released."""
        handed_in = cls.select().where(cls.journey == journey, ~cls.submitted_at.is_null())
        opened = handed_in.where(~cls.released_at.is_null()) if by_agent else handed_in
        found = list(opened.order_by(cls.submitted_at.desc()))
        for passation in found:
            passation.journey = journey
        return found

    def answers(self) -> dict[str, Any]:
        """Return the answers given: question to answer, None for "je préfère ne pas répondre"; a sentence taken back is no answer."""
        return {item: value for item, (value, _) in self._held().items()}

    def answers_to(self, asked: Collection[str]) -> tuple[dict[str, Any], set[str]]:
        """Return the answers to some questions, and which of all have one: a page opens no more than it shows."""
        rows = dict(Answer.select(Answer.item, Answer.value).where(Answer.passation == self).tuples())
        opened = cipher(self.key_id) if rows else None
        return {item: Answer.value.unseal(opened, bytes(rows[item])) for item in asked if item in rows}, set(rows)

    def saved_at(self) -> dict[str, datetime.datetime]:
        """Return when each answer was last saved (naive UTC)."""
        return {item: moment for item, (_, moment) in self._held().items()}

    def _held(self) -> dict[str, tuple[Any, datetime.datetime]]:
        rows = list(Answer.select(Answer.item, Answer.value, Answer.answered_at).where(Answer.passation == self).tuples())
        opened = cipher(self.key_id) if rows else None
        return {item: (Answer.value.unseal(opened, bytes(value)), moment) for item, value, moment in rows}

    def answered_items(self) -> set[str]:
        """Return the identifiers of the items answered, without reading the answers."""
        return {item for (item,) in Answer.select(Answer.item).where(Answer.passation == self).tuples()}


class Answer(BaseModel):
    """What was answered to one question: a level, a sentence, a rank's letter, or None for "je préfère ne pas répondre"."""

    passation = ForeignKeyField(Passation, on_delete="CASCADE")
    item = CharField(max_length=instruments.NAME_MAX)
    value = EncryptedJSONField()
    answered_at = DateTimeField()

    class Meta:
        indexes = ((("passation", "item"), True),)

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of the journey's key."""
        return self.passation.journey_id

    @classmethod
    def take_back(cls, passation: Passation, item: str) -> None:
        """Forget an answer: a sentence that was emptied."""
        cls.delete().where(cls.passation == passation.id, cls.item == item).execute()

    @classmethod
    def put(cls, passation: Passation, item: str, value: int | str | None, moment: datetime.datetime) -> None:
        """Save one answer, in the place of the one before."""
        sealed = cls.value.seal(cipher(passation.key_id), value)
        UPSERT.rows(id=uuid.uuid4(), passation=passation.id, item=item, value=sealed, answered_at=moment)


NEXT_REVISION = Statement(
    Passation,
    lambda: (
        Passation.update(
            revision=Passation.revision + 1,
            started_at=fn.COALESCE(Passation.started_at, Slot("moment", Passation.started_at)),
            wording=Case(
                Passation.wording,
                (
                    (Wording.UNREAD.value, Slot("wording", Passation.wording)),
                    (Slot("wording", Passation.wording), Slot("wording", Passation.wording)),
                ),
                Wording.BOTH.value,
            ),
        )
        .where(Passation.id == Slot("id"), Passation.submitted_at.is_null())
        .returning(Passation.revision)
        .tuples()
    ),
)
COUNT_ANSWERED = Statement(Answer, lambda: Answer.select(fn.COUNT(Answer.id)).where(Answer.passation == Slot("passation")).tuples())
UPSERT = Statement(
    Answer,
    lambda: Answer.insert(
        id=Slot("id", Answer.id),
        created_at=Slot("answered_at", Answer.answered_at),
        passation=Slot("passation", Passation.id),
        item=Slot("item", Answer.item),
        value=Slot("value", Answer.value),
        answered_at=Slot("answered_at", Answer.answered_at),
    ).on_conflict(conflict_target=[Answer.passation, Answer.item], preserve=[Answer.value, Answer.answered_at]),
)
