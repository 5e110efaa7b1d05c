"""A prescription's life: drafted, sent, corrected, withdrawn."""

import uuid
from typing import Any

from flask import current_app
from peewee import IntegrityError

from bilan import vault
from bilan.database import now, transaction
from bilan.interviews import actions as interviews
from bilan.journal import Event, record
from bilan.journeys import actions as journeys
from bilan.journeys.models import Journey
from bilan.mail.actions import link_to, mail
from bilan.numbering import with_next_number
from bilan.people.models import Employer, Person
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import COLUMNS, IN_REQUEST, State, missing
from bilan.quotes.models import Quote


class Incomplete(Exception):
    """Something that must be given is not; `steps` are the pages where."""

    def __init__(self, steps: list[str]) -> None:
        super().__init__("incomplete prescription")
        self.steps = steps


class AgentAlreadyPrescribed(Exception):
    """The agent has an open prescription."""


class AlreadySent(Exception):
    """The prescription is no longer a draft."""


class DraftGone(Exception):
    """The draft that this page began was thrown away."""


class TooLate(Exception):
    """The first interview has begun, or the prescription is over."""


@mail("prescription_receipt")
def receipt_mail(*, prescription: Prescription, to: str) -> dict[str, Any]:
    """Give the reference to whoever prescribed."""
    return {"to": to, "subject_id": prescription.id, **_named(prescription), "link": link_to("prescriptions.show", id=prescription.id)}


@mail("prescription_received")
def received_mail(*, prescription: Prescription) -> dict[str, Any]:
    """Announce the prescription to the secretariat, where the 20 days begin."""
    return {"to": _secretariat(), "subject_id": prescription.id, **_named(prescription), "link": _reception(prescription)}


@mail("prescription_changed")
def changed_mail(*, prescription: Prescription, to: str, link: str) -> dict[str, Any]:
    """Tell somebody concerned that HR corrected the prescription."""
    return {"to": to, "subject_id": prescription.id, **_named(prescription), "link": link}


@mail("prescription_withdrawn")
def withdrawn_mail(*, prescription: Prescription, to: str) -> dict[str, Any]:
    """Tell somebody concerned that HR withdrew the prescription."""
    return {"to": to, "subject_id": prescription.id, **_named(prescription)}


@mail("prescription_ended")
def ended_mail(*, prescription: Prescription, to: str, link: str) -> dict[str, Any]:
    """Tell the secretariat and HR that a prescription leads to no bilan; never why."""
    return {"to": to, "subject_id": prescription.id, **_named(prescription), "link": link}


def save_draft(*, prescription_id: uuid.UUID, employer: Employer, author: Person, values: dict[str, Any]) -> Prescription:
    """Write a page of a draft; the first page makes the draft, whose identifier the form chose: a double click makes one.

    Raises DraftGone when that identifier has served: a key is never made twice.
    """
    draft = Prescription.for_hr(prescription_id) or _begin(prescription_id, employer, author, values)
    with transaction():
        _fill(draft, values)
        _save_answers(draft)
    return draft


def _begin(prescription_id: uuid.UUID, employer: Employer, author: Person, values: dict[str, Any]) -> Prescription:
    draft = Prescription(id=prescription_id, employer=employer, author=author)
    try:
        vault.create_key(prescription_id)
        _fill(draft, values)
        draft.save(force_insert=True)
    except IntegrityError:
        found = Prescription.for_hr(prescription_id)
        if found is None or found.employer_id != employer.id:
            raise DraftGone from None
        return found
    return draft


def discard_draft(*, prescription: Prescription) -> None:
    """Delete a draft and its key; one that has left meanwhile stays."""
    with transaction():
        gone = Prescription.delete().where(Prescription.id == prescription.id, Prescription.state == State.DRAFT).execute()
    if gone:
        vault.destroy_key(prescription.id)


def send_prescription(*, prescription: Prescription, by: Person) -> Prescription:
    """Send a draft: it takes its reference and the 20 days begin.

    Raises Incomplete, AgentAlreadyPrescribed, AlreadySent.
    """
    if steps := missing(prescription.answers()):
        raise Incomplete(steps)
    if Prescription.open_at(prescription.agent_email, but=prescription):
        raise AgentAlreadyPrescribed
    try:
        return with_next_number(Prescription, lambda year, number: _send(prescription, year, number, by))
    except IntegrityError:
        raise AgentAlreadyPrescribed from None


def _send(prescription: Prescription, year: int, number: int, by: Person) -> Prescription:
    change = {"year": year, "number": number, "received_at": now(), "state": State.RECEIVED, "author": by}
    if not Prescription.update(**change).where(Prescription.id == prescription.id, Prescription.state == State.DRAFT).execute():
        raise AlreadySent
    for name, value in change.items():
        setattr(prescription, name, value)
    receipt_mail(prescription=prescription, to=by.email)
    received_mail(prescription=prescription)
    record(Event.PRESCRIPTION_SENT, person=by, subject_id=prescription.id)
    return prescription


