"""The whole conclusion by three people, with JavaScript and without: from a scenario to the closed bilan."""

import datetime

import pytest
from browser.deeds import path_of
from factories import fill_grid, make_person
from playwright.sync_api import expect

from bilan import worker
from bilan.database import now
from bilan.french import to_paris
from bilan.interviews.actions import close_interview
from bilan.interviews.models import Interview
from bilan.interviews.rules import InterviewKind, Outcome
from bilan.journeys.models import Journey
from bilan.journeys.rules import Phase
from bilan.mail.models import Email
from bilan.people.models import Role
from bilan.prescriptions.models import Prescription

pytestmark = pytest.mark.browser
TITLE, STEP = "Une maison France services", "Appeler le centre de gestion"
SHARED = "Trois points sont partagés, le plan est confirmé."


@pytest.fixture
def officer(live, story):
    """The HR officer who prescribed; the bilan is in its last phase, its sessions held."""
    with live.within():
        person = make_person(Role.HR, name="Noé Vidal", employer=story.journey.employer)
        Prescription.update(author=person).where(Prescription.id == story.journey.id).execute()
        close_interview(interview=story.interview, outcome=Outcome.HELD, held_minutes=90, by=story.counsellor)
        fill_grid(story.journey, objectives="- Faire le point\n- Choisir une voie")
        moment = now()
        phases = {"phase": Phase.CONCLUSION, "accompaniment_at": moment, "conclusion_at": moment}
        Journey.update(**phases).where(Journey.id == story.journey.id).execute()
        return person


class Three:
    """The pages of the three, and where they go."""

    def __init__(self, live, story, page_of, officer, javascript):
        self.live, self.journey = live, story.journey
        self.agent = page_of(story.agent, javascript=javascript, width=320)
        self.counsellor = page_of(story.counsellor, javascript=javascript)
        self.hr = page_of(officer, javascript=javascript)

    def open(self, page, endpoint):
        way = "mon-bilan" if page is self.agent else "parcours"
        page.goto(path_of(self.live, endpoint, id=self.journey.id, way=way))


def press(page, words):
    page.get_by_role("button", name=words, exact=True).click()


def go(page, words):
    link = page.get_by_role("link", name=words).first
    menu = page.get_by_role("button", name="Menu")
    if menu.is_visible() and not link.is_visible():
        menu.click()
    link.click()


def says(page, text):
    expect(page.locator("main")).to_contain_text(text)


def write_scenario_and_plan(three):
    three.open(three.counsellor, "scenarios.new")
    three.counsellor.get_by_label("Titre du scénario").fill(TITLE)
    three.counsellor.get_by_label("Le premier pas", exact=False).last.fill("Rencontrer un agent d’accueil.")
    press(three.counsellor, "Enregistrer")
    three.open(three.agent, "scenarios.index")
    go(three.agent, "Donner mon avis")
    three.agent.get_by_label("Avec vos mots").fill("Cela me donne envie.")
    three.agent.locator("input[name=priority]").first.check()
    press(three.agent, "Enregistrer")
    three.open(three.agent, "plans.new")
    three.agent.get_by_label("Ce qu’il y a à faire").fill(STEP)
    three.agent.get_by_label("Pour quand").fill((now() + datetime.timedelta(days=40)).strftime("%Y-%m-%d"))
    press(three.agent, "Enregistrer")


def validate_synthesis(three):
    three.open(three.counsellor, "synthesis.show")
    press(three.counsellor, "Assembler le document")
    says(three.counsellor, TITLE)
    go(three.counsellor, "Proposer le document")
    press(three.counsellor, "Proposer le document")
    three.open(three.agent, "synthesis.show")
    go(three.agent, "Écrire vos observations")
    three.agent.locator("textarea").first.fill("Je m’y retrouve.")
    press(three.agent, "Enregistrer")
    go(three.agent, "Valider le document")
    press(three.agent, "Valider le document")
    three.open(three.counsellor, "synthesis.show")
    says(three.counsellor, "Je m’y retrouve.")
    go(three.counsellor, "Valider le document")
    press(three.counsellor, "Valider le document")
    says(three.counsellor, "Il ne change plus.")
    three.open(three.agent, "synthesis.show")
    press(three.agent, "PDF")
    with three.live.within():
        worker.run_pending()
    three.agent.reload()
    href = three.agent.locator("a[href$='document.pdf']").get_attribute("href")
    assert three.agent.request.get(href).body().startswith(b"%PDF")


