"""What the invented bilans have found out: questionnaires read together, what stands out of them, leads and surveys."""

import datetime
import random
from typing import Any

from bilan.database import now
from bilan.demonstration.finds import (
    BEGINNINGS,
    CARRIED,
    FINDINGS,
    LEADS,
    NADIA,
    OWN_SAID,
    SURVEYS,
    TURNS,
    Told,
)
from bilan.demonstration.passations import tell_passation
from bilan.demonstration.words import SEED
from bilan.journeys.models import Journey
from bilan.leads.models import Lead, Survey
from bilan.leads.rules import Origin
from bilan.occupations.models import Occupation, ground_of, identifier, interest_names
from bilan.questionnaires.models import PassationState
from bilan.results.models import Finding

OTHERS = 10  # how many journeys, after the first two, have more than the interests


def explore(journey: Journey, rank: int) -> None:
    """Tell the exploration of a journey: whole for the two demonstration agents, begun for some others."""
    chance = random.Random(SEED + rank)
    if rank == 0:
        _nadia(journey, chance)
    else:
        _questionnaires(journey, rank, chance)
    for place, (sentence, sources, other) in enumerate(FINDINGS.get(rank, ())):
        _piece(Finding, journey, other=other, day=26 + place, content={"sentence": sentence, "sources": list(sources)})
    for place, told in enumerate(LEADS.get(rank, ())):
        _lead(journey, told, place, rank)


def _nadia(journey: Journey, chance: random.Random) -> None:
    """Fill what the first agent has filled; her grid is where her supports and obstacles come from."""
    for given in NADIA:
        carried = given.slug == "ressources-et-freins"
        passation = tell_passation(journey, given, chance, answers=CARRIED if carried else None, said=OWN_SAID.get(given.slug))
        if carried:
            passation.carried_at = passation.released_at
            passation.save()


def _questionnaires(journey: Journey, rank: int, chance: random.Random) -> None:
    turn = TURNS[rank % len(TURNS)] if rank < OTHERS + 2 else ()
    for given in BEGINNINGS if rank == 1 else turn:
        # A bilan that has ended leaves nothing to fill or to be opened.
        tell_passation(journey, given if journey.is_open else given._replace(state=PassationState.RELEASED), chance)


def _lead(journey: Journey, told: Told, place: int, rank: int) -> None:
    occupation = Occupation.get_by_id(identifier(f"territorial:{told.occupation}")) if told.occupation else None
    why = told.why
    if occupation is not None and told.origin in (Origin.MOVES, Origin.INTERESTS):
        why = " ".join(ground_of(journey, by_agent=True).reasons(occupation.code, occupation.letters, interest_names(), whose="les"))
    content = {
        "title": told.title or (occupation.title if occupation else ""),
        "why": why,
        "origin": told.origin.value,
        "occupation": str(occupation.id) if occupation else "",
    }
    sorting = {"choice": told.choice.value, "reason": told.reason} if told.choice else None
    lead = _piece(
        Lead,
        journey,
        other=told.origin is Origin.COUNSELLOR,
        day=24 + place,
        content=content,
        sorting=sorting,
        sorting_revision=1 if sorting else 0,
        kept_at=now() - datetime.timedelta(days=2) if told.kept else None,
    )
    for days_ago, who, contact, findings in SURVEYS.get((rank, place), ()):
        on = (now() - datetime.timedelta(days=days_ago)).date().isoformat()
        found = {"who": who, "contact": contact.value, "on": on, "findings": findings}
        _piece(Survey, journey, other=False, day=30, content=found, lead=lead)


def _piece(model: Any, journey: Journey, *, other: bool, day: int, **values: Any) -> Any:
    author = journey.counsellor if other else journey.agent
    moment = min(journey.created_at + datetime.timedelta(days=day), now())
    return model.create(journey=journey, written_by=author, saved_by=author, created_at=moment, saved_at=moment, **values)
