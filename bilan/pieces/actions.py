"""Writing a piece: it is added, saved, removed, by one of the two people of an open bilan."""

import uuid
from typing import Any

from bilan.database import now, transaction
from bilan.journal import record
from bilan.journeys.actions import JourneyAlreadyClosed
from bilan.journeys.models import Journey
from bilan.journeys.rules import Phase
from bilan.people.models import Person
from bilan.pieces.models import Piece


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
        hold(journey)
        known: Any = model.by_id_with_people(submission)
        if known is not None and known.journey_id == journey.id and _same(known, values):
            return known
        if model.count_of(journey) >= model.maximum:
            raise TooMany
        piece: Any = model(id=submission if known is None else uuid.uuid4(), journey=journey, written_by=by, saved_by=by)
        piece.take(values)
        piece.save(force_insert=True)
        record(piece.saved_event, person=by, journey_id=journey.id, subject_id=piece.id)
    return piece


def save(*, piece: Any, values: dict[str, Any], base: int, by: Person) -> None:
    """Save a piece as the version after `base`; raise Overtaken, Gone or JourneyAlreadyClosed. The same words again are none."""
    with transaction():
        current = _held(piece)
        if _same(current, values):
            return
        if current.revision != base:
            raise Overtaken(current)
        current.take(values)
        current.revision, current.saved_by, current.saved_at = base + 1, by, now()
        current.save()
        record(piece.saved_event, person=by, journey_id=piece.journey_id, subject_id=piece.id)


def remove(*, piece: Any, base: int, by: Person) -> None:
    """Remove a piece that was read at version `base`; raise Overtaken, Gone or JourneyAlreadyClosed."""
    with transaction():
        current = _held(piece)
        if current.revision != base:
            raise Overtaken(current)
        current.delete_instance()
        record(piece.removed_event, person=by, journey_id=piece.journey_id, subject_id=piece.id)


def hold(journey: Journey) -> None:
    """Let nobody else write this journey's pieces before the end of the transaction, nor close the journey under it."""
    if not Journey.update(phase=Journey.phase).where(Journey.id == journey.id, Journey.phase != Phase.CLOSED).execute():
        raise JourneyAlreadyClosed


def _held(piece: Any) -> Any:
    hold(piece.journey)
    current = type(piece).by_id_with_people(piece.id)
    if current is None:
        raise Gone
    return current


def _same(piece: Any, values: dict[str, Any]) -> bool:
    return all(getattr(piece, name) == value for name, value in values.items())
