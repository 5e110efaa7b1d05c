"""A bilan whose content was destroyed answers everybody on every page: what is left, or since when it is gone."""

import datetime

import pytest
import time_machine
from walk import every_get

from bilan.closing.models import Closing
from bilan.closing.rules import Keep
from bilan.data_requests.models import DataRequest
from bilan.data_requests.rules import State as RequestState
from bilan.database import now
from bilan.exports.models import DataExport
from bilan.journal import JournalEntry
from bilan.journeys.models import Journey
from bilan.people.models import Person
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import State
from bilan.privacy import actions
from bilan.privacy.models import Certificate
from bilan.privacy.rules import Kind
from bilan.protection import limiter

PEOPLE = ("agent", "counsellor", "hr", "secretariat", "disability_referent", "manager")


def end(world, keep):
    """Close everything of the home side, and run the night that follows."""
    for journey in (world.home.journey, world.home.closed_journey):
        open_one = (Journey.id == journey.id) & Journey.closed_at.is_null()
        Journey.update(phase="closed", closed_at=now()).where(open_one).execute()
        Prescription.update(state=State.ENDED, ended_at=now()).where(Prescription.id == journey.id).execute()
        choice = {"keep": keep, "keep_months": None if keep is Keep.NOTHING else 6}
        Closing.update(**choice).where(Closing.journey == journey.id).execute()


def later(**span):
    return time_machine.travel(now().replace(tzinfo=datetime.UTC) + datetime.timedelta(**span))


@pytest.mark.parametrize("keep", list(Keep))
def test_every_page_answers(world, keep):
    limiter.enabled = False
    with world.app.app_context():
        end(world, keep)
    addresses = [one for one in every_get(world) if one.side != "away" and one.endpoint != "pages.static_file"]
    with later(days=1), world.app.app_context():
        actions.purge()
    faults, found = [], {}
    for name in PEOPLE:
        browser = world.browser(name)
        for address in addresses:
            answer = browser.client.get(address.path, buffered=True)
            found[name, address.endpoint, address.state] = answer.status_code
            if answer.status_code not in (200, 302, 303, 404, 405, 409, 410):
                faults.append(f"{name} {address.endpoint} {address.state}: {answer.status_code}")
    assert faults == []
    expected = 410 if keep is Keep.NOTHING else 200
    assert found["agent", "synthesis.show", "closed_journey"] == expected
    for name, endpoint in (
        ("agent", "journeys.mine"),
        ("counsellor", "journeys.index"),
        ("hr", "prescriptions.index"),
        ("secretariat", "reception.index"),
    ):
        assert found[name, endpoint, ""] == 200, endpoint
    assert found["agent", "privacy.mine", ""] == 200
    assert found["counsellor", "journeys.show", "journey"] == 200


def test_the_last_thing_gone_the_agent_is_nobody(world):
    agent, name, address = world.agent.id, world.agent.display_name, world.agent.email
    with world.app.app_context():
        end(world, Keep.NOTHING)
        Prescription.update(state=State.ENDED, ended_at=now()).where(Prescription.agent_email == address).execute()
        waiting = (DataRequest.agent == agent) & (DataRequest.state == RequestState.OPEN)
        DataRequest.update(state=RequestState.WITHDRAWN, closed_at=now()).where(waiting).execute()
        entries = JournalEntry.select().where(JournalEntry.person == agent).count()
        assert entries
        for days in (1, 370, 1100, 1470):
            with later(days=days):
                actions.purge()
        person = Person.get_by_id(agent)
        assert name not in person.display_name
        assert person.email.endswith("@efface.invalid")
        assert (person.active, person.password, person.employer_id, person.preferences) == (False, None, None, "")
        assert DataExport.of_agent(person) is None
        assert DataRequest.of_agent(person) == []
        assert not Prescription.select().where((Prescription.agent_name == name) | (Prescription.agent_email == address)).exists()
        certificates = list(
            Certificate.select().where(Certificate.kind == Kind.CONTENT, Certificate.agent.is_null() | (Certificate.agent == agent))
        )
        assert certificates
        assert {(one.agent_id, one.journey_id) for one in certificates} == {(None, None)}
