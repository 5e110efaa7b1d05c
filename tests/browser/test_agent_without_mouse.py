"""An agent who has neither a mouse nor JavaScript, on the narrowest screen: what she writes, moves, gives up and answers."""

import pytest
from browser.deeds import fits, path_of
from factories import make_slot, make_step
from opinions import token_of
from playwright.sync_api import expect

from bilan.careers.models import Experience, Skill
from bilan.careers.rules import in_order
from bilan.interviews.models import Interview
from bilan.interviews.rules import Outcome
from bilan.journeys.models import Journey
from bilan.occupations.models import Occupation
from bilan.plans.models import Step
from bilan.satisfaction import actions as satisfaction
from bilan.satisfaction.models import Invitation, SurveyAnswer, Verbatim
from bilan.satisfaction.rules import AT_CLOSING

pytestmark = pytest.mark.browser


@pytest.fixture
def page(page_of, story):
    return page_of(story.agent, javascript=False)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def follow(page, name):
    page.locator("main").get_by_role("link", name=name).first.click()


def open_page(page, live, endpoint, **arguments):
    page.goto(path_of(live, endpoint, **arguments))
    assert fits(page)


def experiences(live, story):
    with live.within():
        return [one.content["position"] for one in in_order(Experience.of_journey(story.journey))]


def add_experience(page, live, story, position, starts):
    open_page(page, live, "careers.new_experience", id=story.journey.id, way="mon-bilan")
    page.get_by_label("Poste ou activité").fill(position)
    page.get_by_label("Début", exact=True).fill(starts)
    press(page, "Enregistrer")
    expect(page.locator("#messages")).to_contain_text("C’est enregistré.")


def test_her_path_is_written_corrected_and_put_in_her_order(live, page, story):
    add_experience(page, live, story, "Jardinière", "2015")
    add_experience(page, live, story, "Vendeuse", "2019")
    assert experiences(live, story) == ["Vendeuse", "Jardinière"]
    follow(page, "Compléter")
    page.get_by_label("Réussites").fill("Le marché du samedi.")
    press(page, "Enregistrer")
    follow(page, "Changer l’ordre")
    press(page, "Monter Jardinière")
    assert experiences(live, story) == ["Jardinière", "Vendeuse"]
    assert fits(page)


def test_a_skill_comes_from_an_experience_and_goes(live, page, story):
    add_experience(page, live, story, "Jardinière", "2015")
    open_page(page, live, "careers.new_skill", id=story.journey.id, way="mon-bilan")
    page.get_by_label("Compétence", exact=True).fill("Tailler")
    page.get_by_label("Un savoir-faire").check()
    with live.within():
        experience = Experience.get()
    page.get_by_label("Tirée de quelle expérience").select_option(str(experience.id))
    press(page, "Enregistrer")
    expect(page.locator("#messages")).to_contain_text("C’est enregistré.")
    with live.within():
        (skill,) = Skill.of_journey(story.journey)
        assert skill.experience_id == experience.id
    open_page(page, live, "careers.skill", id=skill.id, way="mon-bilan")
    follow(page, "Retirer cette compétence")
    press(page, "Retirer")
    with live.within():
        assert Skill.of_journey(story.journey) == []


def test_an_occupation_is_looked_for_and_tied_to_an_experience(live, page, story):
    add_experience(page, live, story, "Espaces verts", "2015")
    with live.within():
        experience = Experience.get()
    open_page(page, live, "occupations.link", id=experience.id, way="mon-bilan")
    page.get_by_label("Chercher avec d’autres mots").fill("jardinière")
    press(page, "Chercher")
    page.get_by_label("Jardinier municipal").check()
    press(page, "Enregistrer")
    with live.within():
        tied = Occupation.get_by_id(Experience.get().occupation)
    assert tied.title.startswith("Jardinier municipal")
    expect(page.locator("main")).to_contain_text("Jardinier municipal")


def test_a_meeting_is_taken_moved_and_given_up_with_a_reason(live, page, story):
    with live.within():
        for days in (6, 9):
            make_slot(story.counsellor, days=days)
    open_page(page, live, "agenda.choose")
    page.locator("main input[type=radio]").first.check()
    press(page, "Prendre ce rendez-vous")
    with live.within():
        coming = Interview.coming_of(story.journey)
    open_page(page, live, "agenda.move", id=coming.id)
    page.locator("main input[type=radio]").first.check()
    page.get_by_label("Pour quelle raison").select_option(label="Problème de transport")
    press(page, "Déplacer à cette date")
    with live.within():
        moved = Interview.coming_of(story.journey)
        assert moved.starts_at > coming.starts_at
    open_page(page, live, "agenda.cancel", id=moved.id)
    page.get_by_label("Problème de transport").check()
    press(page, "Annuler le rendez-vous")
    with live.within():
        assert Interview.coming_of(story.journey) is None
        assert Interview.get_by_id(moved.id).outcome is Outcome.CANCELLED


def test_six_months_later_she_says_what_became_of_her_plan(live, page, story):
    with live.within():
        step = make_step(story.journey, action="Appeler un garage")
        Journey.update(phase="closed", closed_at=story.journey.created_at).where(Journey.id == story.journey.id).execute()
    open_page(page, live, "plans.review", id=story.journey.id, way="mon-bilan")
    follow(page, "Appeler un garage")
    page.get_by_label("En partie").check()
    page.get_by_label("Sinon, pourquoi").fill("Le garage a fermé.")
    press(page, "Enregistrer")
    expect(page.locator("main li", has_text="Appeler un garage")).to_contain_text("En partie")
    with live.within():
        assert "Le garage a fermé." in str(Step.get_by_id(step.id).review)
    assert fits(page)


def test_her_opinion_is_given_once_from_its_address_without_an_account(live, page_of, story):
    with live.within():
        satisfaction.ask_at_closing(journey=story.journey)
        token = token_of(Invitation.get(Invitation.survey == AT_CLOSING))
    page = page_of(javascript=False)
    open_page(page, live, "satisfaction.fill", token=token)
    press(page, "Envoyer mon avis")
    expect(page.locator("[data-error-summary]")).to_be_visible()
    page.locator("[data-error-summary] a").first.click()
    page.locator("main input[type=radio]").nth(1).check()
    page.locator("main textarea").first.fill("L’écoute.")
    press(page, "Envoyer mon avis")
    expect(page.locator("h1")).to_have_text("Merci de votre avis")
    with live.within():
        assert (SurveyAnswer.select().count(), [one.text for one in Verbatim.select()]) == (1, ["L’écoute."])
    page.goto(path_of(live, "satisfaction.fill", token=token))
    expect(page.locator("h1")).to_have_text("Votre avis a bien été envoyé")
    expect(page.get_by_role("button", name="Envoyer mon avis")).to_have_count(0)
