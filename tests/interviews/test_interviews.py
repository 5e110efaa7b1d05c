"""Planning a meeting, moving it, saying how long it lasted; what the agent reads of it."""

import datetime

import pytest

from bilan import french
from bilan.database import now
from bilan.interviews import actions
from bilan.interviews.models import Interview
from bilan.interviews.rules import Outcome
from bilan.journal import Event, JournalEntry

MEETING = {"kind": "accompaniment", "date": "2027-11-25", "time": "10:00", "planned_minutes": "120", "mode": "remote"}


def plan(world, status=200, **others):
    browser = world.browser("counsellor")
    page = browser.get(f"/parcours/{world.home.journey.id}/entretiens/nouveau")
    return browser.submit(page, {**MEETING, **others}, status=status)


def newest():
    return Interview.select().order_by(Interview.created_at.desc()).first()


def test_a_counsellor_plans_a_meeting_at_the_hour_of_paris(world):
    page = plan(world)
    page.has("Entretien noté : jeudi 25 novembre 2027 à 10 h", "à distance", "2 h 00")
    assert newest().starts_at.isoformat() == "2027-11-25T09:00:00"
    assert newest().planned_minutes == 120
    plan(world, date="2028-07-14")
    assert newest().starts_at.isoformat() == "2028-07-14T08:00:00"
    assert JournalEntry.select().where(JournalEntry.event == Event.INTERVIEW_PLANNED, JournalEntry.subject_id == newest().id).exists()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("date", "", "Indiquez la date."),
        ("date", "25/11/2027", "date"),
        ("date", "1927-11-25", "Vérifiez l’année"),
        ("date", "20277-11-25", "date"),
        ("time", "", "Indiquez l’heure"),
        ("time", "25:00", "heure"),
    ],
)
def test_a_wrong_date_is_said_and_the_values_are_kept(world, field, value, sentence):
    before = Interview.select().count()
    page = plan(world, status=422, **{field: value})
    assert sentence.lower() in page.text.lower()
    assert page.soup.find("select", {"name": "kind"}).find("option", selected=True)["value"] == "accompaniment"
    assert Interview.select().count() == before


def test_an_hour_that_the_clocks_jump_over_is_refused(world):
    plan(world, status=422, date="2027-03-28", time="02:30").has("Cette heure n’existe pas ce jour-là")
    plan(world, date="2027-03-28", time="03:30").has("dimanche 28 mars 2027 à 3 h 30")


def test_a_meeting_is_moved(world):
    browser = world.browser("counsellor")
    page = browser.get(f"/parcours/entretiens/{world.home.coming.id}/modifier")
    local = french.to_paris(world.home.coming.starts_at)
    assert page.soup.find("input", {"name": "date"})["value"] == local.date().isoformat()
    browser.submit(page, {"date": "2027-01-05", "mode": "remote"}).has("L’entretien est modifié.", "mardi 5 janvier 2027")
    assert french.to_paris(Interview.get_by_id(world.home.coming.id).starts_at).date() == datetime.date(2027, 1, 5)


def test_a_meeting_is_held_and_its_duration_corrected(world):
    browser = world.browser("counsellor")
    page = browser.get(f"/parcours/entretiens/{world.home.held.id}")
    page = browser.submit(page, {"held_minutes": "45"}, form=str(world.home.held.id))
    page.has("Durée tenue enregistrée : 45 min.")
    assert Interview.get_by_id(world.home.held.id).held_minutes == 45
    world.browser("hr").get("/prescriptions").has("45 min")


def test_a_meeting_to_come_was_not_held(world):
    browser = world.browser("counsellor")
    page = browser.get(f"/parcours/entretiens/{world.home.coming.id}")
    for outcome in ("held", "excused", "no_show"):
        answer = browser.submit(page, {"outcome": outcome, "held_minutes": "60"}, form=str(world.home.coming.id), status=422)
        answer.has("Cet entretien n’a pas encore commencé.")
    assert Interview.get_by_id(world.home.coming.id).is_pending
    with pytest.raises(actions.NotYetBegun):
        actions.close_interview(interview=world.home.coming, outcome=Outcome.HELD, held_minutes=60, by=world.counsellor)


def test_a_duration_that_is_not_offered_is_refused(world):
    for minutes in ("1", "0", "-30", "481", "abc"):
        page = world.browser("counsellor").post(
            f"/parcours/entretiens/{world.home.held.id}", {"outcome": "held", "held_minutes": minutes}, status=422
        )
        assert page.soup.find(attrs={"data-error-summary": True})
    assert Interview.get_by_id(world.home.held.id).held_minutes == 90


@pytest.mark.parametrize(("outcome", "words"), [("excused", "absence excusée"), ("no_show", "absence non prévenue")])
def test_an_absence_has_no_duration_and_may_be_corrected(world, outcome, words):
    browser, held = world.browser("counsellor"), world.home.held
    page = browser.submit(browser.get(f"/parcours/entretiens/{held.id}"), {"outcome": outcome}, form=str(held.id))
    page.has(words)
    assert (Interview.get_by_id(held.id).outcome, Interview.get_by_id(held.id).held_minutes) == (Outcome(outcome), None)
    for name, path in (("counsellor", f"/parcours/{world.home.journey.id}"), ("agent", "/mon-bilan")):
        world.browser(name).get(path).has(words)
    browser.submit(page, {"outcome": "held", "held_minutes": "60"}, form=str(held.id)).has("Durée tenue enregistrée : 1 h 00.")
    assert Interview.get_by_id(held.id).held_minutes == 60


def test_a_past_meeting_without_outcome_waits_for_the_counsellor(world):
    with world.app.test_request_context():
        actions.plan_interview(
            journey=world.home.journey,
            kind=world.home.held.kind,
            mode=world.home.held.mode,
            starts_at=now() - datetime.timedelta(hours=3),
            planned_minutes=90,
            by=world.counsellor,
        )
    world.browser("counsellor").get("/parcours").has("1 entretien à clore")
    world.browser("counsellor").get(f"/parcours/{world.home.journey.id}").has("à clore")


def test_the_agent_reads_the_meeting_and_its_shared_note(world):
    page = world.browser("agent").get(f"/mon-bilan/entretiens/{world.home.held.id}")
    assert page.h1 == "Entretien de diagnostic"
    page.has("Entretien 1", world.markers["note-partagee-2-home"].text, "4 rue Molière")
    page = world.browser("agent").get(f"/mon-bilan/entretiens/{world.home.coming.id}")
    page.has("Entretien 2", "n’a pas encore écrit de note partagée")
