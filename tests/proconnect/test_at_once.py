"""Two who come from ProConnect for the first time at the very same moment, on both databases: one account, no error."""

import contextlib
import threading

import pytest
from factories import make_employer, make_person
from rush import given

from bilan.mail.models import Email
from bilan.people.models import Role
from bilan.proconnect import actions
from bilan.proconnect.models import ProconnectIdentity

ADDRESS = "rh@ville.example"


@pytest.fixture
def officer(app):
    with app.test_request_context():
        yield make_person(Role.HR, email=ADDRESS, employer=make_employer())


@pytest.fixture(autouse=True)
def _both_look_before_either_writes(monkeypatch):
    look, met = ProconnectIdentity.of, threading.Barrier(2)

    def of(person, subject):
        known = look(person, subject)
        # SQLite lets the second one look once the first has written: nobody comes, and the first goes on.
        with contextlib.suppress(threading.BrokenBarrierError):
            met.wait(1)
        return known

    monkeypatch.setattr(ProconnectIdentity, "of", of)


def come(app, subjects):
    deeds = [lambda subject=subject: actions.recognise(email=ADDRESS, subject=subject).id for subject in subjects]
    return given(app, deeds, actions.NoAccount)


def test_the_same_account_twice_comes_in_twice(app, officer):
    assert come(app, ["sub-1"] * 2) == [officer.id] * 2
    assert ProconnectIdentity.select().count() == 1


def test_of_two_accounts_one_comes_in_and_the_person_is_told(app, officer):
    found = come(app, ["sub-1", "sub-2"])
    assert sorted(map(str, found)) == sorted(["NoAccount", str(officer.id)])
    kept = ProconnectIdentity.get().subject
    assert kept == ["sub-1", "sub-2"][found.index(officer.id)]
    assert Email.select().where(Email.kind == "proconnect_refused").count() == 1
