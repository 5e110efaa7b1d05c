"""Asking about one's data, taking it back, answering; the reminders; the end of what was accepted."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from flask import current_app
from huey import crontab
from peewee import IntegrityError

from bilan import vault
from bilan.data_requests import rules
from bilan.data_requests.holdings import held_of
from bilan.data_requests.models import DataRequest, today
from bilan.data_requests.rules import Choice, Datum, Held, Holding, Kind, Outcome, State
from bilan.database import now, transaction
from bilan.journal import Event, record
from bilan.journeys.models import Journey
from bilan.mail.actions import link_to, mail
from bilan.people.models import Person
from bilan.privacy.actions import stop_keeping
from bilan.worker import in_application, queue


class AlreadyAsked(Exception):
    """A request of that kind waits for an answer already."""


class AlreadyOver(Exception):
    """The request was answered, or taken back."""


class NotToBeDestroyed(Exception):
    """What is chosen is not what may go: kept by law, still needed, or changed since the page was shown."""


@mail("data_request_received")
def received_mail(*, request: DataRequest, person: Person) -> dict[str, Any]:
    """Tell the agent that her request is received, and until when she is answered."""
    link = link_to("data_requests.read", id=request.id)
    return {"to": person.email, "name": person.display_name, "last": request.answer_by, "link": link}


@mail("data_request_asked")
def asked_mail(*, request: DataRequest) -> dict[str, Any]:
    """Tell the secretariat that a request waits: neither whose nor what."""
    return {"to": current_app.config["BILAN"].secretariat_email, "last": request.answer_by, "page": _page(request)}


@mail("data_request_answered")
def answered_mail(*, request: DataRequest, person: Person) -> dict[str, Any]:
    """Tell the agent that the answer is there."""
    return {"to": person.email, "name": person.display_name, "link": link_to("data_requests.read", id=request.id)}


@mail("data_request_reminder")
def reminder_mail(*, request: DataRequest) -> dict[str, Any]:
    """Remind the secretariat of the last day."""
    return {"to": current_app.config["BILAN"].secretariat_email, "clock": request.clock, "page": _page(request)}


def _page(request: DataRequest) -> str:
    return link_to("data_requests.show", id=request.id)


def ask(*, kind: Kind, words: str, submission: uuid.UUID, by: Person, datum: Datum | None = None) -> DataRequest:
    """Keep a request, its last day of answer fixed; the same form sent twice keeps one. Raise AlreadyAsked."""
    if known := DataRequest.get_or_none(DataRequest.submission == submission, DataRequest.agent == by.id):
        return known
    last = rules.answer_by(today(), current_app.config["BILAN"].data_request_days)
    request = DataRequest(submission=submission, agent=by, kind=kind, datum=datum, words=words, asked_on=today(), answer_by=last)
    vault.create_key(request.id)
    try:
        with transaction():
            request.save(force_insert=True)
            record(Event.DATA_REQUEST_MADE, person=by, subject_id=request.id, detail=kind.value)
            received_mail(request=request, person=by)
            asked_mail(request=request)
    except IntegrityError:  # the same form twice at once, or another of the same kind
        known = DataRequest.get_or_none(DataRequest.submission == submission, DataRequest.agent == by.id)
        if known is None:
            raise AlreadyAsked from None
        return known
    return request


def withdraw(*, request: DataRequest, by: Person) -> None:
    """Let the agent take her request back. Raise AlreadyOver once it was answered."""
    with transaction():
        if _close(request, state=State.WITHDRAWN):
            record(Event.DATA_REQUEST_WITHDRAWN, person=by, subject_id=request.id, detail=request.kind.value)
        elif DataRequest.get_by_id(request.id).state is not State.WITHDRAWN:
            raise AlreadyOver


def answer_correction(*, request: DataRequest, outcome: Outcome, answer: str, by: Person, name: str | None = None) -> None:
    """Answer a request for a correction; one of a name is made with its answer, on the account. Raise AlreadyOver."""
    with transaction():
        _answer(request, answer, by, outcome=outcome)
        if name and outcome is Outcome.CORRECTED and request.datum is Datum.NAME:
            Person.update(display_name=name).where(Person.id == request.agent_id).execute()
            record(Event.ACCOUNT_RENAMED, person=by, subject_id=request.agent_id)


def answer_erasure(*, request: DataRequest, choices: Mapping[str, Choice], answer: str, by: Person) -> None:
    """Answer a request to erase: each thing that may go has its choice, by its identifier. The night destroys what is accepted.

    What the secretariat is not to meet goes as the agent asks, without a choice. Raise AlreadyOver, NotToBeDestroyed.
    """
    with transaction():
        agent = Person.get_by_id(request.agent_id)
        held = [one for one in held_of(agent) if one.may_go]
        if {one.subject_id for one in held if not one.hidden_from(str(by.id))} != set(choices):
            raise NotToBeDestroyed
        decided = [(one, choices.get(one.subject_id, Choice.DESTROY)) for one in held]
        _answer(request, answer, by, decisions=json.dumps([_decision(one, choice) for one, choice in decided]))
        for one, choice in decided:
            if one.kind is Held.KEPT and choice is Choice.DESTROY:
                journey = Journey.get_by_id(one.subject_id)
                stop_keeping(journey=journey, by=agent)


def _decision(one: Holding, choice: Choice) -> dict[str, Any]:
    subject = one.subject_id if choice is Choice.DESTROY else ""
    return {"kind": one.kind.value, "choice": choice.value, "subject": subject, "discreet": one.discreet, "about": one.about}


def _answer(request: DataRequest, answer: str, by: Person, **values: Any) -> None:
    """Write the answer, its line of the journal and its e-mail, in the current transaction."""
    request.answer = answer
    if not _close(request, state=State.ANSWERED, answer=DataRequest.answer.seal_for(request), answered_by=by, **values):
        raise AlreadyOver
    record(Event.DATA_REQUEST_ANSWERED, person=by, subject_id=request.id, detail=request.kind.value)
    answered_mail(request=request, person=Person.get_by_id(request.agent_id))


def _close(request: DataRequest, **values: Any) -> bool:
    waiting = (DataRequest.id == request.id) & (DataRequest.state == State.OPEN)
    return bool(DataRequest.update(closed_at=now(), **values).where(waiting).execute())


@queue.periodic_task(crontab(hour="6", minute="50"))
@in_application
def remind_task() -> None:
    """Each morning: send the reminders that are due."""
    remind()


def remind() -> int:
    """Remind the secretariat a week before the last day and once it is past, each once; return how many were told."""
    told = 0
    for request in DataRequest.listed(over=False):
        reached = rules.stage(request.clock)
        with transaction():
            # Two workers may see it at once: the one that moves the mark tells.
            mark = (DataRequest.id == request.id) & (DataRequest.reminded < reached) & (DataRequest.state == State.OPEN)
            if DataRequest.update(reminded=reached).where(mark).execute():
                reminder_mail(request=request)
                record(Event.DATA_REQUEST_REMINDED, subject_id=request.id, detail=str(request.clock.days_left))
                told += 1
    return told
