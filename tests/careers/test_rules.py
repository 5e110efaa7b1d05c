"""Months as people type them, the order of a career, its groups and its filters."""

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilan.careers.rules import (
    MONTHS,
    YEARS,
    ConditionKind,
    Filter,
    Level,
    SkillKind,
    by_dates,
    by_kind,
    grouped,
    in_order,
    length_words,
    month_words,
    moved,
    period_words,
    read_month,
)

kept_months = st.builds(
    lambda year, month: f"{year}-{month:02d}" if month else str(year), st.sampled_from(YEARS), st.integers(0, len(MONTHS))
)


@dataclass
class Piece:
    content: dict[str, Any]
    place: int | None = None
    experience_id: Any = None
    name: str = field(default="")


def times(starts, ends="", *, ongoing=False):
    return {"starts": starts, "ends": ends, "ongoing": ongoing}


def skill(name="Accueillir", kind="know_how", level="", **others):
    plain = {"name": name, "kind": kind, "level": level, "to_develop": False, "again": "", "proof": "", "transferable": ""}
    return Piece(plain | others)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("mars 2015", "2015-03"),
        ("Mars 2015", "2015-03"),
        ("mars\u00a02015", "2015-03"),
        ("AOÛT 2001", "2001-08"),
        ("aout 2001", "2001-08"),
        ("févr. 1999", "1999-02"),
        ("sept 2010", "2010-09"),
        ("déc. 2010", "2010-12"),
        ("03/2015", "2015-03"),
        ("3/2015", "2015-03"),
        ("3-2015", "2015-03"),
        ("03 2015", "2015-03"),
        ("2015-03", "2015-03"),
        ("2015", "2015"),
    ],
)
def test_a_month_is_read_as_people_type_it(typed, kept):
    assert read_month(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", "hier", "ju 2015", "mar", "mai", "13/2015", "0/2015", "mars 15", "15", "1900", "2200", "2015-13", "12/03/2015", "٣/2015",
        "2015-03-01", "9" * 5000, "-2015",
    ],
)  # fmt: skip
def test_what_is_no_month_is_refused(typed):
    with pytest.raises(ValueError, match=f"^{re.escape(typed)}$"):
        read_month(typed)


def test_the_beginning_of_two_months_is_none_of_them():
    with pytest.raises(ValueError, match="jui"):
        read_month("jui2015")


@given(kept_months)
def test_what_is_shown_is_read_again(kept):
    assert read_month(month_words(kept)) == kept


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (times("2015-03", "2019-06"), "de mars 2015 à juin 2019"),
        (times("2015-04", "2019"), "d’avril 2015 à 2019"),
        (times("2015-08"), "à partir d’août 2015"),
        (times("2015"), "à partir de 2015"),
        (times("2015", "2015"), "2015"),
        (times("2015-10", ongoing=True), "depuis octobre 2015"),
    ],
)
def test_a_time_is_said_in_words(content, words):
    assert period_words(content).replace("\u00a0", " ") == words


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (times("2015-03", "2015-03"), "1 mois"),
        (times("2015-03", "2016-02"), "1 an"),
        (times("2015-03", "2019-06"), "4 ans et 4 mois"),
        (times("2026-10", ongoing=True), "2 mois"),
        (times("2015", "2019-06"), ""),
        (times("2015-03", "2019"), ""),
        (times("2015-03"), ""),
        (times("2027-01", ongoing=True), ""),
    ],
)
def test_how_long_it_lasted_is_said_when_both_months_are_known(content, words):
    assert length_words(content, "2026-11").replace("\u00a0", " ") == words


def test_a_career_goes_from_the_newest_to_the_oldest():
    expected = [
        times("2018", ongoing=True),
        times("2016-09", ongoing=True),
        times("2010-01", "2016"),
        times("2009-04", "2016-07"),
        times("2011", "2016-05"),
        times("2012-02"),
        times("2006", "2008"),
    ]
    for turned in (expected, expected[::-1], sorted(expected, key=str)):
        assert [one.content for one in by_dates(map(Piece, turned))] == expected


def test_an_order_of_ones_own_comes_before_the_dates_and_what_is_new_comes_first():
    old, new, fresh = Piece(times("2001"), place=1), Piece(times("2010"), place=2), Piece(times("1990"))
    assert in_order([new, fresh, old]) == [fresh, old, new]


@given(st.lists(st.integers(), min_size=1, unique=True), st.data(), st.booleans())
def test_a_move_is_one_place_and_comes_back(ranked, data, up):
    one = data.draw(st.sampled_from(ranked))
    after = moved(ranked, one, up=up)
    assert sorted(after) == sorted(ranked)
    before, now = ranked.index(one), after.index(one)
    assert now == min(max(before + (-1 if up else 1), 0), len(ranked) - 1)
    assert [other for other in after if other != one] == [other for other in ranked if other != one]
    if now != before:
        assert moved(after, one, up=not up) == ranked


levels = st.sampled_from([*(level.value for level in Level), ""])
skills = st.lists(st.builds(skill, st.text(max_size=5), st.sampled_from([kind.value for kind in SkillKind]), levels))


@given(skills)
def test_each_skill_is_in_its_kind_and_level_once(found):
    listed = [(kind, level, one) for kind, of_level in grouped(found) for level, ones in of_level for one in ones]
    assert sorted(id(one) for _, _, one in listed) == sorted(map(id, found))
    assert all((one.content["kind"], one.content["level"]) == (kind.value, level.value if level else "") for kind, level, one in listed)
    ranks = [(list(SkillKind).index(kind), [*Level, None].index(level)) for kind, level, _ in listed]
    assert ranks == sorted(ranks)


def test_skills_of_a_level_are_in_the_order_of_the_alphabet():
    ((_, ((_, ones),)),) = grouped([skill("Zinguer"), skill("Écouter"), skill("animer"), skill("Élaguer")])
    assert [one.content["name"] for one in ones] == ["animer", "Écouter", "Élaguer", "Zinguer"]


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        (Filter(), True),
        (Filter(kind="know_how"), True),
        (Filter(kind="soft"), False),
        (Filter(level="expert"), True),
        (Filter(level="beginner"), False),
        (Filter(experience="7"), True),
        (Filter(experience="8"), False),
        (Filter(again=True), True),
        (Filter(to_develop=True), False),
        (Filter(search="ECOUTER"), True),
        (Filter(search="mairie"), True),
        (Filter(search="quatre ans"), True),
        (Filter(search="%"), False),
        (Filter(kind="know_how", search="absent"), False),
    ],
)
def test_a_filter_keeps_what_is_looked_for(wanted, kept):
    one = skill("Écouter", level="expert", again="yes", proof="Pendant quatre ans", transferable="En mairie")
    one.experience_id = 7
    assert wanted.keeps(one) is kept


def test_what_counts_most_comes_first_and_no_kind_is_forgotten():
    found = [Piece({"kind": "obstacle", "strength": strength}) for strength in ("", "2", "4")]
    groups = by_kind(found)
    assert [kind for kind, _ in groups] == list(ConditionKind)
    assert [one.content["strength"] for one in dict(groups)[ConditionKind.OBSTACLE]] == ["4", "2", ""]
