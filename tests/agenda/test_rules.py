"""Cells, series, spans and notice: pure rules, by examples and by properties."""

# ruff: noqa: DTZ001 -- moments are kept as naive UTC

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bilan import french
from bilan.agenda.rules import Span, cells, choice, holiday, initials, instant, is_in_time, series, span
from bilan.interviews.rules import Mode

MOMENTS = st.datetimes(datetime.datetime(2020, 1, 1), datetime.datetime(2040, 1, 1))
DAYS = st.dates(datetime.date(2020, 1, 1), datetime.date(2039, 1, 1))
HOURS = st.times().map(lambda one: one.replace(second=0, microsecond=0))
MINUTES = st.integers(15, 480)


@given(MOMENTS, MINUTES, st.integers(-600, 600), MINUTES)
def test_two_times_that_overlap_share_a_cell(start, minutes, shift, others):
    other = start + datetime.timedelta(minutes=shift)
    overlap = start < other + datetime.timedelta(minutes=others) and other < start + datetime.timedelta(minutes=minutes)
    if overlap:
        assert set(cells(start, minutes)) & set(cells(other, others))


@given(MOMENTS, MINUTES)
def test_times_that_follow_each_other_on_the_five_minutes_share_none(start, minutes):
    start = start.replace(minute=start.minute // 5 * 5, second=0, microsecond=0)
    minutes = minutes // 5 * 5
    after = start + datetime.timedelta(minutes=minutes)
    assert not set(cells(start, minutes)) & set(cells(after, 60))
    assert len(cells(start, minutes)) == minutes // 5


@settings(deadline=None)
@given(DAYS, HOURS, st.sampled_from([1, 2]), st.integers(0, 366))
def test_a_series_keeps_its_hour_of_paris_without_holidays_within_its_bounds(first, hour, weeks, length):
    until = first + datetime.timedelta(days=length)
    found = series(first, hour, weeks, until)
    left_out = {day for day, _ in found.left_out}
    local = [french.to_paris(moment) for moment in found.moments]
    for one in local:
        assert one.time() == hour
        assert holiday(one.date()) is None
        assert first <= one.date() <= until
        assert (one.date() - first).days % (7 * weeks) == 0
    assert len(local) + len(left_out) == length // (7 * weeks) + 1
    assert all(holiday(day) or instant(day, hour) is None for day in left_out)


def test_a_series_stays_at_ten_across_both_changes_of_hour():
    found = series(datetime.date(2026, 3, 26), datetime.time(10), 1, datetime.date(2026, 4, 2))
    assert [moment.hour for moment in found.moments] == [9, 8]
    found = series(datetime.date(2026, 10, 22), datetime.time(10), 1, datetime.date(2026, 10, 29))
    assert [moment.hour for moment in found.moments] == [8, 9]


def test_a_series_names_the_holidays_that_it_leaves_out():
    found = series(datetime.date(2026, 12, 18), datetime.time(10), 1, datetime.date(2027, 1, 1))
    assert found.left_out == ((datetime.date(2026, 12, 25), "Noël"), (datetime.date(2027, 1, 1), "Jour de l’an"))
    assert len(found.moments) == 1


def test_an_hour_that_does_not_exist_is_none_and_one_that_comes_twice_is_the_first():
    assert instant(datetime.date(2026, 3, 29), datetime.time(2, 30)) is None
    assert instant(datetime.date(2026, 3, 29), datetime.time(3, 30)) == datetime.datetime(2026, 3, 29, 1, 30)
    assert instant(datetime.date(2026, 10, 25), datetime.time(2, 30)) == datetime.datetime(2026, 10, 25, 0, 30)


@pytest.mark.parametrize(
    ("day", "week", "expected"),
    [
        ("2026-11-26", "", Span(datetime.date(2026, 11, 26), 1)),
        ("", "2026-W48", Span(datetime.date(2026, 11, 23), 7)),
        ("", "2026-W53", Span(datetime.date(2026, 12, 28), 7)),
        ("", "2025-W53", Span(datetime.date(2026, 3, 2), 7)),
        ("2026-02-30", "", Span(datetime.date(2026, 3, 2), 7)),
        ("9999-12-31", "", Span(datetime.date(2026, 3, 2), 7)),
        ("20261126", "2026-48", Span(datetime.date(2026, 3, 2), 7)),
        ("٢٠٢٦-١١-٢٦", "٢٠٢٦-W٤٨", Span(datetime.date(2026, 3, 2), 7)),
    ],
)
def test_an_address_names_a_day_a_week_or_this_week(day, week, expected):
    assert span(day, week, datetime.date(2026, 3, 4)) == expected


@given(DAYS, st.sampled_from([1, 7]))
def test_the_spans_follow_each_other(first, length):
    first -= datetime.timedelta(days=first.weekday())
    one = Span(first, length)
    assert one.step(1).step(-1) == one
    assert one.bounds[1] == one.step(1).bounds[0]
    assert span(one.query.get("jour", ""), one.query.get("semaine", ""), datetime.date(2026, 1, 1)) == one


def test_the_limit_itself_is_in_time():
    start = datetime.datetime(2026, 11, 26, 9)
    limit = start - datetime.timedelta(hours=24)
    assert is_in_time(start, limit, 24)
    assert not is_in_time(start, limit + datetime.timedelta(microseconds=1), 24)


def test_initials_say_no_name():
    assert initials("Nadia Benali") == "N. B."
    assert initials("Jean-Pierre d’Arc") == "J. P. D."
    assert initials(" ") == ""


class Offered:
    def __init__(self, hour, mode):
        self.starts_at, self.mode = datetime.datetime(2026, 11, 26, hour), mode


def test_a_choice_sifts_and_is_cut_into_pages():
    morning, evening = Offered(8, Mode.ON_SITE), Offered(13, Mode.REMOTE)
    assert choice([morning, evening], where="remote", when="", page=1).slots == [evening]
    assert choice([morning, evening], where="", when="matin", page=1).slots == [morning]
    assert choice([morning, evening], where="nowhere", when="?", page=9).slots == [morning, evening]
    many = choice([morning] * 61, where="", when="", page=1)
    assert (len(many.slots), many.has_later) == (60, True)
    assert len(choice([morning] * 61, where="", when="", page=10**9).slots) == 1
