"""Requests for an adaptation in every state, invented: needs, never why."""

import datetime
import uuid
from typing import Any

from bilan.adaptations import actions
from bilan.adaptations.models import AdaptationEntry, AdaptationRequest
from bilan.adaptations.rules import CounsellorSees, Decision, EntryKind, answer_by
from bilan.database import now
from bilan.french import to_paris
from bilan.journeys.models import Journey
from bilan.measures import actions as measures
from bilan.measures.models import Measure
from bilan.measures.rules import Kind
from bilan.people.models import Person, Role

SHOWN = {"shows_words": True, "shows_name": True, "shows_meetings": True, "counsellor_sees": CounsellorSees.MEASURES}
DISCREET = {"shows_words": True, "shows_name": False, "shows_meetings": False, "counsellor_sees": CounsellorSees.NOTHING}
WORDS = "Les longues séances me fatiguent. Une pause de temps en temps m’aide à rester attentive."
GRANTED = "Des pauses et une salle au calme sont possibles dès le prochain entretien."
CHECKED = "Au téléphone\u00a0: les pauses suffisent, la salle 2 convient."
PARTLY = "La salle du rez-de-chaussée est libre le mardi et le jeudi seulement."
REFUSED = "Le centre ne peut pas se déplacer à domicile. Les entretiens à distance restent ouverts à tous."
NIGHTS = "Je travaille de nuit\u00a0: le matin, je suis plus disponible par téléphone."
STAIRS = "Je viendrai avec mon frère. Où se garer\u00a0?"


def tell_adaptations(people: dict[str, Person]) -> None:
    """Keep the requests and bring each to its state: agent@demo.example's is in place and checked."""
    referent, first = people["handicap@demo.example"], people["agent@demo.example"]
    others = [one for one in Person.active_of(Role.AGENT) if one.id != first.id][:4]
    mine = _asked(first, 24, ["breaks", "calm_room", "large_print"], WORDS, SHOWN)
    _decided(mine, referent, Decision.GRANTED, GRANTED)
    for kind, values in ((Kind.BREAKS, {"every": 45, "pause": 10}), (Kind.OTHER, {"text": "Salle 2, côté cour"})):
        _in_place(mine, referent, kind, values)
    actions.judge(request=mine, suits=True, text="Merci, c’est parfait.", submission=uuid.uuid4(), by=first)
    measures.check(request=mine, text=CHECKED, submission=uuid.uuid4(), by=referent)
    _date(mine, 20)
    for rank, (agent, tell) in enumerate(zip(others, (_phoned, _partly, _refused, _late), strict=False)):
        tell(agent, referent, rank)
    contact = {"name": "Rose Thiers", "contact": "04 77 00 00 00"}
    content: dict[str, Any] = {"needs": ["step_free", "helper"], "words": STAIRS, "contact": contact}
    actions.ask(submission=uuid.uuid4(), content=content, shown=actions.ALL_SHOWN, agent=None, journey_id=None, begun=False)


def _phoned(agent: Person, referent: Person, _rank: int) -> None:
    mine = _asked(agent, 4, ["phone", "remote"], NIGHTS, SHOWN)
    _decided(mine, referent, Decision.GRANTED, "Le secrétariat vous appellera à chaque fois.")
    _in_place(mine, referent, Kind.PHONE, {"contact": "06 00 00 00 12"})
    _in_place(mine, referent, Kind.REMOTE, {})


def _partly(agent: Person, referent: Person, _rank: int) -> None:
    mine = _asked(agent, 6, ["step_free", "longer"], "", DISCREET)
    _decided(mine, referent, Decision.PARTLY, PARTLY)
    measures.add_measure(request=mine, kind=Kind.SESSION, values={"minutes": 150}, submission=uuid.uuid4(), by=referent)
    message: dict[str, Any] = {"text": "Le mardi me va très bien.", "submission": uuid.uuid4()}
    actions.write(request=mine, kind=EntryKind.MESSAGE, by=agent, **message)


def _refused(agent: Person, referent: Person, _rank: int) -> None:
    _decided(_asked(agent, 30, ["other_place"], "", SHOWN), referent, Decision.REFUSED, REFUSED)


def _late(agent: Person, _referent: Person, rank: int) -> None:
    _asked(agent, 8 + rank, ["simple_texts", "one_question"], "Les longs questionnaires me découragent.", DISCREET)


def _asked(agent: Person, days: int, needs: list[str], words: str, shown: dict[str, Any]) -> AdaptationRequest:
    journey = Journey.of_agent(agent)
    content: dict[str, Any] = {"needs": needs, "words": words, "contact": {}}
    bilan: dict[str, Any] = {"journey_id": journey.id if journey else None, "begun": journey is not None}
    made = actions.ask(submission=uuid.uuid4(), content=content, shown=shown, agent=agent, **bilan)
    day = to_paris(now()).date() - datetime.timedelta(days=days)
    change = {"received_on": day, "answer_by": answer_by(day, 5), "created_at": now() - datetime.timedelta(days=days)}
    AdaptationRequest.update(**change).where(AdaptationRequest.id == made.id).execute()
    return AdaptationRequest.get_by_id(made.id)


def _decided(mine: AdaptationRequest, referent: Person, decision: Decision, reason: str) -> None:
    measures.decide(request=mine, decision=decision, reason=reason, late_reason="", base=mine.revision, by=referent)
    moment = mine.created_at + datetime.timedelta(days=1)
    AdaptationRequest.update(decided_at=moment).where(AdaptationRequest.id == mine.id).execute()


def _in_place(mine: AdaptationRequest, referent: Person, kind: Kind, values: dict[str, Any]) -> None:
    number = uuid.uuid4()
    measures.add_measure(request=mine, kind=kind, values=values, submission=number, by=referent)
    measure = Measure.by_id_with_request(number)
    assert measure is not None  # noqa: S101 -- it was added just now
    measures.apply_measure(measure=measure, by=referent)


def _date(mine: AdaptationRequest, days: int) -> None:
    """Give what was written and put in place just now the date of so many days ago."""
    moment = now() - datetime.timedelta(days=days)
    AdaptationEntry.update(created_at=moment).where(AdaptationEntry.request == mine.id).execute()
    Measure.update(applied_at=moment).where(Measure.request == mine.id).execute()
    AdaptationRequest.update(applied_at=moment, check_by=to_paris(moment).date() + datetime.timedelta(days=21)).where(
        AdaptationRequest.id == mine.id
    ).execute()
