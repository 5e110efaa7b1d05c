"""Two tabs on the same thing: the later answer wins and the other tab is told; of two texts, both stay."""

import re

import pytest
from browser.deeds import SAVED, choose, path_of, sign_in, write
from factories import submit
from playwright.sync_api import expect

from bilan.notes.models import Note
from bilan.notes.rules import NoteKind
from bilan.questionnaires.models import Passation

pytestmark = pytest.mark.browser


@pytest.fixture
def two_tabs(live, page_of, story):
    """Open two tabs of one browser on the address of an endpoint, signed in as somebody."""

    def open_tabs(person, endpoint, **arguments):
        first = page_of(person)
        second = first.context.new_page()
        for tab in (first, second):
            tab.goto(path_of(live, endpoint, **arguments))
        return first, second

    return open_tabs


def kept_answers(live, story):
    with live.within():
        return Passation.by_id_with_people(story.passation.id).answers()


def test_the_later_answer_wins_item_by_item_and_the_other_tab_is_told(live, two_tabs, story):
    first, second = two_tabs(story.agent, "questionnaires.fill", id=story.passation.id, number=1)
    choose(first, "R1", "2")
    expect(first.locator("#status")).to_have_text(SAVED)
    choose(second, "R1", "4")
    expect(second.locator("#status")).to_contain_text("aussi ouvert ailleurs")
    choose(second, "I1", "5")
    expect(second.locator("#status")).not_to_contain_text("aussi ouvert ailleurs")
    choose(first, "A1", "1")
    expect(first.locator("#status")).to_contain_text("aussi ouvert ailleurs")
    expect(first.locator("#progress")).to_contain_text("3 réponses sur 48")
    assert kept_answers(live, story) == {"R1": 4, "I1": 5, "A1": 1}


def test_leaving_a_tab_by_its_button_undoes_no_later_answer_of_the_other(live, two_tabs, story):
    first, second = two_tabs(story.agent, "questionnaires.fill", id=story.passation.id, number=1)
    for item in ("R1", "I1", "A1", "S1", "E1", "C1"):
        choose(first, item, "2")
    choose(second, "R1", "5")
    first.bring_to_front()
    first.get_by_role("button", name="Continuer").click()
    expect(first.locator(".place")).to_have_text("Page 2 sur 8")
    assert kept_answers(live, story)["R1"] == 5, "the answer given last, in the other tab, was replaced by an older one"


def test_answering_after_the_other_tab_has_sent_everything_is_refused_in_words(live, two_tabs, story):
    first, second = two_tabs(story.agent, "questionnaires.fill", id=story.passation.id, number=1)
    with live.within():
        handed_in = submit(story.passation).answers()
    choose(second, "R1", "1" if handed_in["R1"] != 1 else "2")
    expect(second.locator("#status")).to_contain_text("ce questionnaire a déjà été envoyé")
    first.bring_to_front()
    first.get_by_role("button", name="Continuer").click()
    expect(first.locator(".lead")).to_contain_text("Vous avez envoyé vos réponses")
    assert kept_answers(live, story) == handed_in


def test_two_texts_of_one_note_are_both_shown_and_both_kept(live, two_tabs, story):
    first, second = two_tabs(story.counsellor, "interviews.show", id=story.interview.id)
    write(first, "private", "Le texte du premier onglet.")
    expect(first.locator("#status-private")).to_have_text(SAVED)
    write(second, "private", "Le texte du second onglet.")
    expect(second.locator("#status-private")).to_contain_text("Non enregistré : cette note a été enregistrée ailleurs à")
    expect(second.locator("#text-private")).to_have_value("Le texte du second onglet.")
    second.locator("#status-private summary").click()
    expect(second.locator("#status-private details")).to_contain_text("Le texte du premier onglet.")

    second.locator("#note-private").get_by_role("button", name="Enregistrer la note").click()
    expect(second.locator("[data-error-summary]")).to_be_focused()
    expect(second.locator("#other-private")).to_have_value("Le texte du premier onglet.")
    expect(second.locator("#text-private")).to_have_value("Le texte du second onglet.")
    with live.within():
        assert Note.current(story.interview, NoteKind.PRIVATE, story.counsellor).text == "Le texte du premier onglet."

    second.locator("#note-private").get_by_role("button", name="Enregistrer par-dessus").click()
    expect(second.locator("#messages")).to_contain_text("Note enregistrée à")
    second.get_by_role("link", name="versions").click()
    second.get_by_role("link", name="Voir toutes les versions").click()
    texts = second.locator("main .written").all_inner_texts()
    assert texts == ["Le texte du second onglet.", "Le texte du premier onglet."]


def test_two_devices_meet_the_same_conflict(live, page_of, story):
    address = path_of(live, "interviews.show", id=story.interview.id)
    desk, laptop = page_of(story.counsellor), page_of()
    sign_in(laptop, story.counsellor)
    for page in (desk, laptop):
        page.goto(address)
    write(desk, "shared", "Version du bureau.")
    expect(desk.locator("#status-shared")).to_have_text(SAVED)
    write(laptop, "shared", "Version du portable.")
    expect(laptop.locator("#status-shared")).to_contain_text("Votre texte reste dans le champ.")
    expect(laptop.locator("#what-agent-sees")).to_have_text("Rien pour l’instant.")
    # Words typed in the other note are saved all the same: one conflict stops one note.
    write(laptop, "private", "Une note privée.")
    expect(laptop.locator("#status-private")).to_have_text(re.compile("Enregistré à"))
    with live.within():
        assert Note.current(story.interview, NoteKind.SHARED, story.counsellor).text == "Version du bureau."
        assert Note.current(story.interview, NoteKind.PRIVATE, story.counsellor).text == "Une note privée."
