"""What a screen reader is given on the main pages: names, roles, states, and each change said once."""

import itertools
import re

import pytest
from browser.deeds import SAVED, answer_id, choose, path_of, send, write
from browser.reading_tree import HEAR, heard, named, the, tree
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
WORKED = {
    "link",
    "button",
    "textbox",
    "radio",
    "checkbox",
    "combobox",
    "searchbox",
    "spinbutton",
    "image",
    "table",
    "navigation",
    "searchBox",
}
PAGES = {
    "anonymous": ["public.sheet", "security.login", "complaints.new", "quality.published", "people.display", "public.help_page"],
    "agent": ["journeys.mine", "agenda.choose"],
    "counsellor": ["journeys.index", "agenda.index"],
    "hr": ["prescriptions.index", "prescriptions.new", "disclosure.received"],
    "secretariat": ["reception.home", "reception.index", "treatment.index", "mail.index", "people.accounts"],
    "manager": ["quality.index", "verbatims.index", "improvement.index", "evidence.index", "seals.index"],
}
OF_HER_BILAN = ["careers.path", "leads.index", "scenarios.index", "plans.index", "synthesis.show", "closing.show", "messages.index"]


def main_pages(world):
    with world.app.test_request_context():
        for person, endpoints in PAGES.items():
            yield from ((person, world.app.url_for(endpoint)) for endpoint in endpoints)
        journey = world.home.journey.id
        yield from (("agent", world.app.url_for(one, id=journey, way="mon-bilan")) for one in OF_HER_BILAN)
        yield "agent", world.app.url_for("results.show", id=world.home.released.id, way="mon-bilan")
        yield "agent", world.app.url_for("questionnaires.fill", id=world.home.started.id, number=1, way="mon-bilan")
        yield "counsellor", world.app.url_for("interviews.show", id=world.home.coming.id)


def faults(page):
    """Return what a screen reader would miss on a page."""
    nodes = tree(page)
    found = [f"nameless {one.role}" for one in nodes if one.role in WORKED and not one.name]
    found += [f"{len(named(nodes, role))} {role}" for role in ("banner", "main", "contentinfo") if len(named(nodes, role)) != 1]
    regions = named(nodes, "navigation")
    found += [f"two navigations {name!r}" for name in regions if regions.count(name) > 1]
    levels = [one.states["level"] for one in nodes if one.role == "heading"]
    found += [f"{levels.count(1)} titles"] if levels.count(1) != 1 else []
    found += [f"a heading {one} after a {before}" for before, one in itertools.pairwise(levels) if one > before + 1]
    title = next(one.name for one in nodes if one.role == "RootWebArea")
    heading = next((one.name for one in nodes if one.role == "heading" and one.states["level"] == 1), "")
    return found + ([f"{title!r} does not begin with {heading!r}"] if not title.startswith(heading) else [])


def test_the_main_pages_are_named_ordered_and_whole_for_a_screen_reader(live_world, world, new_context):
    contexts, wrong = {}, []
    for person, path in main_pages(world):
        if person not in contexts:
            contexts[person] = new_context(live_world.address, cookie=world.cookies.get(person)).new_page()
        contexts[person].goto(path)
        wrong += [f"{path} ({person}): {fault}" for fault in faults(contexts[person])]
    assert wrong == []


def test_what_is_planted_is_missed(page_of):
    page = page_of()
    page.goto("/connexion")
    assert faults(page) == []
    page.evaluate("""() => {
      document.querySelector('main form').insertAdjacentHTML('beforeend', '<button type="button"></button><input type="text"><h5>Trop bas</h5>');
      document.querySelector('footer').insertAdjacentHTML('beforebegin', '<h1>Un autre titre</h1>');
    }""")
    assert set(faults(page)) >= {"nameless button", "nameless textbox", "2 titles", "a heading 5 after a 1"}


def test_a_question_is_a_named_group_whose_answer_is_said_once(live, page_of, story):
    page = page_of(story.agent)
    page.goto(path_of(live, "questionnaires.fill", id=story.passation.id, number=1, way="mon-bilan"))
    item = story.passation.instrument.items[0]
    nodes = tree(page)
    the(nodes, "radiogroup", item.text)
    answers = [one for one in nodes if one.role == "radio"]
    assert len(answers) == 6 * 6, "six questions of six answers"
    assert all(one.states["checked"] == "false" for one in answers)
    the(nodes, "progressbar", "Réponses données")
    page.evaluate(HEAR)
    choose(page, item.id, "4")
    expect(page.locator("#status")).to_have_text(SAVED)
    (said,) = heard(page)
    assert SAVED.search(said)
    chosen = [one for one in tree(page) if one.role == "radio" and one.states["checked"] == "true"]
    name = page.locator(f'label[for="{answer_id(page, item.id, "4")}"]').inner_text()
    assert [one.name for one in chosen] == [" ".join(name.split())]


def test_a_note_that_saves_itself_is_said_once(live, page_of, story):
    page = page_of(story.counsellor)
    page.goto(path_of(live, "interviews.show", id=story.interview.id))
    nodes = tree(page)
    assert {one.name for one in nodes if one.role == "textbox" and one.states.get("multiline")}, "no text to write"
    page.evaluate(HEAR)
    write(page, "private", "Elle parle de son équipe.")
    page.locator("#text-private").blur()
    expect(page.locator("#status-private")).to_have_text(SAVED)
    assert [re.sub(r"\d", "0", one) for one in heard(page)] == ["✓ Enregistré à 00:00"]


def test_what_is_wrong_is_said_with_its_field(page_of):
    page = page_of()
    page.goto("/reclamations")
    send(page, "Envoyer la réclamation")
    nodes = tree(page)
    (focused,) = [one for one in nodes if one.states.get("focused") and one.role != "RootWebArea"]
    assert focused.role in ("generic", "group", "region")
    wrong = [one for one in nodes if one.states.get("invalid") == "true"]
    assert wrong
    assert all(one.description for one in wrong), "a field is wrong and does not say why"
    links = [one for one in named(nodes, "link") if any(one.startswith(field.name.split(" (")[0]) for field in wrong)]
    assert len(links) >= len({one.name for one in wrong if one.role == "textbox"})


def test_a_table_stays_a_table_on_a_phone(live_world, world, new_context):
    seen = {}
    for width in (1280, 320):
        page = new_context(live_world.address, cookie=world.cookies["hr"], width=width).new_page()
        page.goto("/prescriptions")
        nodes = tree(page)
        seen[width] = [len(named(nodes, role)) for role in ("table", "row", "rowheader", "columnheader", "cell")]
    assert seen[320] == seen[1280]
    assert min(seen[320]) > 0
