"""A prescription: an HR service asks for the bilan of one agent."""

import datetime
import uuid
from typing import Any, NamedTuple, Self

from peewee import JOIN, SQL, CharField, DateTimeField, Field, ForeignKeyField, IntegerField, ModelSelect, fn
from playhouse.fields import EnumField

from bilan.database import BaseModel, now
from bilan.interviews.models import Interview
from bilan.journeys.models import Journey
from bilan.journeys.rules import Phase
from bilan.numbering import Numbered
from bilan.people.models import Employer, Person
from bilan.prescriptions.rules import OPEN, DelayReason, State
from bilan.vault import EncryptedJSONField, EncryptedTextField


class Prescription(Numbered, BaseModel):
    """A request for one agent. Its identifier is also that of the journey it opens, and of their one encryption key.

    `agent_file`: phone, position, status, category, french, mode – read by HR, the secretariat,
    the agent and her counsellor. `request`: motive, expectations – not by the secretariat.
    `wishes`: the agent's own expectations – the agent and her counsellor only.
    `proposed_for` is the moment of the first interview proposed.
    """

    letter = "P"

    employer = ForeignKeyField(Employer, on_delete="RESTRICT")
    author = ForeignKeyField(Person, null=True, on_delete="SET NULL")
    year = IntegerField(null=True)
    number = IntegerField(null=True)
    state = EnumField(State, max_length=20, default=State.DRAFT)
    agent_name = CharField(max_length=120, default="")
    agent_email = CharField(max_length=254, default="")
    agent = ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    counsellor = ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    agent_file = EncryptedJSONField(null=True)
    request = EncryptedJSONField(null=True)
    wishes = EncryptedTextField(null=True)
    received_at = DateTimeField(null=True)
    invited_at = DateTimeField(null=True)
    answered_at = DateTimeField(null=True)
    ended_at = DateTimeField(null=True)
    proposed_for = DateTimeField(null=True)
    reminded_days = IntegerField(default=0)
    delay_reason = EnumField(DelayReason, max_length=20, null=True)
    delay_note = EncryptedTextField(null=True)

    class Meta:
        constraints = (
            SQL("CONSTRAINT sent_with_its_number CHECK ((state = 'draft') = (number IS NULL))"),
            SQL("CONSTRAINT sent_with_its_date CHECK ((state = 'draft') = (received_at IS NULL))"),
        )
        indexes = ((("year", "number"), True), (("employer", "received_at"), False), (("state", "received_at"), False))

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of the key of this prescription and of its journey."""
        return self.id

    @property
    def is_open(self) -> bool:
        """Whether it was sent and is not over."""
        return self.state in OPEN

    @property
    def has_begun(self) -> bool:
        """Whether the first interview that counts has begun; asked of rows that `facing` has read."""
        first = _moment(getattr(self, "first_starts_at", None))
        return first is not None and first <= now()

    @classmethod
    def facing(cls, *hidden: Field) -> ModelSelect:
        """Return prescriptions with employer, journey's phase and first interview, without the hidden columns."""
        # By their names: two fields compared are a condition, which is always true.
        names = {field.name for field in hidden}
        columns = [field for field in cls._meta.sorted_fields if field.name not in names]
        first = Interview.select(fn.MIN(Interview.starts_at)).where(Interview.journey == cls.id, Interview.not_cancelled())
        phase = Journey.select(Journey.phase).where(Journey.id == cls.id)
        return cls.select(*columns, Employer, first.alias("first_starts_at"), phase.alias("phase")).join(Employer)

    @classmethod
    def for_hr(cls, prescription_id: uuid.UUID) -> Self | None:
        """Return what HR may read of one prescription: all but the agent's own words and the secretariat's."""
        return cls.facing(cls.wishes, cls.delay_note).where(cls.id == prescription_id).first()

    @classmethod
    def for_secretariat(cls, prescription_id: uuid.UUID) -> Self | None:
        """Return what the secretariat may read of one prescription: neither the motive, nor anybody's expectations."""
        return cls.facing(cls.request, cls.wishes).where(cls.id == prescription_id).first()


# An agent has one open prescription: of two sent at once, the database refuses one.
Prescription.add_index(
    Prescription.index(
        Prescription.agent_email,
        name="prescription_one_open_per_agent",
        unique=True,
        where=SQL("agent_email <> '' AND state IN ('received', 'quoted', 'invited', 'accepted')"),
    )
)


class AdministrativeFacts(NamedTuple):
    """All that an HR service may know of a bilan without the agent's agreement.

    The query selects these columns and no other: what HR may not see is not read.
    `held_minutes` leaves out the review with HR; `engaged_at` is the agent's commitment.
    """

    id: uuid.UUID
    reference: str
    agent_name: str
    state: State
    phase: Phase | None
    received_at: datetime.datetime | None
    proposed_for: datetime.datetime | None
    first_interview_at: datetime.datetime | None
    held_minutes: int | None
    engaged_at: datetime.datetime | None
    ended_at: datetime.datetime | None

    @property
    def label(self) -> str:
        """Return the state in words; what ended before the agent's commitment is "sans suite", whatever the reason."""
        if self.phase is Phase.CLOSED or self.state is State.ENDED:
            return "Terminé" if self.engaged_at else "Sans suite"
        if self.phase is not None:
            return self.phase.label
        words = {State.ACCEPTED: "acceptée par l’agent"}.get(self.state, self.state.label)
        return words.capitalize()

    @classmethod
    def listed(cls, employer_id: object) -> ModelSelect:
        """Return an employer's prescriptions, drafts apart, the newest first, as rows of these facts."""
        first = Interview.select(fn.MIN(Interview.starts_at)).where(Interview.journey == Prescription.id, Interview.not_cancelled())
        return (
            Prescription.select(
                Prescription.id,
                Prescription.year,
                Prescription.number,
                Prescription.agent_name,
                Prescription.state,
                Journey.phase,
                Prescription.received_at,
                Prescription.proposed_for,
                first.alias("first_interview_at"),
                Interview.held_minutes_of(Prescription.id).alias("held_minutes"),
                Journey.accompaniment_at.alias("engaged_at"),
                fn.COALESCE(Journey.closed_at, Prescription.ended_at).alias("ended_at"),
            )
            .join(Journey, JOIN.LEFT_OUTER, on=(Journey.id == Prescription.id))
            .where(Prescription.employer == employer_id, Prescription.state != State.DRAFT)
            .order_by(Prescription.received_at.desc(), Prescription.id)
            .objects(cls.of_row)
        )

    @classmethod
    def of_row(cls, **row: Any) -> Self:
        """Make the facts of a row."""
        return cls(
            id=row["id"],
            reference=f"{Prescription.letter}-{row['year']}-{row['number']:04d}",
            agent_name=row["agent_name"],
            state=State(row["state"]),
            phase=Phase(row["phase"]) if row["phase"] else None,
            received_at=row["received_at"],
            proposed_for=row["proposed_for"],
            first_interview_at=_moment(row["first_interview_at"]),
            held_minutes=row["held_minutes"],
            engaged_at=row["engaged_at"],
            ended_at=_moment(row["ended_at"]),
        )


def _moment(value: object) -> datetime.datetime | None:
    """Return the moment of an aggregate, which SQLite gives as text."""
    return datetime.datetime.fromisoformat(value) if isinstance(value, str) else value  # type: ignore[return-value]
