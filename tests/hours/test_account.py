"""The hours account: totals are the sum of held minutes, and a warning appears exactly when its rule says."""

import datetime
from itertools import pairwise
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilan.hours.rules import Bounds, Kind, Programme, account, add_months, newly_warned
from bilan.interviews.rules import InterviewKind

TODAY = datetime.date(2026, 11, 23)
BOUNDS = Bounds(session_min=60, session_max=120, total_min=720, total_max=900, months=3)
REVIEW = InterviewKind.HR_REVIEW


def session(day, minutes, *, kind=InterviewKind.ACCOMPANIMENT):
    """Return a meeting so many days from today: held when it is past, planned when it is to come."""
    starts_at = datetime.datetime.combine(TODAY, datetime.time(9)) + datetime.timedelta(days=day)
    return SimpleNamespace(kind=kind, starts_at=starts_at, planned_minutes=minutes, held_minutes=minutes if day < 0 else None)


def programme(start=-30, *, minutes=840, gap=14, length=90):
    starts_on = TODAY + datetime.timedelta(days=start)
    return Programme(minutes, gap, starts_on, starts_on + datetime.timedelta(days=length))


def kinds(found):
    return {one.kind for one in found.warnings}


SESSIONS = st.lists(
    st.builds(
        lambda day, minutes, kind: session(day if day < 0 else day + 1, minutes, kind=kind),
        st.integers(-80, 80),
        st.integers(1, 240),
        st.sampled_from(list(InterviewKind)),
    ),
    max_size=14,
)
PROGRAMMES = st.builds(
    lambda start, minutes, gap: programme(start, minutes=minutes, gap=gap),
    st.integers(-90, 0),
    st.sampled_from(range(720, 901, 30)),
    st.sampled_from([7, 14, 21, None]),
)


@given(SESSIONS, PROGRAMMES)
def test_totals_are_the_sums_of_what_was_held_and_of_what_is_planned(sessions, given_programme):
    found = account(sessions, given_programme, BOUNDS, TODAY)
    counted = [one for one in sessions if one.kind is not REVIEW]
    assert found.held == sum(one.held_minutes or 0 for one in counted)
    assert found.scheduled == sum(one.planned_minutes for one in counted if one.held_minutes is None)
    assert (sum(line.held for line in found.lines), sum(line.scheduled for line in found.lines)) == (found.held, found.scheduled)
    assert found.review.held == sum(one.held_minutes or 0 for one in sessions if one.kind is REVIEW)
    assert found.left == max(given_programme.planned_minutes - found.held, 0)
    assert found.to_schedule == max(found.left - found.scheduled, 0)
    assert found.projected_total >= found.held + found.scheduled


@given(SESSIONS, PROGRAMMES)
def test_each_warning_is_there_exactly_when_its_rule_says(sessions, given_programme):
    found = account(sessions, given_programme, BOUNDS, TODAY)
    counted = sorted((one for one in sessions if one.kind is not REVIEW), key=lambda one: one.starts_at)
    coming = [one for one in counted if one.held_minutes is None]
    said = [one.kind for one in found.warnings]
    assert said.count(Kind.SHORT_SESSION) == sum(one.planned_minutes < 60 for one in coming)
    assert said.count(Kind.LONG_SESSION) == sum(one.planned_minutes > 120 for one in coming)
    over = found.held + found.scheduled > 900
    assert (Kind.OVER_TOTAL in said) == over
    assert (Kind.UNDER_TOTAL in said) == (not over and found.projected_total < 720)
    limit = add_months(given_programme.starts_on, 3)
    assert (Kind.LATE_END in said) == (found.projected_end is not None and found.projected_end > limit)
    gap = given_programme.gap_days
    long_gaps = [(two.starts_at - one.starts_at).days for one, two in pairwise(counted) if two in coming]
    silent = bool(found.to_schedule and counted and not coming)
    expected = 0 if gap is None else sum(days > gap for days in long_gaps) + silent
    assert said.count(Kind.GAP) == expected


