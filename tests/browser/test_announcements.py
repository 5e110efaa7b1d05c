"""What a part of a page that changes says to who does not see it: once, in the region that was there before; and where the focus is then."""

import pytest
from browser.deeds import focused, path_of
from browser.reading_tree import HEAR
from factories import make_experience, make_person, make_skill, make_step, make_synthesis, propose_programme
from improvements import give_opinions
from playwright.sync_api import expect

from bilan import worker
from bilan.people.models import Role
from bilan.verbatims import actions as verbatims

pytestmark = pytest.mark.browser


def listen(page, live, endpoint, **arguments):
    """Open a page and hear its live regions from now on."""
    page.goto(path_of(live, endpoint, **arguments))
    page.evaluate(HEAR)


def heard(page, words):
    """Return what was said, once these words were."""
    page.wait_for_function("(words) => window.heard.some((one) => one.includes(words))", arg=words)
    page.wait_for_timeout(400)  # what would be said twice would be said by now
    return page.evaluate("() => window.heard")


def test_occupations_that_are_found_are_counted_once(live, page_of, story):
    page = page_of(story.agent)
    listen(page, live, "occupations.index", id=story.journey.id, way="mon-bilan")
    page.locator("#q").fill("espaces vert")
    said = heard(page, "métier")
    assert len(said) == 1, said
    assert focused(page) == "q"


def test_skills_that_are_found_are_counted_once(live, page_of, story):
    with live.within():
        make_skill(story.journey, name="Servir")
        make_skill(story.journey, name="Vendre")
    page = page_of(story.agent)
    listen(page, live, "careers.skills", id=story.journey.id, way="mon-bilan")
    page.locator("summary", has_text="Chercher parmi les compétences").click()
    page.locator("#q").fill("vend")
    assert heard(page, "compétence") == ["1 compétence sur 2"]
    assert focused(page) == "q"


def test_an_experience_that_moves_is_said_once_and_keeps_its_button(live, page_of, story):
    with live.within():
        moved = make_experience(story.journey, position="Serveuse", starts="2001")
        make_experience(story.journey, position="Vendeuse", starts="2008")
    page = page_of(story.agent)
    listen(page, live, "careers.order", id=story.journey.id, way="mon-bilan")
    page.locator(f"#up-{moved.id}").press("Enter")
    said = heard(page, "Serveuse")
    assert len(said) == 1, said
    assert "« Serveuse » est en position 1." in said[0]
    assert focused(page) == f"up-{moved.id}"


def test_a_step_of_the_plan_that_moves_on_is_said_once(live, page_of, story):
    with live.within():
        make_step(story.journey, action="Appeler un garage")
    page = page_of(story.agent)
    listen(page, live, "plans.index", id=story.journey.id, way="mon-bilan")
    page.get_by_role("button", name="En cours").press("Enter")
    said = heard(page, "Appeler un garage")
    assert len(said) == 1, said
    assert focused(page), "the focus fell back to the page"


def test_the_theme_of_an_opinion_is_said_once(live, page_of):
    with live.within():
        manager = make_person(Role.MANAGER)
        (verbatim,) = give_opinions("On m’a écoutée.")
        verbatims.add_theme(name="Accueil", by=manager)
    page = page_of(manager)
    listen(page, live, "verbatims.index")
    page.get_by_label("Accueil").press("Space")
    said = heard(page, "Accueil")
    assert [" ".join(one.split()) for one in said] == ["✓ Enregistré : Accueil."]
    assert focused(page) == f"theme-{verbatim.id}-1"


def test_an_objective_that_is_ticked_is_said_once(live, page_of, story):
    with live.within():
        propose_programme(story.journey, objectives="- Choisir deux pistes\n- Rencontrer un professionnel")
    page = page_of(story.counsellor)
    listen(page, live, "interviews.show", id=story.interview.id)
    page.get_by_label("Choisir deux pistes").press("Space")
    said = heard(page, "Enregistré")
    assert len(said) == 1, said
    assert focused(page) == "objective-0"


def test_a_grid_that_saves_itself_is_said_once(live, page_of, story):
    page = page_of(story.counsellor)
    listen(page, live, "diagnostics.show", id=story.journey.id)
    field = page.locator("main textarea").first
    field.focus()
    page.keyboard.insert_text("Faire le point.")
    said = heard(page, "Enregistré")
    assert len(said) == 1, said
    assert focused(page) == field.get_attribute("id")


def waits_in_silence(page):
    """Assert that nothing is said while the page asks, twice."""
    for _ in range(2):
        with page.expect_response(lambda answer: answer.status == 204):
            pass
    assert page.evaluate("() => window.heard") == []


def make(live):
    with live.within():
        worker.run_pending()


def test_a_copy_that_is_ready_is_said_once(live, page_of, story):
    page = page_of(story.agent)
    page.goto("/mes-donnees/copie")
    page.get_by_role("button", name="Préparer ma copie").click()
    page.evaluate(HEAR)
    waits_in_silence(page)
    make(live)
    assert [one.removeprefix("✓ ") for one in heard(page, "prête")] == ["Votre copie est prête."]
    expect(page.get_by_role("button", name="Télécharger ma copie")).to_be_visible()


def test_the_evidence_that_is_ready_is_said_once(live, page_of):
    with live.within():
        manager = make_person(Role.MANAGER)
    page = page_of(manager)
    page.goto("/qualite/preuves")
    page.get_by_role("button", name="Préparer le fichier").click()
    page.evaluate(HEAR)
    waits_in_silence(page)
    make(live)
    assert [one.removeprefix("✓ ") for one in heard(page, "à jour")] == ["La liste des fichiers est à jour."]
    expect(page.get_by_role("link", name="Télécharger")).to_be_visible()


def test_a_paper_that_is_set_is_said_once(live, page_of, story):
    with live.within():
        make_synthesis(story.journey, proposed=True)
        worker.run_pending()
    page = page_of(story.agent)
    page.goto(path_of(live, "synthesis.show", id=story.journey.id, way="mon-bilan"))
    page.get_by_role("button", name="PDF").first.click()
    page.evaluate(HEAR)
    waits_in_silence(page)
    make(live)
    assert [one.removeprefix("✓ ") for one in heard(page, "prêt")] == ["Le PDF est prêt."]
    expect(page.get_by_role("link", name="Ouvrir le PDF")).to_be_visible()
