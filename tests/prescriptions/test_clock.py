"""The 20 days: calendar days of Paris, across the nights when its hour changes and on leap years."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilan.french import from_paris
from bilan.prescriptions.rules import REMINDER_DAYS, access_delay, clock, reminder_due

PARIS = ZoneInfo("Europe/Paris")
DAYS = 20
# Naive UTC, over five years with a leap one, seconds included.
MOMENTS = st.datetimes(datetime.datetime.fromisoformat("2026-01-01"), datetime.datetime.fromisoformat("2030-12-31"))


def paris(text):
    """Return a moment of Paris as it is stored."""
    return from_paris(datetime.datetime.fromisoformat(text))


def local_day(moment):
    return moment.replace(tzinfo=datetime.UTC).astimezone(PARIS).date()


def days_between(first, last):
    """Count the midnights of Paris between two moments, one by one."""
    day, end, count = local_day(first), local_day(last), 0
    while day < end:
        day, count = day + datetime.timedelta(days=1), count + 1
    return count


@given(MOMENTS, st.integers(0, 45 * 86_400))
def test_the_days_are_the_midnights_of_paris_gone_by(received, seconds):
    moment = received + datetime.timedelta(seconds=seconds)
    found = clock(received, None, moment, DAYS)
    assert found.elapsed == days_between(received, moment)
    assert found.days_left == DAYS - found.elapsed
    assert found.is_exceeded == (found.elapsed > DAYS)


@given(MOMENTS, st.integers(0, 45 * 86_400), MOMENTS)
def test_a_proposal_stops_the_clock_whenever_one_looks(received, seconds, moment):
    proposed = received + datetime.timedelta(seconds=seconds)
    found = clock(received, proposed, moment, DAYS)
    assert not found.is_running
    assert found.elapsed == days_between(received, proposed)
    assert found.is_exceeded == (days_between(received, proposed) > DAYS)


@pytest.mark.parametrize(
    ("received", "last", "first_too_late"),
    [
        ("2026-03-20T23:30", "2026-04-09T23:59", "2026-04-10T00:01"),  # the night of 29 March is an hour short
        ("2026-10-24T23:30", "2026-11-13T23:59", "2026-11-14T00:01"),  # the night of 25 October an hour long
        ("2026-10-25T02:30", "2026-11-14T23:59", "2026-11-15T00:01"),  # in the hour that comes twice
        ("2027-02-10T09:00", "2027-03-02T18:00", "2027-03-03T00:00"),
        ("2028-02-10T09:00", "2028-03-01T18:00", "2028-03-02T00:00"),  # a leap year has a day more
        ("2026-12-20T00:00", "2027-01-09T23:59", "2027-01-10T00:00"),
    ],
)
def test_the_twentieth_day_is_in_time_to_its_last_minute(received, last, first_too_late):
    assert not clock(paris(received), paris(last), paris(last), DAYS).is_exceeded
    assert clock(paris(received), paris(first_too_late), paris(last), DAYS).is_exceeded


def test_the_clock_says_how_many_days_are_left_in_words_and_by_a_sign():
    received = paris("2026-11-02T10:00")
    said = [(clock(received, None, received + datetime.timedelta(days=days), DAYS)) for days in (0, 14, 15, 19, 20, 21, 25)]
    assert [one.words.replace("\u00a0", " ") for one in said] == [
        "reste 20 jours",
        "reste 6 jours",
        "à risque, reste 5 jours",
        "à risque, reste 1 jour",
        "à risque, dernier jour",
        "dépassé de 1 jour",
        "dépassé de 5 jours",
    ]
    assert [one.kind for one in said] == ["todo", "todo", "attention", "attention", "attention", "problem", "problem"]
    late = clock(received, received + datetime.timedelta(days=23), received, DAYS)
    assert (late.words.replace("\u00a0", " "), late.kind) == ("proposé en 23 jours, hors délai", "problem")


@given(MOMENTS, st.lists(st.integers(0, 30 * 24), min_size=1, max_size=60))
def test_each_reminder_is_sent_once_and_in_order_whenever_the_worker_looks(received, hours):
    reminded, sent = 0, []
    for hour in sorted(hours):
        one = clock(received, None, received + datetime.timedelta(hours=hour), DAYS)
        if due := reminder_due(one, reminded):
            sent.append(due)
            reminded = due
            assert one.elapsed >= due
    assert sent == sorted(set(sent))
    assert set(sent) <= set(REMINDER_DAYS)
    last = clock(received, None, received + datetime.timedelta(hours=max(hours)), DAYS).elapsed
    assert reminded == max((days for days in REMINDER_DAYS if days <= last), default=0)


def test_no_reminder_once_an_interview_is_proposed():
    received = paris("2026-11-02T10:00")
    assert reminder_due(clock(received, received, received + datetime.timedelta(days=18), DAYS), 0) is None


def test_the_access_delay_counts_what_stopped_and_hides_under_five():
    received = paris("2026-11-02T10:00")
    clocks = [clock(received, received + datetime.timedelta(days=days), received, DAYS) for days in (4, 10, 20, 21)]
    few = access_delay([*clocks, clock(received, None, received, DAYS)])
    assert (few.in_time, few.total, few.median, few.is_shown) == (3, 4, 15, False)
    assert access_delay([*clocks, clocks[0]]).is_shown
    assert access_delay([]).median is None


@pytest.mark.parametrize("proposed", ["2026-03-02T09:00", "2026-02-20T09:00"])
def test_a_meeting_of_the_same_day_or_held_before_took_no_day(proposed):
    received, moment = (datetime.datetime.fromisoformat(one) for one in (proposed, "2026-03-10T09:00"))
    found = clock(datetime.datetime.fromisoformat("2026-03-02T08:00"), received, moment, DAYS)
    assert (found.elapsed, found.words, found.kind) == (0, "proposé dès la réception", "done")
