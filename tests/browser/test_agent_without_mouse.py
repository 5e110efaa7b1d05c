"""An agent who has neither a mouse nor JavaScript, on the narrowest screen: what she writes, moves, gives up and answers."""

import datetime
import re

import pytest
from browser.deeds import fits, go, say_who, turn_to
from factories import last_link, make_slot, make_step
from playwright.sync_api import expect

from bilan.careers.models import Experience, Skill
from bilan.careers.rules import in_order
from bilan.database import now
from bilan.interviews.models import Interview
from bilan.interviews.rules import CancelReason, Outcome
from bilan.journeys.models import Journey
from bilan.mail.models import Email
from bilan.occupations.models import Occupation
from bilan.plans import actions as plans
from bilan.plans.models import Step
from bilan.satisfaction import actions as satisfaction
from bilan.satisfaction.models import SurveyAnswer, Verbatim

pytestmark = pytest.mark.browser


@pytest.fixture
def page(page_of, story):
    return page_of(story.agent, javascript=False)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def go_home(page):
    page.goto("/mon-bilan")
    assert fits(page)


def saved(page):
    expect(page.locator("#messages")).to_contain_text("C’est enregistré.")


def experiences(live, story):
    with live.within():
        return [one.content["position"] for one in in_order(Experience.of_journey(story.journey))]


def add_experience(page, position, starts):
    turn_to(page, "Parcours")
    go(page, "Ajouter une expérience")
    page.get_by_label("Poste ou activité").fill(position)
    page.get_by_label("Début", exact=True).fill(starts)
    press(page, "Enregistrer")
    saved(page)


def test_her_path_is_written_corrected_and_put_in_her_order(live, page, story):
    add_experience(page, "Jardinière", "2015")
    add_experience(page, "Vendeuse", "2019")
    assert experiences(live, story) == ["Vendeuse", "Jardinière"]
    go(page, "Compléter Vendeuse")
    page.get_by_label("Réussites").fill("Le marché du samedi.")
    press(page, "Enregistrer")
    saved(page)
    page.locator("main summary", has_text="Vendeuse").click()
    expect(page.get_by_text("Le marché du samedi.")).to_be_visible()
    go(page, "Changer l’ordre")
    press(page, "Monter Jardinière")
    assert experiences(live, story) == ["Jardinière", "Vendeuse"]
    assert fits(page)


def test_a_skill_comes_from_an_experience_and_goes(live, page, story):
    add_experience(page, "Jardinière", "2015")
    go(page, "Compétences")
    go(page, "Ajouter une compétence")
    page.get_by_label("Compétence", exact=True).fill("Tailler")
    page.get_by_label("Un savoir-faire").check()
    page.get_by_label("Tirée de quelle expérience").select_option(label=page.locator("#experience option").nth(1).inner_text())
    press(page, "Enregistrer")
    saved(page)
    with live.within():
        (skill,) = Skill.of_journey(story.journey)
        assert skill.experience_id == Experience.get().id
    turn_to(page, "Parcours")
    expect(page.locator(".timeline li", has_text="Jardinière")).to_contain_text("Tailler")
    go(page, "Compétences")
    go(page, "Tailler")
    go(page, "Retirer cette compétence")
    press(page, "Retirer")
    with live.within():
        assert Skill.of_journey(story.journey) == []
    assert fits(page)


def test_an_occupation_is_looked_for_and_tied_to_an_experience(live, page, story):
    add_experience(page, "Espaces verts", "2015")
    go(page, "Relier à un métier")
    page.get_by_label("Chercher avec d’autres mots").fill("jardinière")
    press(page, "Chercher")
    page.get_by_label("Jardinier municipal").check()
    press(page, "Enregistrer")
    with live.within():
        tied = Occupation.get_by_id(Experience.get().occupation)
    assert tied.title.startswith("Jardinier municipal")
    turn_to(page, "Parcours")
    expect(page.locator(".timeline li", has_text="Espaces verts")).to_contain_text("Jardinier municipal")


def open_next_meeting(page):
    go_home(page)
    page.locator("main section", has=page.get_by_role("heading", name="Prochain entretien")).get_by_role("link").first.click()


def test_a_meeting_is_taken_moved_and_given_up_with_a_reason(live, page, story):
    with live.within():
        for days in (6, 9):
            make_slot(story.counsellor, days=days)
    go_home(page)
    go(page, "Choisir un rendez-vous")
    page.locator("main input[type=radio]").first.check()
    press(page, "Prendre ce rendez-vous")
    with live.within():
        coming = Interview.coming_of(story.journey)
    open_next_meeting(page)
    go(page, "Déplacer")
    page.locator("main input[type=radio]").first.check()
    page.get_by_label("Pour quelle raison").select_option(label="Problème de transport")
    press(page, "Déplacer à cette date")
    with live.within():
        moved = Interview.coming_of(story.journey)
        assert moved.starts_at > coming.starts_at
    open_next_meeting(page)
    go(page, "Annuler ce rendez-vous")
    page.get_by_label("Problème de transport").check()
    press(page, "Annuler le rendez-vous")
    with live.within():
        assert Interview.coming_of(story.journey) is None
        given_up = Interview.get_by_id(moved.id)
        assert (given_up.outcome, given_up.reason) == (Outcome.CANCELLED, CancelReason.TRANSPORT)
    assert fits(page)


def ask_six_months_later(story):
    """Close the bilan long ago, ask for its review, and return the address that the e-mail gives and the step of the plan."""
    step = make_step(story.journey, action="Appeler un garage")
    long_ago = now() - datetime.timedelta(days=190)
    moments = dict.fromkeys(("created_at", "accompaniment_at", "closed_at"), long_ago)
    Journey.update(phase="closed", **moments).where(Journey.id == story.journey.id).execute()
    assert plans.ask_reviews() == 1
    body = Email.get(Email.kind == "plan_review").envelope["body"]
    return re.search(r"https?://\S+/plan/\S+", body)[0], step


def test_six_months_later_her_email_leads_her_to_what_became_of_her_plan(live, page_of, story):
    with live.within():
        address, step = ask_six_months_later(story)
    page = page_of(javascript=False)
    page.goto(address)
    say_who(page, story.agent)
    expect(page.locator("h1")).to_have_text("Le point sur votre plan")
    go(page, "Appeler un garage")
    page.get_by_label("En partie").check()
    page.get_by_label("Sinon, pourquoi").fill("Le garage a fermé.")
    press(page, "Enregistrer")
    expect(page.locator("main li", has_text="Appeler un garage")).to_contain_text("En partie")
    with live.within():
        assert "Le garage a fermé." in str(Step.get_by_id(step.id).review)
    assert fits(page)


def test_her_opinion_is_given_once_from_her_email_without_an_account(live, page_of, story):
    with live.within():
        satisfaction.ask_at_closing(journey=story.journey)
        address = last_link("survey_agent")
    page = page_of(javascript=False)
    page.goto(address)
    assert fits(page)
    press(page, "Envoyer mon avis")
    page.locator("[data-error-summary] a").first.click()
    page.locator("main input[type=radio]").nth(1).check()
    page.locator("main textarea").first.fill("L’écoute.")
    press(page, "Envoyer mon avis")
    expect(page.locator("h1")).to_have_text("Merci de votre avis")
    assert fits(page)
    with live.within():
        assert (SurveyAnswer.select().count(), [one.text for one in Verbatim.select()]) == (1, ["L’écoute."])
    page.goto(address)
    expect(page.locator("h1")).to_have_text("Votre avis a bien été envoyé")
    expect(page.get_by_role("button", name="Envoyer mon avis")).to_have_count(0)
