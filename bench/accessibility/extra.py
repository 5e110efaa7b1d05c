"""The pages that tests/world.py does not hold: nobody has written anything yet, a bilan is on its way, a sign-in is half-way."""

import time

from application import build_app
from browser.test_accessibility import NOT_PAGES
from client import Browser
from databases import SqliteDatabases
from endings import conclude, hold_review, make_review, report
from factories import (
    commit,
    make_employer,
    make_interview,
    make_journey,
    make_passkey,
    make_person,
    make_prescription,
    propose_programme,
)
from told import make_statement, tell
from walk import OBJECTS, Address, get_endpoints
from world import _signed_in, populate

from bilan.access import actions as access
from bilan.access.models import SecondFactor
from bilan.access.rules import code_at
from bilan.people.models import Role
from bilan.preparation import prepare
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import State
from bilan.proposals.actions import invite_agent
from bilan.protection import limiter
from bilan.second_step import AWAITING
from bilan.sessions import SEEN

NOBODY_YET = ("new_agent", "new_counsellor", "new_hr")
# Who is there for a few pages only, the others being those of everybody.
COME_FOR = {
    "code_awaited": {"access.code", "access.recovery"},
    "key_awaited": {"passkeys.enter", "access.code"},
    "come_back": {"people.resume"},
}
DAY_SECONDS = 24 * 3600


def make_world(folder):
    """Return the populated application of the tests, on SQLite in a folder."""
    app = build_app(SqliteDatabases(folder).create("world"), folder / "instance")
    prepare()
    world = populate(app)
    world.app = app
    add_extra(world)
    limiter.enabled = False  # fourteen displays of one page are as many visits
    return world


def add_extra(world):
    """Add who and what is missing; `extra` are the addresses by endpoint, `come_for` says who is there for which endpoints only."""
    with world.app.test_request_context():
        people = _newcomers()
        journeys = _journeys(people)
        awaited = _awaited(people)
    world.people |= people | awaited
    world.cookies |= {name: _signed_in(world.app, person) for name, person in people.items()}
    world.cookies |= {name: _half_signed_in(world.app, person) for name, person in awaited.items()}
    world.cookies["come_back"] = _come_back(world.app, people["under_way"], journeys["under_way"])
    world.people["come_back"] = people["under_way"]
    world.extra, world.come_for = addresses_of(world, journeys), COME_FOR


def _newcomers():
    """Return people whose bilan is empty or begins, and one to whom a bilan is proposed."""
    employer = make_employer("Commune nouvelle")
    return {
        "new_agent": make_person(Role.AGENT, name="Prénom nouveau", email="nouveau@exemple.fr", employer=employer),
        "new_counsellor": make_person(Role.COUNSELLOR, name="Prénom débutant", email="debutant@exemple.fr"),
        "new_hr": make_person(Role.HR, name="Prénom arrivé", email="arrive@exemple.fr", employer=employer),
        "proposed": make_person(Role.AGENT, name="Prénom attendu", email="attendu@exemple.fr", employer=employer),
        "under_way": make_person(Role.AGENT, name="Prénom engagé", email="engage@exemple.fr", employer=employer),
    }


def _journeys(people):
    """Return the bilans of the newcomers by their state; propose one more."""
    employer, counsellor = people["new_hr"].employer, people["new_counsellor"]
    prescription = make_prescription(State.RECEIVED, employer=employer)
    Prescription.update(agent_email=people["proposed"].email).where(Prescription.id == prescription.id).execute()
    invite_agent(prescription_id=prescription.id, by=None)
    under_way = make_journey(people["under_way"], counsellor, employer)
    make_interview(under_way)
    propose_programme(under_way)
    commit(under_way)
    return {"empty": make_journey(people["new_agent"], counsellor, employer), "under_way": under_way}


def _reviewed(people):
    """Return a review with HR that was held, whose minutes wait for the agent's word."""
    employer = people["new_hr"].employer
    agent = make_person(Role.AGENT, name="Prénom reçu", email="recu@exemple.fr", employer=employer)
    journey = make_journey(agent, people["new_counsellor"], employer)
    make_interview(journey)
    propose_programme(journey)
    journey = conclude(journey)
    tell(journey, people["new_hr"], f"text-{make_statement(journey).id}")
    return report(hold_review(make_review(journey, days=6)), "Ce qui a été dit.", agreed=False)


def _awaited(people):
    """Return people who have a second factor: the code of an application, a key."""
    employer = people["new_hr"].employer
    found = {
        "code_awaited": make_person(Role.COUNSELLOR, name="Prénom prudent", email="prudent@exemple.fr"),
        "key_awaited": make_person(Role.HR, name="Prénom muni", email="muni@exemple.fr", employer=employer),
    }
    for person in found.values():
        access.begin(person=person)
        access.confirm(person=person, code=code_at(SecondFactor.of(person).pending, int(time.time()) // 30))
    make_passkey(found["key_awaited"], "BBBB")
    return found


def _half_signed_in(app, person):
    """Return the cookie of somebody who has given the password and not the rest: for longer than the ten minutes, a run is."""
    browser = Browser(app)
    browser.arrive(person)
    with browser.client.session_transaction() as session:
        session[AWAITING] = session[AWAITING] | {"since": int(time.time()) + DAY_SECONDS}
    return browser.cookie()


def _come_back(app, person, journey):
    """Return the cookie of somebody whose message was kept when the session expired, and who is signed in again."""
    browser = Browser(app)
    browser.arrive(person)
    browser.csrf_token()
    with browser.client.session_transaction() as session:
        session[SEEN] = 0
    browser.post(f"/mon-bilan/{journey.id}/messages", {"text": "Je voulais vous dire que jeudi me convient."}, status=302, follow=False)
    browser.arrive(person)
    return browser.cookie()


def addresses_of(world, journeys):
    """Return the addresses of every endpoint that takes a bilan, on these bilans, and of what only these people reach."""
    found = {endpoint: [] for endpoints in COME_FOR.values() for endpoint in endpoints}
    with world.app.test_request_context():
        for endpoint in get_endpoints(world.app):
            rule = next(world.app.url_map.iter_rules(endpoint))
            is_page = NOT_PAGES.get(endpoint, "needs").startswith("needs")
            if is_page and "journey" in OBJECTS.get(endpoint, ()) and rule.arguments <= {"id", "way"}:
                given = {"way": "parcours"} if "way" in rule.arguments else {}
                found[endpoint] = [
                    Address(endpoint, world.app.url_for(endpoint, id=one.id, **given), state, "extra") for state, one in journeys.items()
                ]
        found["proposals.decline"] = [Address("proposals.decline", world.app.url_for("proposals.decline"), "proposed", "extra")]
        minutes = world.app.url_for("hr_review.minutes", id=_reviewed(world.people).id)
        found["hr_review.minutes"] = [Address("hr_review.minutes", minutes, "held", "extra")]
    return found
