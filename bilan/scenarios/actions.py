"""What the agent alone says of a scenario: her words, and its place among the others."""

from bilan.database import transaction
from bilan.journal import Event, record
from bilan.people.models import Person
from bilan.pieces.actions import Gone, Overtaken, hold
from bilan.scenarios.models import Scenario
from bilan.scenarios.rules import Priority


def choose(*, scenario: Scenario, priority: Priority, words: str, base: int, by: Person) -> None:
    """Let the agent say what she thinks of a scenario, on her version `base`; raise Overtaken, Gone or JourneyAlreadyClosed."""
    wanted = {"priority": priority.value, "words": words}
    with transaction():
        hold(scenario.journey)
        current = Scenario.by_id_with_people(scenario.id)
        if current is None:
            raise Gone
        if current.own == wanted:
            return
        if current.own_revision != base:
            raise Overtaken(current)
        current.own, current.own_revision = wanted, base + 1
        current.save()
        record(Event.SCENARIO_CHOSEN, person=by, journey_id=scenario.journey_id, subject_id=scenario.id)
