"""The clocks of complaints: working days over week-ends and holidays, the clock changes, the reminders."""

import datetime
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilan.agenda.rules import holiday
from bilan.complaints.rules import deadlines, is_working, working_days_from
from bilan.treatment.rules import Wanted, acknowledgement, answer, stage

DAYS = st.dates(datetime.date(2000, 1, 1), datetime.date(2060, 12, 31))


def date(text):
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("received", "acknowledge", "answer_by"),
    [
        ("2026-11-23", "2026-11-30", "2026-12-23"),  # a plain Monday
        ("2026-11-21", "2026-11-27", "2026-12-21"),  # a Saturday is day 0, like the Friday before a week-end
        ("2026-04-02", "2026-04-10", "2026-05-02"),  # over Easter Monday
        ("2026-04-29", "2026-05-07", "2026-05-29"),  # over the 1st of May; the 8th comes after
        ("2026-05-05", "2026-05-13", "2026-06-04"),  # over the 8th of May; Ascension is the day after
        ("2026-12-22", "2026-12-30", "2027-01-21"),  # over Christmas
        ("2026-12-28", "2027-01-05", "2027-01-27"),  # over the New Year
    ],
)
def test_the_last_days_of_a_complaint(received, acknowledge, answer_by):
    assert deadlines(date(received), acknowledge=5, answer=30) == (date(acknowledge), date(answer_by))


@given(DAYS, st.integers(1, 15))
def test_so_many_working_days_later_is_a_working_day_with_as_many_between(day, count):
    found = working_days_from(day, count)
    assert is_working(found)
    assert found.weekday() < 5
    assert holiday(found) is None
    between = [day + datetime.timedelta(days=rank) for rank in range(1, (found - day).days + 1)]
    assert sum(map(is_working, between)) == count


@given(DAYS, st.integers(1, 10))
def test_going_back_undoes_going_on_from_a_working_day(day, count):
    start = working_days_from(day, 1)
    assert working_days_from(working_days_from(start, count), -count) == start


@pytest.mark.parametrize(
    ("moment", "is_late"),
    [
        ("2026-03-29 21:59", False),  # the evening of the last day in Paris, on the day the clocks go on
        ("2026-03-29 22:00", True),  # midnight there: the next day
        ("2026-10-25 22:59", False),  # and on the day they go back
        ("2026-10-25 23:00", True),
    ],
)
def test_the_last_day_ends_at_midnight_in_paris_when_the_clocks_change(moment, is_late):
    done_at = datetime.datetime.fromisoformat(moment)
    assert answer(done_at.date(), done_at.date(), done_at).is_late is is_late


def test_what_a_clock_says():
    last = date("2026-11-30")
    assert acknowledgement(last, date("2026-11-23"), None).words == "reste 7\u00a0jours"
    assert acknowledgement(last, date("2026-11-25"), None).kind == "todo"
    assert acknowledgement(last, date("2026-11-26"), None).kind == "attention"
    assert acknowledgement(last, last, None).words == "dernier jour"
    late = acknowledgement(last, date("2026-12-02"), None)
    assert (late.words, late.kind) == ("dépassé de 2\u00a0jours", "problem")
    done = acknowledgement(last, date("2026-12-09"), datetime.datetime.fromisoformat("2026-11-30"))
    assert (done.words, done.kind) == ("dans le délai", "done")


def stages(clock_of, deadline, first, days):
    found = [stage(clock_of(deadline, first + datetime.timedelta(days=rank), None)) for rank in range(days)]
    return [found[0], *(one for before, one in itertools.pairwise(found) if one != before)]


def test_the_reminders_of_the_answer():
    assert stages(answer, date("2026-12-23"), date("2026-12-10"), 40) == [None, -7, -2, 1, 8, 15, 22]


def test_the_reminder_before_the_acknowledgement_comes_two_working_days_before():
    deadline = date("2026-04-07")  # the Tuesday after Easter Monday
    assert stage(acknowledgement(deadline, date("2026-04-01"), None)) is None
    assert stage(acknowledgement(deadline, date("2026-04-02"), None)) == -2
    assert stage(acknowledgement(deadline, date("2026-04-08"), None)) == 1


def test_nothing_is_reminded_once_it_is_done():
    assert stage(answer(date("2026-12-23"), date("2027-02-01"), datetime.datetime.fromisoformat("2027-01-30"))) is None


@given(st.dictionaries(st.sampled_from(["etat", "sorte", "voie", "motif", "retard", "du", "au", "q"]), st.text(max_size=30)))
def test_whatever_the_register_is_asked_its_own_words_ask_the_same(asked):
    wanted = Wanted.read(asked)
    assert Wanted.read(wanted.query) == wanted
