"""The team without a mouse nor JavaScript, on the narrowest screen: a session held, a bilan paused and stopped, a complaint that changes something."""

import datetime

import pytest
from browser.deeds import fits, path_of
from factories import commit, file_complaint, make_person, propose_programme
from playwright.sync_api import expect

from bilan import worker
from bilan.complaints.models import Complaint
from bilan.database import now
from bilan.evidence.models import EvidenceFile
from bilan.followup.models import Interruption, MidwayReview
from bilan.improvement.models import Improvement
from bilan.interviews.actions import plan_interview
from bilan.interviews.models import Interview, ObjectivesTouched
from bilan.interviews.rules import InterviewKind, Mode, Outcome
from bilan.journeys.models import Journey
from bilan.notes.models import Note
from bilan.notes.rules import NoteKind
from bilan.people.models import Role

pytestmark = pytest.mark.browser
OBJECTIVES = "- Choisir deux pistes\n- Rencontrer un professionnel"
DAY = datetime.timedelta(days=1)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def follow(page, name):
    page.locator("main").get_by_role("link", name=name).first.click()


def open_page(page, live, endpoint, **arguments):
    page.goto(path_of(live, endpoint, **arguments))
    assert fits(page)


@pytest.fixture
def session(live, story):
    """A session that began half an hour ago."""
    with live.within():
        Interview.update(starts_at=now() - 10 * DAY, outcome="held", held_minutes=90).where(Interview.id == story.interview.id).execute()
        propose_programme(story.journey, objectives=OBJECTIVES)
        commit(story.journey)
        meeting = {"kind": InterviewKind.ACCOMPANIMENT, "mode": Mode.ON_SITE, "planned_minutes": 90, "by": story.counsellor}
        return plan_interview(journey=story.journey, starts_at=now().replace(microsecond=0) - datetime.timedelta(minutes=30), **meeting)


def test_a_session_is_held_to_its_end(live, page_of, story, session):
    page = page_of(story.counsellor, javascript=False)
    open_page(page, live, "interviews.show", id=session.id)
    for kind in ("shared", "private"):
        page.locator(f"#text-{kind}").fill(f"Note {kind}.")
        page.locator(f"#note-{kind}").get_by_role("button", name="Enregistrer la note").click()
        expect(page.locator("#messages")).to_contain_text("Note enregistrée à")
    page.get_by_label("Rencontrer un professionnel").check()
    press(page, "Enregistrer les objectifs")
    press(page, "Terminer la séance")
    expect(page.locator("#messages")).to_contain_text("Durée tenue enregistrée")
    with live.within():
        held = Interview.get_by_id(session.id)
        assert (held.outcome, held.held_minutes) == (Outcome.HELD, 90)
        assert ObjectivesTouched.of_interview(held) == ["Rencontrer un professionnel"]
        assert Note.current(session, NoteKind.SHARED, story.counsellor).text == "Note shared."


def test_a_bilan_is_paused_taken_up_reviewed_halfway_and_stopped(live, page_of, story, session):
    counsellor, agent = page_of(story.counsellor, javascript=False), page_of(story.agent, javascript=False)
    open_page(counsellor, live, "followup.suspend", id=story.journey.id)
    counsellor.get_by_label("Reprise prévue le").fill((now() + 30 * DAY).date().isoformat())
    press(counsellor, "Mettre en pause")
    open_page(counsellor, live, "followup.journal", id=story.journey.id, way="parcours")
    press(counsellor, "Reprendre aujourd’hui")
    open_page(agent, live, "followup.midway", id=story.journey.id, way="mon-bilan")
    press(agent, "Enregistrer")
    agent.locator("[data-error-summary] a").first.click()
    agent.get_by_label("Ce qu’il faudrait ajuster").fill("Des séances plus courtes.")
    press(agent, "Enregistrer")
    open_page(counsellor, live, "followup.interrupt", id=story.journey.id)
    press(counsellor, "Interrompre le bilan")
    expect(counsellor.locator("[data-error-summary] li")).to_have_count(2)
    counsellor.locator("main input[name=origin]").first.check()
    counsellor.locator("main input[name=reason]").first.check()
    press(counsellor, "Interrompre le bilan")
    with live.within():
        assert MidwayReview.get().content["adjust"] == "Des séances plus courtes."
        assert Interruption.select().where(Interruption.journey == story.journey.id).count() == 1
        assert not Journey.by_id_with_people(story.journey.id).is_open
    assert fits(counsellor)


@pytest.fixture
def manager(live):
    with live.within():
        return make_person(Role.MANAGER, name="Stéphanie Faure")


def test_a_complaint_changes_something_and_everybody_may_read_what(live, page_of, manager):
    with live.within():
        complaint, _ = file_complaint()
    page, visitor = page_of(manager, javascript=False), page_of(javascript=False)
    open_page(page, live, "improvement.from_complaint", id=complaint.id)
    page.get_by_label("L’action").fill("Appeler avant de déplacer")
    page.get_by_label("Ce qui a été constaté avant").fill("Deux rendez-vous déplacés sans appel.")
    page.get_by_label("Échéance").fill((now() + 30 * DAY).date().isoformat())
    press(page, "Ajouter au plan")
    with live.within():
        action = Improvement.get()
    open_page(page, live, "improvement.edit", id=action.id)
    page.get_by_label("État").select_option("done")
    page.get_by_label("Ce qui est constaté après").fill("Plus aucun.")
    page.get_by_label("Constaté le").fill(now().date().isoformat())
    press(page, "Enregistrer")
    open_page(page, live, "improvement.publish", id=action.id)
    page.get_by_label("La phrase publique").fill("Nous appelons avant de déplacer un rendez-vous.")
    press(page, "Relire")
    press(page, "Publier")
    open_page(visitor, live, "improvement.published")
    expect(visitor.locator("main")).to_contain_text("Nous appelons avant de déplacer un rendez-vous.")
    with live.within():
        assert Complaint.get_by_id(complaint.id).content["name"] not in visitor.locator("main").inner_text()


def test_the_evidence_is_asked_for_and_taken(live, page_of, manager):
    page = page_of(manager, javascript=False)
    open_page(page, live, "evidence.index")
    press(page, "Préparer le fichier")
    with live.within():
        worker.run_pending()
        assert EvidenceFile.get().done_at is not None
    open_page(page, live, "evidence.index")
    with page.expect_download() as taken:
        follow(page, "Télécharger")
    assert taken.value.suggested_filename.endswith(".zip")
    assert taken.value.path().read_bytes().startswith(b"PK")
