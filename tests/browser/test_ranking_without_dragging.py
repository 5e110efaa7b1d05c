"""The five first values are put in order with five lists, by keyboard: one value at two places is said, nothing chosen is lost."""

import pytest
from browser.deeds import COUNT_SAVES, SAVED, focused, follow, past_header, path_of, send, tab_to, told
from factories import assign, some_answer
from playwright.sync_api import expect

from bilan.questionnaires import actions
from bilan.questionnaires.models import Passation

pytestmark = pytest.mark.browser
RANKING_PAGE = 13
LETTERS = ["REL", "UTI", "EQU", "UTI", "SEC"]


@pytest.fixture
def passation(live, story):
    """The values, answered but for the ranking."""
    with live.within():
        passation = assign(story.journey, "valeurs")
        rated = [question for question in passation.instrument.questions if question.part.kind != "rank"]
        answers = {question.id: some_answer(question, rank) for rank, question in enumerate(rated)}
        actions.save_answers(passation=passation, answers=answers, seen=0)
        return Passation.by_id_with_people(passation.id)


def ranking_of(live, passation):
    with live.within():
        kept = Passation.by_id_with_people(passation.id)
        answers = kept.answers()
        return [answers.get(f"rang-{place}") for place in range(1, 6)], kept


def steps(passation, letter):
    """How many times Down leads from "Choisissez" to a value."""
    return [scale.letter for scale in passation.instrument.scales].index(letter) + 1


def chosen(page):
    return [page.locator(f"#rang-{place}").input_value() for place in range(1, 6)]


def press_down(page, times, saves):
    """Go down in the list that has the focus, until all is kept; return how many savings that makes."""
    for _ in range(times):
        page.keyboard.press("ArrowDown")
    page.wait_for_function("(saves) => window.saves >= saves", arg=saves + times)
    return saves + times


def expect_kept(page, twice):
    """Expect that the choice is said to be kept, and which value is at two places as soon as it is."""
    expect(page.locator("#status .is-done")).to_have_text(SAVED)
    said = [f"▲ {twice} : à plusieurs places. Choisissez une autre réponse à l’une d’elles."] if twice else []
    expect(page.locator("#status .is-attention")).to_have_text(said)


def test_five_places_by_keyboard(live, page_of, story, passation):
    page = page_of(story.agent, width=320)
    page.goto(path_of(live, "questionnaires.start", id=passation.id, way="mon-bilan"))
    past_header(page)
    follow(page, "Reprendre où vous en étiez")
    expect(page.locator(".place")).to_have_text(f"Page {RANKING_PAGE} sur {RANKING_PAGE}")
    expect(page.get_by_role("heading", level=2, name="Vos cinq premières valeurs")).to_be_visible()
    assert page.locator("main [draggable=true]").count() == 0
    page.evaluate(COUNT_SAVES)
    saves = 0
    for place, letter in enumerate(LETTERS, start=1):
        tab_to(page, f"rang-{place}")
        saves = press_down(page, steps(passation, letter), saves)
        expect_kept(page, "Utilité" if place >= 4 else "")
    assert chosen(page) == LETTERS

    send(page, "Relire mes réponses")
    assert "à deux places" in told(page)
    expect(page.locator(".field.has-error")).to_have_count(2)
    assert chosen(page) == LETTERS, "what was chosen is lost"
    page.evaluate(COUNT_SAVES)
    # The second link of the summary leads to the fourth place, where one goes down from utility to autonomy.
    tab_to(page, "En quatrième", limit=2)
    page.keyboard.press("Enter")
    assert focused(page) == "rang-4"
    press_down(page, 1, 0)
    expect_kept(page, "")
    follow(page, "Relire mes réponses")
    expect(page.get_by_role("heading", level=1)).to_have_text("Relire vos réponses")
    past_header(page)
    follow(page, "Envoyer mes réponses")
    expect(page.locator(".lead")).to_contain_text("Vous avez envoyé vos réponses")
    kept, handed_in = ranking_of(live, passation)
    assert kept == ["REL", "UTI", "EQU", "AUT", "SEC"] == handed_in.result["ranking"]


def test_five_places_without_javascript(live, page_of, story, passation):
    page = page_of(story.agent, javascript=False, width=320)
    page.goto(path_of(live, "questionnaires.fill", id=passation.id, number=RANKING_PAGE, way="mon-bilan"))
    for place, letter in enumerate(LETTERS, start=1):
        page.locator(f"#rang-{place}").select_option(letter)
    with page.expect_navigation() as answer:
        page.get_by_role("button", name="Relire mes réponses").click()
    assert answer.value.status == 422
    expect(page.locator("[data-error-summary]")).to_contain_text("à deux places")
    assert chosen(page) == LETTERS, "what was chosen is lost"
    page.locator("#rang-4").select_option(label="Autonomie")
    page.get_by_role("button", name="Relire mes réponses").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Relire vos réponses")
    page.get_by_role("button", name="Envoyer mes réponses").click()
    expect(page.locator(".lead")).to_contain_text("Vous avez envoyé vos réponses")
    kept, handed_in = ranking_of(live, passation)
    assert kept == ["REL", "UTI", "EQU", "AUT", "SEC"] == handed_in.result["ranking"]


def test_a_value_kept_twice_in_another_tab_is_not_handed_in(live, page_of, story, passation):
    """Lists are saved one by one as they are chosen: what two tabs have made of them is said before the sending."""
    with live.within():
        actions.save_answers(
            passation=passation,
            answers={f"rang-{place}": letter for place, letter in enumerate(LETTERS, start=1)},
            seen=passation.revision,
        )
    page = page_of(story.agent)
    page.goto(path_of(live, "questionnaires.check", id=passation.id, way="mon-bilan"))
    with page.expect_navigation() as answer:
        page.get_by_role("button", name="Envoyer mes réponses").click()
    assert answer.value.status == 422
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.locator("[data-error-summary]")).to_contain_text("Utilité")
    kept, handed_in = ranking_of(live, passation)
    assert kept == LETTERS
    assert handed_in.submitted_at is None
