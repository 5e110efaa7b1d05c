"""On a phone, without a mouse: a scenario is weighed, a step of the plan is written and moved on."""

import pytest
from browser.deeds import fits, focused, follow, past_header, path_of, send, tab_to, told
from browser.looking import axe_faults
from browser.test_fragment_is_the_page import reloaded, shapes
from factories import make_scenario, make_step
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def page(page_of, story):
    return page_of(story.agent, width=320)


def test_a_scenario_is_weighed_by_keyboard(live, page, story):
    page.goto(path_of(live, "scenarios.new", id=story.journey.id, way="mon-bilan"))
    past_header(page)
    tab_to(page, "title")
    page.keyboard.type("Travailler dehors")
    tab_to(page, "Pertinence")
    page.keyboard.press("Enter")
    tab_to(page, "interests_mark=")
    for mark in ("1", "2", "3"):
        page.keyboard.press("ArrowDown")
        assert focused(page) == f"interests_mark={mark}"
    assert axe_faults(page) == []
    send(page, "Enregistrer", status=422)
    assert "Expliquez cette note en une phrase." in told(page)
    page.locator("[data-error-summary] a").press("Enter")
    assert focused(page) == "interests_sentence"
    page.keyboard.type("Le grand air.")
    send(page, "Enregistrer", status=200)
    expect(page.locator("#messages")).to_contain_text("C’est enregistré.")
    expect(page.locator(".scenario")).to_contain_text("Le grand air.")
    assert fits(page)
    follow(page, "Donner mon avis")
    past_header(page)
    tab_to(page, "words")
    page.keyboard.type("Cela me donne envie.")
    tab_to(page, "priority=")
    page.keyboard.press("Space")
    assert axe_faults(page) == []
    send(page, "Enregistrer", status=200)
    expect(page.locator(".scenario blockquote")).to_have_text("Cela me donne envie.")


def test_scenarios_that_are_weighed_have_their_picture_on_a_phone(live, page, story):
    with live.within():
        for mark in ("2", "4"):
            make_scenario(story.journey, marks=mark)
    page.goto(path_of(live, "scenarios.index", id=story.journey.id, way="mon-bilan"))
    expect(page.locator("#scenarios-axes .chart-shape")).to_have_count(2)
    assert fits(page)
    assert axe_faults(page) == []


def test_a_step_is_written_and_moved_on_by_keyboard(live, page, story):
    with live.within():
        make_step(story.journey, action="Appeler")
    page.goto(path_of(live, "plans.new", id=story.journey.id, way="mon-bilan"))
    past_header(page)
    tab_to(page, "action")
    page.keyboard.type("Visiter la pépinière")
    assert axe_faults(page) == []
    send(page, "Enregistrer", status=200)
    expect(page.locator("#messages")).to_contain_text("C’est enregistré.")
    at_first = shapes(page, ["#plan"])
    past_header(page)
    tab_to(page, "etat-doing-")
    pressed = focused(page)
    page.keyboard.press("Enter")
    expect(page.locator("#status-plan")).to_contain_text("en cours")
    expect(page.locator(f"#{pressed}")).to_have_attribute("aria-pressed", "true")
    assert focused(page) == pressed, "the focus stays on what was pressed"
    after = shapes(page, ["#plan"])
    assert after == shapes(reloaded(page), ["#plan"])
    assert after != at_first
    assert axe_faults(page) == []
    assert fits(page)
