"""After htmx has swapped, the page is what a fresh load gives: a fragment is the same file that the page includes."""

import re

import pytest
from browser.deeds import SAVED, choose, path_of, write
from bs4 import BeautifulSoup
from pages import words
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
CHECKED = "() => [...document.querySelectorAll('input[type=radio]:checked')].map((one) => `${one.name}=${one.value}`)"


def shape(html):
    """Return a piece of HTML as its elements, attributes and words, so that spaces do not count.

    Nor does the value of a form's token: it is signed with the second of its page.
    """
    lines, parsed = [], BeautifulSoup(html, "html.parser")
    for token in parsed.select("[name=csrf_token][value]"):
        token["value"] = "signed"
    for node in parsed.descendants:
        if node.name:
            lines.append((node.name, sorted((name, str(value)) for name, value in node.attrs.items())))
        elif words(node):
            lines.append(words(node))
    return lines


def shapes(page, regions):
    """Return the shape of each region; htmx must have finished."""
    page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling, .htmx-added')")
    return {region: shape(page.locator(region).evaluate("(one) => one.outerHTML")) for region in regions}


def reloaded(page):
    """Return a fresh load of the same address, in another tab of the same browser."""
    fresh = page.context.new_page()
    fresh.goto(page.url)
    return fresh


def test_saved_answers_leave_the_page_that_a_fresh_load_gives(live, page_of, story):
    page = page_of(story.agent)
    page.goto(path_of(live, "questionnaires.fill", id=story.passation.id, number=1))
    at_first = shapes(page, ["#progress", "#seen"])
    for item, value in (("R1", "4"), ("I1", "sans"), ("R1", "5")):
        choose(page, item, value)
    expect(page.locator("#seen")).to_have_value("3")
    expect(page.locator("#status")).to_have_text(SAVED)
    fresh = reloaded(page)
    after = shapes(page, ["#progress", "#seen"])
    assert after == shapes(fresh, ["#progress", "#seen"])
    assert not [region for region in after if after[region] == at_first[region]], "something was not swapped"
    assert page.evaluate(CHECKED) == fresh.evaluate(CHECKED) == ["R1=5", "I1=sans"]
    # The live region itself is never replaced: only its words, which say the moment, differ.
    frame = "(one) => one.cloneNode(false).outerHTML"
    assert page.locator("#status").evaluate(frame) == fresh.locator("#status").evaluate(frame)


def test_what_the_page_had_shown_follows_each_saved_answer(live, page_of, story):
    page = page_of(story.agent)
    page.goto(path_of(live, "questionnaires.fill", id=story.passation.id, number=1))
    choose(page, "R1", "4")
    expect(page.locator("#seen")).to_have_value("1")
    shown = 'input[name="shown-R1"]'
    assert shapes(page, [shown]) == shapes(reloaded(page), [shown])


@pytest.mark.parametrize("kind", ["private", "shared"])
def test_a_saved_note_leaves_the_page_that_a_fresh_load_gives(live, page_of, story, kind):
    regions = [f"#status-{kind}", f"#base-{kind}", "#what-agent-sees"]
    page = page_of(story.counsellor)
    page.goto(path_of(live, "interviews.show", id=story.interview.id))
    at_first = shapes(page, regions)
    write(page, kind, "Une première ligne,\net <b>une seconde</b> & la fin.")
    expect(page.locator(f"#base-{kind}")).to_have_value("1")
    after = shapes(page, regions)
    assert after == shapes(reloaded(page), regions)
    changed = {region for region in regions if after[region] != at_first[region]}
    assert changed == {*regions[:2], *(["#what-agent-sees"] if kind == "shared" else [])}
    if kind == "shared":
        expect(page.locator("#what-agent-sees")).to_have_text("Une première ligne, et <b>une seconde</b> & la fin.")
        assert page.locator("#what-agent-sees b").count() == 0, "what was typed became HTML"


def test_an_emptied_shared_note_is_shown_as_a_fresh_load_shows_it(live, page_of, story):
    page = page_of(story.counsellor)
    page.goto(path_of(live, "interviews.show", id=story.interview.id))
    write(page, "shared", "Trop tôt.")
    expect(page.locator("#base-shared")).to_have_value("1")
    page.locator("#text-shared").click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    expect(page.locator("#base-shared")).to_have_value("2")
    regions = ["#status-shared", "#base-shared", "#what-agent-sees"]
    assert shapes(page, regions) == shapes(reloaded(page), regions)
    expect(page.locator("#what-agent-sees")).to_have_text("Rien pour l’instant.")


def test_found_occupations_leave_the_page_that_a_fresh_load_gives(live, page_of, story):
    regions = ["#occupations", "#occupations-count"]
    page = page_of(story.agent)
    page.goto(path_of(live, "occupations.index", id=story.journey.id, way="mon-bilan"))
    at_first = shapes(page, regions)
    page.locator("#q").fill("espaces vert")
    expect(page).to_have_url(re.compile(r"q=espaces(\+|%20)vert(&|$)"))
    page.locator("summary", has_text="Choisir une famille").click()
    page.get_by_label("Réaliste").check()
    expect(page).to_have_url(re.compile("interet="))
    after = shapes(page, regions)
    assert after == shapes(reloaded(page), regions)
    assert not [region for region in regions if after[region] == at_first[region]], "something was not swapped"


def test_the_comparison_sees_a_difference():
    same = '<p id="a" class="b">Deux   mots</p>'
    assert shape(same) == shape('<p class="b" id="a">\n  Deux mots\n</p>')
    for other in ('<p id="a" class="c">Deux mots</p>', '<p id="a" class="b">Deux autres mots</p>', f"<div>{same}</div>"):
        assert shape(other) != shape(same)
