"""Fifty agents take the same slot at once: one has it, the others read a clear page. On SQLite and on PostgreSQL."""

import concurrent.futures
import threading

from client import Browser
from factories import make_journey, make_person, make_slot

from bilan.agenda.models import BusyCell, Slot, TimeTaken
from bilan.database import connection, now
from bilan.interviews.models import Interview
from bilan.people.models import Role
from bilan.protection import limiter

CROWD = 50


def test_of_fifty_people_one_has_the_slot_and_the_others_are_told(app):
    limiter.enabled = False
    with app.test_request_context():
        counsellor = make_person(Role.COUNSELLOR)
        journeys = [make_journey(counsellor=counsellor) for _ in range(CROWD)]
        slot = make_slot(counsellor, days=3)
    ready = threading.Barrier(CROWD)

    def take(journey):
        with connection():
            browser = Browser(app)
            browser.arrive(journey.agent)
            page = browser.get("/mon-bilan/rendez-vous")
            ready.wait(60)
            page = browser.submit(page, {"slot": str(slot.id)}, status={302, 409}, follow=False)
            return page.status, "Ce rendez-vous vient d’être pris. Choisissez-en un autre." in page.text

    with concurrent.futures.ThreadPoolExecutor(CROWD) as pool:
        answers = list(pool.map(take, journeys))
    assert sorted(answers) == [(302, False), *[(409, True)] * (CROWD - 1)]
    (interview,) = Interview.select()
    assert Slot.get_by_id(slot.id).interview_id == interview.id


def test_an_agent_who_takes_several_slots_at_once_has_one(app):
    limiter.enabled = False
    with app.test_request_context():
        journey = make_journey()
        slots = [make_slot(journey.counsellor, days=days) for days in range(3, 9)]
    ready = threading.Barrier(len(slots))

    def take(slot):
        with connection():
            browser = Browser(app)
            browser.arrive(journey.agent)
            page = browser.get("/mon-bilan/rendez-vous")
            ready.wait(60)
            return browser.submit(page, {"slot": str(slot.id)}, follow=False, status=302).response.location

    with concurrent.futures.ThreadPoolExecutor(len(slots)) as pool:
        places = set(pool.map(take, slots))
    (interview,) = Interview.select()
    assert places == {f"/mon-bilan/entretiens/{interview.id}"}
    assert Slot.select().where(Slot.interview.is_null(False)).count() == 1


def test_two_slots_of_one_time_are_published_at_once_and_one_is_kept(app):
    with app.test_request_context():
        counsellor = make_person(Role.COUNSELLOR)
    start, ready = now().replace(microsecond=0), threading.Barrier(4)

    def publish(_rank):
        with connection():
            ready.wait(60)
            try:
                make_slot(counsellor, start)
            except TimeTaken:
                return "met"
            return "kept"

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(publish, range(4))) == ["kept", "met", "met", "met"]
    assert Slot.select().count() == 1
    assert {cell.slot_id for cell in BusyCell.select()} == {Slot.get().id}
