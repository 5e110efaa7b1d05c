"""Pages under every display preference at once, on the narrowest phone: nothing is cut, nothing is pale, every target is wide."""

import pytest
from browser.deeds import path_of
from browser.looking import SIDEWAYS, axe_faults, focus_faults
from factories import make_scenario

from bilan.people.models import Person
from bilan.people.rules import Display

pytestmark = pytest.mark.browser
EVERYTHING = {"text": "larger", "typeface": "readable", "spacing": "wide", "contrast": "strong", "wide_targets": True, "no_motion": True}
# Boxes, bars, forms, tables, a picture: what letters twice as large push at.
PAGES = ("journeys.mine", "scenarios.index", "scenarios.new", "leads.index", "disclosure.index", "agenda.choose", "people.display")


@pytest.fixture
def prefers(live, story):
    """Let the agent prefer something."""

    def choose(**chosen):
        with live.within():
            Person.update(preferences=Display(**chosen).dump()).where(Person.id == story.agent.id).execute()

    return choose


def addresses(live, story):
    for endpoint in PAGES:
        takes = {"way": "mon-bilan", "id": story.journey.id}
        if endpoint in live.app.view_functions:
            rule = next(iter(live.app.url_map.iter_rules(endpoint)))
            yield path_of(live, endpoint, **{name: value for name, value in takes.items() if name in rule.arguments})


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_preference_at_once(live, page_of, story, prefers, theme):
    prefers(theme=theme, **EVERYTHING)
    with live.within():
        make_scenario(story.journey, marks="3")
    page = page_of(story.agent, width=320)
    faults = {}
    for address in addresses(live, story):
        page.goto(address)
        assert page.locator("html[data-contrast=strong][data-spacing=wide][data-targets=wide][data-motion=none]").count() == 1
        faults[address] = [*axe_faults(page), *page.evaluate(SIDEWAYS), *focus_faults(page)]
    assert len(faults) >= 6
    assert not {address: found for address, found in faults.items() if found}


def test_wide_targets_are_wider_and_nothing_moves(live, page_of, story, prefers):
    page = page_of(story.agent, width=320)
    height = "() => document.querySelector('main .button').getBoundingClientRect().height"
    moves = "() => getComputedStyle(document.querySelector('.menu')).transitionDuration"
    page.goto("/affichage")
    usual = page.evaluate(height)
    prefers(wide_targets=True, no_motion=True)
    page.goto("/affichage")
    assert page.evaluate(height) >= usual + 8
    page.get_by_role("button", name="Menu").click()
    assert page.evaluate(moves) in ("0s", "")
