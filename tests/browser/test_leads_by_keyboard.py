"""From a word typed with its faults to a lead that is kept: the search is announced, the focus stays where one works."""

import re

import pytest
from browser.deeds import COUNT_SAVES, focused, follow, no_request, past_header, path_of, send, tab_to, told
from playwright.sync_api import expect

from bilan.leads.models import Lead, Survey
from bilan.occupations.models import Occupation, identifier

pytestmark = pytest.mark.browser
OCCUPATION = identifier("territorial:mediateur-numerique")
TITLE = "Médiateur / Médiatrice numérique"
# Neither accents nor number are those of the title.
TYPED = "mediateurs numériques"
REASON = "J’aide déjà mes voisins, mais il y a des soirées."
LEARNT = "Elle reçoit cinq personnes par jour, jamais dans la précipitation."
# Every text that the live region of the count has said since.
LISTEN = """() => {
  const line = document.getElementById('occupations-count');
  window.region = line;
  window.said = [];
  new MutationObserver(() => window.said.push(line.textContent.trim().replace(/\\s+/g, ' '))).observe(line, {childList: true, characterData: true, subtree: true});
}"""


def told_by(live, story):
    with live.within():
        (lead,) = Lead.of_journey(story.journey)
        return lead, Survey.of_journey(story.journey)


def message(page, text):
    expect(page.locator("#messages")).to_contain_text(text)


def check_the_lead(live, story):
    lead, (survey,) = told_by(live, story)
    assert (lead.title, lead.content["occupation"]) == (TITLE, str(OCCUPATION))
    assert lead.sorting == {"choice": "explore", "reason": REASON}
    assert lead.kept_at
    assert (survey.title, survey.content["contact"], survey.content["findings"]) == ("Une médiatrice de Roanne", "phone", LEARNT)


def search(page):
    """Type the words; return how many occupations there were before."""
    page.get_by_role("link", name="Chercher un métier").wait_for()
    past_header(page)
    follow(page, "Chercher un métier")
    before = page.locator("#occupations h2").all_inner_texts()
    page.evaluate(LISTEN)
    past_header(page)
    tab_to(page, "q")
    page.keyboard.insert_text(TYPED)
    expect(page.locator("#occupations-count")).to_have_text("1 métier")
    assert focused(page) == "q", "the search took the focus away"
    assert page.locator("#occupations h2").all_inner_texts() == [TITLE] != before
    # What is announced is the new count, once, in a region that was there from the beginning.
    assert page.evaluate("() => window.region === document.getElementById('occupations-count')")
    expect(page.locator("#occupations-count")).to_have_attribute("role", "status")
    said = page.evaluate("() => window.said")
    assert said.count("1 métier") == 1, said
    assert said[-1] == "1 métier"


def sort_it(page):
    past_header(page)
    tab_to(page, "choice=interested")
    page.keyboard.press("ArrowDown")
    assert focused(page) == "choice=explore"
    send(page, "Enregistrer")
    assert "Écrivez votre raison" in told(page)
    tab_to(page, "Votre raison", limit=2)
    page.keyboard.press("Enter")
    assert focused(page) == "reason"
    expect(page.get_by_label("À creuser")).to_be_checked()
    page.keyboard.insert_text(REASON)
    follow(page, "Enregistrer")
    message(page, "C’est noté : à creuser.")
    expect(page.locator("h2", has_text="À creuser")).to_be_visible()


def survey_it(page):
    past_header(page)
    follow(page, TITLE)
    past_header(page)
    follow(page, "Ajouter une enquête métier")
    send(page, "Enregistrer")
    assert "Indiquez avec qui, ou où." in told(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert focused(page) == "who"
    page.keyboard.insert_text("Une médiatrice de Roanne")
    tab_to(page, "contact", limit=1)
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    tab_to(page, "findings")
    page.keyboard.insert_text(LEARNT)
    follow(page, "Enregistrer")
    expect(page.get_by_role("heading", level=3)).to_have_text(["Une médiatrice de Roanne"])


def test_from_a_word_to_a_lead_that_is_kept(live, page_of, story):
    page = page_of(story.agent, width=320)
    page.goto(path_of(live, "leads.index", id=story.journey.id, way="mon-bilan"))
    search(page)
    page.evaluate(COUNT_SAVES)
    tab_to(page, TITLE)
    no_request(page)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(TITLE)
    past_header(page)
    follow(page, "Ajouter aux pistes")
    message(page, "C’est ajouté aux pistes.")
    expect(page.locator("h1")).to_have_text(TITLE)
    sort_it(page)
    survey_it(page)
    past_header(page)
    follow(page, "La garder")
    message(page, "La piste est gardée pour les scénarios.")
    past_header(page)
    follow(page, "Toutes les pistes")
    expect(page.locator("main h2")).to_have_text([re.compile(r"^Gardées pour les scénarios \(1 sur 5\)$")])
    check_the_lead(live, story)


def test_from_a_word_to_a_lead_that_is_kept_without_javascript(live, page_of, story):
    page = page_of(story.agent, javascript=False)
    page.goto(path_of(live, "occupations.index", id=story.journey.id, way="mon-bilan"))
    page.get_by_label("Métier, ou mot du métier").fill(TYPED)
    page.get_by_role("button", name="Chercher").click()
    expect(page.locator("#occupations-count")).to_have_text("1 métier")
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("button", name="Ajouter aux pistes").click()
    message(page, "C’est ajouté aux pistes.")
    page.get_by_label("À creuser").check()
    page.get_by_label("Votre raison").fill(REASON)
    page.get_by_role("button", name="Enregistrer").click()
    message(page, "C’est noté : à creuser.")
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("link", name="Ajouter une enquête métier").click()
    page.get_by_label("Avec qui, ou où").fill("Une médiatrice de Roanne")
    page.get_by_label("De quelle façon").select_option(label="Appel")
    page.get_by_label("Ce que vous avez appris").fill(LEARNT)
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("button", name="La garder").click()
    message(page, "La piste est gardée pour les scénarios.")
    check_the_lead(live, story)


def test_a_search_that_finds_nothing_says_so_and_comes_back(live, page_of, story):
    page = page_of(story.agent)
    page.goto(path_of(live, "occupations.index", id=story.journey.id, way="mon-bilan"))
    with live.within():
        total = Occupation.listed().count()
    expect(page.locator("#occupations-count")).to_contain_text(f"{total} métiers")
    page.evaluate(LISTEN)
    page.locator("#q").focus()
    page.keyboard.insert_text("zzyx")
    expect(page.locator("#occupations-count")).to_have_text("0 métier")
    expect(page.locator("#occupations")).to_contain_text("Aucun métier ne correspond.")
    assert focused(page) == "q"
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    expect(page.locator("#occupations-count")).to_contain_text(f"{total} métiers")
    assert page.evaluate("() => window.said")[-1].startswith(f"{total} métiers")
    expect(page.locator("#occupations h2")).to_have_count(20)
