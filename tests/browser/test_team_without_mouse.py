"""The team without a mouse nor JavaScript, on the narrowest screen: a session held, a bilan paused and stopped, a complaint that changes something."""

import datetime
import zipfile

import pytest
from browser.deeds import enter, fits, go, turn_to
from factories import commit, file_complaint, last_link, make_person, propose_programme
from playwright.sync_api import expect

from bilan import worker
from bilan.database import now
from bilan.evidence.models import EvidenceFile
from bilan.followup.models import Interruption, MidwayReview
from bilan.followup.rules import Origin, Reason
from bilan.improvement.models import Improvement
from bilan.interviews.actions import plan_interview
from bilan.interviews.models import Interview, ObjectivesTouched
from bilan.interviews.rules import InterviewKind, Mode, Outcome
from bilan.journeys.models import Journey, Suspension
from bilan.notes.models import Note
from bilan.notes.rules import NoteKind
from bilan.people.models import Role

pytestmark = pytest.mark.browser
OBJECTIVES = "- Choisir deux pistes\n- Rencontrer un professionnel"
DAY = datetime.timedelta(days=1)
TITLE, SENTENCE = "Appeler avant de déplacer", "Nous appelons avant de déplacer un rendez-vous."


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def open_bilan(page):
    page.goto("/parcours")
    assert fits(page)
    page.locator("main table").get_by_role("link", name="Camille Roux").click()


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
    open_bilan(page)
    page.get_by_role("row").filter(has_text="Entretien d’accompagnement").get_by_role("link").click()
    for kind in ("shared", "private"):
        page.locator(f"#text-{kind}").fill(f"Note {kind}.")
        page.locator(f"#note-{kind}").get_by_role("button", name="Enregistrer la note").click()
        expect(page.locator("#messages")).to_contain_text("Note enregistrée à")
    page.get_by_label("Rencontrer un professionnel").check()
    press(page, "Enregistrer les objectifs")
    press(page, "Terminer la séance")
    expect(page.locator("#messages")).to_contain_text("Durée tenue enregistrée")
    assert fits(page)
    with live.within():
        held = Interview.get_by_id(session.id)
        assert (held.outcome, held.held_minutes) == (Outcome.HELD, 90)
        assert ObjectivesTouched.of_interview(held) == ["Rencontrer un professionnel"]
        for kind in (NoteKind.SHARED, NoteKind.PRIVATE):
            assert Note.current(session, kind, story.counsellor).text == f"Note {kind.value}."


def is_paused(live, story):
    with live.within():
        return Suspension.lasting(story.journey.id).exists()


def pause_and_take_up(live, page, story):
    """Pause a bilan for a month, and take it up the same day."""
    turn_to(page, "Suivi")
    go(page, "Mettre en pause")
    page.get_by_label("Reprise prévue le").fill((now() + 30 * DAY).date().isoformat())
    press(page, "Mettre en pause")
    assert is_paused(live, story)
    turn_to(page, "Suivi")
    press(page, "Reprendre aujourd’hui")
    assert not is_paused(live, story)


def review_halfway(page):
    page.goto("/mon-bilan")
    turn_to(page, "Suivi")
    go(page, "Ce qui est utile, ce qu’il faudrait ajuster")
    press(page, "Enregistrer")
    page.locator("[data-error-summary] a").first.click()
    page.get_by_label("Ce qu’il faudrait ajuster").fill("Des séances plus courtes.")
    press(page, "Enregistrer")


def read_and_interrupt(page):
    """Read what the agent says half-way, then stop the bilan, with a reason."""
    turn_to(page, "Suivi")
    go(page, "Ce qui est utile, ce qu’il faudrait ajuster")
    expect(page.locator("main")).to_contain_text("Des séances plus courtes.")
    turn_to(page, "Suivi")
    go(page, "Interrompre le bilan")
    press(page, "Interrompre le bilan")
    expect(page.locator("[data-error-summary] li")).to_have_count(2)
    page.locator("main input[name=origin]").first.check()
    page.locator("main input[name=reason]").first.check()
    press(page, "Interrompre le bilan")


def test_a_bilan_is_paused_taken_up_reviewed_halfway_and_stopped(live, page_of, story, session):
    counsellor, agent = page_of(story.counsellor, javascript=False), page_of(story.agent, javascript=False)
    open_bilan(counsellor)
    pause_and_take_up(live, counsellor, story)
    review_halfway(agent)
    read_and_interrupt(counsellor)
    with live.within():
        assert MidwayReview.get().content["adjust"] == "Des séances plus courtes."
        stopped = Interruption.get(Interruption.journey == story.journey.id)
        assert (stopped.origin, stopped.reason) == (next(iter(Origin)), next(iter(Reason)))
        assert not Journey.by_id_with_people(story.journey.id).is_open
    assert fits(counsellor)


@pytest.fixture
def manager(live):
    with live.within():
        return make_person(Role.MANAGER, name="Stéphanie Faure")


def start_from(page, reference):
    """Open a complaint, and make an action of it."""
    enter(page, "Réclamations")
    go(page, reference)
    go(page, "En faire une action")
    page.get_by_label("L’action").fill(TITLE)
    page.get_by_label("Ce qui a été constaté avant").fill("Deux rendez-vous déplacés sans appel.")
    page.get_by_label("Échéance").fill((now() + 30 * DAY).date().isoformat())
    press(page, "Ajouter au plan")


def measure_and_publish(page):
    """Find the action in the plan, say that it is done and what it changed, and publish it."""
    enter(page, "Plan d’amélioration")
    go(page, TITLE)
    go(page, "Modifier")
    page.get_by_label("État").select_option("done")
    page.get_by_label("Ce qui est constaté après").fill("Plus aucun.")
    page.get_by_label("Constaté le").fill(now().date().isoformat())
    press(page, "Enregistrer")
    go(page, "Publier ce qui a changé")
    page.get_by_label("La phrase publique").fill(SENTENCE)
    press(page, "Relire")
    press(page, "Publier")
    assert fits(page)


def test_a_complaint_changes_something_and_everybody_may_read_what(live, page_of, manager):
    with live.within():
        complaint, _ = file_complaint()
    page, visitor = page_of(manager, javascript=False), page_of(javascript=False)
    start_from(page, complaint.reference)
    measure_and_publish(page)
    with live.within():
        action, told = Improvement.get(), last_link("improvement_told")
    assert (action.effect, action.complaint_id, action.told_at is None) == ("Plus aucun.", complaint.id, False)
    # Whoever complained is told at her own address; anybody reads it, and not who asked.
    visitor.goto(told)
    expect(visitor.locator("#ameliorations")).to_contain_text(SENTENCE)
    visitor.goto("/")
    go(visitor, "Ce que vos retours ont changé")
    expect(visitor.locator("main")).to_contain_text(SENTENCE)
    expect(visitor.locator("main")).not_to_contain_text(complaint.content["name"])


def test_the_evidence_is_asked_for_and_taken(live, page_of, manager):
    page = page_of(manager, javascript=False)
    enter(page, "Preuves")
    press(page, "Préparer le fichier")
    with live.within():
        worker.run_pending()
        assert EvidenceFile.get().done_at is not None
    go(page, "Actualiser la liste")
    with page.expect_download() as taken:
        page.locator("main").get_by_role("link", name="Télécharger").click()
    assert taken.value.suggested_filename.endswith(".zip")
    with zipfile.ZipFile(taken.value.path()) as evidence:
        assert evidence.testzip() is None
        assert any(name.endswith(".html") for name in evidence.namelist())