@given(SESSIONS, PROGRAMMES)
def test_a_closed_bilan_and_one_without_programme_are_warned_of_no_total(sessions, given_programme):
    assert account(sessions, given_programme, BOUNDS, TODAY, is_open=False).warnings == ()
    assert kinds(account(sessions, None, BOUNDS, TODAY)) <= {Kind.SHORT_SESSION, Kind.LONG_SESSION}


@given(SESSIONS)
def test_a_suspension_is_no_gap(sessions):
    later = TODAY + datetime.timedelta(days=40)
    found = account(sessions, programme(), BOUNDS, TODAY, resumes_on=later)
    assert Kind.GAP not in kinds(found)
    assert not found.to_schedule or found.projected_end > later


@pytest.mark.parametrize(
    ("sessions", "end", "total"),
    [
        # Two sessions of 2 h, 14 days apart; 10 h left are 5 sessions: 5 × 14 days after today.
        ([(-28, 120), (-14, 120)], TODAY + datetime.timedelta(days=70), 240 + 4 * 120),
        # The same, one more planned in 7 days: 4 sessions after it.
        ([(-28, 120), (-14, 120), (7, 120)], TODAY + datetime.timedelta(days=7 + 56), 360 + 3 * 120),
        # Nothing held yet: the programme's rhythm, sessions of 1 h 30.
        ([], TODAY + datetime.timedelta(days=14 * 10), 4 * 90),
        # Everything is planned: the last session is the end.
        ([(-14, 420), (10, 420)], TODAY + datetime.timedelta(days=10), 840),
    ],
)
def test_the_projection_goes_on_at_the_real_rhythm(sessions, end, total):
    found = account([session(*one) for one in sessions], programme(), BOUNDS, TODAY)
    assert (found.projected_end, found.projected_total) == (end, total)


def test_a_programme_well_kept_is_warned_of_nothing():
    # 1 h 30 and 2 h 00 sessions every week: 14 h within the three months, the next one within the week.
    held = [session(-35 + 7 * rank, 120) for rank in range(5)]
    found = account([*held, session(3, 120)], programme(-35, gap=14), BOUNDS, TODAY)
    assert found.warnings == ()
    assert (found.held, found.scheduled, found.left, found.to_schedule) == (600, 120, 240, 120)


def test_each_warning_is_a_sentence_with_its_figures():
    sessions = [session(-20, 120), session(9, 45), session(30, 150)]
    words = {one.kind: one.words.replace("\u00a0", " ") for one in account(sessions, programme(), BOUNDS, TODAY).warnings}
    assert words[Kind.SHORT_SESSION] == "L’entretien du 2 décembre 2026 est prévu pour 45 min : moins de 1 h 00."
    assert words[Kind.LONG_SESSION] == "L’entretien du 23 décembre 2026 est prévu pour 2 h 30 : plus de 2 h 00."
    assert words[Kind.GAP] == "21 jours entre les entretiens du 2 décembre 2026 et du 23 décembre 2026 : plus que le rythme du programme."
    many = [session(-40 + 5 * rank, 120) for rank in range(8)]
    words = {one.kind: one.words.replace("\u00a0", " ") for one in account(many, programme(), BOUNDS, TODAY).warnings}
    assert words == {Kind.OVER_TOTAL: "Avec les entretiens prévus, le bilan compte 16 h 00 : plus de 15 h 00."}


def test_what_a_change_brings_is_what_was_not_said_before():
    held = [session(-14, 120)]
    before = account([*held, session(5, 90)], programme(), BOUNDS, TODAY)
    after = account([*held, session(5, 90), session(60, 30)], programme(), BOUNDS, TODAY)
    brought = {one.kind for one in newly_warned(before, after)}
    assert {Kind.SHORT_SESSION, Kind.GAP} <= brought
    assert newly_warned(after, after) == []


def test_a_month_too_short_ends_on_its_last_day():
    assert add_months(datetime.date(2026, 11, 30), 3) == datetime.date(2027, 2, 28)
    assert add_months(datetime.date(2026, 12, 15), 1) == datetime.date(2027, 1, 15)
