"""The order of the experiences, which is theirs to choose, and the occupation that one is linked to."""

import uuid

from bilan.careers.models import Experience
from bilan.careers.rules import in_order, moved
from bilan.database import transaction
from bilan.journal import Event, record
from bilan.journeys.models import Journey
from bilan.people.models import Person
from bilan.pieces.actions import Gone, hold


def move_experience(*, journey: Journey, experience_id: uuid.UUID, up: bool, by: Person) -> tuple[Experience, int]:
    """Put an experience one place higher or lower; return it and its place from 1. Raise Gone or JourneyAlreadyClosed."""
    with transaction():
        hold(journey)
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
        hold(journey)
        if Experience.update(place=None).where(Experience.journey == journey.id, ~Experience.place.is_null()).execute():
            record(Event.EXPERIENCES_ORDERED, person=by, journey_id=journey.id)


def link_experience(*, experience: Experience, occupation_id: uuid.UUID | None, by: Person) -> None:
    """Link an experience to an occupation, or to none; raise Gone or JourneyAlreadyClosed. What is written of it is not touched."""
    with transaction():
        hold(experience.journey)
        current = Experience.by_id_with_people(experience.id)
        if current is None:
            raise Gone
        linked = str(occupation_id) if occupation_id else None
        if current.occupation != linked:
            current.occupation = linked
            current.save(only=[Experience.occupation])
            record(Event.EXPERIENCE_SAVED, person=by, journey_id=experience.journey_id, subject_id=experience.id)
