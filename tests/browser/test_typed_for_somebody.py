"""The counsellor prints a questionnaire, types what was written on the paper, and the result says so; the agent cannot fill it."""

import io

import pytest
from browser.deeds import choose, path_of
from factories import assign
from playwright.sync_api import expect
from pypdf import PdfReader

from bilan.questionnaires.models import Passation
from bilan.questionnaires.rules import Channel

pytestmark = pytest.mark.browser
A_PAGE = 6


def level(rank):
    return "sans" if rank == 7 else str(rank % 5 + 1)


def words_of(paper):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages).split())


def get_pdf(page, address):
    """Fetch a PDF with the cookies of the page."""
    answer = page.context.request.get(address)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    return words_of(answer.body())


@pytest.fixture
def passation(live, story):
    with live.within():
        return assign(story.journey, "personnalite-courte")


def switch_to_paper(live, page, story, passation):
    """Say that the answers come on paper; the form comes back with what was chosen."""
    page.goto(path_of(live, "results.index", id=story.journey.id, way="parcours"))
    page.get_by_role("link", name=f"Papier ou téléphone : {passation.instrument.title}").click()
    page.get_by_label("Sur papier").check()
    page.get_by_role("button", name="Continuer").click()
    expect(page.locator("h1")).to_have_text(passation.instrument.title)
    expect(page.locator(".place")).to_have_text("Réponses de Camille Roux, sur papier")


def give(page, item, value, *, javascript):
    """Give an answer: saved as it is given, or chosen for the button of the page."""
    if javascript:
        assert choose(page, item.id, value).status == 200
    else:
        page.locator(f'input[name="{item.id}"][value="{value}"]').check()


@pytest.mark.parametrize("javascript", [True, False], ids=["with", "without"])
def test_answers_on_paper_are_printed_typed_and_read(live, page_of, story, passation, javascript):
    items = passation.instrument.items
    page, agent = page_of(story.counsellor, javascript=javascript), page_of(story.agent, javascript=javascript)
    switch_to_paper(live, page, story, passation)
    printed = get_pdf(page, page.get_by_role("link", name="Imprimer le questionnaire").get_attribute("href"))
    for item in (items[0], items[-1]):
        assert f"{item.text}" in printed

    # The agent reads that somebody notes her answers; the questions are not hers any more.
    start = path_of(live, "questionnaires.start", id=passation.id, way="mon-bilan")
    agent.goto(start)
    expect(agent.locator(".lead")).to_have_text("Vous répondez sur papier : Dominique Perrin note vos réponses pour vous.")
    expect(agent.locator("main form")).to_have_count(0)
    expect(agent.get_by_role("link", name="Commencer")).to_have_count(0)
    for refused in (f"{start}/page/1", f"{start}/verification"):
        assert agent.goto(refused).status == 404

    page.get_by_role("link", name="Commencer la saisie").click()
    for start_rank in range(0, len(items), A_PAGE):
        expect(page.locator(".place")).to_contain_text(f"Page {start_rank // A_PAGE + 1} sur 4")
        for rank, item in enumerate(items[start_rank : start_rank + A_PAGE], start_rank):
            give(page, item, level(rank), javascript=javascript)
        page.get_by_role("button", name="Relire les réponses" if start_rank + A_PAGE >= len(items) else "Continuer").click()
    expect(page.locator("h1")).to_have_text("Relire les réponses")
    page.get_by_role("button", name="Envoyer les réponses").click()

    expect(page.locator(".lead")).to_contain_text("Réponses données sur papier, saisies par Dominique Perrin.")
    with live.within():
        typed = Passation.by_id_with_people(passation.id)
        kept = {name: "sans" if answer is None else str(answer) for name, answer in typed.answers().items()}
        assert (typed.channel, typed.entered_by_id) == (Channel.PAPER, story.counsellor.id)
    assert kept == {item.id: level(rank) for rank, item in enumerate(items)}
    expect(page.get_by_text("À lire avec prudence")).to_have_count(0)
    paper = get_pdf(page, path_of(live, "results.paper", id=passation.id, way="parcours"))
    assert "données sur papier" in paper

    # Handed in, but still not open to her.
    agent.goto(start)
    expect(agent.locator(".lead")).to_contain_text("Elles ne changent plus.")
    assert agent.goto(path_of(live, "results.show", id=passation.id, way="mon-bilan")).status == 404


def test_given_back_to_the_agent_she_goes_on_where_the_typing_stopped(live, page_of, story, passation):
    items = passation.instrument.items
    page, agent = page_of(story.counsellor), page_of(story.agent)
    switch_to_paper(live, page, story, passation)
    page.get_by_role("link", name="Commencer la saisie").click()
    for item in items[:2]:
        choose(page, item.id, "4")
    page.goto(path_of(live, "questionnaires.enter", id=passation.id))
    page.get_by_label("En ligne, par l’agent ou l’agente").check()
    page.get_by_role("button", name="Continuer").click()

    agent.goto(path_of(live, "questionnaires.start", id=passation.id, way="mon-bilan"))
    agent.get_by_role("link", name="Reprendre où vous en étiez").click()
    expect(agent.locator("#progress .progress-words")).to_contain_text("2 réponses sur 20")
    for item in items[:2]:
        expect(agent.locator(f'input[name="{item.id}"][value="4"]')).to_be_checked()
    assert choose(agent, items[2].id, "2").status == 200
    assert page.goto(path_of(live, "questionnaires.fill", id=passation.id, number=1, way="parcours")).status == 404
