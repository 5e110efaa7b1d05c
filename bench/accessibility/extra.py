"""The pages that tests/world.py does not hold: nobody has written anything yet, a proposal waits, a bilan is on its way, a review
was held, a code is awaited, something was kept at an expired session.
"""

import json
import time

from client import Browser
from cryptography.fernet import Fernet
from endings import hold_review, tell_and_review
from factories import (
    commit,
    make_employer,
    make_interview,
    make_journey,
    make_person,
    make_prescription,
    make_step,
    propose_programme,
)
from walk import OBJECTS, Address, get_endpoints
from world import _signed_in

from bilan.access.actions import make_codes, make_secrets_key
from bilan.access.models import SecondFactor
from bilan.access.rules import new_secret
from bilan.database import now
from bilan.passkeys.models import Passkey
from bilan.people.models import KeptEntry, Role
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import State
from bilan.proposals.actions import invite_agent
from bilan.second_step import AWAITING
from bilan.sessions import KEPT

NOBODY_YET = ("new_agent", "new_counsellor", "new_hr")
A_DAY = 24 * 3600


def add_extra(world):
    """Add people whose bilan is empty, and one to whom a bilan is proposed; return their addresses by endpoint."""
    with world.app.test_request_context():
        employer = make_employer("Commune nouvelle")
        people = {
            "new_agent": make_person(Role.AGENT, name="Prénom nouveau", email="nouveau@exemple.fr", employer=employer),
            "new_counsellor": make_person(Role.COUNSELLOR, name="Prénom débutant", email="debutant@exemple.fr"),
            "new_hr": make_person(Role.HR, name="Prénom arrivé", email="arrive@exemple.fr", employer=employer),
            "proposed": make_person(Role.AGENT, name="Prénom attendu", email="attendu@exemple.fr", employer=employer),
            "under_way": make_person(Role.AGENT, name="Prénom engagé", email="engage@exemple.fr", employer=employer),
        }
        journey = make_journey(people["new_agent"], people["new_counsellor"], employer)
        prescription = make_prescription(State.RECEIVED, employer=employer)
        Prescription.update(agent_email=people["proposed"].email).where(Prescription.id == prescription.id).execute()
        invite_agent(prescription_id=prescription.id, by=None)
        under_way = make_journey(people["under_way"], people["new_counsellor"], employer)
        make_interview(under_way)
        propose_programme(under_way)
        commit(under_way)
        make_step(under_way)
        held = hold_review(tell_and_review(under_way, people["new_hr"], days=3))
    world.people |= people
    world.cookies |= {name: _signed_in(world.app, person) for name, person in people.items()}
    # Who has given a password is nobody yet.
    world.cookies["awaited"] = await_code(world.app)
    world.cookies["under_way"] = keep_entry(world.app, people["under_way"], world.cookies["under_way"])
    return addresses_of(world, {"empty": journey, "under_way": under_way}, held)


def await_code(app):
    """Return the cookie of somebody whose key, code or recovery code is asked for, for a day and not ten minutes."""
    with app.test_request_context():
        person = make_person(Role.COUNSELLOR, name="Prénom protégé", email="protege@exemple.fr")
        make_secrets_key()
        SecondFactor.create(person=person, secret=new_secret(), confirmed_at=now())
        make_codes(person)
        Passkey.create(person=person, name="Clé du bureau", credential="QkJC", public_key=b"", handle="QkJC")
    browser = Browser(app)
    with browser.client.session_transaction() as session:
        session[AWAITING] = {"who": person.fs_uniquifier, "since": int(time.time()) + A_DAY, "via": "password", "next": ""}
    return browser.cookie()


def keep_entry(app, person, cookie):
    """Return the cookie with the key of what its person was posting when her session expired."""
    key, browser = Fernet.generate_key(), Browser(app, cookie)
    fields = json.dumps([["text", "Ce que j’écrivais."]]).encode()
    with app.test_request_context():
        KeptEntry.create(person=person, path="/mon-bilan", sealed=Fernet(key).encrypt(fields))
    with browser.client.session_transaction() as session:
        session[KEPT] = {"key": key.decode()}
    return browser.cookie()


def addresses_of(world, journeys, held):
    """Return the addresses of every endpoint that takes a bilan, on these bilans, and those of the states made here."""
    found = {endpoint: [] for endpoint in ("access.code", "access.recovery", "passkeys.enter", "people.resume")}
    with world.app.test_request_context():
        for endpoint in get_endpoints(world.app):
            rule = next(world.app.url_map.iter_rules(endpoint))
            if "journey" in OBJECTS.get(endpoint, ()) and rule.arguments <= {"id", "way"}:
                given = {"way": "parcours"} if "way" in rule.arguments else {}
                found[endpoint] = [
                    Address(endpoint, world.app.url_for(endpoint, id=one.id, **given), state, "extra") for state, one in journeys.items()
                ]
        found["hr_review.minutes"] = [Address("hr_review.minutes", world.app.url_for("hr_review.minutes", id=held.id), "held", "extra")]
        found["proposals.decline"] = [Address("proposals.decline", world.app.url_for("proposals.decline"), "proposed", "extra")]
    return found
