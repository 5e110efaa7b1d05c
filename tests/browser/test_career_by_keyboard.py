"""On a phone, without a mouse: an experience is written, moved among the others, and a skill is looked for."""

import re

import pytest
from browser.deeds import COUNT_SAVES, focused, no_request, past_header, path_of, send, tab_to, told
from browser.looking import axe_faults
from factories import make_experience, make_skill
from playwright.sync_api import expect

from bilan.careers.models import Experience
from bilan.careers.rules import in_order

pytestmark = pytest.mark.browser


@pytest.fixture
def page(live, page_of, story):
    with live.within():
        for year, position in ((2001, "Serveuse"), (2008, "Vendeuse")):
            make_experience(story.journey, position=position, starts=str(year), ends=str(year + 2))
        make_skill(story.journey, name="Servir", to_develop=True)
        make_skill(story.journey, name="Vendre", proof="Le marché.")
    page = page_of(story.agent, width=320)
    page.goto("/mon-bilan")
    return page


def order(live, story):
    with live.within():
        return [one.content["position"] for one in in_order(Experience.of_journey(story.journey))]


def test_an_experience_is_written_and_moved_by_keyboard(live, page, story):
    past_header(page)
    tab_to(page, "Pages du bilan")
    page.keyboard.press("Enter")
    for link, title in (("Parcours", "Parcours professionnel"), ("Ajouter une expérience", "Ajouter une expérience")):
        tab_to(page, link)
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text(title)
        past_header(page)
    send(page, "Enregistrer")
    assert "Indiquez le poste" in told(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert focused(page) == "position"
    assert axe_faults(page) == []
    page.locator("#position").focus()
    page.keyboard.type("Jardinière")
    tab_to(page, "starts")
    page.keyboard.type("mars 2015")
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("C’est enregistré.")
    expect(page.locator(".timeline h2")).to_have_text(["Jardinière", "Vendeuse", "Serveuse"])
    past_header(page)
    tab_to(page, "Changer l’ordre")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Ordre des expériences")
    past_header(page)
    tab_to(page, "down-")
    button = focused(page)
    for place in (2, 3, 3):
        page.keyboard.press("Enter")
        expect(page.locator("#status-order")).to_contain_text(f"« Jardinière » est en position {place}.")
        assert focused(page) == button, "the focus follows the experience"
    expect(page.locator("#order strong")).to_have_text(["Vendeuse", "Serveuse", "Jardinière"])
    assert order(live, story) == ["Vendeuse", "Serveuse", "Jardinière"]


def test_skills_are_looked_for_while_one_types(live, page, story):
    page.goto(path_of(live, "careers.skills", id=story.journey.id, way="mon-bilan"))
    past_header(page)
    tab_to(page, "Chercher parmi les compétences")
    page.keyboard.press("Enter")
    tab_to(page, "q")
    page.keyboard.type("march")
    expect(page.locator("#skills-count")).to_have_text("1 compétence sur 2")
    expect(page.locator("#skills h4")).to_have_text(["Vendre"])
    assert focused(page) == "q"
    expect(page).to_have_url(re.compile("q=march"))
    assert axe_faults(page) == []
    page.evaluate(COUNT_SAVES)
    page.locator("#q").focus()
    page.keyboard.press("Tab")
    no_request(page)
    page.reload()
    expect(page.locator("#skills h4")).to_have_text(["Vendre"])
    page.locator("#q").fill("")
    page.get_by_label("À développer").check()
    expect(page.locator("#skills h4")).to_have_text(["Servir"])
