"""An agent answers the 48 questions by keyboard alone, on two devices: nothing pressed is lost, nothing else is kept."""

import re

import pytest
from browser.deeds import COUNT_SAVES, SAVED, focused, follow, past_header, path_of, press, tab_to
from client import PASSWORD
from playwright.sync_api import expect

from bilan import french
from bilan.questionnaires.models import Passation

pytestmark = pytest.mark.browser
CHOICES = ["1", "2", "3", "4", "5", "sans"]
HALF = 20  # in the middle of the fourth page
# Whether the tile of the focused answer is in sight, under nothing.
IN_SIGHT = """() => {
  const tile = document.activeElement.closest('.tile'), box = tile.getBoundingClientRect();
  return tile.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
}"""


def pressed(rank):
    """The answer that is pressed for the item of this rank: each of the six, the last one by going backwards."""
    return CHOICES[(rank * 5 + rank // 6) % 6]


def answer_by_keyboard(page, items, start):
    """Answer these items of the page one after the other; `start` have an answer already."""
    page.evaluate(COUNT_SAVES)
    saves = 0
    for rank, item in enumerate(items, start):
        value = pressed(rank)
        page.keyboard.press("Tab")
        assert focused(page) == f"{item}=1", "Tab leads to the next question"
        assert page.evaluate(IN_SIGHT), f"the focused answer of {item} is hidden"
        press(page, item, value)
        saves += 1 if value in ("1", "sans") else int(value) - 1
        page.wait_for_function("(saves) => window.saves >= saves", arg=saves)
        words = "réponse" if rank == 0 else "réponses"
        expect(page.locator("#progress .progress-words")).to_have_text(f"{rank + 1} {words} sur 48")
        expect(page.locator("#progress progress")).to_have_js_property("value", rank + 1)
        expect(page.locator("#status")).to_have_text(SAVED)
        assert focused(page) == f"{item}={value}", "the save took the focus away"
    assert page.evaluate("() => window.saves") == saves


def sign_in_by_keyboard(page, person):
    page.goto("/connexion")
    past_header(page)
    tab_to(page, "email", limit=1)
    page.keyboard.type(person.email)
    tab_to(page, "password", limit=1)
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/mon-bilan(#contenu)?$"))


def test_the_whole_questionnaire_by_keyboard_on_two_devices(live, page_of, story):
    items = [item.id for item in story.passation.instrument.items]
    assert len(items) == 48
    first = page_of()
    sign_in_by_keyboard(first, story.agent)
    past_header(first)
    follow(first, "Commencer")
    follow(first, "Commencer")
    for start in range(0, HALF, 6):
        past_header(first)
        answer_by_keyboard(first, items[start : min(start + 6, HALF)], start)
        if start + 6 < HALF:
            follow(first, "Continuer")
            expect(first.locator(".place")).to_have_text(f"Page {start // 6 + 2} sur 8")
    first.context.clear_cookies()
    first.context.close()

    phone = page_of(width=390, height=760, has_touch=True, is_mobile=True)
    sign_in_by_keyboard(phone, story.agent)
    expect(phone.get_by_text("Il vous reste 28 questions.")).to_be_visible()
    past_header(phone)
    follow(phone, "Reprendre")
    follow(phone, "Reprendre où vous en étiez")
    expect(phone.locator(".place")).to_have_text("Page 4 sur 8")
    for rank in (18, 19):
        expect(phone.locator(f'input[name="{items[rank]}"][value="{pressed(rank)}"]')).to_be_checked()
    # The page opens at the first question without an answer: one Tab and one is in it.
    expect(phone.locator("#suite")).to_be_in_viewport()
    answer_by_keyboard(phone, items[HALF:24], HALF)
    for start in range(24, 48, 6):
        follow(phone, "Continuer")
        past_header(phone)
        answer_by_keyboard(phone, items[start : start + 6], start)
    follow(phone, "Relire mes réponses")

    expect(phone.get_by_role("heading", level=1)).to_have_text("Relire vos réponses")
    expect(phone.locator(".lead")).to_contain_text("48 réponses sur 48")
    labels = {str(level.value): level.label for level in story.passation.instrument.parts[0].levels} | {
        "sans": "Je préfère ne pas répondre"
    }
    assert phone.locator("tbody td").all_inner_texts() == [labels[pressed(rank)] for rank in range(48)]
    follow(phone, "Envoyer mes réponses")
    with live.within():
        handed_in = Passation.by_id_with_people(story.passation.id)
        kept = {item: "sans" if level is None else str(level) for item, level in handed_in.answers().items()}
        date = french.short_day(handed_in.submitted_at)
    expect(phone.locator(".lead")).to_contain_text(f"Vous avez envoyé vos réponses le {date}")
    assert kept == {item: pressed(rank) for rank, item in enumerate(items)}


def test_one_question_per_page_is_followed_by_keyboard_too(live, page_of, story):
    page = page_of(story.agent)
    page.goto("/affichage")
    tab_to(page, "one_question")
    page.keyboard.press("Space")
    follow(page, "Enregistrer")
    page.goto(path_of(live, "questionnaires.fill", id=story.passation.id, number=1))
    for rank, item in enumerate(("R1", "I1", "A1")):
        expect(page.locator(".place")).to_have_text(f"Page {rank + 1} sur 48")
        past_header(page)
        answer_by_keyboard(page, [item], rank)
        follow(page, "Continuer")
    expect(page.locator(".place")).to_have_text("Page 4 sur 48")
