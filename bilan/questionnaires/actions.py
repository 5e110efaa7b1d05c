"""Assigning a questionnaire, saving its answers, handing it in, releasing its result."""

import datetime
from collections.abc import Mapping
from typing import Any, NamedTuple

from bilan.database import now, transaction
from bilan.journal import Event, record
from bilan.journeys.models import Journey
from bilan.mail.actions import link_to, mail
from bilan.people.models import Person
from bilan.questionnaires import instruments
from bilan.questionnaires.models import Answer, Passation
from bilan.questionnaires.rules import score


class AlreadyAssigned(Exception):
    """The agent has this questionnaire to fill already."""


class AlreadySubmitted(Exception):
    """The answers were handed in; they no longer change."""


class AlreadyStarted(Exception):
    """The agent has begun to answer."""


class AnswersMissing(Exception):
    """Some items have neither an answer nor "je préfère ne pas répondre"; `items` names them."""

    def __init__(self, items: list[str]) -> None:
        super().__init__(f"{len(items)} answers missing")
        self.items = items


class CommentConflict(Exception):
    """The comment was saved elsewhere since this page was opened."""


class Saved(NamedTuple):
    """What became of a saving: when (naive UTC), the passation's revision since, and whether another tab had saved."""

    at: datetime.datetime
    revision: int
    overtaken: bool


@mail("questionnaire_assigned")
def assigned_mail(*, passation: Passation, agent: Person) -> dict[str, Any]:
    """Tell the agent that a questionnaire waits."""
    link = link_to("questionnaires.start", id=passation.id)
    return {
        "to": agent.email,
        "name": agent.display_name,
        "link": link,
        "minutes": passation.instrument.minutes,
        "due_on": passation.due_on,
    }


@mail("questionnaire_submitted")
def submitted_mail(*, passation: Passation) -> dict[str, Any]:
    """Tell the counsellor that a questionnaire was handed in."""
    link = link_to("questionnaires.debrief", id=passation.id)
    return {"to": passation.journey.counsellor.email, "name": passation.journey.counsellor.display_name, "link": link}


@mail("result_released")
def released_mail(*, passation: Passation) -> dict[str, Any]:
    """Tell the agent that a result may be read."""
    link = link_to("questionnaires.result", id=passation.id)
    return {"to": passation.journey.agent.email, "name": passation.journey.agent.display_name, "link": link}


def assign(*, journey: Journey, slug: str, due_on: datetime.date | None, by: Person) -> Passation:
    """Give the newest version of a questionnaire to the agent; raise AlreadyAssigned."""
    instrument = instruments.find(slug)
    with transaction():
        unfinished = Passation.select().where(Passation.journey == journey, Passation.slug == slug, Passation.submitted_at.is_null())
        if unfinished.exists():
            raise AlreadyAssigned
        passation = Passation.create(journey=journey, slug=slug, version=instrument.version, due_on=due_on)
        assigned_mail(passation=passation, agent=journey.agent)
        record(Event.PASSATION_ASSIGNED, person=by, journey_id=journey.id, subject_id=passation.id, detail=slug)
    return passation


def withdraw(*, passation: Passation, by: Person) -> None:
    """Take back a questionnaire that the agent has not begun; raise AlreadyStarted."""
    with transaction():
        gone = Passation.delete().where(Passation.id == passation.id, Passation.started_at.is_null())
        if not gone.execute():
            raise AlreadyStarted
        record(Event.PASSATION_WITHDRAWN, person=by, journey_id=passation.journey_id, detail=passation.slug)


def save_answers(*, passation: Passation, answers: Mapping[str, int | None], seen: int) -> Saved:
    """Save answers given on a page that knew the revision `seen`; the later answer wins, item by item.

    Raises AlreadySubmitted. The items and levels were checked by the form.
    """
    moment = now()
    with transaction():
        revision = _next_revision(passation, moment)
        for item, level in answers.items():
            Answer.put(passation, item, level, moment)
        if passation.started_at is None:
            record(Event.PASSATION_STARTED, journey_id=passation.journey_id, subject_id=passation.id)
    return Saved(moment, revision, overtaken=revision - 1 != seen)


def _next_revision(passation: Passation, moment: datetime.datetime) -> int:
    revision = Passation.next_revision(passation.id, moment)
    if revision is None:
        raise AlreadySubmitted
    return revision


def submit(*, passation: Passation) -> None:
    """Hand the answers in, for good, and keep the scores; raise AnswersMissing or AlreadySubmitted."""
    with transaction():
        # The revision first: from here on no other tab can add an answer.
        _next_revision(passation, now())
        answers = passation.answers()
        missing = [item.id for item in passation.instrument.items if item.id not in answers]
        if missing:
            raise AnswersMissing(missing)
        passation.result = score(passation.instrument, answers)
        passation.submitted_at = now()
        passation.save(only=[Passation.result, Passation.submitted_at])
        submitted_mail(passation=passation)
        record(Event.PASSATION_SUBMITTED, person=passation.journey.agent, journey_id=passation.journey_id, subject_id=passation.id)


def release(*, passation: Passation, by: Person) -> None:
    """Open a result to the agent, once."""
    with transaction():
        opened = Passation.update(released_at=now()).where(Passation.id == passation.id, Passation.released_at.is_null())
        if opened.execute():
            released_mail(passation=passation)
            record(Event.RESULT_RELEASED, person=by, journey_id=passation.journey_id, subject_id=passation.id)


def comment(*, passation: Passation, text: str, base: int, by: Person) -> None:
    """Save the counsellor's comment on a result, written on the revision `base`; raise CommentConflict."""
    passation.comment = text
    with transaction():
        saved = Passation.update(comment=passation.__data__["comment"], comment_revision=base + 1).where(
            Passation.id == passation.id, Passation.comment_revision == base
        )
        if not saved.execute():
            raise CommentConflict
        record(Event.RESULT_COMMENTED, person=by, journey_id=passation.journey_id, subject_id=passation.id)
