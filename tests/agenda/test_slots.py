"""Publishing slots and withdrawing them; the time that they and the meetings take."""

# ruff: noqa: DTZ001 -- moments are kept as naive UTC

import datetime
from types import SimpleNamespace

import pytest
import time_machine
from client import Browser
from factories import make_interview, make_journey, make_person, make_slot
from peewee import IntegrityError

from bilan.agenda import actions
from bilan.agenda.models import BusyCell, Slot, TimeTaken
from bilan.agenda.rules import cells
from bilan.database import database, now
from bilan.interviews import actions as interviews
from bilan.interviews.models import Interview
from bilan.interviews.rules import InterviewKind, Mode, Outcome
from bilan.journal import Event, JournalEntry
from bilan.people.models import Role

OFFER = {"date": "2032-03-23", "time": "10:00", "minutes": "90", "mode": "on_site"}
TODAY = datetime.datetime(2032, 3, 1, 9, tzinfo=datetime.UTC)


@pytest.fixture
def march(app):
    """The first of March 2032, with a journey, its counsellor, and her browser."""
    with time_machine.travel(TODAY, tick=True):
        with app.test_request_context():
            journey = make_journey()
        browser = Browser(app)
        browser.arrive(journey.counsellor)
        yield SimpleNamespace(app=app, journey=journey, counsellor=journey.counsellor, browser=browser)


@pytest.fixture
def context(march):
    with march.app.test_request_context():
        yield


def publish(march, status=200, **others):
    return march.browser.submit(march.browser.get("/agenda/creneaux"), {**OFFER, **others}, status=status)


def offered():
    return list(Slot.select().order_by(Slot.starts_at))


def test_a_slot_is_published_at_the_hour_of_paris_with_the_place_of_the_centre(march):
    page = publish(march)
    page.has("1 créneau publié.", "Agenda de la semaine du 22 mars 2032", "10:00 – 11:30", "libre", "sur place")
    (slot,) = offered()
    assert slot.starts_at == datetime.datetime(2032, 3, 23, 9)
    assert slot.place == "4 rue Molière, 42300 ROANNE"
    assert "Parkings payants" in slot.access_notes
    assert JournalEntry.select().where(JournalEntry.event == Event.SLOTS_OFFERED, JournalEntry.subject_id == slot.id).exists()


def test_a_series_keeps_its_hour_and_leaves_holidays_and_overlaps_out(march):
    publish(march, date="2032-04-05", time="11:00")
    page = publish(march, date="2032-03-22", repeat="week", until="2032-04-12")  # 29 March is a holiday; 5 April is taken at 11
    page.has("2 créneaux publiés", "lundi 29 mars 2032 (Lundi de Pâques)", "1 créneau laissé de côté, l’heure étant déjà prise")
    assert [slot.starts_at.isoformat() for slot in offered()] == ["2032-03-22T09:00:00", "2032-04-05T09:00:00", "2032-04-12T08:00:00"]
    assert len({slot.series_id for slot in offered() if slot.series_id}) == 1


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"date": ""}, "Indiquez la date."),
        ({"date": "2032-02-26"}, "Cette heure est passée."),
        ({"date": "2032-03-01", "time": "09:59"}, "Cette heure est passée."),
        ({"date": "2034-03-01"}, "dans l’année qui vient"),
        ({"date": "2032-05-06"}, "jeudi 6 mai 2032 : Ascension."),
        ({"date": "2032-03-28", "time": "02:30"}, "dimanche 28 mars 2032 : changement d’heure."),
        ({"place": " "}, "Indiquez l’adresse."),
        ({"mode": "remote"}, "Elle commence par https://"),
        ({"mode": "remote", "link": "http://visio.exemple/a"}, "Elle commence par https://"),
        ({"mode": "remote", "link": "javascript:alert(1)"}, "Elle commence par https://"),
        ({"mode": "remote", "link": "https://[x"}, "Elle commence par https://"),
        ({"repeat": "week"}, "Indiquez la date de fin"),
        ({"repeat": "week", "until": "2032-03-22"}, "après la première date"),
        ({"repeat": "fortnight", "until": "2034-01-01"}, "à un an au plus"),
    ],
)
def test_a_wrong_slot_is_refused_with_a_sentence(march, values, sentence):
    before = Slot.select().count()
    page = publish(march, status=422, **values)
    page.has(sentence)
    assert page.soup.find("input", {"name": "time"})["value"] == values.get("time", "10:00")
    assert Slot.select().count() == before


def test_a_remote_slot_keeps_its_link(march):
    publish(march, mode="remote", link="https://visio.exemple/salle?a=1")
    assert [(slot.mode, slot.place, slot.access_notes) for slot in offered()] == [(Mode.REMOTE, "https://visio.exemple/salle?a=1", "")]


@pytest.mark.parametrize("hour", ["09:00", "10:00", "10:45", "11:25"])
def test_an_overlap_is_refused_and_names_the_slot_met(march, hour):
    publish(march)
    page = publish(march, status=422, time=hour)
    page.has("Vous avez déjà un créneau libre mardi 23 mars 2032, de 10:00 à 11:30.")
    assert len(offered()) == 1
    publish(march, time="11:30")


