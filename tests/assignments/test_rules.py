"""When work is due and where it stands, without a database."""

import datetime
from types import SimpleNamespace

import pytest

from bilan.assignments.rules import WorkState, due_on, is_near, lines, state_of

TODAY = datetime.date(2026, 11, 20)


def at(day, hour=9):
    return datetime.datetime(2026, 11, day, hour)  # noqa: DTZ001 -- stored moments are naive UTC


def meeting(day, *, cancelled=False, hour=9):
    return SimpleNamespace(starts_at=at(day, hour), is_cancelled=cancelled)


def work(given=10, *, due=None, finished=None, session=None, withdrawn=False):
    return SimpleNamespace(
        created_at=at(given), due_on=due, is_withdrawn=withdrawn, finished_at=finished, session_starts_at=at(session) if session else None
    )


@pytest.mark.parametrize(
    ("given", "meetings", "due"),
    [
        (work(), [], None),
        (work(), [meeting(5), meeting(18), meeting(12)], datetime.date(2026, 11, 12)),
        (work(), [meeting(12, cancelled=True), meeting(18)], datetime.date(2026, 11, 18)),
        (work(due=TODAY), [meeting(12)], TODAY),
        (work(session=10), [meeting(10), meeting(24)], datetime.date(2026, 11, 24)),
        (work(session=15), [meeting(15), meeting(24)], datetime.date(2026, 11, 24)),
        (work(), [meeting(12, hour=23)], datetime.date(2026, 11, 13)),  # the day of Paris
    ],
)
def test_work_is_due_on_its_day_or_at_the_next_meeting(given, meetings, due):
    assert due_on(given, meetings) == due


@pytest.mark.parametrize(
    ("given", "due", "state"),
    [
        (work(), None, WorkState.TODO),
        (work(), TODAY, WorkState.TODO),
        (work(), TODAY - datetime.timedelta(days=1), WorkState.LATE),
        (work(finished=at(9)), TODAY - datetime.timedelta(days=1), WorkState.DONE),
        (work(withdrawn=True), TODAY - datetime.timedelta(days=9), WorkState.WITHDRAWN),
    ],
)
def test_late_begins_the_day_after(given, due, state):
    assert state_of(given, due, TODAY) is state


def test_what_is_to_do_comes_first_by_its_day():
    undated, soon, late, old, recent = work(), work(due=TODAY), work(due=at(12).date()), work(finished=at(11)), work(finished=at(18))
    found = lines([old, undated, recent, soon, late], [], TODAY)
    assert [one.assignment for one in found] == [late, soon, undated, recent, old]


def test_two_days_before_is_near():
    near = [is_near(TODAY + datetime.timedelta(days=days), TODAY) for days in (-1, 0, 1, 2, 3)]
    assert near == [False, True, True, True, False]
    assert not is_near(None, TODAY)
