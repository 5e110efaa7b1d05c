"""The pages of the accompaniment that only a fault, a warning or a moment brings: accessible as well."""

import datetime

import pytest
from browser.deeds import path_of, send, told
from browser.looking import look
from factories import commit, make_interview, make_journey, propose_programme
from playwright.sync_api import expect

from bilan.followup.actions import write_midway
from bilan.french import to_paris
from bilan.interviews.models import Interview

pytestmark = pytest.mark.browser


@pytest.fixture
def journey(live):
    """A bilan on its way."""
    with live.within():
        journey = make_journey()
        make_interview(journey)
        propose_programme(journey)
        return commit(journey)


def test_what_a_counsellor_does_wrong_leads_to_what_must_be_corrected(live, page_of, journey):
    page = page_of(journey.counsellor)
    for endpoint, button, words in (
        ("interviews.log", "Noter cet entretien", "Dites pourquoi il est noté après coup."),
        ("followup.suspend", "Mettre en pause", "Indiquez la date de reprise."),
        ("followup.interrupt", "Interrompre le bilan", "Dites qui interrompt le bilan."),
    ):
        page.goto(path_of(live, endpoint, id=journey.id))
        send(page, button)
        assert words in told(page)
        assert look(page) == []
    page.goto(path_of(live, "interviews.plan", id=journey.id))
    page.get_by_label("Date").fill((to_paris(Interview.get().starts_at).date() + datetime.timedelta(days=40)).isoformat())
    page.get_by_label("Heure de début").fill("10:00")
    page.get_by_label("Durée prévue").select_option("45")
    send(page, "Enregistrer l’entretien", 200)
    assert "est prévu pour 45\u00a0min" in told(page)
    assert look(page) == []
    send(page, "Enregistrer quand même", 200)
    expect(page.locator("#messages")).to_contain_text("Entretien noté")


def test_two_tabs_on_the_mid_way_review_meet(live, page_of, journey):
    page = page_of(journey.agent, width=320)
    page.goto(path_of(live, "followup.midway", id=journey.id, way="mon-bilan"))
    send(page, "Enregistrer")
    assert "Écrivez au moins une chose" in told(page)
    page.get_by_label("Ce qui vous est utile").fill("Écrit ici.")
    with live.within():
        write_midway(journey=journey, content={"useful": "Écrit ailleurs.", "adjust": "", "pace": ""}, base=0, by=journey.agent)
    send(page, "Enregistrer", 409)
    told(page)
    expect(page.locator("main")).to_contain_text("Écrit ailleurs.")
    expect(page.get_by_label("Ce qui vous est utile")).to_have_value("Écrit ici.")
    assert look(page) == []
