"""On a phone, without a mouse: an occupation is looked for while one types; an experience is linked to the one that it was."""

import re

import pytest
from browser.deeds import past_header, path_of, send, tab_to
from browser.looking import axe_faults
from browser.test_fragment_is_the_page import reloaded, shapes
from factories import make_experience
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def page(live, page_of, story):
    with live.within():
        make_experience(story.journey, position="Jardinière des espaces verts")
    return page_of(story.agent, width=320)


def test_an_occupation_is_looked_for_while_one_types(live, page, story):
    page.goto(path_of(live, "occupations.index", id=story.journey.id, way="mon-bilan"))
    at_first = shapes(page, ["#occupations", "#occupations-count"])
    past_header(page)
    tab_to(page, "q")
    page.keyboard.type("bibliothec")
    expect(page.locator("#occupations-count")).to_have_text("1 métier")
    expect(page.locator("#occupations h2")).to_have_text(["Bibliothécaire"])
    expect(page).to_have_url(re.compile("q=bibliothec"))
    assert page.evaluate("document.activeElement.id") == "q", "the focus stays where one types"
    after = shapes(page, ["#occupations", "#occupations-count"])
    assert after == shapes(reloaded(page), ["#occupations", "#occupations-count"])
    assert after != at_first
    assert axe_faults(page) == []
    tab_to(page, "Bibliothécaire")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Bibliothécaire")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_an_experience_is_linked_by_keyboard(live, page, story):
    page.goto(path_of(live, "careers.path", id=story.journey.id, way="mon-bilan"))
    past_header(page)
    tab_to(page, "Relier à un métier")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Relier à un métier")
    past_header(page)
    tab_to(page, "occupation=")
    page.keyboard.press("ArrowDown")
    assert axe_faults(page) == []
    send(page, "Enregistrer", status=200)
    expect(page.locator("#messages")).to_contain_text("C’est enregistré.")
    expect(page.locator(".timeline")).to_contain_text("Changer le métier")
