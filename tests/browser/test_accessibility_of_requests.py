"""The pages of the way to the first interview that only a fault, or a moment, brings: accessible as well."""

import pytest
from browser.deeds import path_of, send, told
from browser.looking import look
from factories import fill_grid, make_employer, make_interview, make_journey, make_person, make_prescription
from playwright.sync_api import expect

from bilan.journeys.models import Journey
from bilan.people.models import Role
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import State
from bilan.proposals.actions import invite_agent

pytestmark = pytest.mark.browser


@pytest.fixture
def commune(live):
    with live.within():
        return make_employer("Commune de Renaison")


def test_the_pages_of_a_request_lead_to_what_must_be_corrected(live, page_of, commune):
    with live.within():
        hr = make_person(Role.HR, employer=commune)
        draft = make_prescription(State.DRAFT, employer=commune, author=hr, status="", category="", motive="", french="", mode="")
    page = page_of(hr)
    page.goto("/prescriptions/nouvelle")
    send(page, "Continuer")
    assert "Indiquez l’adresse e-mail de l’agent." in told(page)
    assert look(page) == []
    for step, words in (("situation", "Choisissez le statut."), ("demande", "Choisissez le motif"), ("modalites", "Choisissez le lieu")):
        page.goto(path_of(live, "prescriptions.step", id=draft.id, step=step))
        send(page, "Continuer")
        assert words in told(page)
        assert look(page) == []
    page.goto(path_of(live, "prescriptions.check", id=draft.id))
    send(page, "Envoyer la demande")
    assert "Il manque une réponse" in told(page)
    assert look(page) == []


def test_a_proposal_that_waits_is_declined_and_what_follows_is_read(live, page_of, commune):
    with live.within():
        agent = make_person(Role.AGENT, employer=commune)
        prescription = make_prescription(State.RECEIVED, employer=commune)
        Prescription.update(agent_email=agent.email).where(Prescription.id == prescription.id).execute()
        invite_agent(prescription_id=prescription.id, by=None)
    page = page_of(agent)
    expect(page.locator("h1")).to_have_text("Un bilan professionnel vous est proposé")
    assert look(page) == []
    page.get_by_role("link", name="Je préfère refuser").click()
    assert look(page) == []
    page.get_by_role("button", name="Je refuse la proposition").click()
    expect(page.locator(".lead")).to_contain_text("Votre service RH n’en connaît pas la raison.")
    assert look(page) == []
    assert page.goto("/mon-bilan/proposition/refus").status == 409
    assert look(page) == []


def test_an_exceeded_delay_and_a_choice_of_referent_lead_to_what_must_be_corrected(live, page_of, commune):
    with live.within():
        secretariat = make_person(Role.SECRETARIAT)
        make_person(Role.COUNSELLOR, name="Claire Monnet")
        late = make_prescription(State.INVITED, employer=commune, received_days_ago=30)
    page = page_of(secretariat)
    page.goto(path_of(live, "reception.show", id=late.id))
    send(page, "Enregistrer la raison")
    assert "Choisissez la raison du dépassement." in told(page)
    assert look(page) == []
    page.goto(path_of(live, "reception.assign", id=late.id))
    send(page, "Confier le bilan")
    assert "Choisissez une personne." in told(page)
    assert look(page) == []


def test_two_tabs_on_the_grid_meet_and_a_decision_is_led(live, page_of, commune):
    with live.within():
        journey = Journey.by_id_with_people(make_journey(employer=commune).id)
        make_interview(journey)
    first = page_of(journey.counsellor)
    first.goto(path_of(live, "diagnostics.show", id=journey.id))
    with live.within():
        fill_grid(journey, demand="Écrit ailleurs.")
    first.locator("#demand").fill("Écrit ici.")
    expect(first.locator("#status-grid")).to_contain_text("cette grille a été enregistrée ailleurs")
    assert look(first) == []
    send(first, "Enregistrer la grille", 409)
    told(first)
    expect(first.locator("#other-demand")).to_have_value("Écrit ailleurs.")
    expect(first.locator("#demand")).to_have_value("Écrit ici.")
    assert look(first) == []
    first.goto(path_of(live, "diagnostics.decide", id=journey.id))
    send(first, "Enregistrer la décision")
    assert "Choisissez une décision." in told(first)
    assert look(first) == []
