"""What the loaders of permissions.py leave out, beside what is not there: each condition alone decides.

`bench/mutations.py` takes each away in turn and asks this module.
"""

import datetime

import pytest
import time_machine
from adaptings import ask
from endings import certify
from factories import file_complaint, make_journey, make_person
from improvements import OLD, give_opinions

from bilan.adaptations import actions as adaptations
from bilan.adaptations.models import NOBODY
from bilan.confirmations import actions as confirmations
from bilan.confirmations.models import AccountRequest
from bilan.confirmations.rules import LIFE, Change, Outcome
from bilan.mail.models import Email
from bilan.people.models import Person, Role
from bilan.permissions import GRANTS, Permission
from bilan.prescriptions.models import Prescription
from bilan.privacy.models import Certificate
from bilan.satisfaction.models import SurveyAnswer

HR = (Permission.READ_PRESCRIPTION, Permission.WRITE_PRESCRIPTION, Permission.SEND_PRESCRIPTION)


@pytest.fixture(autouse=True)
def _within(app):
    with app.test_request_context():
        yield


def load(permission, one):
    return GRANTS[permission].load(one.id)


@pytest.fixture
def prescription():
    journey = make_journey()
    found = Prescription.get_by_id(journey.id)
    found.wishes, found.delay_note = "Ce que je souhaite.", "Le retard vient de nous."
    found.save()
    return found


@pytest.mark.parametrize("permission", HR)
@pytest.mark.parametrize("hidden", ["wishes", "delay_note"])
def test_hr_loads_neither_the_wishes_of_the_agent_nor_the_note_of_the_secretariat(prescription, permission, hidden):
    assert hidden not in load(permission, prescription).__data__


@pytest.mark.parametrize("hidden", ["request", "wishes"])
def test_the_secretariat_loads_nobodys_expectations(prescription, hidden):
    assert hidden not in load(Permission.TREAT_PRESCRIPTION, prescription).__data__


def test_an_open_answer_is_loaded_once_enough_people_have_answered():
    (few,) = give_opinions("Un seul.", answers=1)
    assert load(Permission.SORT_VERBATIM, few) is None
    (found,) = give_opinions("Plusieurs.", quarter=OLD)
    assert SurveyAnswer.select().count() > 1
    assert load(Permission.SORT_VERBATIM, found) == found


def test_a_certificate_is_loaded_once_the_destruction_is_finished():
    one = certify(make_journey().agent)
    assert load(Permission.READ_CERTIFICATE, one) == one
    Certificate.update(completed_at=None).execute()
    assert load(Permission.READ_CERTIFICATE, one) is None


@pytest.mark.parametrize("permission", [Permission.READ_ADAPTATION, Permission.TREAT_ADAPTATION])
def test_the_referent_loads_what_the_agent_shows(permission):
    journey = make_journey()
    shown = load(permission, ask(journey.agent, journey, words="Une salle calme."))
    assert (shown.words, shown.shown_name) == ("Une salle calme.", journey.agent.display_name)
    hidden = load(permission, ask(journey.agent, journey, words="Une salle calme.", shows_words=False, shows_name=False))
    assert (hidden.words, hidden.shown_name) == ("", NOBODY)


def test_the_referent_loads_nothing_of_what_was_taken_back():
    journey = make_journey()
    request = ask(journey.agent, journey, words="Une salle calme.")
    adaptations.withdraw(request=request, by=journey.agent)
    found = load(Permission.READ_ADAPTATION, request)
    assert (found.needs, found.words, found.contact) == ([], "", {})


class TestAccountRequests:
    """Somebody of the secretariat asks to suspend a colleague."""

    @pytest.fixture
    def asked(self):
        asker, colleague = make_person(Role.SECRETARIAT), make_person(Role.SECRETARIAT)
        make_person(Role.MANAGER)
        confirmations.ask(
            change=Change.SUSPEND,
            person=colleague,
            by=asker,
            email=colleague.email,
            display_name=colleague.display_name,
            role=colleague.role,
        )
        return AccountRequest.get()

    def test_it_is_loaded_while_it_waits(self, asked):
        assert load(Permission.DECIDE_ACCOUNT_REQUEST, asked) == asked

    def test_not_once_it_is_decided(self, asked):
        AccountRequest.update(outcome=next(iter(Outcome))).execute()
        assert load(Permission.DECIDE_ACCOUNT_REQUEST, asked) is None

    def test_not_once_it_is_old(self, asked):
        with time_machine.travel(datetime.datetime.now(datetime.UTC) + LIFE + datetime.timedelta(minutes=1), tick=True):
            assert load(Permission.DECIDE_ACCOUNT_REQUEST, asked) is None

    def test_not_once_the_asker_is_gone(self, asked):
        Person.update(active=False).where(Person.id == asked.asked_by_id).execute()
        assert load(Permission.DECIDE_ACCOUNT_REQUEST, asked) is None


def test_an_email_is_loaded_with_whom_the_complaint_concerns():
    counsellor = make_person(Role.COUNSELLOR)
    complaint, _ = file_complaint()
    type(complaint).update(about=counsellor).execute()
    email = Email.get(Email.subject_id == complaint.id)
    assert load(Permission.READ_OUTBOX_MAIL, email).about_id == counsellor.id
