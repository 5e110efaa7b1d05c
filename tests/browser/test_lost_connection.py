"""What happens when the connection, the service or the session fails while somebody writes: it is said, and nothing is lost."""

import json
import re

import pytest
from browser.deeds import SAVED, answer_id, grow_old, path_of, write
from client import PASSWORD
from playwright.sync_api import expect

from bilan.notes.models import Note
from bilan.notes.rules import NoteKind
from bilan.people.models import KeptEntry
from bilan.questionnaires.models import Passation

pytestmark = pytest.mark.browser
NOTES, ANSWERS = "**/notes/**", "**/reponses/*"
LOST = (r"net::ERR_FAILED", r"htmx:sendError", r"htmx:afterRequest")
REFUSED = r"Response Status Error Code (4\d\d|503)"
DOWN = (REFUSED, r"^503 on ", r"a status of 503")
RETRY_MILLISECONDS = 12_000  # the script tries again after 5 s


@pytest.fixture
def note_page(live, page_of, story):
    """The counsellor's page of an interview."""
    page = page_of(story.counsellor)
    page.goto(path_of(live, "interviews.show", id=story.interview.id))
    return page


@pytest.fixture
def answer_page(live, page_of, story):
    """The first page of the agent's questionnaire."""
    page = page_of(story.agent)
    page.goto(path_of(live, "questionnaires.fill", id=story.passation.id, number=1))
    return page


def notes(live, story, kind=NoteKind.PRIVATE):
    with live.within():
        return [note.text for note in Note.versions_query(story.interview, kind, story.counsellor)]


def answers(live, story):
    with live.within():
        return Passation.by_id_with_people(story.passation.id).answers()


def pick(page, item, value):
    """Press an answer, whatever becomes of it."""
    page.locator(f'label[for="{answer_id(page, item, value)}"]').click()


def leave(page, address="/affichage"):
    """Leave the page; return what the browser asked ("beforeunload"), if it did."""
    asked = []

    def accept(dialog):
        asked.append(dialog.type)
        dialog.accept()

    page.once("dialog", accept)
    page.goto(address)
    if not asked:
        page.remove_listener("dialog", accept)
    return asked


def sign_in_again(page, person):
    """Sign in on the page that the browser has been led to."""
    expect(page).to_have_url(re.compile("/connexion"))
    page.get_by_label("Adresse e-mail").fill(person.email)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()


def test_a_note_survives_a_lost_connection(live, note_page, story):
    note_page.context.watch.expect(*LOST)
    note_page.context.route(NOTES, lambda route: route.abort())
    write(note_page, "private", "Écrit dans le train.")
    status = note_page.locator("#status-private")
    expect(status).to_contain_text("Non enregistré : la connexion manque. Votre texte reste dans le champ")
    expect(note_page.locator("#text-private")).to_have_value("Écrit dans le train.")
    assert notes(live, story) == []
    note_page.context.unroute(NOTES)
    expect(status).to_have_text(SAVED, timeout=RETRY_MILLISECONDS)
    assert notes(live, story) == ["Écrit dans le train."]
    assert leave(note_page) == []


def test_an_answer_survives_a_lost_connection(live, answer_page, story):
    answer_page.context.watch.expect(*LOST)
    answer_page.context.route(ANSWERS, lambda route: route.abort())
    pick(answer_page, "R1", "4")
    expect(answer_page.locator("#status")).to_contain_text("Non enregistré : la connexion manque")
    pick(answer_page, "I1", "2")
    expect(answer_page.locator(f"#{answer_id(answer_page, 'R1', '4')}")).to_be_checked()
    assert answers(live, story) == {}
    answer_page.context.unroute(ANSWERS)
    expect(answer_page.locator("#progress")).to_contain_text("2 réponses sur 48", timeout=RETRY_MILLISECONDS)
    assert answers(live, story) == {"R1": 4, "I1": 2}


def test_the_button_saves_what_the_script_could_not(live, answer_page, story):
    answer_page.context.watch.expect(*LOST)
    answer_page.context.route("**/reponses/R1", lambda route: route.abort())
    pick(answer_page, "R1", "4")
    expect(answer_page.locator("#status")).to_contain_text("Non enregistré")
    answer_page.get_by_role("button", name="Continuer").scroll_into_view_if_needed()
    for item in ("I1", "A1", "S1", "E1", "C1"):
        pick(answer_page, item, "1")
    expect(answer_page.locator("#progress")).to_contain_text("5 réponses sur 48")
    # The button posts the whole page: what the script could not save is in it.
    answer_page.get_by_role("button", name="Continuer").click()
    expect(answer_page.locator(".place")).to_have_text("Page 2 sur 8")
    assert answers(live, story) == {"R1": 4, "I1": 1, "A1": 1, "S1": 1, "E1": 1, "C1": 1}


def test_one_503_is_said_then_the_next_try_saves(live, note_page, story):
    note_page.context.watch.expect(*DOWN)
    note_page.context.route(NOTES, lambda route: route.fulfill(status=503, body="<h1>Bad gateway</h1>"), times=1)
    write(note_page, "shared", "Pendant la maintenance.")
    status = note_page.locator("#status-shared")
    expect(status).to_contain_text("Non enregistré : le service ne répond pas")
    assert note_page.get_by_text("Bad gateway").count() == 0, "the answer of a failing service was swapped into the page"
    expect(status).to_have_text(SAVED, timeout=RETRY_MILLISECONDS)
    assert notes(live, story, NoteKind.SHARED) == ["Pendant la maintenance."]


