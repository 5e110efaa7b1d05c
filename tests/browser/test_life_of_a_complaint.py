"""A complaint from four sides: the counsellor who logs it, the secretariat with a file, the manager who answers, the complainant who judges the answer."""

import files
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


def log_a_call(live, page, javascript):
    page.goto(path_of(live, "journeys.index"))
    page.get_by_role("link", name="Consigner une réclamation").click()
    press(page, "Consigner")
    expect(page.locator("[data-error-summary]")).to_contain_text("Choisissez comment cela vous est arrivé.")
    look(page, javascript)
    page.get_by_label("Comment c’est arrivé").select_option("Téléphone")
    page.get_by_label("Le nom de la personne").fill("Odile Perrin")
    page.get_by_label("Son adresse e-mail").fill("odile@exemple.fr")
    page.get_by_label("Son lien avec le service").select_option("agent")
    page.get_by_label("Que s’est-il passé").fill("La rampe de l’escalier bouge.")
    press(page, "Consigner")
    expect(page.locator("h1")).to_have_text("La réclamation est consignée")


def join_a_photograph(live, page, complaint, javascript):
    page.goto(path_of(live, "treatment.index"))
    page.get_by_role("link", name=complaint.reference).click()
    page.get_by_label("Texte").fill("Le gardien envoie une photo.")
    page.get_by_label("Un fichier").set_input_files({"name": "rampe.jpg", "mimeType": "image/jpeg", "buffer": files.image("JPEG")})
    press(page, "Enregistrer")
    expect(page.locator("main")).to_contain_text("rampe.jpg")
    look(page, javascript)


@pytest.mark.parametrize("javascript", [True, False], ids=["with", "without"])
def test_logged_answered_looked_at_again_and_judged(live, page_of, story, manager, javascript):
    counsellor = page_of(story.counsellor, javascript=javascript, width=320)
    log_a_call(live, counsellor, javascript)
    with live.within():
        complaint = Complaint.get()
        link = follow_up_link(complaint).split("/", 3)[3]

    join_a_photograph(live, page_of(story.secretariat, javascript=javascript), complaint, javascript)
    desk = page_of(manager, javascript=javascript)
    desk.goto(path_of(live, "treatment.index"))
    desk.get_by_role("link", name=complaint.reference).click()
    look(desk, javascript)
    with desk.expect_download() as taken:
        desk.get_by_role("link", name="rampe.jpg").click()
    assert taken.value.path().read_bytes()[:3] == b"\xff\xd8\xff"
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
        expect(visitor.locator("main")).not_to_contain_text("rampe.jpg")
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
