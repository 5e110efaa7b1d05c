"""A counsellor holds a session from its beginning to its end by keyboard alone; a note whose saving was cut keeps everything."""

import datetime
import re

import pytest
from browser.deeds import SAVED, focused, past_header, path_of, tab_to, write
from factories import make_slot, propose_programme, write_note
from playwright.sync_api import expect

from bilan.assignments.models import Assignment
from bilan.database import now
from bilan.interviews.actions import plan_interview
from bilan.interviews.models import Interview, ObjectivesTouched
from bilan.interviews.rules import InterviewKind, Mode, Outcome
from bilan.notes.models import Note
from bilan.notes.rules import NoteKind

pytestmark = pytest.mark.browser
OBJECTIVES = "- Choisir deux pistes\n- Rencontrer un professionnel"


@pytest.fixture
def session(live, story):
    """A session that began half an hour ago, after another that left a note, in another week of the agenda whatever the day."""
    with live.within():
        Interview.update(starts_at=now() - datetime.timedelta(days=10)).where(Interview.id == story.interview.id).execute()
        write_note(story.interview, "shared", "La dernière fois : **deux pistes**.")
        propose_programme(story.journey, objectives=OBJECTIVES)
        make_slot(story.counsellor, days=8)
        return plan_interview(
            journey=story.journey,
            kind=InterviewKind.ACCOMPANIMENT,
            mode=Mode.ON_SITE,
            starts_at=now().replace(microsecond=0) - datetime.timedelta(minutes=30),
            planned_minutes=90,
            by=story.counsellor,
        )


def press(page, wanted, limit=90):
    """Go to a link or a button by Tab and press Enter; wait for the page that it leads to."""
    tab_to(page, wanted, limit)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def note(live, session, kind, reader):
    with live.within():
        found = Note.current(session, kind, reader)
        return found.text if found else ""


def test_a_session_is_held_from_its_beginning_to_its_end_by_keyboard(live, page_of, story, session):
    page = page_of(story.counsellor)
    press(page, "Agenda")
    expect(page).to_have_url(re.compile("/agenda"))
    past_header(page)
    press(page, "Camille Roux")
    expect(page.locator("#rappel")).to_contain_text("La dernière fois : deux pistes.")

    tab_to(page, "text-shared")
    page.keyboard.insert_text("Ce que nous avons dit.\n\n- **appeler** un garage")
    expect(page.locator("#status-shared")).to_have_text(SAVED)
    assert focused(page) == "text-shared", "the save took the focus away"
    expect(page.locator("#what-agent-sees li strong")).to_have_text("appeler")
    tab_to(page, "text-private")
    page.keyboard.insert_text("Elle parle de son arrêt maladie.")
    expect(page.locator("#status-private")).to_have_text(SAVED)
    expect(page.locator("#caution-private")).to_contain_text("semble parler de la santé")

    tab_to(page, "objective-1")
    page.keyboard.press("Space")
    expect(page.locator("#status-objectives")).to_have_text(SAVED)

    press(page, "Donner un travail")
    tab_to(page, "title")
    page.keyboard.type("Appeler un garage")
    press(page, "Donner ce travail")
    expect(page.locator("#travail")).to_contain_text("Appeler un garage")

    tab_to(page, "Fixer")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("Rendez-vous fixé")

    press(page, "Terminer la séance")
    expect(page.locator("#messages")).to_contain_text("Durée tenue enregistrée : 1 h 30.")
    with live.within():
        held = Interview.get_by_id(session.id)
        assert (held.outcome, held.held_minutes) == (Outcome.HELD, 90)
        assert ObjectivesTouched.of_interview(held) == ["Rencontrer un professionnel"]
        assert [one.title for one in Assignment.of_interview(held)] == ["Appeler un garage"]
        assert Interview.coming_of(story.journey) is not None
    assert note(live, session, NoteKind.SHARED, story.counsellor) == "Ce que nous avons dit.\n\n- **appeler** un garage"
    assert note(live, session, NoteKind.PRIVATE, story.counsellor) == "Elle parle de son arrêt maladie."


def test_the_buttons_of_the_note_write_the_marks_and_what_is_pasted_stays_text(live, page_of, story, session):
    page = page_of(story.counsellor)
    page.goto(path_of(live, "interviews.show", id=session.id))
    field = page.locator("#text-shared")
    pasted = "<b onclick=alert(1)>gras</b><script>alert(2)</script>"
    write(page, "shared", f"mot\n{pasted}")
    page.keyboard.press("Control+Home")
    page.keyboard.press("Shift+End")
    page.locator("#note-shared").get_by_role("button", name="Gras", exact=True).click()
    page.locator("#note-shared").get_by_role("button", name="Liste", exact=True).click()
    expect(field).to_have_value(f"- **mot**\n{pasted}")
    expect(page.locator("#what-agent-sees li strong")).to_have_text("mot")
    expect(page.locator("#what-agent-sees")).to_contain_text(pasted)
    assert page.locator("#what-agent-sees b, #what-agent-sees script").count() == 0


def test_what_a_cut_network_refused_is_said_and_the_next_save_carries_everything(live, page_of, story, session):
    page = page_of(story.counsellor)
    page.context.watch.expect(r"net::ERR_FAILED", r"htmx:sendError", r"htmx:afterRequest")
    page.goto(path_of(live, "interviews.show", id=session.id))
    write(page, "shared", "Première phrase. ")
    expect(page.locator("#status-shared")).to_have_text(SAVED)
    page.context.route("**/notes/**", lambda route: route.abort())
    page.keyboard.insert_text("Deuxième, dans le tunnel. ")
    expect(page.locator("#status-shared")).to_contain_text("Non enregistré : la connexion manque. Votre texte reste dans le champ")
    page.keyboard.insert_text("Troisième, toujours dedans.")
    assert note(live, session, NoteKind.SHARED, story.counsellor) == "Première phrase."
    page.context.unroute("**/notes/**")
    expect(page.locator("#status-shared")).to_have_text(SAVED, timeout=12_000)
    expect(page.locator("#text-shared")).to_have_value("Première phrase. Deuxième, dans le tunnel. Troisième, toujours dedans.")
    everything = "Première phrase. Deuxième, dans le tunnel. Troisième, toujours dedans."
    assert note(live, session, NoteKind.SHARED, story.counsellor) == everything
