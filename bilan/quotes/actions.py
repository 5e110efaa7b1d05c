"""A quote's life: drawn up and sent, answered once; the employers that quotes go to."""

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from flask import current_app
from peewee import IntegrityError

from bilan.database import now, transaction
from bilan.journal import Event, record
from bilan.mail.actions import link_to, mail
from bilan.numbering import with_next_number
from bilan.people.models import Employer, Person
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import State
from bilan.proposals.actions import invite_agent
from bilan.quotes.models import Quote
from bilan.quotes.rules import QUOTABLE, QuoteState


class NotQuotable(Exception):
    """The prescription no longer waits for a quote: it was answered, withdrawn, or its agent is invited."""


class QuoteAlreadyAnswered(Exception):
    """The quote was accepted, refused or replaced before; `quote` is how it stands."""

    def __init__(self, quote: Quote) -> None:
        super().__init__("quote already answered")
        self.quote = quote


class QuoteExpired(Exception):
    """The last day of the quote is past."""


class EmployerNameTaken(Exception):
    """Another employer has this name."""


@dataclass(frozen=True)
class Terms:
    """What a quote offers: see Quote for the units."""

    minutes: int
    hourly_cents: int
    vat_points: int
    exemption: str
    valid_until: datetime.date


@mail("quote_sent")
def sent_mail(*, quote: Quote, prescription: Prescription, to: Person) -> dict[str, Any]:
    """Tell the prescriber that a quote waits for an answer, without the agent's name or an amount."""
    return {
        "to": to.email,
        "subject_id": quote.id,
        "name": to.display_name,
        "quote": quote,
        "prescription": prescription.reference,
        "link": link_to("quotes.answer", id=quote.id),
    }


@mail("quote_answered")
def answered_mail(*, quote: Quote, prescription: Prescription, state: QuoteState) -> dict[str, Any]:
    """Tell the secretariat what the employer answered."""
    return {
        "to": current_app.config["BILAN"].secretariat_email,
        "subject_id": quote.id,
        "quote": quote,
        "answer": state.label,
        "prescription": prescription.reference,
        "link": link_to("reception.show", id=prescription.id),
    }


def send_quote(*, prescription: Prescription, terms: Terms, submission: uuid.UUID, by: Person) -> Quote:
    """Issue a quote under the next number of the year and tell the prescriber; one that waited is replaced.

    `submission` is the form's own number, which becomes the quote's: a double click
    issues one quote. Raise NotQuotable.
    """

    def send(year: int, number: int) -> Quote:
        return _send(prescription=prescription, terms=terms, submission=submission, by=by, year=year, number=number)

    return with_next_number(Quote, send)


def _send(*, prescription: Prescription, terms: Terms, submission: uuid.UUID, by: Person, year: int, number: int) -> Quote:
    waits = _lock(prescription, *QUOTABLE)
    known = Quote.get_or_none(Quote.id == submission, Quote.prescription == prescription)
    if known:
        return known
    if not waits:
        raise NotQuotable
    Quote.update(state=QuoteState.REPLACED).where(Quote.prescription == prescription, Quote.state == QuoteState.SENT).execute()
    quote = Quote.create(id=submission, prescription=prescription, year=year, number=number, drawn_up_by=by, **vars(terms))
    for person in Quote.correspondents(prescription):
        sent_mail(quote=quote, prescription=prescription, to=person)
    record(Event.QUOTE_SENT, person=by, subject_id=quote.id)
    return quote


def answer_quote(*, quote: Quote, accepted: bool, by: Person) -> None:
    """Accept a quote, which invites the agent, or refuse it, which ends the prescription.

    Raise QuoteAlreadyAnswered, QuoteExpired, or NotQuotable when the prescription was withdrawn.
    """
    state = QuoteState.ACCEPTED if accepted else QuoteState.REFUSED
    prescription = quote.prescription
    with transaction():
        waits = _lock(prescription, State.QUOTED)
        _take_answer(quote, state, by)
        if not waits:
            raise NotQuotable
        record(Event.QUOTE_ACCEPTED if accepted else Event.QUOTE_REFUSED, person=by, subject_id=quote.id)
        if accepted:
            invite_agent(prescription_id=prescription.id, by=by)
        else:
            Prescription.update(state=State.REFUSED, ended_at=now()).where(Prescription.id == prescription.id).execute()
        answered_mail(quote=quote, prescription=prescription, state=state)


def _take_answer(quote: Quote, state: QuoteState, by: Person) -> None:
    if quote.is_expired:
        raise QuoteExpired
    answer = Quote.update(state=state, answered_by=by, answered_at=now())
    if not answer.where(Quote.id == quote.id, Quote.state == QuoteState.SENT).execute():
        raise QuoteAlreadyAnswered(Quote.get_by_id(quote.id))


def _lock(prescription: Prescription, *states: State) -> bool:
    """Mark the prescription as quoted if it is in one of these states, and hold its row: its quotes move one at a time."""
    query = Prescription.update(state=State.QUOTED).where(Prescription.id == prescription.id, Prescription.state.in_(states))
    return query.execute() == 1


def change_employer(*, employer: Employer, facts: dict[str, Any], by: Person) -> None:
    """Correct an employer's name, address, agreement and size (`facts`, by column); raise EmployerNameTaken."""
    try:
        with transaction():
            Employer.update(facts).where(Employer.id == employer.id).execute()
            record(Event.EMPLOYER_CHANGED, person=by, subject_id=employer.id)
    except IntegrityError:
        raise EmployerNameTaken(facts["name"]) from None
