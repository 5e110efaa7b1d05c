"""A prescription: an HR service asks for the bilan of one agent."""

import uuid
from typing import Any, Self

from peewee import SQL, CharField, DateTimeField, Expression, Field, ForeignKeyField, IntegerField, ModelSelect, NodeList, fn
from playhouse.fields import EnumField

from bilan.database import BaseModel, as_moment, now
from bilan.interviews.models import Interview
from bilan.journeys.models import Journey
from bilan.numbering import Numbered
from bilan.people.models import Employer, Person
from bilan.prescriptions.rules import OPEN, OVER, DelayReason, State
from bilan.statements import one_row
from bilan.vault import ContentDestroyed, EncryptedJSONField, EncryptedTextField

# Said in these words where it is asked, and not with values: what follows them in an index serves nobody else.
IN_OPEN, IN_OVER = (SQL(f"IN ({', '.join(repr(one.value) for one in states)})") for states in (OPEN, OVER))


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
        indexes = (
            (("year", "number"), True),
            (("employer", "received_at"), False),
            (("state", "received_at"), False),
            (("received_at", "proposed_for"), False),
        )

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
        first = as_moment(getattr(self, "first_starts_at", None))
        return first is not None and first <= now()

    def answers(self) -> dict[str, Any]:
        """Return what HR has answered, under the names of rules.STEPS; names alone when the rest was destroyed."""
        return {"agent_name": self.agent_name, "agent_email": self.agent_email, **self.file(), **self._opened("request")}

    def file(self) -> dict[str, Any]:
        """Return the administrative answers; none when they were destroyed."""
        return self._opened("agent_file")

    def _opened(self, name: str) -> dict[str, Any]:
        try:
            return getattr(self, name) or {}
        except ContentDestroyed:
            return {}

    @classmethod
    def is_still_open(cls) -> Expression:
        """Return the condition that it was sent and is not over."""
        return NodeList((cls.state, IN_OPEN), parens=True)

    @classmethod
    def is_over(cls) -> Expression:
        """Return the condition that it was sent and is over."""
        return NodeList((cls.state, IN_OVER), parens=True)

    @classmethod
    def open_at(cls, email: str, *, but: Self | None) -> bool:
        """Whether an agent of that address has an open prescription, another than the one given."""
        query = cls.select(cls.id).where(cls.agent_email == email.strip().lower(), cls.is_still_open())
        return (query.where(cls.id != but.id) if but else query).exists()

    @classmethod
    def proposed_to(cls, agent: Person) -> Self | None:
        """Return what is proposed to an agent, or was: the newest of her prescriptions that she was invited to."""
        query = cls.facing(cls.delay_note).where(cls.agent == agent, ~cls.invited_at.is_null())
        return query.order_by(cls.invited_at.desc()).first()

    @classmethod
    def drafts(cls, employer_id: object) -> list[Self]:
        """Return an employer's drafts, the newest first: who is named, and when it was begun."""
        query = cls.select(cls.id, cls.agent_name, cls.created_at).where(cls.employer == employer_id, cls.state == State.DRAFT)
        return list(query.order_by(cls.created_at.desc()))

    @classmethod
    def namesakes(cls, prescription: Self) -> list[Self]:
        """Return the open prescriptions of the same employer for an agent of the same name."""
        query = cls.select(cls.id, cls.year, cls.number).where(cls.employer == prescription.employer_id, cls.is_still_open())
        return list(query.where(fn.LOWER(cls.agent_name) == prescription.agent_name.lower(), cls.id != prescription.id))

    @classmethod
    def facing(cls, *hidden: Field) -> ModelSelect:
        """Return prescriptions with employer, journey's phase and first interview, without the hidden columns."""
        # By their names: two fields compared are a condition, which is always true.
        names = {field.name for field in hidden}
        columns = [field for field in cls._meta.sorted_fields if field.name not in names]
        first = Interview.select(fn.MIN(Interview.starts_at)).where(Interview.journey == cls.id, Interview.not_cancelled())
        phase = Journey.select(Journey.phase).where(Journey.id == cls.id)
        return cls.select(*columns, Employer, first.alias("first_starts_at"), phase.alias("phase")).join(Employer)

    @one_row
    def for_hr(cls, prescription_id: uuid.UUID) -> ModelSelect:
        """Return what HR may read of one prescription: all but the agent's own words and the secretariat's."""
        return cls.facing(cls.wishes, cls.delay_note).where(cls.id == prescription_id)

    @one_row
    def for_counsellor(cls, prescription_id: uuid.UUID) -> ModelSelect:
        """Return what whoever accompanies the agent may read: all but the secretariat's own words."""
        return cls.facing(cls.delay_note).where(cls.id == prescription_id)

    @one_row
    def for_secretariat(cls, prescription_id: uuid.UUID) -> ModelSelect:
        """Return what the secretariat may read of one prescription: neither the motive, nor anybody's expectations."""
        return cls.facing(cls.request, cls.wishes).where(cls.id == prescription_id)


# An agent has one open prescription: of two sent at once, the database refuses one.
Prescription.add_index(
    Prescription.index(
        Prescription.agent_email,
        name="prescription_one_open_per_agent",
        unique=True,
        where=SQL("agent_email <> '' AND state IN ('received', 'quoted', 'invited', 'accepted')"),
    )
)


# As the secretariat reads them: the open ones, with what says which of them wait for it, and those that are over.
Prescription.add_index(
    Prescription.index(
        SQL('(NOT ("proposed_for" IS NULL))'),
        Prescription.received_at,
        Prescription.id,
        Prescription.proposed_for,
        Prescription.delay_reason,
        Prescription.counsellor,
        name="prescription_open",
        where=SQL(f'"state" {IN_OPEN.sql}'),
    )
)
Prescription.add_index(
    Prescription.index(Prescription.received_at.desc(), Prescription.id, name="prescription_over", where=SQL(f'"state" {IN_OVER.sql}'))
)
