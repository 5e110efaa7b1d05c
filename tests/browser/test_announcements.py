"""What changes under the reader's hand is said once, in a live region that was there; the focus stays where the hand is."""

import re
from pathlib import Path

import pytest
from browser.deeds import SAVED, focused, path_of, send
from browser.reading_tree import HEAR, heard, tree
from copies import make_copy
from evidences import make_evidence_file, make_ready
from factories import (
    make_experience,
    make_paper,
    make_person,
    make_skill,
    make_step,
    make_synthesis,
    propose_programme,
    send_message,
)
from improvements import give_opinions
from playwright.sync_api import expect

from bilan.exports.actions import ask_for_export
from bilan.people.models import Role
from bilan.synthesis.models import Setting, SynthesisPaper
from bilan.verbatims import actions as verbatims

pytestmark = pytest.mark.browser
HEALTH = "Elle a parlé de son traitement médical."

ROOT = Path(__file__).parents[2]
# What changes a page that is shown, each listened to below or in test_reading_tree.py.
LISTENED = {
    "careers/order",
    "careers/skills",
    "diagnostics/show",
    "evidence/_files",
    "exports/_copy",
    "interviews/_objectives",
    "messages/_unread",
    "notes/_note",
    "occupations/index",
    "plans/_steps",
    "questionnaires/_question",
    "synthesis/_paper",
    "verbatims/_opinion",
}


def test_whatever_changes_without_a_new_page_is_listened_to():
    templates = ROOT / "templates"  # the buttons only say how an attribute is written
    swapping = {
        one for one in templates.rglob("*.html") if re.search(r"data[-_]hx[-_](get|post)(=\"|': (url|'))", one.read_text(encoding="utf-8"))
    }
    assert {str(one.relative_to(templates).with_suffix("")) for one in swapping} - {"components/buttons"} == LISTENED


@pytest.fixture
def hearing(live, page_of):
    """Open a page as somebody, and listen to it."""

    def open_page(person, endpoint, **arguments):
        page = page_of(person)
        page.goto(path_of(live, endpoint, **arguments))
        page.evaluate(HEAR)
        return page

    return open_page


def press(page, selector, key="Enter"):
    """Press what the keyboard has reached; wait until the answer is in the page."""
    page.locator(selector).focus()
    with page.expect_response(lambda one: one.request.headers.get("hx-request") == "true"):
        page.keyboard.press(key)
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling, .htmx-added')")


def kept_focus(page, selector):
    return page.locator(selector).evaluate("(one) => one === document.activeElement")


def content(page):
    """Return the status and the headings of the content as (role, words), in order."""
    found = page.locator("main :is([role=status], h1, h2)").all()
    return [(one.get_attribute("role") or "heading", re.sub(r"^[✓•] ", "", " ".join(one.inner_text().split()))) for one in found]


def test_a_step_moved_on_is_said_once(live, hearing, story):
    with live.within():
        step = make_step(story.journey, action="Appeler")
    page = hearing(story.agent, "plans.index", id=story.journey.id, way="mon-bilan")
    for state, words in (("doing", "en cours"), ("done", "fait")):
        press(page, f"#etat-{state}-{step.id}")
        (said,) = heard(page)
        assert re.fullmatch(f"✓ « Appeler » : {words}.*", said)
        assert kept_focus(page, f"#etat-{state}-{step.id}")
        pressed = [one.name for one in tree(page) if one.role == "button" and one.states.get("pressed") == "true"]
        assert len(pressed) == 1, "one state at a time"


def test_an_experience_moved_is_said_once(live, hearing, story):
    with live.within():
        experiences = [
            make_experience(story.journey, position=one, starts=str(year)) for year, one in ((2001, "Serveuse"), (2008, "Vendeuse"))
        ]
    page = hearing(story.agent, "careers.order", id=story.journey.id, way="mon-bilan")
    for gesture, place in (("up", 1), ("up", 1), ("down", 2)):
        press(page, f"#{gesture}-{experiences[0].id}")
        assert heard(page) == [f"✓ « Serveuse » est en position {place}."]
        assert kept_focus(page, f"#{gesture}-{experiences[0].id}")
    press(page, "#dates")
    (said,) = heard(page)
    assert said.startswith("✓ Les expériences sont dans l’ordre des dates")
    assert kept_focus(page, "#dates")


def test_skills_that_are_found_are_counted_once(live, hearing, story):
    with live.within():
        for name in ("Servir", "Vendre"):
            make_skill(story.journey, name=name)
    page = hearing(story.agent, "careers.skills", id=story.journey.id, way="mon-bilan")
    page.get_by_text("Chercher parmi les compétences").click()
    page.locator("#q").focus()
    page.keyboard.insert_text("serv")
    expect(page.locator("#skills-count")).to_have_text("1 compétence sur 2")
    assert heard(page) == ["1 compétence sur 2"]
    assert kept_focus(page, "#q")


def test_a_skill_written_then_removed_is_said_once_each(live, hearing, story):
    """Whole pages: what was done is the first thing of the content, once, and the heading follows."""
    page = hearing(story.agent, "careers.new_skill", id=story.journey.id, way="mon-bilan")
    page.locator("#name").fill("Servir")
    page.locator("[name=kind]").first.check()
    send(page, "Enregistrer", status=200)
    assert content(page)[:2] == [("status", "C’est enregistré."), ("heading", "Compétences")]
    page.get_by_role("link", name="Servir").click()
    page.get_by_role("link", name="Retirer cette compétence").click()
    send(page, "Retirer", status=200)
    assert content(page)[:2] == [("status", "C’est retiré."), ("heading", "Compétences")]


