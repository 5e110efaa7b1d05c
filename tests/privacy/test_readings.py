"""Who of the centre read what: a line a day, that the agent reads, and that never stops a page."""

import pytest
from client import Browser
from edges import replace_referent
from guarantees.test_reading import refuse_writes

from bilan.readings.actions import KNOWN
from bilan.readings.models import Reading


def rooms(world):
    return sorted((one.person.display_name, one.room) for one in Reading.of_journey(world.home.journey.id))


def test_the_first_reading_of_a_day_is_a_line_that_the_agent_reads(world):
    counsellor, path = world.browser("counsellor"), f"/parcours/{world.home.journey.id}"
    for _ in range(2):
        counsellor.get(f"{path}/messages")
        world.app.extensions[KNOWN].clear()  # another process, which remembers nothing
    counsellor.get(f"/parcours/entretiens/{world.home.held.id}")
    assert rooms(world) == [("Prénom counsellor", "interviews"), ("Prénom counsellor", "messages")]
    page = world.browser("agent").get("/mes-donnees/journal")
    page.has("A ouvert, pour la première fois ce jour-là : vos messages", "un entretien et ses notes", "Prénom counsellor")


def test_the_agent_and_those_who_see_dates_only_are_not_noted(world):
    world.browser("agent").get(f"/mon-bilan/{world.home.journey.id}/messages")
    world.browser("hr").get(f"/prescriptions/{world.home.journey.id}")
    world.browser("secretariat").get(f"/secretariat/prescriptions/{world.home.journey.id}")
    assert rooms(world) == []


def test_a_replacement_and_the_disability_referent_are_noted(world):
    replace_referent(world)
    world.browser("other_counsellor").get(f"/parcours/{world.home.journey.id}/resultats")
    world.browser("disability_referent").get(f"/adaptations/{world.home.adaptation.id}")
    assert rooms(world) == [("Prénom disability_referent", "measures"), ("Prénom other_counsellor", "results")]


def test_a_refused_page_is_no_reading(world):
    world.browser("other_counsellor").get(f"/parcours/{world.home.journey.id}/messages", status=404)
    assert rooms(world) == []


@pytest.mark.parametrize("path", ["messages", "resultats"])
def test_a_page_is_read_where_nothing_can_be_written(world, path):
    refuse_writes(world.app)
    world.browser("counsellor").get(f"/parcours/{world.home.journey.id}/{path}")
    Browser(world.app).get("/")
    assert rooms(world) == []
