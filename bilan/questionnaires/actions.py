"""Giving a questionnaire, saving its answers, handing it in."""

import datetime
from typing import Any, NamedTuple

from bilan.database import now, transaction
from bilan.journal import Event, record
from bilan.journeys.models import Journey
from bilan.mail.actions import link_to, mail
from bilan.people.models import Person
from bilan.questionnaires import instruments
from bilan.questionnaires.instruments.questions import TEXT
from bilan.questionnaires.models import Answer, Passation
from bilan.questionnaires.rules import Answers, Channel, Wording, ranked_twice, score, waiting
from bilan.together import AGENT_WAY, COUNSELLOR_WAY


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


class RankedTwice(Exception):
    """The ranking puts a scale at several places; `names` are theirs."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


class Saved(NamedTuple):
    """What became of a saving: when (naive UTC), the passation's revision since, and whether another tab had saved."""

    at: datetime.datetime
    revision: int
    overtaken: bool


@mail("questionnaire_assigned")
def assigned_mail(*, passation: Passation, agent: Person) -> dict[str, Any]:
    """Tell the agent that a questionnaire waits."""
    link = link_to("questionnaires.start", way=AGENT_WAY, id=passation.id)
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
    link = link_to("results.show", way=COUNSELLOR_WAY, id=passation.id)
    return {"to": passation.journey.counsellor.email, "name": passation.journey.counsellor.display_name, "link": link}


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


def enter(*, passation: Passation, channel: Channel, by: Person) -> None:
    """Let a counsellor type the answers given on paper, by phone or in an interview, or give them back to the agent (online).

    Raises AlreadySubmitted. What was answered until then stays.
    """
    typing = None if channel is Channel.ONLINE else by
    with transaction():
        changed = Passation.update(channel=channel, entered_by=typing).where(Passation.id == passation.id, Passation.submitted_at.is_null())
        if not changed.execute():
            raise AlreadySubmitted
        record(Event.PASSATION_ENTERED, person=by, journey_id=passation.journey_id, subject_id=passation.id, detail=channel.value)


def save_answers(*, passation: Passation, answers: Answers, seen: int, wording: Wording = Wording.STANDARD) -> Saved:
    """Save answers given on a page that knew the revision `seen`; the later answer wins, question by question.

    `wording` is that of the questions on the page. Raises AlreadySubmitted. The answers were
    checked by the form.
    """
    moment = now()
    with transaction():
        revision = _next_revision(passation, moment, wording)
        for item, value in answers.items():
            if value is None and passation.instrument.by_id[item].part.kind == TEXT:
                Answer.take_back(passation, item)
            else:
                Answer.put(passation, item, value, moment)
        if passation.started_at is None:
            record(Event.PASSATION_STARTED, journey_id=passation.journey_id, subject_id=passation.id)
    return Saved(moment, revision, overtaken=revision - 1 != seen)


def _next_revision(passation: Passation, moment: datetime.datetime, wording: Wording) -> int:
    revision = Passation.next_revision(passation.id, moment, wording)
    if revision is None:
        raise AlreadySubmitted
    return revision


def submit(*, passation: Passation, by: Person) -> None:
    """Hand the answers in, for good, and keep the scores; raise AnswersMissing, RankedTwice or AlreadySubmitted."""
    with transaction():
        # The revision first: from here on no other tab can add an answer.
        _next_revision(passation, now(), passation.wording)
        answers = passation.answers()
        if missing := waiting(passation.instrument, answers):
            raise AnswersMissing(missing)
        if twice := ranked_twice(passation.instrument, answers):
            raise RankedTwice(twice)
        passation.result = score(passation.instrument, answers)
        passation.submitted_at = now()
        passation.save(only=[Passation.result, Passation.submitted_at])
        if not passation.is_entered:
            submitted_mail(passation=passation)
        record(Event.PASSATION_SUBMITTED, person=by, journey_id=passation.journey_id, subject_id=passation.id)
