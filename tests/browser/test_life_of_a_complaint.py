"""A complaint from three sides: the counsellor who logs it, the secretariat that answers, the complainant who judges the answer."""

import pytest
from browser.deeds import path_of
from browser.looking import axe_faults
from factories import make_person
from playwright.sync_api import expect

from bilan.complaints.actions import follow_up_link
from bilan.complaints.models import Complaint
from bilan.people.models import Role

pytestmark = pytest.mark.browser


@pytest.fixture
def manager(live, story):
    with live.within():
        return make_person(Role.MANAGER, name="Stéphanie Faure")


def press(page, words):
    page.get_by_role("button", name=words, exact=True).click()


def look(page, javascript):
    if javascript:
        assert axe_faults(page) == []


@pytest.mark.parametrize("javascript", [True, False], ids=["with", "without"])
def test_logged_answered_looked_at_again_and_judged(live, page_of, story, manager, javascript):
    counsellor = page_of(story.counsellor, javascript=javascript, width=320)
    counsellor.goto(path_of(live, "journeys.index"))
    counsellor.get_by_role("link", name="Consigner une réclamation").click()
    press(counsellor, "Consigner")
    expect(counsellor.locator("[data-error-summary]")).to_contain_text("Choisissez comment cela vous est arrivé.")
    look(counsellor, javascript)
    counsellor.get_by_label("Comment c’est arrivé").select_option("Téléphone")
    counsellor.get_by_label("Le nom de la personne").fill("Odile Perrin")
    counsellor.get_by_label("Son adresse e-mail").fill("odile@exemple.fr")
    counsellor.get_by_label("Son lien avec le service").select_option("agent")
    counsellor.get_by_label("Que s’est-il passé").fill("La rampe de l’escalier bouge.")
    press(counsellor, "Consigner")
    expect(counsellor.locator("h1")).to_have_text("La réclamation est consignée")
    with live.within():
        complaint = Complaint.get()
        link = follow_up_link(complaint).split("/", 3)[3]

    desk = page_of(manager, javascript=javascript)
    desk.goto(path_of(live, "treatment.index"))
    desk.get_by_role("link", name=complaint.reference).click()
    look(desk, javascript)
    desk.get_by_label("Texte").fill("Vu avec le gardien.")
    press(desk, "Enregistrer")
    expect(desk.locator("main")).to_contain_text("Vu avec le gardien.")

    visitor = page_of(javascript=javascript, width=320)
    for rank, answer in enumerate(("Elle est réparée.", "Elle est remplacée.")):
        desk.get_by_role("link", name="Répondre et clore").click()
        press(desk, "Envoyer la réponse et clore")
        assert desk.locator("[data-error-summary] li").count() == 4
        look(desk, javascript)
        desk.get_by_label("La réponse à la personne").fill(answer)
        desk.get_by_label("Mesure corrective").check()
        desk.get_by_label("Oui").check()
        desk.get_by_label("Laquelle, ou pourquoi aucune").fill("Contrôle chaque mois.")
        press(desk, "Envoyer la réponse et clore")
        visitor.goto(f"/{link}")
        expect(visitor.locator("main")).to_contain_text(answer)
        expect(visitor.locator("main")).not_to_contain_text("gardien")
        look(visitor, javascript)
        if rank == 0:
            visitor.get_by_label("Non, je demande un nouvel examen").check()
            visitor.get_by_label("Vos mots").fill("Elle bouge encore.")
            press(visitor, "Donner mon avis")
            expect(visitor.locator("main")).to_contain_text("rouverte")
            desk.reload()
    expect(visitor.get_by_label("Non, je demande un nouvel examen")).to_have_count(0)
    visitor.get_by_label("Oui").check()
    press(visitor, "Donner mon avis")
    expect(visitor.locator("main")).to_contain_text("La réponse convient.")
    counsellor.goto(path_of(live, "treatment.show", id=complaint.id))
    expect(counsellor.locator("main")).not_to_contain_text("rampe")
