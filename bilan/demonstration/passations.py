"""The invented fillings: answers that lean one way, given at the pace of a reader, in every state."""

import datetime
import random
from collections.abc import Mapping
from typing import Any, NamedTuple

from bilan.demonstration.words import ENTRIES, LEANINGS, SAID
from bilan.journeys.models import Journey
from bilan.questionnaires import instruments
from bilan.questionnaires.instruments import Instrument
from bilan.questionnaires.instruments.questions import RANK, TEXT, Question
from bilan.questionnaires.models import Answer, Passation, PassationState
from bilan.questionnaires.rules import Channel, Wording, score
from bilan.vault import cipher

SECONDS_A_QUESTION = 9
HALF = 0.5
SPREAD = 0.4  # in levels: how far one answer strays from what the others lean to


class Given(NamedTuple):
    """A questionnaire of a journey: how far it is, on which day it was given, and how it was answered."""

    slug: str
    state: PassationState
    day: int
    leaning: Mapping[str, tuple[float, ...]] = {}
    channel: Channel = Channel.ONLINE
    wording: Wording = Wording.STANDARD
    kept_out: bool = False


def tell_passation(
    journey: Journey, given: Given, chance: random.Random, *, answers: dict[str, Any] | None = None, said: tuple[str, str] | None = None
) -> Passation:
    """Write a passation with its answers; the two comments of its questionnaire stand on a released one."""
    instrument = instruments.find(given.slug)
    at = journey.created_at + datetime.timedelta(days=given.day)
    passation = Passation.create(
        journey=journey,
        slug=instrument.slug,
        version=instrument.version,
        created_at=at,
        due_on=(at + datetime.timedelta(days=21)).date(),
        channel=given.channel,
        entered_by=None if given.channel is Channel.ONLINE else journey.counsellor,
    )
    if given.state is PassationState.ASSIGNED:
        return passation
    answers = answers or answered(instrument, given.leaning or LEANINGS.get(given.slug, {}), chance)
    kept = answers if given.state is not PassationState.STARTED else dict(list(answers.items())[: int(len(answers) * HALF)])
    started_at = at + datetime.timedelta(days=1)
    put(passation, kept, started_at)
    passation.started_at, passation.revision, passation.wording = started_at, len(kept), given.wording
    if given.state in (PassationState.SUBMITTED, PassationState.RELEASED):
        passation.result, passation.submitted_at = score(instrument, answers), started_at + datetime.timedelta(hours=1)
    if given.state is PassationState.RELEASED:
        passation.released_at = started_at + datetime.timedelta(days=3)
        passation.comment, passation.own_comment = said or SAID[given.slug]
        passation.comment_revision = passation.own_comment_revision = 1
        passation.withdrawn_at = passation.released_at if given.kept_out else None
    passation.save()
    return passation


def put(passation: Passation, answers: Mapping[str, Any], moment: datetime.datetime) -> None:
    """Write answers at once, one after the other at the pace of somebody who reads."""
    sealing = cipher(passation.key_id)
    rows = []
    for rank, (item, value) in enumerate(answers.items(), start=1):
        at = moment + datetime.timedelta(seconds=rank * SECONDS_A_QUESTION)
        rows.append({"passation": passation, "item": item, "value": Answer.value.seal(sealing, value), "answered_at": at})
    Answer.insert_many(rows).execute()


def answered(instrument: Instrument, leaning: Mapping[str, tuple[float, ...]], chance: random.Random) -> dict[str, Any]:
    """Return answers that lean, scale by scale and part by part, the way that is told; a ranking follows the first part."""
    if instrument.scoring is None:
        return ENTRIES
    first = sorted(leaning, key=lambda letter: -leaning[letter][0])
    answers: dict[str, Any] = {}
    for question in instrument.questions:
        if question.part.kind == RANK:
            answers[question.id] = first[int(question.id.removeprefix("rang-")) - 1]
        elif question.part.kind != TEXT:
            place = instrument.parts.index(question.part)
            answers[question.id] = _level(question, leaning[question.scale][place], chance)
    return answers


def _level(question: Question, middle: float, chance: random.Random) -> int:
    levels = [level.value for level in question.part.levels]
    level = min(levels[-1], max(levels[0], round(chance.gauss(middle, SPREAD))))
    return levels[0] + levels[-1] - level if question.item and question.item.reversed else level
