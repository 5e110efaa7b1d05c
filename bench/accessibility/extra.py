"""The pages that tests/world.py does not hold: nobody has written anything yet, a proposal waits, a bilan is on its way."""

from factories import commit, make_employer, make_interview, make_journey, make_person, make_prescription, propose_programme
from walk import OBJECTS, Address, get_endpoints
from world import _signed_in

from bilan.people.models import Role
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import State
from bilan.proposals.actions import invite_agent

NOBODY_YET = ("new_agent", "new_counsellor", "new_hr")


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
    world.people |= people
    world.cookies |= {name: _signed_in(world.app, person) for name, person in people.items()}
    return addresses_of(world, {"empty": journey, "under_way": under_way})


def addresses_of(world, journeys):
    """Return the addresses of every endpoint that takes a bilan, on these bilans."""
    found = {}
    with world.app.test_request_context():
        for endpoint in get_endpoints(world.app):
            rule = next(world.app.url_map.iter_rules(endpoint))
            if "journey" in OBJECTS.get(endpoint, ()) and rule.arguments <= {"id", "way"}:
                given = {"way": "parcours"} if "way" in rule.arguments else {}
                found[endpoint] = [
                    Address(endpoint, world.app.url_for(endpoint, id=one.id, **given), state, "extra") for state, one in journeys.items()
                ]
        found["proposals.decline"] = [Address("proposals.decline", world.app.url_for("proposals.decline"), "proposed", "extra")]
    return found
