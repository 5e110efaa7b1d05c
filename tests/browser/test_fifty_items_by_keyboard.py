"""The fifty statements in plain words, by keyboard alone, to the result: its picture says what its table says."""

import re

import pytest
from browser.deeds import COUNT_SAVES, SAVED, focused, follow, past_header, path_of, press, tab_to
from factories import assign
from playwright.sync_api import expect

from bilan.questionnaires.models import Passation
from bilan.questionnaires.rules import Wording
from bilan.results.rules import shown

pytestmark = pytest.mark.browser
CHOICES = ["1", "2", "3", "4", "5", "sans"]
A_PAGE = 6


def pressed(rank):
    """The answer that is pressed for the item of this rank, so that no two scales have the same score."""
    return CHOICES[(rank * 3 + rank // A_PAGE * 4) % 6] if rank < 44 else CHOICES[rank % 5]


@pytest.fixture
def passation(live, story):
    with live.within():
        return assign(story.journey, "personnalite")


def choose_plain_words(page):
    page.goto("/affichage")
    past_header(page)
    tab_to(page, "plain_texts")
    page.keyboard.press("Space")
    follow(page, "Enregistrer")
    expect(page.get_by_label("phrases courtes")).to_be_checked()


def answer_page(page, items, start):
    """Answer the items of a page, in the order of Tab; wait until each is kept."""
    past_header(page)
    page.evaluate(COUNT_SAVES)
    saves = 0
    for rank, item in enumerate(items, start):
        value = pressed(rank)
        page.keyboard.press("Tab")
        assert focused(page) == f"{item.id}=1"
        expect(page.locator("fieldset", has=page.locator(f'input[name="{item.id}"]')).locator("legend")).to_contain_text(item.plain)
        press(page, item.id, value)
        saves += 1 if value in ("1", "sans") else int(value) - 1
        page.wait_for_function("(saves) => window.saves >= saves", arg=saves)
        expect(page.locator("#status")).to_have_text(SAVED)
    expect(page.locator("#progress .progress-words")).to_contain_text(f"{start + len(items)} réponses sur 50")


def answer_fifty(page, items):
    for start in range(0, 50, A_PAGE):
        expect(page.locator(".place")).to_have_text(f"Page {start // A_PAGE + 1} sur 9")
        answer_page(page, items[start : start + A_PAGE], start)
        follow(page, "Continuer" if start + A_PAGE < 50 else "Relire mes réponses")


def table_of(page):
    """Return the points of each scale as the table says them: name to words."""
    rows = page.locator("main table tbody tr").all()
    names = [row.locator("th").inner_text().split("\n")[0].strip() for row in rows]
    return dict(zip(names, [row.locator('td[data-label="Points"]').inner_text().strip() for row in rows], strict=True))


def picture_of(page):
    """Return the points of each scale as the picture's description says them: name to words, and the end of the scale."""
    said = page.locator("svg.chart desc").evaluate("(one) => one.textContent")
    found = re.findall(r"([^;:]+?)\s:\s([\d,]+) sur (\d+)", said.replace("\u00a0", " "))
    return {name.strip(): (points, int(highest)) for name, points, highest in found}


def as_said(points):
    return f"{points:g}".replace(".", ",")


def test_fifty_statements_in_plain_words_by_keyboard_to_the_result(live, page_of, story, passation):
    instrument = passation.instrument
    page = page_of(story.agent)
    choose_plain_words(page)
    page.goto(path_of(live, "questionnaires.start", id=passation.id, way="mon-bilan"))
    expect(page.locator(".lead")).to_have_text(instrument.plain_introduction)
    past_header(page)
    follow(page, "Commencer")
    expect(page.locator("p.lead")).to_have_text(instrument.parts[0].plain_question)
    answer_fifty(page, instrument.items)
    past_header(page)
    follow(page, "Envoyer mes réponses")
    expect(page.locator(".lead")).to_contain_text("Vous avez envoyé vos réponses")
    with live.within():
        handed_in = Passation.by_id_with_people(passation.id)
        kept = {name: "sans" if answer is None else str(answer) for name, answer in handed_in.answers().items()}
    assert kept == {item.id: pressed(rank) for rank, item in enumerate(instrument.items)}
    assert handed_in.wording is Wording.PLAIN
    assert len(set(handed_in.result["scores"].values())) == 5, "scales that cannot be told apart prove nothing"

    desk = page_of(story.counsellor)
    desk.goto(path_of(live, "results.show", id=passation.id, way="parcours"))
    past_header(desk)
    follow(desk, "Ouvrir")
    expect(desk.locator("#messages")).to_contain_text("Le résultat est ouvert à Camille Roux.")

    page.reload()
    past_header(page)
    follow(page, "Lire le résultat")
    in_table, in_picture = table_of(page), picture_of(page)
    scores = {scale.name: shown(scale, handed_in.result["scores"][scale.letter]) for scale in instrument.scales}
    assert in_table == {name: as_said(points) for name, points in scores.items()}
    assert in_picture == {name: (words, 50) for name, words in in_table.items()}
    # For who cannot see it, it is one image with a name, and it hides nothing that the table does not say.
    picture = page.get_by_role("img", name="La place des scores sur leurs échelles")
    expect(picture).to_have_count(1)
    ids = picture.get_attribute("aria-labelledby").split()
    assert [page.locator(f"#{one}").evaluate("(one) => one.localName") for one in ids] == ["title", "desc"]
    drawn = picture.evaluate("(one) => [...one.querySelectorAll('circle')].map((circle) => Number(circle.getAttribute('cx')))")
    points = [scores[scale.name] for scale in instrument.scales]
    assert sorted(range(5), key=drawn.__getitem__) == sorted(range(5), key=points.__getitem__), "drawn in another order than told"