def test_the_database_itself_refuses_an_overlap(march):
    publish(march)
    (slot,) = offered()
    cell = cells(slot.starts_at, slot.minutes)[3]
    with pytest.raises(IntegrityError), database.atomic():
        BusyCell.insert(counsellor=march.counsellor.id, cell=cell, slot=slot.id).execute()
    with march.app.test_request_context():
        other = make_person(Role.COUNSELLOR)
    BusyCell.insert(counsellor=other.id, cell=cell, slot=slot.id).execute()


def test_a_slot_is_withdrawn_and_its_time_is_free_again(march):
    page = publish(march)
    (slot,) = offered()
    other = Browser(march.app)
    with march.app.test_request_context():
        person = make_person(Role.COUNSELLOR)
    other.arrive(person)
    other.post(f"/agenda/creneaux/{slot.id}/retirer", status=404)
    march.browser.submit(page, form="/retirer").has("1 créneau retiré.", "Rien de prévu.")
    assert offered() == []
    publish(march)


def test_a_series_is_withdrawn_but_for_what_is_booked(march):
    publish(march, date="2032-03-23", repeat="week", until="2032-04-06")
    first, second, _ = offered()
    with march.app.test_request_context():
        journey = make_journey(counsellor=march.counsellor)
        actions.book_slot(journey=journey, slot_id=second.id, by=journey.agent)
        with pytest.raises(actions.SlotTaken):
            actions.withdraw_slot(slot=second, whole_series=False, by=march.counsellor)
    page = march.browser.post(f"/agenda/creneaux/{first.id}/retirer", {"series": "1"})
    page.has("2 créneaux retirés.")
    assert offered() == [second]
    page = march.browser.post(f"/agenda/creneaux/{second.id}/retirer")
    page.has("Ce créneau vient d’être réservé")
    assert offered() == [second]


def test_a_planned_meeting_takes_its_time(march):
    browser = march.browser
    path = f"/parcours/{march.journey.id}/entretiens/nouveau"
    meeting = {"kind": "accompaniment", "date": "2032-03-23", "time": "10:00", "planned_minutes": "90", "mode": "on_site"}
    browser.submit(browser.get(path), meeting)
    (slot,) = offered()
    assert slot.interview.journey_id == march.journey.id
    refused = browser.submit(browser.get(path), {**meeting, "time": "11:00"}, status=422)
    refused.has("Vous avez déjà un entretien mardi 23 mars 2032, de 10:00 à 11:30.")
    publish(march, status=422)
    page = browser.get(f"/parcours/entretiens/{slot.interview_id}/modifier")
    browser.submit(page, {"time": "10:30"}).has("L’entretien est modifié.")
    (slot,) = offered()
    assert slot.starts_at == datetime.datetime(2032, 3, 23, 9, 30)
    publish(march, time="12:00")
    page = browser.get(f"/parcours/entretiens/{slot.interview_id}/modifier")
    browser.submit(page, {"time": "12:00"}, status=422).has("Vous avez déjà un créneau libre")
    assert Slot.get_by_id(slot.id).starts_at == datetime.datetime(2032, 3, 23, 9, 30), "nothing was half done"
    assert Interview.get_by_id(slot.interview_id).starts_at == datetime.datetime(2032, 3, 23, 9, 30)


def test_a_meeting_logged_afterwards_takes_no_time(march, context):
    journey = make_journey()
    make_interview(journey, days=-3)
    make_interview(journey, days=-3)
    assert (Slot.select().count(), BusyCell.select().count()) == (0, 0)


def test_a_cancelled_planned_meeting_leaves_no_slot_behind(march, context):
    interview = make_interview(make_journey(), days=3)
    assert BusyCell.select().count() in (18, 19)
    interviews.close_interview(
        interview=interview, outcome=Outcome.CANCELLED_BY_SERVICE, held_minutes=None, by=interview.journey.counsellor
    )
    assert (Slot.select().count(), BusyCell.select().count()) == (0, 0)


def test_a_meeting_corrected_into_the_past_gives_its_time_back(march, context):
    interview = make_interview(make_journey(), days=3)
    by = interview.journey.counsellor
    past = now() - datetime.timedelta(days=1)
    interviews.change_interview(
        interview=interview, kind=InterviewKind.DIAGNOSTIC, mode=Mode.ON_SITE, starts_at=past, planned_minutes=90, by=by
    )
    assert Slot.select().count() == 0


def test_old_cells_are_forgotten_and_the_slots_stay(march, context):
    counsellor = make_person(Role.COUNSELLOR)
    make_slot(counsellor, days=1)
    make_slot(counsellor, days=9)
    with time_machine.travel(TODAY + datetime.timedelta(days=5)):
        actions.forget_past_cells()
    assert {cell.slot_id for cell in BusyCell.select()} == {Slot.select().order_by(Slot.starts_at.desc()).first().id}
    with pytest.raises(TimeTaken):
        make_slot(counsellor, days=9)
