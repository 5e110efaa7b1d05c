"""The pages of a bilan's end that need a review on its way, or a fault: accessible as well."""

import pytest
from browser.deeds import path_of, send, told
from browser.looking import look
from endings import assess, conclude, hold_review, make_review, report
from factories import make_employer, make_interview, make_journey, make_person, propose_programme
from playwright.sync_api import expect
from told import make_statement, tell

from bilan.interviews.models import Interview
from bilan.journeys.models import Journey
from bilan.people.models import Role

pytestmark = pytest.mark.browser


@pytest.fixture
def journey(live):
    """A bilan in its last phase, whose agent tells HR something."""
    with live.within():
        employer = make_employer()
        made = make_journey(employer=employer)
        make_interview(made)
        propose_programme(made)
        journey = conclude(Journey.by_id_with_people(made.id))
        journey.officer = make_person(Role.HR, employer=employer)
        tell(journey, journey.officer, f"text-{make_statement(journey).id}")
        return journey


def test_a_review_that_is_planned_then_reported(live, page_of, journey):
    with live.within():
        review = make_review(journey, days=6)
    agent, counsellor, hr = (page_of(one) for one in (journey.agent, journey.counsellor, journey.officer))
    agent.goto(path_of(live, "hr_review.show", id=journey.id, way="mon-bilan"))
    assert look(agent) == []
    hr.goto(path_of(live, "hr_review.meet", id=review.id))
    expect(hr.locator("main")).to_contain_text("Ordre du jour")
    assert look(hr) == []
    counsellor.goto(path_of(live, "hr_review.plan", id=review.id))
    counsellor.get_by_label("Date").fill("2020-01-06")
    send(counsellor, "Enregistrer et prévenir les trois personnes")
    assert "Choisissez une date à venir" in told(counsellor)
    assert look(counsellor) == []
    with live.within():
        review = hold_review(review)
    counsellor.goto(path_of(live, "hr_review.minutes", id=review.id))
    assert look(counsellor) == []
    with live.within():
        report(review, "Ce qui a été dit.")
    hr.reload()
    hr.get_by_role("button", name="Lire le compte rendu").click()
    expect(hr.locator("main")).to_contain_text("Ce qui a été dit.")
    assert look(hr) == []
    agent.reload()
    expect(agent.locator("main")).to_contain_text("Lu par")
    assert look(agent) == []


def test_what_is_missing_from_a_closing_is_said_and_led_to(live, page_of, journey):
    page = page_of(journey.counsellor, width=320)
    page.goto(path_of(live, "closing.assess", id=journey.id, way="parcours"))
    send(page, "Enregistrer mon avis")
    assert "Dites où en est cet objectif." in told(page)
    assert look(page) == []
    page.goto(path_of(live, "closing.close", id=journey.id))
    expect(page.locator("main")).to_contain_text("Ce bilan ne peut pas encore être clos")
    assert look(page) == []
    with live.within():
        Interview.update(outcome="cancelled", held_minutes=None).execute()
        assess(journey, journey.counsellor, "Faire le point.", level="reached")
    page.goto(path_of(live, "closing.close", id=journey.id))
    send(page, "Clore le bilan")
    assert "Écrivez la raison." in told(page)
    assert look(page) == []
