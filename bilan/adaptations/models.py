"""A request under its own key, what was said about it, the reminders told."""

import datetime
import uuid
from typing import Any, Self

from peewee import SQL, BooleanField, CharField, DateField, DateTimeField, ForeignKeyField, IntegerField, ModelSelect, UUIDField
from playhouse.fields import EnumField

from bilan.adaptations import rules
from bilan.adaptations.rules import DESTROYED, NOBODY, OVER, Channel, CounsellorSees, Decision, EntryKind, Need, State, Wanted
from bilan.database import BaseModel, now
from bilan.french import to_paris
from bilan.interviews.models import Interview
from bilan.journeys.models import Journey
from bilan.people.models import Person
from bilan.statements import all_rows
from bilan.treatment.rules import Clock
from bilan.vault import ContentDestroyed, EncryptedJSONField, EncryptedTextField, is_destroyed

DECIDED = (
    "CONSTRAINT decided_with_its_reason CHECK ((decision IS NULL) = (decided_at IS NULL) AND (decision IS NULL OR reason IS NOT NULL))"
)


def today() -> datetime.date:
    """Return the day in Paris."""
    return to_paris(now()).date()


class AdaptationRequest(BaseModel):
    """What somebody needs, under a key of its own; `submission` is the number of its form.

    `agent` is None for the public page's, whose `contact` holds a name and a way to be reached. `journey_id` is the
    bilan that it is for: that of the prescription, before the journey that takes the same. The three `shows_…` are
    what the referent sees beyond the needs, `counsellor_sees` what her counsellor does. `revision` counts the decisions.
    """

    submission = UUIDField(unique=True)
    agent = ForeignKeyField(Person, null=True, on_delete="SET NULL")
    journey_id = UUIDField(null=True, index=True)
    channel = EnumField(Channel, max_length=20)
    state = EnumField(State, max_length=20, default=State.WAITING)
    needs = EncryptedJSONField()
    words = EncryptedTextField()
    contact = EncryptedJSONField()
    shows_words = BooleanField()
    shows_name = BooleanField()
    shows_meetings = BooleanField()
    counsellor_sees = EnumField(CounsellorSees, max_length=20)
    received_on = DateField()
    answer_by = DateField()
    decision = EnumField(Decision, max_length=20, null=True)
    reason = EncryptedTextField(null=True)
    late_reason = EncryptedTextField(null=True)
    decided_at = DateTimeField(null=True)
    decided_by = ForeignKeyField(Person, null=True, on_delete="SET NULL", backref="decided_adaptations")
    applied_at = DateTimeField(null=True)
    check_by = DateField(null=True)
    suits = BooleanField(null=True)
    closed_at = DateTimeField(null=True)
    revision = IntegerField(default=0)

    class Meta:
        constraints = (SQL(DECIDED), SQL("CONSTRAINT applied_with_its_check CHECK ((applied_at IS NULL) = (check_by IS NULL))"))
        indexes = ((("state", "answer_by"), False),)

    # What a reader's loader adds.
    shown_name = NOBODY

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of its own key."""
        return self.id

    @property
    def is_open(self) -> bool:
        """Whether the person has not taken it back."""
        return self.state is not State.WITHDRAWN

    @property
    def needs_words(self) -> list[str]:
        """Return the needs in words."""
        try:
            return [Need(one).label for one in self.needs]
        except ContentDestroyed:
            return [DESTROYED]

    @property
    def answering(self) -> Clock:
        """Return the clock of the decision."""
        return rules.answer_clock(self.answer_by, today(), to_paris(self.decided_at).date() if self.decided_at else None)

    @property
    def checking(self) -> Clock | None:
        """Return the clock of the verification, None before something is in place."""
        if self.check_by is None:
            return None
        done = self.state in OVER and self.closed_at is not None
        return rules.check_clock(self.check_by, today(), to_paris(self.closed_at).date() if done else None)

    @property
    def presses(self) -> Clock | None:
        """Return the clock that runs, None when none does."""
        if self.state is State.WAITING:
            return self.answering
        return self.checking if self.state in (State.APPLIED, State.REVIEW) else None

    @all_rows
    def of_agent(cls, agent: Person) -> ModelSelect:
        """Return an agent's requests, the newest first."""
        return cls.select().where(cls.agent == agent).order_by(cls.created_at.desc(), cls.id)

    @all_rows
    def known_to_counsellor(cls, journey_id: uuid.UUID) -> ModelSelect:
        """Return the decided requests of a bilan that its counsellor may know, the oldest first."""
        shown = (cls.journey_id == journey_id) & (cls.state != State.WITHDRAWN) & (cls.counsellor_sees != CounsellorSees.NOTHING)
        return cls.select().where(shown, cls.decided_at.is_null(is_null=False)).order_by(cls.created_at)

    @classmethod
    def for_referent(cls, request_id: uuid.UUID) -> Self | None:
        """Return one request as the referent may know it: her words and her name only where she shows them, nothing once taken back."""
        one = cls.get_or_none(cls.id == request_id)
        return None if one is None else one.masked()

    def masked(self) -> Self:
        """Forget, in memory, what is not for the referent."""
        if is_destroyed(self.id):
            return self
        if not self.is_open:
            self.needs, self.words, self.contact = [], "", {}
        elif self.agent_id is None:
            self.shown_name = self.contact["name"]
        else:
            self.words = self.words if self.shows_words else ""
            self.shown_name = Person.get_by_id(self.agent_id).display_name if self.shows_name else NOBODY
        return self

    def meetings(self) -> dict[str, Any]:
        """Return her counsellor's name and her next meeting, when she shows them."""
        journey = Journey.by_id_with_people(self.journey_id) if self.shows_meetings and self.journey_id and self.is_open else None
        return {"counsellor": journey.counsellor, "next": Interview.coming_of(journey)} if journey else {}

    @classmethod
    def listed(cls, wanted: Wanted) -> list[Self]:
        """Return the requests as the referent may know them: what waits first, by the day that presses."""
        query = cls.select()
        if wanted.state:
            query = query.where(cls.state == wanted.state)
        else:
            # Named, and not "none of those that are over": the index then finds them.
            query = query.where(cls.state.in_([one for one in State if (one in OVER) == wanted.over]))
        far = datetime.date.max
        found = [one.masked() for one in query.order_by(cls.created_at.desc(), cls.id)]
        found = [one for one in found if wanted.search.lower() in f"{one.shown_name} {' '.join(one.needs_words)}".lower()]
        return sorted(found, key=lambda one: one.presses.deadline if one.presses else far)

    @classmethod
    def running(cls) -> list[Self]:
        """Return those of which a clock runs."""
        return list(cls.select().where(cls.state.in_([State.WAITING, State.APPLIED, State.REVIEW])))


class AdaptationEntry(BaseModel):
    """A line of the exchanges; its identifier is the number of its form. `author` is None for what is told of the public."""

    request = ForeignKeyField(AdaptationRequest, on_delete="CASCADE")
    author = ForeignKeyField(Person, null=True, on_delete="SET NULL")
    kind = EnumField(EntryKind, max_length=20)
    by_agent = BooleanField()
    text = EncryptedTextField()

    class Meta:
        indexes = ((("request", "created_at"), False),)

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of the request's key."""
        return self.request_id

    @classmethod
    def of_request(cls, one: AdaptationRequest) -> list[Self]:
        """Return the exchanges, the oldest first; who the agent is, is not read."""
        return list(cls.select().where(cls.request == one.id).order_by(cls.created_at, cls.id))


class AdaptationReminder(BaseModel):
    """A reminder told: of which clock, for which day, at which stage in days from it. Whoever writes the row tells."""

    request = ForeignKeyField(AdaptationRequest, on_delete="CASCADE")
    clock = CharField(max_length=20)
    deadline = DateField()
    stage = IntegerField()

    class Meta:
        indexes = ((("request", "clock", "deadline", "stage"), True),)