def correct_prescription(*, prescription: Prescription, values: dict[str, Any], by: Person) -> bool:
    """Correct a sent prescription until the first interview; tell whom it concerns; False when nothing changed."""
    before = prescription.answers()
    if all(before.get(name) == value for name, value in values.items()):
        return False
    with transaction():
        _fill(prescription, values)
        try:
            _save_answers(prescription)
        except IntegrityError:
            raise AgentAlreadyPrescribed from None
        for to, link in _concerned(prescription):
            changed_mail(prescription=prescription, to=to, link=link)
        record(Event.PRESCRIPTION_CHANGED, person=by, subject_id=prescription.id)
    return True


def open_if_ready(*, prescription: Prescription, by: Person) -> None:
    """Open the journey once the agent has accepted and a counsellor is named, whichever comes last."""
    if prescription.state is not State.ACCEPTED or prescription.counsellor_id is None:
        return
    if Journey.get_or_none_by_id(prescription.id) is None:
        agent, counsellor, employer = prescription.agent, prescription.counsellor, prescription.employer
        journeys.open_journey(journey_id=prescription.id, agent=agent, counsellor=counsellor, employer=employer, by=by)


def withdraw_prescription(*, prescription: Prescription, by: Person) -> None:
    """Withdraw a prescription before the first interview: what was planned is cancelled, everybody concerned is told."""
    with transaction():
        change = Prescription.update(state=State.WITHDRAWN, ended_at=now())
        if not change.where(Prescription.id == prescription.id, Prescription.is_still_open()).execute():
            raise TooLate
        Quote.cancel_waiting(prescription.id)
        journey = Journey.by_id_with_people(prescription.id)
        if journey is not None and journey.is_open:
            interviews.cancel_coming(journey=journey, by=by)
            journeys.close_journey(journey=journey, by=by)
        for to, _ in _concerned(prescription):
            withdrawn_mail(prescription=prescription, to=to)
        record(Event.PRESCRIPTION_WITHDRAWN, person=by, subject_id=prescription.id)


def end_without_follow_up(*, prescription_id: uuid.UUID) -> None:
    """End a prescription that leads to no bilan, in the transaction of what ends it; HR is told that, and never why."""
    prescription = Prescription.for_secretariat(prescription_id)
    if prescription is None:
        return
    Prescription.update(state=State.ENDED, ended_at=now()).where(Prescription.id == prescription_id).execute()
    tell_no_follow_up(prescription=prescription)


@mail("prescription_interrupted")
def interrupted_mail(*, prescription: Prescription, to: str, link: str) -> dict[str, Any]:
    """Tell HR or the secretariat that a bilan has stopped before its end, and not why."""
    return {"to": to, "reference": prescription.reference, "link": link}


def interrupt(*, prescription_id: uuid.UUID) -> None:
    """End the prescription of a bilan that stops, in the transaction of what stops it; HR is told that, and never why."""
    prescription = Prescription.for_secretariat(prescription_id)
    if prescription is None:
        return
    Prescription.update(state=State.INTERRUPTED, ended_at=now()).where(Prescription.id == prescription_id).execute()
    interrupted_mail(prescription=prescription, to=_secretariat(), link=_reception(prescription))
    if prescription.author_id:
        page = link_to("prescriptions.show", id=prescription.id)
        interrupted_mail(prescription=prescription, to=prescription.author.email, link=page)


def tell_no_follow_up(*, prescription: Prescription) -> None:
    """Tell the secretariat and HR that a prescription leads to no bilan."""
    ended_mail(prescription=prescription, to=_secretariat(), link=_reception(prescription))
    if prescription.author_id:
        ended_mail(prescription=prescription, to=prescription.author.email, link=link_to("prescriptions.show", id=prescription.id))


def _fill(prescription: Prescription, values: dict[str, Any]) -> None:
    file, request = dict(prescription.agent_file or {}), dict(prescription.request or {})
    for name, value in values.items():
        if name in COLUMNS:
            setattr(prescription, name, value.lower() if name == "agent_email" else value)
        else:
            (request if name in IN_REQUEST else file)[name] = value
    prescription.agent_file, prescription.request = file, request


def _save_answers(prescription: Prescription) -> None:
    prescription.save(only=[Prescription.agent_name, Prescription.agent_email, Prescription.agent_file, Prescription.request])


def _named(prescription: Prescription) -> dict[str, Any]:
    return {"reference": prescription.reference}


def _secretariat() -> str:
    return current_app.config["BILAN"].secretariat_email


def _reception(prescription: Prescription) -> str:
    return link_to("reception.show", id=prescription.id)


def _concerned(prescription: Prescription) -> list[tuple[str, str]]:
    """Return (address, link) of the secretariat, of the agent once invited, of the counsellor once named."""
    found = [(_secretariat(), _reception(prescription))]
    if prescription.agent_id:
        found.append((prescription.agent.email, link_to("proposals.show")))
    if prescription.counsellor_id:
        found.append((prescription.counsellor.email, link_to("journeys.index")))
    return found
