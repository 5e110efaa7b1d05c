"""Amounts, in integers, by known figures and by properties; how they are typed and said."""

import datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilan.french import decimal, euros
from bilan.quotes.forms import read_hours, read_price, read_rate, write_figure, write_hours
from bilan.quotes.rules import MINUTES_MAX, MINUTES_STEP, amounts, is_expired

MINUTES = st.integers(1, MINUTES_MAX // MINUTES_STEP).map(lambda steps: steps * MINUTES_STEP)
CENTS = st.integers(0, 9_999_999)
POINTS = st.integers(0, 9_999)


@pytest.mark.parametrize(
    ("terms", "sums"),
    [
        ((840, 9500, 0), (133_000, 0, 133_000)),
        ((840, 9500, 2000), (133_000, 26_600, 159_600)),
        ((15, 9501, 0), (2375, 0, 2375)),  # 2375,25
        ((15, 9502, 0), (2376, 0, 2376)),  # 2375,5: half a cent goes up
        ((15, 9503, 0), (2376, 0, 2376)),  # 2375,75
        ((60, 1000, 550), (1000, 55, 1055)),
        ((60, 10, 500), (10, 1, 11)),  # 0,5 cent of tax
        ((60, 9, 500), (9, 0, 9)),  # 0,45 cent of tax
        ((6000, 9_999_999, 9999), (999_999_900, 999_899_900, 1_999_899_800)),
    ],
)
def test_known_amounts(terms, sums):
    found = amounts(*terms)
    assert (found.net, found.vat, found.total) == sums


@given(MINUTES, CENTS, POINTS)
def test_amounts_are_whole_cents_at_most_half_a_cent_away(minutes, hourly_cents, vat_points):
    found = amounts(minutes, hourly_cents, vat_points)
    assert all(type(value) is int for value in (found.net, found.vat, found.total))
    for rounded, exact in (
        (found.net, Fraction(minutes * hourly_cents, 60)),
        (found.vat, Fraction(found.net * vat_points, 10_000)),
    ):
        assert Fraction(-1, 2) < rounded - exact <= Fraction(1, 2)
    assert found.total == found.net + found.vat >= found.net


@given(MINUTES, CENTS, POINTS)
def test_more_never_costs_less(minutes, hourly_cents, vat_points):
    total = amounts(minutes, hourly_cents, vat_points).total
    assert amounts(minutes + MINUTES_STEP, hourly_cents, vat_points).total >= total
    assert amounts(minutes, hourly_cents + 1, vat_points).total >= total
    assert amounts(minutes, hourly_cents, vat_points + 1).total >= total


@given(st.integers(0, 10**12))
def test_euros_say_every_cent_and_nothing_more(cents):
    words = euros(cents)
    assert words.endswith("\u00a0€")
    assert int("".join(one for one in words if one.isdigit())) == cents
    assert words.count(",") == 1
    assert len(words.rsplit(",", 1)[1]) == len("00\u00a0€")


def test_figures_are_said_as_in_french():
    assert euros(133_000) == "1\u00a0330,00\u00a0€"
    assert euros(5) == "0,05\u00a0€"
    assert euros(123_456_789) == "1\u00a0234\u00a0567,89\u00a0€"
    assert [decimal(value) for value in (2000, 550, 525, 0)] == ["20", "5,5", "5,25", "0"]


@given(MINUTES, CENTS.filter(bool), POINTS)
def test_what_is_written_is_read_back(minutes, hourly_cents, vat_points):
    assert read_hours(write_hours(minutes)) == minutes
    assert read_price(write_figure(hourly_cents)) == hourly_cents
    assert read_rate(write_figure(vat_points)) == vat_points


def is_refused(read, typed):
    try:
        read(typed)
    except ValueError:
        return True
    return False


@pytest.mark.parametrize(
    "typed", ["", "0", "-3", "100,25", "14,3", "14,05", "1e2", "abc", "999", "9" * 50, "\u0661\u0664", "14 h", "1,5,2"]
)
def test_hours_that_cannot_be(typed):
    assert is_refused(read_hours, typed)


@pytest.mark.parametrize("typed", ["0", "0,00", "-95", "abc", "95,555", "100000", "NaN", "1e5", "9" * 50])
def test_prices_that_cannot_be(typed):
    assert is_refused(read_price, typed)


def test_hours_and_prices_are_read_as_people_type_them():
    assert [read_hours(typed) for typed in ("14", "14,5", "14.25", "0,75", "100")] == [840, 870, 855, 45, 6000]
    assert [read_price(typed) for typed in ("95", "95,5", "95.50€", "1330,00")] == [9500, 9550, 9550, 133_000]
    assert [read_rate(typed) for typed in ("20", "5,5%", "0")] == [2000, 550, 0]


def test_a_quote_is_valid_through_its_last_day():
    last = datetime.date(2026, 11, 30)
    assert not is_expired(last, last)
    assert is_expired(last, last + datetime.timedelta(days=1))
