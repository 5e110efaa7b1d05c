"""A quote: what a bilan costs the employer, and what the employer answered."""

import uuid
from typing import Self

from peewee import SQL, CharField, DateField, DateTimeField, ForeignKeyField, IntegerField
from playhouse.fields import EnumField

from bilan.database import BaseModel
from bilan.numbering import Numbered
from bilan.people.models import Employer, Person
from bilan.prescriptions.models import Prescription
from bilan.quotes.rules import QuoteState


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

    @classmethod
    def of_prescription(cls, prescription: Prescription) -> list[Self]:
        """Return the quotes of a prescription, the newest first."""
        return list(cls.select().where(cls.prescription == prescription.id).order_by(cls.year.desc(), cls.number.desc()))

    @classmethod
    def waiting(cls, employer_id: object) -> list[Self]:
        """Return the quotes that wait for an employer's answer, those that expire first before the others."""
        query = cls.select(cls, Prescription.id, Prescription.agent_name).join(Prescription)
        query = query.where(Prescription.employer == employer_id, cls.state == QuoteState.SENT)
        return list(query.order_by(cls.valid_until, cls.number))

    @classmethod
    def cancel_waiting(cls, prescription_id: uuid.UUID) -> None:
        """Cancel the quote that waits, if there is one: its prescription is withdrawn."""
        cls.update(state=QuoteState.CANCELLED).where(cls.prescription == prescription_id, cls.state == QuoteState.SENT).execute()

    @classmethod
    def by_id_with_prescription(cls, quote_id: uuid.UUID) -> Self | None:
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
        return query.where(cls.id == quote_id).first()


# One quote at a time waits for an answer.
Quote.add_index(Quote.index(Quote.prescription, name="quote_one_waiting", unique=True, where=SQL("state = 'sent'")))