def test_leaving_asks_only_while_something_is_unsaved(note_page, story):
    address = note_page.url
    assert leave(note_page) == []
    note_page.goto(address)
    write(note_page, "private", "Pas encore enregistré")
    assert leave(note_page) == ["beforeunload"]
    note_page.goto(address)
    write(note_page, "private", "Enregistré cette fois")
    expect(note_page.locator("#status-private")).to_have_text(SAVED)
    note_page.wait_for_function("() => document.querySelector('#base-private').value === '1'")
    assert leave(note_page) == []
    note_page.goto(address)
    write(note_page, "private", "Envoyé par le bouton")
    note_page.locator("#note-private").get_by_role("button", name="Enregistrer").click()
    expect(note_page.locator("#messages")).to_contain_text("Note enregistrée à")


def test_leaving_asks_while_the_last_save_was_refused(note_page):
    note_page.context.route(NOTES, lambda route: route.fulfill(status=422, content_type="text/html", body="<span>Non enregistré</span>"))
    write(note_page, "private", "Refusé")
    expect(note_page.locator("#status-private")).to_have_text("Non enregistré")
    assert leave(note_page) == ["beforeunload"]


def test_leaving_asks_while_an_answer_is_unsaved(answer_page):
    answer_page.context.watch.expect(*LOST)
    answer_page.context.route("**/reponses/R1", lambda route: route.abort())
    pick(answer_page, "R1", "4")
    expect(answer_page.locator("#status")).to_contain_text("Non enregistré")
    pick(answer_page, "I1", "2")
    expect(answer_page.locator("#progress")).to_contain_text("1 réponse sur 48")
    assert leave(answer_page) == ["beforeunload"], "an answer was lost, and the reader left without a word"


def test_a_note_survives_an_expired_session(live, note_page, story):
    note_page.context.watch.expect(REFUSED)
    grow_old(note_page.context, live, hours=2)
    write(note_page, "private", "Écrit après une longue réunion.")
    status = note_page.locator("#status-private")
    expect(status).to_contain_text("Non enregistré : votre session a expiré par sécurité. Votre texte est gardé.")
    expect(note_page.locator("#text-private")).to_have_value("Écrit après une longue réunion.")
    assert notes(live, story) == []
    asked = []
    note_page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    status.get_by_role("link", name="Reconnectez-vous pour l’enregistrer").click()
    sign_in_again(note_page, story.counsellor)
    assert asked == [], "the text is kept, and leaving is asked about all the same"
    expect(note_page.get_by_role("heading", level=1)).to_have_text("Ce que vous écriviez est gardé")
    expect(note_page.get_by_label("Votre texte")).to_have_value("Écrit après une longue réunion.")
    note_page.get_by_role("button", name="Enregistrer maintenant").click()
    expect(note_page.locator("#messages")).to_contain_text("Note enregistrée à")
    assert notes(live, story) == ["Écrit après une longue réunion."]
    with live.within():
        assert KeptEntry.select().count() == 0
    note_page.goto("/accueil")
    expect(note_page).to_have_url(re.compile("/parcours$"))


def test_answers_survive_an_expired_session(live, answer_page, story):
    answer_page.context.watch.expect(REFUSED)
    grow_old(answer_page.context, live, hours=3)
    pick(answer_page, "R1", "5")
    expect(answer_page.locator("#status")).to_contain_text("votre session a expiré")
    with answer_page.expect_response("**/reponses/I1"):
        pick(answer_page, "I1", "2")
    answer_page.locator("#status").get_by_role("link").click()
    sign_in_again(answer_page, story.agent)
    saving = answer_page.get_by_role("button", name="Enregistrer maintenant")
    for left in (2, 1):
        expect(saving).to_have_count(left)
        saving.first.click()
    expect(answer_page).not_to_have_url(re.compile("/reprise"))
    assert answers(live, story) == {"R1": 5, "I1": 2}


def test_what_an_expired_session_kept_is_not_offered_to_somebody_else(live, note_page, story):
    note_page.context.watch.expect(REFUSED)
    grow_old(note_page.context, live, hours=2)
    write(note_page, "private", "Sur un poste partagé.")
    expect(note_page.locator("#status-private")).to_contain_text("Votre texte est gardé.")
    note_page.once("dialog", lambda dialog: dialog.accept())
    note_page.goto("/connexion")
    sign_in_again(note_page, story.agent)
    expect(note_page).to_have_url(re.compile("/mon-bilan$"))
    assert "Sur un poste partagé." not in note_page.content()
    with live.within():
        (kept,) = KeptEntry.select()
        assert "partagé" not in json.dumps(bytes(kept.sealed).decode())


def test_a_plain_form_survives_an_expired_session(live, page_of, story):
    page = page_of(story.counsellor, javascript=False)
    page.goto(path_of(live, "interviews.show", id=story.interview.id))
    page.locator("#text-shared").fill("Une note sans script, écrite longtemps.")
    grow_old(page.context, live, hours=2)
    page.locator("#note-shared").get_by_role("button", name="Enregistrer").click()
    expect(page.locator("#messages")).to_contain_text("Ce que vous aviez écrit est gardé")
    sign_in_again(page, story.counsellor)
    page.get_by_role("button", name="Enregistrer maintenant").click()
    expect(page.locator("#what-agent-sees")).to_have_text("Une note sans script, écrite longtemps.")
    assert notes(live, story, NoteKind.SHARED) == ["Une note sans script, écrite longtemps."]
