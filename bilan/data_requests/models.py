"""The requests of agents about their data, each under a key of its own, and what was accepted of each."""

import datetime
import json
import uuid
from typing import Any, Self

from peewee import SQL, DateField, DateTimeField, ForeignKeyField, IntegerField, ModelSelect, TextField, UUIDField
from playhouse.fields import EnumField

from bilan.adaptations.models import AdaptationRequest
from bilan.complaints.models import Complaint
from bilan.data_requests import rules
from bilan.data_requests.rules import Choice, Datum, Held, Kind, Outcome, State
from bilan.database import BaseModel, now
from bilan.french import short_day, to_paris
from bilan.people.models import Person
from bilan.statements import one_row
from bilan.treatment.rules import Clock
from bilan.vault import EncryptedTextField, opens


def today() -> datetime.date:
    """Return the day in Paris."""
    return to_paris(now()).date()


class DataRequest(BaseModel):
    """What an agent asks; its identifier is the name of its key, `submission` the number of its form.

    `decisions`: of each thing that could go, `kind`, `choice`, `subject` and `about` (see rules.Holding); once it is
    destroyed `gone` is the day, and nothing leads to what it was. `reminded`: how many reminders were sent.
    """

    submission = UUIDField(unique=True)
    agent = ForeignKeyField(Person, on_delete="CASCADE")
    kind = EnumField(Kind, max_length=10)
    state = EnumField(State, max_length=10, default=State.OPEN)
    datum = EnumField(Datum, max_length=10, null=True)
    words = EncryptedTextField()
    asked_on = DateField()
    answer_by = DateField()
    reminded = IntegerField(default=0)
    outcome = EnumField(Outcome, max_length=10, null=True)
    decisions = TextField(default="[]")
    answer = EncryptedTextField(null=True)
    answered_by = ForeignKeyField(Person, null=True, on_delete="SET NULL", backref="answered_data_requests")
    closed_at = DateTimeField(null=True)

    class Meta:
        constraints = (
            SQL("CONSTRAINT answered_with_its_words CHECK ((state = 'answered') = (answer IS NOT NULL))"),
            SQL("CONSTRAINT open_until_closed CHECK ((state = 'open') = (closed_at IS NULL))"),
            SQL("CONSTRAINT datum_of_a_correction CHECK ((kind = 'rectify') = (datum IS NOT NULL))"),
        )
        indexes = ((("state", "answer_by"), False),)

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of its own key."""
        return self.id

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.state is State.OPEN

    @property
    def title(self) -> str:
        """Return what it is: "Effacement demandé le 3 mars 2026"."""
        asked = "demandée" if self.kind is Kind.RECTIFY else "demandé"
        return f"{self.kind.label} {asked} le {short_day(self.asked_on)}"

    @property
    def clock(self) -> Clock:
        """Return the clock of its answer."""
        return rules.clock(self.answer_by, today(), to_paris(self.closed_at).date() if self.closed_at else None)

    @property
    def decided(self) -> list[dict[str, Any]]:
        """Return what was decided, see the class."""
        return json.loads(self.decisions)

    def told_to(self, reader: Person | None) -> list[tuple[str, Choice, datetime.date | None]]:
        """Return what was decided, and when it was destroyed; of somebody of the secretariat, without what is not hers to meet."""
        return [
            (Held(one["kind"]).label, Choice(one["choice"]), datetime.date.fromisoformat(one["gone"]) if one.get("gone") else None)
            for one in self.decided
            if reader is None or not (one["discreet"] or one["about"] == str(reader.id))
        ]

    @classmethod
    def of_agent(cls, agent: Person) -> list[Self]:
        """Return an agent's requests, the newest first."""
        return list(cls.select().where(cls.agent == agent.id).order_by(cls.created_at.desc(), cls.id))

    @classmethod
    def open_of(cls, agent: Person, kind: Kind) -> Self | None:
        """Return the request of a kind that waits for an answer, or None."""
        return cls.get_or_none(cls.agent == agent.id, cls.kind == kind, cls.state == State.OPEN)

    @one_row
    def by_id_with_agent(cls, request_id: uuid.UUID) -> ModelSelect:
        """Return one request with whose it is, or None."""
        return cls.select(cls, Person).join(Person, on=(cls.agent == Person.id)).where(cls.id == request_id)

    @classmethod
    def listed(cls, *, over: bool) -> ModelSelect:
        """Return the requests that wait, the first to answer before; or those answered, the newest first. Not those taken back."""
        query = cls.select(cls, Person).join(Person, on=(cls.agent == Person.id))
        if over:
            return query.where(cls.state == State.ANSWERED).order_by(cls.closed_at.desc(), cls.id)
        return query.where(cls.state == State.OPEN).order_by(cls.answer_by, cls.created_at, cls.id)

    @classmethod
    def waiting(cls) -> int:
        """Return how many wait for an answer."""
        return cls.select().where(cls.state == State.OPEN).count()

    @classmethod
    def granted(cls, agent: Person | None = None) -> dict[uuid.UUID, datetime.datetime]:
        """Return what was accepted (to an agent, when one is named) and is not known to be destroyed: its identifier, and when it was accepted."""
        query = cls.select(cls.decisions, cls.closed_at).where(cls.kind == Kind.ERASE, cls.state == State.ANSWERED)
        query = query.where(cls.agent == agent.id) if agent else query
        return {
            uuid.UUID(one["subject"]): closed_at
            for decisions, closed_at in query.tuples()
            for one in json.loads(decisions)
            if one["choice"] == Choice.DESTROY.value and one.get("subject")
        }

    @classmethod
    def keeps(cls, agent: Person) -> bool:
        """Whether an account is still needed: for a request that waits, or an answer that she has time to read."""
        lately = now() - datetime.timedelta(days=rules.READING_DAYS)
        return cls.select().where(cls.agent == agent.id, cls.closed_at.is_null() | (cls.closed_at > lately)).exists()

    @classmethod
    def answered_erasures(cls) -> list[Self]:
        """Return the answered requests to erase, the oldest first."""
        return list(cls.select().where(cls.kind == Kind.ERASE, cls.state == State.ANSWERED).order_by(cls.closed_at))


def is_gone(kind: Held, subject_id: uuid.UUID) -> bool:
    """Whether something accepted is destroyed, its key and its rows."""
    if kind is Held.COMPLAINT:
        left = Complaint.select().where(Complaint.id == subject_id, ~Complaint.person.is_null()).exists()
    elif kind is Held.ADAPTATION:
        left = AdaptationRequest.select().where(AdaptationRequest.id == subject_id, ~AdaptationRequest.agent.is_null()).exists()
    else:
        left = False
    return not left and not opens(subject_id)


# One open request of a kind per agent, also when two are sent at once.
DataRequest.add_index(
    DataRequest.index(DataRequest.agent, DataRequest.kind, name="data_request_one_open", unique=True, where=SQL("state = 'open'"))
)
