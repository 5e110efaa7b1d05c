"""The agent, her counsellor and the HR officer: what is chosen is read before, read there, noted, and gone when it is revoked."""

import pytest
from browser.deeds import path_of
from browser.looking import axe_faults
from factories import make_person
from playwright.sync_api import expect

from bilan.people.models import Role

pytestmark = pytest.mark.browser
TEXT = "Une formation bureautique de trois jours."


@pytest.fixture
def officer(live, story):
    with live.within():
        return make_person(Role.HR, name="Noé Vidal", employer=story.journey.employer)


def press(page, words):
    page.get_by_role("button", name=words, exact=True).click()


@pytest.mark.parametrize("javascript", [True, False], ids=["with", "without"])
def test_what_hr_reads_is_what_the_agent_has_read(live, page_of, story, officer, javascript):
    counsellor = page_of(story.counsellor, javascript=javascript)
    counsellor.goto(path_of(live, "disclosure.new_statement", id=story.journey.id, way="parcours"))
    counsellor.get_by_label("Besoins de formation").check()
    counsellor.get_by_label("Le texte, tel que le service RH le lirait").fill(TEXT)
    press(counsellor, "Enregistrer")
    hr = page_of(officer, javascript=javascript, width=320)
    hr.goto(path_of(live, "disclosure.received"))
    expect(hr.locator("main")).to_contain_text("Rien ne vous est communiqué pour l’instant.")

    agent = page_of(story.agent, javascript=javascript, width=320)
    agent.goto(path_of(live, "disclosure.index", id=story.journey.id, way="mon-bilan"))
    agent.get_by_role("link", name="Préparer un accord").click()
    press(agent, "Voir comme le service RH")
    expect(agent.locator("[data-error-summary]")).to_contain_text("Cochez au moins un élément.")
    agent.get_by_label("Besoins de formation").check()
    agent.get_by_label("À qui").select_option("Noé Vidal")
    agent.get_by_label("Pour quoi faire").fill("préparer une mobilité")
    press(agent, "Voir comme le service RH")
    shown = agent.locator("main .card").inner_text()
    assert TEXT in shown
    if javascript:
        assert axe_faults(agent) == []
    press(agent, "Je donne mon accord")
    expect(agent.locator("main")).to_contain_text("Pas encore lu.")

    hr.reload()
    hr.get_by_role("link", name="Camille Roux").click()
    expect(hr.locator("main")).not_to_contain_text(TEXT)
    press(hr, "Lire")
    assert shown in hr.locator("main").inner_text()
    if javascript:
        assert axe_faults(hr) == []
    agent.reload()
    expect(agent.locator("main")).to_contain_text("Lu 1 fois")

    press(agent, "Retirer mon accord")
    expect(agent.locator("main")).to_contain_text("retiré le")
    address = hr.url
    assert hr.goto(address).status == 404
    hr.goto(path_of(live, "disclosure.received"))
    expect(hr.locator("main")).to_contain_text("Rien ne vous est communiqué pour l’instant.")
