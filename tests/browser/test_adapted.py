"""The agent asks, the disability referent decides and puts in place, and the counsellor's form has her length."""

import pytest
from browser.deeds import path_of
from browser.looking import axe_faults
from factories import make_person
from playwright.sync_api import expect

from bilan.people.models import Role

pytestmark = pytest.mark.browser


@pytest.fixture
def referent(live):
    with live.within():
        return make_person(Role.DISABILITY_REFERENT, name="Alix Morel")


def press(page, words):
    page.get_by_role("button", name=words).first.click()


@pytest.mark.parametrize("javascript", [True, False], ids=["with", "without"])
def test_a_length_that_was_asked_for_is_the_one_that_is_planned(live, page_of, story, referent, javascript):
    agent = page_of(story.agent, javascript=javascript, width=320)
    desk = page_of(referent, javascript=javascript, width=1280)

    def look(*pages):
        if javascript:
            assert [fault for page in pages for fault in axe_faults(page)] == []

    agent.goto(path_of(live, "journeys.mine"))
    agent.get_by_role("link", name="Demander une adaptation").click()
    agent.get_by_role("link", name="Demander une adaptation").click()
    look(agent)
    press(agent, "Envoyer ma demande")
    expect(agent.locator("[data-error-summary]")).to_contain_text("Cochez au moins un besoin")
    look(agent)
    agent.get_by_label("Plus de temps").check()
    agent.get_by_label("Avec vos mots").fill("J’ai besoin de temps pour lire.")
    press(agent, "Envoyer ma demande")
    expect(agent.locator("main")).to_contain_text("à l’étude")

    desk.goto(path_of(live, "people.home"))
    look(desk)
    desk.get_by_role("link", name="Une personne accompagnée").click()
    expect(desk.locator("main")).to_contain_text("J’ai besoin de temps pour lire.")
    expect(desk.locator("main")).not_to_contain_text("Camille Roux")
    desk.get_by_role("link", name="Décider").click()
    desk.get_by_label("Accordée", exact=True).check()
    desk.get_by_label("Motif, que la personne lit").fill("C’est possible à chaque entretien.")
    look(desk)
    press(desk, "Enregistrer la décision")
    desk.get_by_role("link", name="La durée des entretiens").click()
    desk.get_by_label("Durée d’un entretien").select_option("150")
    look(desk)
    press(desk, "Ajouter la mesure")
    press(desk, "Dire qu’elle est en place")
    expect(desk.locator("main")).to_contain_text("à vérifier avec la personne")

    agent.reload()
    expect(agent.locator("main")).to_contain_text("Entretiens de 2 h 30")
    agent.get_by_label("Oui, cela me convient").check()
    press(agent, "Donner mon avis")
    look(agent)
    desk.reload()
    expect(desk.locator("main")).to_contain_text("Elle dit que cela lui convient.")
    look(desk)

    counsellor = page_of(story.counsellor, javascript=javascript)
    counsellor.goto(path_of(live, "interviews.plan", id=story.journey.id))
    assert counsellor.get_by_label("Durée prévue").input_value() == "150"
    expect(counsellor.locator("main")).not_to_contain_text("adaptation")