def tell_hr(three):
    three.open(three.agent, "disclosure.agree")
    three.agent.get_by_label(f"Scénario : {TITLE}").check()
    three.agent.get_by_label("À qui").select_option("Noé Vidal")
    three.agent.get_by_label("Pour quoi faire").fill("préparer une mobilité")
    press(three.agent, "Voir comme le service RH")
    press(three.agent, "Je donne mon accord")
    three.hr.goto("/accueil")
    go(three.hr, "Restitutions")
    go(three.hr, "Camille Roux")
    press(three.hr, "Lire")
    says(three.hr, TITLE)
    expect(three.hr.locator("main")).not_to_contain_text(STEP)
    return three.hr.url


def review_with_hr(three, story):
    three.open(three.agent, "hr_review.propose")
    three.agent.get_by_label("Avec qui").select_option("Noé Vidal")
    press(three.agent, "Demander")
    three.open(three.counsellor, "hr_review.show")
    go(three.counsellor, "Fixer la date")
    day = to_paris(now()) + datetime.timedelta(days=9)
    three.counsellor.get_by_label("Date", exact=True).fill(f"{day:%Y-%m-%d}")
    three.counsellor.get_by_label("Heure de début").fill("10:00")
    press(three.counsellor, "Enregistrer et prévenir les trois personnes")
    three.hr.goto("/accueil")
    go(three.hr, "Restitutions")
    says(three.hr, "Bilan")
    with three.live.within():  # nine days later
        meeting = Interview.get(Interview.journey == three.journey.id, Interview.kind == InterviewKind.HR_REVIEW)
        Interview.update(starts_at=now() - datetime.timedelta(hours=2)).where(Interview.id == meeting.id).execute()
        close_interview(interview=Interview.by_id_with_people(meeting.id), outcome=Outcome.HELD, held_minutes=60, by=story.counsellor)
    three.open(three.counsellor, "hr_review.show")
    go(three.counsellor, "Écrire le compte rendu")
    three.counsellor.get_by_label("Compte rendu").fill(SHARED)
    press(three.counsellor, "Enregistrer")
    three.open(three.agent, "hr_review.show")
    says(three.agent, SHARED)
    press(three.agent, "Je suis d’accord avec ce compte rendu")
    three.hr.goto("/accueil")
    go(three.hr, "Restitutions")
    three.hr.locator("a[href*='bilans-rh']").first.click()
    expect(three.hr.locator("main")).not_to_contain_text(SHARED)
    press(three.hr, "Lire le compte rendu")
    says(three.hr, SHARED)


def close_the_bilan(three):
    three.open(three.agent, "closing.show")
    go(three.agent, "Donner mon avis sur les objectifs")
    three.agent.locator("input[type=radio][name=level_0]").nth(1).check()
    press(three.agent, "Enregistrer mon avis")
    go(three.agent, "Choisir ce qui est gardé")
    three.agent.locator("input[name=keep]").nth(1).check()
    three.agent.get_by_label("À quoi cela vous servira").fill("Préparer un entretien.")
    press(three.agent, "Enregistrer mon choix")
    three.open(three.counsellor, "closing.show")
    go(three.counsellor, "Noter la remise")
    press(three.counsellor, "Noter la remise")
    go(three.counsellor, "Donner mon avis sur les objectifs")
    for rank in (0, 1):
        three.counsellor.locator(f"input[type=radio][name=level_{rank}]").first.check()
        three.counsellor.locator(f"textarea[name=sentence_{rank}]").fill("Fait ensemble.")
    press(three.counsellor, "Enregistrer mon avis")
    go(three.counsellor, "Clore le bilan")
    press(three.counsellor, "Clore le bilan")


@pytest.mark.parametrize("javascript", [True, False], ids=["with", "without"])
def test_from_a_scenario_to_the_closed_bilan(live, page_of, story, officer, javascript):
    three = Three(live, story, page_of, officer, javascript)
    write_scenario_and_plan(three)
    validate_synthesis(three)
    told = tell_hr(three)
    review_with_hr(three, story)
    close_the_bilan(three)
    with live.within():
        journey = Journey.get_by_id(story.journey.id)
        assert journey.phase is Phase.CLOSED
        kinds = {one.kind for one in Email.select()}
        assert {"journey_concluded", "prescription_concluded", "survey_agent"} <= kinds
    # HR reads dates and durations, and nothing of what was told any more.
    assert three.hr.goto(told).status == 404
    three.hr.goto(path_of(live, "prescriptions.show", id=story.journey.id))
    says(three.hr, "Terminé.")
    expect(three.hr.locator("main")).not_to_contain_text(SHARED)
    # The agent keeps what is hers.
    three.open(three.agent, "synthesis.show")
    says(three.agent, TITLE)
