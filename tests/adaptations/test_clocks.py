"""The two clocks of a request: working days over holidays, the days after what is in place, each reminder once."""

import datetime

import pytest
import time_machine
from adaptings import ask, decide, put_in_place
from client import Browser
from factories import make_journey, make_person

from bilan.adaptations.models import AdaptationRequest
from bilan.adaptations.rules import answer_by, answer_clock, check_clock, stage
from bilan.adaptations.telling import remind
from bilan.mail.models import Email
from bilan.people.models import Role


def date(text):
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("received", "last"),
    [
        ("2026-11-23", "2026-11-30"),  # a plain Monday
        ("2026-11-21", "2026-11-27"),  # a Saturday
        ("2026-05-05", "2026-05-13"),  # over the 8th of May
        ("2026-12-28", "2027-01-05"),  # over the New Year
    ],
)
def test_the_last_day_to_decide(received, last):
    assert answer_by(date(received), 5) == date(last)


@pytest.mark.parametrize(
    ("today", "reached"),
    [("2026-11-25", None), ("2026-11-26", -2), ("2026-11-30", -2), ("2026-12-01", 1), ("2026-12-07", 1), ("2026-12-08", 8)],
)
def test_the_reminders_come_two_working_days_before_then_each_week(today, reached):
    assert stage(answer_clock(date("2026-11-30"), date(today), None)) == reached
    assert stage(check_clock(date("2026-11-30"), date(today), None)) == reached
    assert stage(answer_clock(date("2026-11-30"), date(today), date("2026-11-24"))) is None


def at(text):
    return time_machine.travel(datetime.datetime.fromisoformat(f"{text} 09:00+00:00"))


def test_the_referent_is_reminded_once_of_each_stage_and_says_why_after_the_last_day(app):
    with at("2026-11-23"), app.test_request_context():
        journey, referent = make_journey(), make_person(Role.DISABILITY_REFERENT)
        mine = ask(journey.agent, journey)
        assert mine.answer_by == date("2026-11-30")
        assert remind() == 0
    for day, count in (("2026-11-26", 1), ("2026-11-27", 0), ("2026-12-01", 1), ("2026-12-02", 0)):
        with at(day), app.test_request_context():
            assert remind() == count
    desk = Browser(app)
    with at("2026-12-02"):
        desk.arrive(referent)
        page = desk.get(f"/adaptations/{mine.id}/decision")
        words = {"decision": "granted", "reason": "C’est possible."}
        desk.submit(page, words, status=422).has("Le délai est dépassé : dites pourquoi.")
        desk.submit(page, words | {"late_reason": "Il fallait voir la salle."}).has("Il fallait voir la salle.")
    with at("2026-12-03"), app.test_request_context():
        put_in_place(mine, referent, "remote")
        assert AdaptationRequest.get().check_by == date("2026-12-24")
    with at("2026-12-28"), app.test_request_context():
        assert (remind(), remind()) == (1, 0)
        assert {one.envelope["to"] for one in Email.select().where(Email.kind == "adaptation_reminder")} == {referent.email}


def test_a_decision_that_is_made_anew_keeps_its_day(app):
    with at("2026-11-23"), app.test_request_context():
        journey, referent = make_journey(), make_person(Role.DISABILITY_REFERENT)
        mine = decide(ask(journey.agent, journey), referent)
    with at("2026-12-23"), app.test_request_context():
        again = decide(mine, referent, reason="Et une salle en plus.")
        assert (again.decided_at, again.revision) == (mine.decided_at, 2)
