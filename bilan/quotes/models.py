"""A quote: what a bilan costs the employer, and what the employer answered."""

import datetime
import uuid
from typing import NamedTuple, Self

from peewee import SQL, CharField, DateField, DateTimeField, ForeignKeyField, IntegerField, ModelSelect, fn
from playhouse.fields import EnumField

from bilan.database import BaseModel, now
from bilan.french import to_paris
from bilan.numbering import Numbered
from bilan.people.models import Employer, Person, Role
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import State
from bilan.quotes.rules import Amounts, QuoteState, amounts, is_expired
from bilan.statements import one_row


class Quote(Numbered, BaseModel):
    """A quote of a prescription. `minutes` of bilan, `hourly_cents` before tax, `vat_points` in hundredths of a percent.

    A quote that left is never changed: another one replaces it.
    """

    letter = "D"

    prescription = ForeignKeyField(Prescription, on_delete="RESTRICT")
    year = IntegerField()
    number = IntegerField()
    state = EnumField(QuoteState, max_length=20, default=QuoteState.SENT)
    minutes = IntegerField()
    hourly_cents = IntegerField()
    vat_points = IntegerField(default=0)
    exemption = CharField(max_length=300, default="")
    valid_until = DateField()
    drawn_up_by = ForeignKeyField(Person, null=True, on_delete="SET NULL")
    answered_by = ForeignKeyField(Person, null=True, on_delete="SET NULL")
    answered_at = DateTimeField(null=True)

    class Meta:
        constraints = (
            SQL("CONSTRAINT amounts_are_positive CHECK (minutes > 0 AND hourly_cents >= 0 AND vat_points >= 0)"),
            SQL("CONSTRAINT answered_with_its_date CHECK ((state IN ('accepted', 'refused')) = (answered_at IS NOT NULL))"),
        )
        indexes = ((("year", "number"), True), (("prescription", "created_at"), False))

    @property
    def amounts(self) -> Amounts:
        """Return what it costs, in cents."""
        return amounts(self.minutes, self.hourly_cents, self.vat_points)

    @property
    def is_waiting(self) -> bool:
        """Whether the employer has not answered, and still may as far as this quote goes."""
        return self.state is QuoteState.SENT

    @property
    def is_expired(self) -> bool:
        """Whether it waits for an answer that comes too late: its last day is past in Paris."""
        return self.is_waiting and is_expired(self.valid_until, to_paris(now()).date())

    @property
    def sent_on(self) -> datetime.date:
        """Return the day of Paris when it left."""
        return to_paris(self.created_at).date()

    @classmethod
    def cancel_waiting(cls, prescription_id: uuid.UUID) -> None:
        """Cancel the quote that waits, if there is one: its prescription is withdrawn."""
        cls.update(state=QuoteState.CANCELLED).where(cls.prescription == prescription_id, cls.state == QuoteState.SENT).execute()

    @one_row
    def by_id_with_prescription(cls, quote_id: uuid.UUID) -> ModelSelect:
        """Return one quote with the facts of its prescription that a quote names, and its employer; or None."""
        facts = (
            Prescription.id,
            Prescription.employer,
            Prescription.year,
            Prescription.number,
            Prescription.agent_name,
            Prescription.state,
        )
        query = cls.select(cls, *facts, Prescription.author, Employer).join(Prescription).join(Employer, on=Prescription.employer)
        return query.where(cls.id == quote_id)

    @classmethod
    def of_prescription(cls, prescription: Prescription) -> list[Self]:
        """Return the quotes of a prescription, the newest first."""
        return list(cls.select().where(cls.prescription == prescription).order_by(cls.created_at.desc()))

    @classmethod
    def waiting(cls, employer_id: object) -> list[Self]:
        """Return the quotes that wait for an employer's answer, the oldest first, with the facts of their prescriptions."""
        facts = (Prescription.id, Prescription.employer, Prescription.year, Prescription.number, Prescription.agent_name)
        query = cls.select(cls, *facts).join(Prescription)
        return list(query.where(Prescription.employer == employer_id, cls.state == QuoteState.SENT).order_by(cls.created_at))

    @classmethod
    def correspondents(cls, prescription: Prescription) -> list[Person]:
        """Return who receives the quotes of a prescription: its author, else every HR officer of the employer; active accounts only."""
        officers = Person.select().where(Person.role == Role.HR, Person.employer == prescription.employer_id, Person.active)
        author = list(officers.where(Person.id == prescription.author_id))
        return author or list(officers.order_by(Person.email))


# One quote at a time waits for an answer.
Quote.add_index(Quote.index(Quote.prescription, name="quote_one_waiting", unique=True, where=SQL("state = 'sent'")))


class EmployerFacts(NamedTuple):
    """What the list of the employers says of each; `prescriptions` leaves the drafts out."""

    id: uuid.UUID
    name: str
    agreement_until: datetime.date | None
    prescriptions: int

    @classmethod
    def listed(cls, search: str) -> tuple[ModelSelect, ModelSelect]:
        """Return the employers whose name matches, by name, as rows of these facts; then the same to be counted."""
        matching = Employer.name.contains(search) if search else SQL("TRUE")
        found = Employer.select(Employer.id).where(matching)
        sent = Prescription.select(fn.COUNT(Prescription.id)).where(Prescription.employer == Employer.id, Prescription.state != State.DRAFT)
        query = Employer.select(Employer.id, Employer.name, Employer.agreement_until, sent.alias("prescriptions"))
        return query.where(matching).order_by(Employer.name, Employer.id).objects(cls), found
