"""A page and a question are read aloud by the browser's own voice, where it has a French one on the machine."""

import pytest
from browser.deeds import past_header, path_of, tab_to
from browser.looking import axe_faults
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
# A voice that says nothing and notes what it was given; `window.finish()` ends what it says.
VOICES = """(voices) => {
  window.said = [];
  class Utterance { constructor(text) { this.text = text; } }
  const speech = {
    paused: false, current: null, getVoices: () => voices,
    speak(one) { this.current = one; window.said.push([one.text, one.rate, one.voice.name]); },
    cancel() { this.current = null; this.paused = false; }, pause() { this.paused = true; }, resume() { this.paused = false; },
  };
  window.finish = () => { const one = speech.current; speech.current = null; one?.onend(); };
  Object.defineProperty(window, 'speechSynthesis', { value: speech });
  window.SpeechSynthesisUtterance = Utterance;
}"""
HERE = {"name": "Amélie", "lang": "fr-FR", "localService": True}
ELSEWHERE = {"name": "Nuage", "lang": "fr-FR", "localService": False}
ENGLISH = {"name": "Daniel", "lang": "en-GB", "localService": True}


def open_with(page, address, *voices):
    page.add_init_script(f"({VOICES})({list(voices)!r})".replace("True", "true").replace("False", "false"))
    page.goto(address)


def said(page):
    return page.evaluate("window.said")


@pytest.mark.parametrize("voices", [(), (ELSEWHERE, ENGLISH)], ids=["none", "none here"])
def test_without_a_french_voice_on_the_machine_nothing_is_offered(page_of, story, voices):
    page = page_of(story.agent)
    open_with(page, "/mon-bilan", *voices)
    expect(page.locator(".listen")).to_have_count(0)


def test_a_page_is_read_block_by_block_paused_and_stopped_by_keyboard(page_of, story):
    page = page_of(story.agent, width=320)
    open_with(page, "/mon-bilan", ELSEWHERE, HERE)
    past_header(page)
    tab_to(page, "Écouter la page")
    page.keyboard.press("Enter")
    assert len(said(page)) == 1
    expect(page.locator(".is-read")).to_have_count(1)
    page.evaluate("finish()")
    assert len(said(page)) >= 2
    assert {name for _, _, name in said(page)} == {"Amélie"}
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Reprendre")).to_be_focused()
    assert page.evaluate("speechSynthesis.paused")
    page.keyboard.press("Enter")
    assert not page.evaluate("speechSynthesis.paused")
    assert axe_faults(page) == []
    tab_to(page, "Arrêter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Écouter la page")).to_be_visible()
    expect(page.locator(".is-read")).to_have_count(0)
    heard = len(said(page))
    page.evaluate("finish()")
    assert len(said(page)) == heard, "it goes on after it was stopped"


def test_all_that_a_page_says_is_read_once_and_at_the_speed_chosen(page_of, story):
    page = page_of(story.agent)
    open_with(page, "/mon-bilan", HERE)
    page.get_by_label("Vitesse").select_option("rapide")
    page.get_by_role("button", name="Écouter la page").click()
    for _ in range(200):
        if page.evaluate("speechSynthesis.current === null"):
            break
        page.evaluate("finish()")
    texts = [text for text, _, _ in said(page)]
    assert {rate for _, rate, _ in said(page)} == {1.25}
    shown = page.locator("main :is(h1, h2, h3)").all_inner_texts()
    assert shown
    assert [text for text in shown if texts.count(" ".join(text.split())) == 0] == []
    expect(page.get_by_role("button", name="Arrêter")).to_be_hidden()


def test_one_question_is_read_with_its_answers_and_nothing_else(live, page_of, story):
    page = page_of(story.agent)
    open_with(page, path_of(live, "questionnaires.fill", id=story.passation.id, number=1), HERE)
    boxes = page.locator(".question-box")
    question = " ".join(boxes.nth(1).locator("legend").inner_text().split())
    boxes.nth(1).get_by_role("button", name="Écouter").click()
    for _ in range(12):
        page.evaluate("finish()")
    texts = [text for text, _, _ in said(page)]
    assert question.startswith(texts[0]) or texts[0].startswith(question)
    assert len(texts) == 1 + boxes.nth(1).locator("input[type=radio]").count()
    assert axe_faults(page) == []


