"""An hour without the mail server at each step of a complaint: nothing is lost, nothing leaves twice, and the secretariat sees what waits."""

import contextvars
import datetime
import uuid

import grievances
import pytest
import time_machine
from client import Browser
from factories import file_complaint, make_person
from smtp_server import Server

from bilan.complaints.models import Complaint
from bilan.complaints.rules import Kind
from bilan.database import now
from bilan.mail.actions import sweep
from bilan.mail.models import Email, EmailState
from bilan.people.models import Role
from bilan.treatment import actions
from bilan.worker import run_pending

HOUR = 3600


@pytest.fixture
def server():
    one = Server()
    one.start()
    yield one
    one.stop()


@pytest.fixture
def app(new_app, migrated, server):
    app = new_app(migrated, BILAN_SMTP_URL=server.url, BILAN_STAFF_IDLE_MINUTES="720", BILAN_SESSION_HOURS="24")
    with app.test_request_context():
        yield app


def apart(deed, *arguments):
    """Do it apart from the request that the test lives in, which would remember who is signed in."""
    return contextvars.Context().run(deed, *arguments)


def each_minute(moment, minutes):
    """Run what the worker runs, minute after minute of simulated time."""
    for _ in range(minutes):
        moment += 60
        with time_machine.travel(moment, tick=False):
            sweep()
            run_pending()
    return moment


def test_an_hour_of_outage_at_each_step_loses_nothing_and_sends_nothing_twice(app, server):
    desk, manager = make_person(Role.SECRETARIAT), make_person(Role.MANAGER, password=None)
    run_pending()  # the invitations of the two
    browser = Browser(app)
    apart(browser.sign_in, desk)
    state = {"moment": now().timestamp()}

    def filed():
        state["complaint"], state["token"] = file_complaint()

    def again(deed, **others):
        state["complaint"] = deed(state["complaint"], **others)

    def entrusted():
        complaint = Complaint.by_id_with_people(state["complaint"].id)
        actions.qualify(complaint=complaint, kind=Kind.COMPLAINT, about=None, owner=manager, by=desk)

    steps = (
        (filed, 2),
        (entrusted, 1),
        (lambda: grievances.tell(state["complaint"]), 1),
        (lambda: grievances.reply(state["complaint"], manager), 1),
        (lambda: again(grievances.close, by=manager), 1),
        (lambda: again(grievances.reopen), 1),
        (lambda: actions.remind(now() + datetime.timedelta(days=365)), 2),
        (lambda: again(grievances.close, by=manager, submission=uuid.uuid4()), 1),
        (lambda: again(grievances.judge), 1),
    )
    for step, expected in steps:
        server.stop()
        arrived = len(server.mailbox.messages)
        with time_machine.travel(state["moment"], tick=True):
            step()
            run_pending()
        state["moment"] = each_minute(state["moment"], 60)
        waiting = Email.select().where(Email.state == EmailState.WAITING).count()
        assert (len(server.mailbox.messages) - arrived, waiting) == (0, expected)
        with time_machine.travel(state["moment"], tick=True):
            page = apart(browser.get, f"/secretariat/reclamations/{state['complaint'].id}")
        page.has("en attente")
        server.start()
        state["moment"] = each_minute(state["moment"], 70)
        assert len(server.mailbox.messages) - arrived == expected
    identifiers = [message["Message-ID"] for _, message in server.mailbox.messages]
    assert len(identifiers) == len(set(identifiers)) == Email.select().count() == 14