def test_occupations_that_are_found_are_counted_once(hearing, story):
    page = hearing(story.agent, "occupations.index", id=story.journey.id, way="mon-bilan")
    page.locator("#q").focus()
    page.keyboard.insert_text("bibliothec")
    expect(page.locator("#occupations-count")).to_have_text("1 métier")
    assert heard(page) == ["1 métier"]
    assert kept_focus(page, "#q")


def test_the_grid_is_said_to_be_kept_once_and_its_caution_once(hearing, story):
    page = hearing(story.counsellor, "diagnostics.show", id=story.journey.id)
    page.locator("#demand").focus()
    for words, alone in ((HEALTH, False), (" Et de son projet.", True)):
        with page.expect_response(re.compile("diagnostic")):
            page.keyboard.insert_text(words)
        said = heard(page)
        assert len([one for one in said if SAVED.search(one)]) == 1
        assert len(said) == (1 if alone else 2), said
        assert kept_focus(page, "#demand")


def test_the_themes_of_an_opinion_are_said_once(live, hearing):
    with live.within():
        manager = make_person(Role.MANAGER, name="Stéphanie Faure")
        (verbatim,) = give_opinions("On m’a écoutée.")
        for name in ("Accueil", "Horaires"):
            verbatims.add_theme(name=name, by=manager)
    page = hearing(manager, "verbatims.index")
    for rank, words in enumerate(("Accueil", "Accueil, Horaires"), start=1):
        press(page, f"#theme-{verbatim.id}-{rank}", "Space")
        assert heard(page) == [f"✓ Enregistré : {words}."]
        assert kept_focus(page, f"#theme-{verbatim.id}-{rank}")


def test_the_objectives_of_a_session_are_said_to_be_kept_once(live, hearing, story):
    with live.within():
        propose_programme(story.journey, objectives="- Choisir deux pistes\n- Rencontrer un professionnel")
    page = hearing(story.counsellor, "interviews.show", id=story.interview.id)
    for rank in (0, 1):
        press(page, f"#objective-{rank}", "Space")
        (said,) = heard(page)
        assert SAVED.search(said)
        assert focused(page) == f"objective-{rank}"


def test_a_note_says_once_that_it_seems_to_speak_of_health(hearing, story):
    page = hearing(story.counsellor, "interviews.show", id=story.interview.id)
    page.locator("#text-private").focus()
    for words, many in ((HEALTH, 2), (" Et de son projet.", 1)):
        with page.expect_response(re.compile("/notes/private")):
            page.keyboard.insert_text(words)
        said = heard(page)
        assert len(said) == many, said
        assert kept_focus(page, "#text-private")


@pytest.mark.parametrize("arrives", [False, True])
def test_messages_marked_as_read_say_nothing_but_that_another_has_arrived(live, page_of, story, arrives):
    def meanwhile(route):
        if arrives:
            with live.within():
                send_message(story.journey, story.counsellor, "Encore un mot.")
        route.continue_()

    with live.within():
        send_message(story.journey, story.counsellor, "Bonjour.")
    page = page_of(story.agent)
    page.add_init_script(f"document.addEventListener('DOMContentLoaded', {HEAR})")
    page.route(re.compile(path_of(live, "messages.mark_read", id=story.journey.id, way="mon-bilan")), meanwhile)
    page.goto(path_of(live, "messages.index", id=story.journey.id, way="mon-bilan"))
    expect(page.locator("#unread button")).to_have_count(0)
    assert heard(page) == (["Un autre message vient d’arriver : le lire"] if arrives else [])


def no_news(page):
    """Wait for two answers that have nothing new."""
    for _ in range(2):
        with page.expect_response(lambda one: one.request.headers.get("hx-request") == "true") as answer:
            pass
        assert answer.value.status == 204
    assert heard(page) == []


def test_a_copy_that_becomes_ready_is_said_once(live, hearing, story):
    with live.within():
        ask_for_export(by=story.agent)
    page = hearing(story.agent, "exports.index")
    page.locator("#suite-copie").focus()
    no_news(page)
    assert kept_focus(page, "#suite-copie")
    with live.within():
        make_copy(story.agent)
    expect(page.locator("#status-copie")).to_have_text("✓ Votre copie est prête.")
    assert heard(page) == ["✓ Votre copie est prête."]
    assert kept_focus(page, "#suite-copie")
    expect(page.locator("#suite-copie")).to_have_text("Télécharger ma copie")


def test_evidence_that_becomes_ready_is_said_once(live, hearing):
    with live.within():
        manager = make_person(Role.MANAGER, name="Stéphanie Faure")
        first, second = (make_evidence_file(manager, made=False) for _ in range(2))
    page = hearing(manager, "evidence.index")
    page.locator(f"#retirer-{first.id}").focus()
    no_news(page)
    for file, words in ((first, "1 fichier prêt sur 2."), (second, "✓ 2 fichiers prêts sur 2.")):
        with live.within():
            make_ready(file)
        expect(page.locator("#status-fichiers")).to_have_text(words)
        assert heard(page) == [words]
        assert kept_focus(page, f"#retirer-{first.id}")


def test_a_paper_that_becomes_ready_is_said_once(live, hearing, story):
    with live.within():
        paper = make_paper(make_synthesis(story.journey, proposed=True))
    page = hearing(story.agent, "synthesis.paper", id=paper.id, way="mon-bilan")
    page.locator("#suite-papier").focus()
    no_news(page)
    with live.within():
        SynthesisPaper.update(state=Setting.READY).where(SynthesisPaper.id == paper.id).execute()
    expect(page.locator("#suite-papier")).to_have_text("Ouvrir le PDF")
    assert heard(page) == ["Le PDF est prêt. Ouvrir le PDF"]
    assert kept_focus(page, "#suite-papier")