# What is seen of the main content, buttons and fields apart: by the browser itself, and not by the script under test.
SEEN = """() => {
  document.querySelectorAll('button, select, textarea, script, svg, .sections, .listen, .visually-hidden, .trap, main [aria-hidden="true"]')
    .forEach((one) => one.remove());
  // Where each row reads as a card, the head of the table is there for a screen reader alone.
  [...document.querySelectorAll('thead')].filter((one) => getComputedStyle(one).width === '1px').forEach((one) => one.remove());
  return document.querySelector('main').innerText;
}"""


def bare(text):
    return "".join(text.split()).casefold()


def all_said(page):
    for _ in range(900):
        if page.evaluate("speechSynthesis.current === null"):
            break
        page.evaluate("finish()")
    return "".join(text for text, _, _ in said(page))


@pytest.fixture
def opened(world, live_world, new_context):
    """Return an opener of a page of the world, with a voice."""

    def open_one(who, address, **others):
        page = new_context(live_world.address, cookie=world.cookies.get(who), **others).new_page()
        open_with(page, address, HERE)
        return page

    return open_one


def test_every_text_that_is_seen_is_said_in_its_order(world, live_world, opened):
    with live_world.within():
        bilan, url = world.home, live_world.app.url_for
        pages = [
            ("anonymous", url("public.sheet")),
            ("anonymous", url("quality.published")),
            ("anonymous", url("public.accessibility")),
            ("anonymous", url("public.help_page")),
            ("anonymous", url("satisfaction.fill", token=world.tokens["survey"])),
            ("agent", url("journeys.mine")),
            ("agent", url("results.show", way="mon-bilan", id=bilan.released.id)),
            ("agent", url("scenarios.index", way="mon-bilan", id=bilan.journey.id)),
            ("counsellor", url("careers.path", way="parcours", id=bilan.journey.id)),
            ("secretariat", url("treatment.show", id=world.complaint.id)),
            ("manager", url("quality.index")),
            ("hr", url("people.display")),
        ]
    for who, address in pages:
        page = opened(who, address)
        page.get_by_role("button", name="Écouter la page").click()
        heard = all_said(page)
        assert bare(heard) == bare(page.evaluate(SEEN)), f"{address} as {who}"


def test_a_table_read_as_cards_is_said_without_the_head_that_is_not_seen(opened):
    page = opened("anonymous", "/indicateurs", width=320)
    page.get_by_role("button", name="Écouter la page").click()
    heard = all_said(page)
    assert "67" in heard
    assert page.locator("thead").first.inner_text()
    assert "AnnéeRésultat" not in heard.replace(" ", "")


def test_each_question_of_a_survey_and_each_choice_elsewhere_has_its_button(world, live_world, opened):
    with live_world.within():
        address = live_world.app.url_for("satisfaction.fill", token=world.tokens["survey"])
    page = opened("anonymous", address)
    questions = page.locator("form[data-questions] > .field")
    assert questions.count() == 7
    assert questions.get_by_role("button", name="Écouter").count() == 7
    questions.last.get_by_role("button", name="Écouter").click()
    assert bare(all_said(page)) == bare(questions.last.inner_text().replace("Mettre en pause", "").replace("Écouter", ""))
    assert axe_faults(page) == []
    page = opened("agent", "/affichage")
    assert page.locator("fieldset[role=radiogroup]").get_by_role("button", name="Écouter").count() >= 5
    assert axe_faults(page) == []


def test_leaving_the_page_ends_the_voice(page_of, story):
    page = page_of(story.agent)
    open_with(page, "/mon-bilan", HERE)
    page.get_by_role("button", name="Écouter la page").click()
    page.evaluate("window.addEventListener('pagehide', () => sessionStorage.setItem('muet', String(speechSynthesis.current === null)))")
    page.get_by_role("link", name="Travail", exact=True).click()
    page.wait_for_url("**/travail")
    assert page.evaluate("sessionStorage.getItem('muet')") == "true"
