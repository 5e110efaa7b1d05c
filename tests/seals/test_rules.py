"""The canonical form of a day, and the days that may be sealed."""

import datetime
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilan.events import Event
from bilan.seals.rules import Content, Line, Wanted, bounds, canonical, chained, content_of, framed, newest_sealable
from bilan.seals.words import FAMILIES, WORDS, Family

TEXTS = st.lists(st.none() | st.text(), max_size=6)
IDS = st.none() | st.uuids()
LINES = st.builds(Line, st.uuids(), st.datetimes(), st.sampled_from([one.value for one in Event]), IDS, IDS, IDS, st.text(max_size=60))


@given(TEXTS, TEXTS)
def test_two_different_lists_of_fields_never_give_the_same_bytes(first, second):
    assert (framed(*first) == framed(*second)) == (first == second)


@given(st.lists(LINES, max_size=4, unique_by=lambda line: line.id), st.lists(LINES, max_size=4, unique_by=lambda line: line.id))
def test_two_different_days_never_give_the_same_bytes(first, second):
    assert (b"".join(map(canonical, first)) == b"".join(map(canonical, second))) == (first == second)


def test_a_published_digest_never_changes():
    """What is sealed is verified for years: another form of the same entries would break every chain."""
    line = Line(uuid.UUID(int=1), datetime.datetime.fromisoformat("2026-11-23T09:00"), "signed_in", uuid.UUID(int=2), None, None, "é")
    assert canonical(line) == (
        b"36:00000000-0000-0000-0000-00000000000126:2026-11-23T09:00:00.0000009:signed_in36:00000000-0000-0000-0000-000000000002--2:\xc3\xa9"
    )
    content = content_of([line])
    assert content == (1, "453ae4bd1d501a72323ccec16eb01ee6118e169251900508fd3ff1ff25c77155")
    assert chained("", datetime.date(2026, 11, 23), content) == "d1d0107fcd2f3a66e6131cbad1984a5dd65e84b9bdc1b20ea1efef8eca692c2e"


def test_the_digest_of_a_day_holds_the_day_before_the_day_and_the_number():
    day, content = datetime.date(2026, 11, 23), Content(2, "a" * 64)
    found = {
        chained("", day, content),
        chained("b" * 64, day, content),
        chained("", day + datetime.timedelta(days=1), content),
        chained("", day, Content(3, "a" * 64)),
        chained("", day, Content(2, "b" * 64)),
    }
    assert len(found) == 5


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-23", 24)])
def test_a_day_of_paris_has_its_hours(day, hours):
    start, beyond = bounds(datetime.date.fromisoformat(day), datetime.date.fromisoformat(day))
    assert (beyond - start) == datetime.timedelta(hours=hours)
    assert bounds(*[datetime.date.fromisoformat(day) + datetime.timedelta(days=1)] * 2)[0] == beyond


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-23T23:59:59", "2026-11-22"),
        ("2026-11-24T00:00", "2026-11-23"),
        ("2026-03-29T22:59:59", "2026-03-28"),
        ("2026-03-29T23:00", "2026-03-29"),
    ],
)
def test_a_day_is_sealed_an_hour_after_its_midnight_in_paris(moment, day):
    assert newest_sealable(datetime.datetime.fromisoformat(moment)).isoformat() == day


def test_each_event_has_its_words_in_one_family():
    assert set(WORDS) == set(Event)
    assert sum(map(len, FAMILIES.values())) == len(Event)
    assert set(FAMILIES) == set(Family)
    assert len(set(WORDS.values())) == len(WORDS), "two events are read as one"


def test_a_word_that_is_none_is_no_filter():
    today = datetime.date(2026, 11, 23)
    usual = Wanted(datetime.date(2026, 10, 24), today)
    for wrong in ("", "2026-02-30", "9999-12-31", "0001-01-01", "x", "２０２６-01-01"):
        assert Wanted.read({"du": wrong, "au": wrong, "sorte": wrong}, today) == usual
    chosen = Wanted.read({"du": "2026-01-01", "au": "2026-01-31", "sorte": "comptes"}, today)
    assert Wanted.read(chosen.query, today) == chosen
