"""Writing the career path: a piece is added, saved, removed; the order of the experiences is theirs to choose."""

import uuid
from typing import Any

from bilan.careers.models import Condition, Experience, Piece, Skill
from bilan.careers.rules import in_order, moved
from bilan.database import now, transaction
from bilan.journal import Event, record
from bilan.journeys.actions import JourneyAlreadyClosed
from bilan.journeys.models import Journey
from bilan.journeys.rules import Phase
from bilan.people.models import Person

SAVED = {Experience: Event.EXPERIENCE_SAVED, Skill: Event.SKILL_SAVED, Condition: Event.CONDITION_SAVED}
REMOVED = {Experience: Event.EXPERIENCE_REMOVED, Skill: Event.SKILL_REMOVED, Condition: Event.CONDITION_REMOVED}


class TooMany(Exception):
    """The journey has as many of them as it may."""


class Overtaken(Exception):
    """The piece was saved elsewhere since this one was opened; `current` is what was saved."""

    def __init__(self, current: Any) -> None:
        super().__init__("overtaken")
        self.current = current


class Gone(Exception):
    """The piece was removed elsewhere."""


def add(*, model: type[Piece], journey: Journey, values: dict[str, Any], submission: uuid.UUID, by: Person) -> Any:
    """Add a piece and return it; raise TooMany or JourneyAlreadyClosed.

    The same form sent twice adds one. Sent again with other words (somebody has come back to
    it), it adds another: nothing that was typed is lost.
    """
    with transaction():
        _hold(journey)
        known: Any = model.by_id_with_people(submission)
        if known is not None and known.journey_id == journey.id and _same(known, values):
            return known
        if model.count_of(journey) >= model.maximum:
            raise TooMany
        piece: Any = model(id=submission if known is None else uuid.uuid4(), journey=journey, written_by=by, saved_by=by)  # type: ignore[call-arg]
        _fill(piece, values)
        piece.save(force_insert=True)
        record(SAVED[type(piece)], person=by, journey_id=journey.id, subject_id=piece.id)
    return piece


def save(*, piece: Any, values: dict[str, Any], base: int, by: Person) -> None:
    """Save a piece as the version after `base`; raise Overtaken, Gone or JourneyAlreadyClosed. The same words again are none."""
    with transaction():
        current = _held(piece)
        if _same(current, values):
            return
        if current.revision != base:
            raise Overtaken(current)
        _fill(current, values)
        current.revision, current.saved_by, current.saved_at = base + 1, by, now()
        current.save()
        record(SAVED[type(piece)], person=by, journey_id=piece.journey_id, subject_id=piece.id)


def remove(*, piece: Any, base: int, by: Person) -> None:
    """Remove a piece that was read at version `base`; raise Overtaken, Gone or JourneyAlreadyClosed. Skills outlive experiences."""
    with transaction():
        current = _held(piece)
        if current.revision != base:
            raise Overtaken(current)
        current.delete_instance()
        record(REMOVED[type(piece)], person=by, journey_id=piece.journey_id, subject_id=piece.id)


def move_experience(*, journey: Journey, experience_id: uuid.UUID, up: bool, by: Person) -> tuple[Experience, int]:
    """Put an experience one place higher or lower; return it and its place from 1. Raise Gone or JourneyAlreadyClosed."""
    with transaction():
        _hold(journey)
        ranked = in_order(Experience.of_journey(journey))
        found = next((one for one in ranked if one.id == experience_id), None)
        if found is None:
            raise Gone
        after = moved(ranked, found, up=up)
        if after != ranked:
            for place, experience in enumerate(after, start=1):
                if experience.place != place:
                    Experience.update(place=place).where(Experience.id == experience.id).execute()
            record(Event.EXPERIENCES_ORDERED, person=by, journey_id=journey.id, subject_id=found.id)
    return found, after.index(found) + 1


def order_by_dates(*, journey: Journey, by: Person) -> None:
    """Give the experiences back the order of their dates; raise JourneyAlreadyClosed."""
    with transaction():
        _hold(journey)
        if Experience.update(place=None).where(Experience.journey == journey.id, ~Experience.place.is_null()).execute():
            record(Event.EXPERIENCES_ORDERED, person=by, journey_id=journey.id)


def _hold(journey: Journey) -> None:
    """Let nobody else write this journey's path before the end of the transaction, nor close the journey under it."""
    if not Journey.update(phase=Journey.phase).where(Journey.id == journey.id, Journey.phase != Phase.CLOSED).execute():
        raise JourneyAlreadyClosed


def _held(piece: Any) -> Any:
    _hold(piece.journey)
    current = type(piece).by_id_with_people(piece.id)
    if current is None:
        raise Gone
    return current


def _same(piece: Any, values: dict[str, Any]) -> bool:
    return all(getattr(piece, name) == value for name, value in values.items())


def _fill(piece: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(piece, name, value)
    # What the form offered may have been removed meanwhile.
    if values.get("experience_id") and not Experience.select().where(Experience.id == values["experience_id"]).exists():
        piece.experience_id = None
