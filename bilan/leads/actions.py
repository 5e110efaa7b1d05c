"""Adopting a suggestion, sorting a lead, keeping it for the scenarios."""

import uuid
from typing import Any

from bilan.database import now, transaction
from bilan.journal import Event, record
from bilan.journeys.models import Journey
from bilan.leads.models import Lead
from bilan.leads.rules import KEPT_MAX, Choice, Origin
from bilan.occupations.models import Occupation
from bilan.people.models import Person
from bilan.pieces.actions import Gone, Overtaken, add, hold


class EnoughKept(Exception):
    """A handful of leads is kept already."""


def adopt(*, journey: Journey, occupation: Occupation, origin: Origin, why: str, by: Person) -> tuple[Lead, bool]:
    """Make a lead of an occupation, unless the bilan has it; return it, and whether it is new. Raise TooMany or JourneyAlreadyClosed."""
    with transaction():
        hold(journey)
        for lead in Lead.of_journey(journey):
            if lead.occupation_id == occupation.id:
                return lead, False
        content = {"title": occupation.title, "why": why, "origin": origin.value, "occupation": str(occupation.id)}
        return add(model=Lead, journey=journey, values={"content": content}, submission=uuid.uuid4(), by=by), True


def sort(*, lead: Lead, choice: Choice, reason: str, base: int, by: Person) -> None:
    """Let the agent say what she thinks of a lead, on her version `base`; raise Overtaken, Gone or JourneyAlreadyClosed.

    A lead that is kept and then refused is kept no longer.
    """
    wanted = {"choice": choice.value, "reason": reason}
    with transaction():
        current = _held(lead)
        if current.sorting == wanted:
            return
        if current.sorting_revision != base:
            raise Overtaken(current)
        current.sorting, current.sorting_revision = wanted, base + 1
        if choice is Choice.NO:
            current.kept_at = None
        current.save()
        record(Event.LEAD_SORTED, person=by, journey_id=lead.journey_id, subject_id=lead.id)


def keep(*, lead: Lead, kept: bool, by: Person) -> None:
    """Keep a lead for the scenarios, or no longer; raise EnoughKept, Gone or JourneyAlreadyClosed."""
    with transaction():
        current = _held(lead)
        if kept == bool(current.kept_at):
            return
        if kept and Lead.count_kept(lead.journey) >= KEPT_MAX:
            raise EnoughKept
        Lead.update(kept_at=now() if kept else None).where(Lead.id == lead.id).execute()
        record(Event.LEAD_SORTED, person=by, journey_id=lead.journey_id, subject_id=lead.id)


def _held(lead: Lead) -> Any:
    hold(lead.journey)
    current = Lead.by_id_with_people(lead.id)
    if current is None:
        raise Gone
    return current
