"""The indicators' arithmetic, and what is never shown: under five, alone or by difference, today or between two days."""

import datetime
import itertools
import statistics
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bilan.quality.indicators import INDICATORS, median, net_promoters, satisfied, share
from bilan.quality.populations import figures_of
from bilan.quality.rules import HIDDEN_UNDER, Breakdown, Source, batches, is_final, merged, quarter_end, quarter_name, year_of
from bilan.satisfaction.rules import OPEN_DAYS, quarter_of

BY_KEY = {one.key: one for one in INDICATORS}
NAMES = {"effectifs": {"small": "petites", "medium": "moyennes", "large": "grandes"}, "phases": {"diagnostic": "D", "accompaniment": "A"}}
QUARTERS = [datetime.date(year, month, 1) for year in (2024, 2025) for month in (1, 4, 7, 10)]
LATER = datetime.date(2027, 1, 1)

facts = st.lists(
    st.tuples(
        st.sampled_from(QUARTERS),
        st.sampled_from(list(NAMES["effectifs"])),
        st.sampled_from(list(NAMES["phases"])),
        st.sampled_from(["", "motif a", "motif b", "motif c"]),
        st.sampled_from([0.0, 1.0]),
    ),
    max_size=60,
)


def sources_of(found):
    return Source(Counter((day, size, phase, part, value) for day, size, phase, part, value in found))


def shown_of(key, found, today):
    """Return every count shown, under the things that it counts: frozenset of the ranks in `found` → n."""
    counts = {}
    for year in (2024, 2025):
        seen = year_of(BY_KEY[key], sources_of(found), year, today, NAMES)
        if seen.whole is None:
            continue
        groups = {name: [] for name in ("whole", *Breakdown)}
        for split, rows in seen.rows.items():
            groups[split] = [(words, figure.n) for words, figure in rows]
        for words, n in [("", seen.whole.n), *itertools.chain(*groups.values()), *seen.parts]:
            counts[year, words] = n
    return counts


def who(found, year, words, key, today):
    """Return which facts a shown cell counts, read without the code under test's tallies."""
    names = {words: name for name, words in [*NAMES["effectifs"].items(), *NAMES["phases"].items()]}
    chosen = {rank for rank, one in enumerate(found) if one[0].year == year}
    if BY_KEY[key].by_batches:
        runs = [run for run in batches(Counter(one[0] for one in found), today) if run[-1].year == year]
        chosen = {rank for rank, one in enumerate(found) if any(one[0] in run for run in runs)}
        for run in runs:
            if words in (quarter_name(run[0]), f"{quarter_name(run[0])} à {quarter_name(run[-1])}"):
                return {rank for rank, one in enumerate(found) if one[0] in run}
    if words == "":
        return chosen
    if words in names:
        return {rank for rank in chosen if names[words] in found[rank][1:3]}
    if words.startswith("T"):
        return {rank for rank in chosen if quarter_name(found[rank][0]) == words}
    return {rank for rank in chosen if found[rank][3] in words.split(", ")}  # parts, some put together


@settings(max_examples=100, deadline=None)
@given(facts)
@pytest.mark.parametrize("key", list(BY_KEY))
def test_no_cell_under_five_and_no_difference_of_two_cells_under_five(key, found):
    cells = [(frozenset(who(found, year, words, key, LATER)), n) for (year, words), n in shown_of(key, found, LATER).items()]
    assert_safe(cells)


def assert_safe(cells):
    """Each cell counts whom it says, five at least, and so does what is left when one is taken from another."""
    for people, n in cells:
        assert len(people) == n
        assert n >= HIDDEN_UNDER
    for large, small in itertools.permutations({people for people, _ in cells}, 2):
        if small < large:
            assert len(large - small) >= HIDDEN_UNDER


@settings(max_examples=150, deadline=None)
@given(facts, st.lists(st.dates(datetime.date(2024, 1, 1), LATER), min_size=1, max_size=4))
@pytest.mark.parametrize("kind", ["questions", "marks", "choices"])
def test_the_other_questions_of_a_survey_single_nobody_out_on_any_day(kind, found, days):
    cells = []
    for today in days:
        known = {rank: one for rank, one in enumerate(found) if one[0] <= today}
        # Whoever gave no reason left the question without an answer.
        given = {rank: one for rank, one in known.items() if one[3]}
        asked = {"Question": sources_of([(*one[:3], one[3] if kind == "choices" else "", one[4]) for one in given.values()]).tally}
        source = sources_of(known.values())._replace(**{kind: asked})
        runs = batches(Counter(one[0] for one in given.values()), today)
        for year in (2024, 2025):
            within = {rank for rank, one in given.items() if any(one[0] in run for run in runs if run[-1].year == year)}
            seen = year_of(BY_KEY["months_later"], source, year, today, NAMES)
            cells += [(frozenset(within), figure.n) for _, figure in [*seen.questions, *seen.marks]]
            for _, parts in seen.choices:
                cells += [(frozenset(rank for rank in within if found[rank][3] in words.split(", ")), n) for words, n in parts]
    assert_safe(cells)


complained = st.tuples(st.sampled_from(QUARTERS[:2]), st.sampled_from(["", "motif a", "motif b"]), *[st.sampled_from([None, 0.0, 1.0])] * 2)


@settings(max_examples=400, deadline=None)
@given(st.lists(complained, max_size=40))
def test_no_difference_under_five_between_indicators_of_one_population(found):
    cells, tallies = [], {"complaints": Counter(), "acknowledged": Counter(), "answered": Counter()}
    counted = {"complaints": set(range(len(found))), "acknowledged": set(), "answered": set()}
    for rank, (day, why, acknowledged, answered) in enumerate(found):
        for key, value in (("complaints", 1.0), ("acknowledged", acknowledged), ("answered", answered)):
            if value is not None:
                tallies[key][day, "", "", why, value] += 1
                counted[key].add(rank)
    indicators = [BY_KEY[key] for key in tallies]
    shown = figures_of(indicators, {key: Source(tally) for key, tally in tallies.items()}, 2024, LATER, NAMES)
    for key, seen in shown.items():
        if seen.whole is not None:
            cells.append((frozenset(counted[key]), seen.whole.n))
        for words, figure in seen.rows.get(Breakdown.QUARTERS, []):
            cells.append((frozenset(rank for rank in counted[key] if quarter_name(found[rank][0]) == words), figure.n))
        for words, n in seen.parts:
            cells.append((frozenset(rank for rank in counted[key] if found[rank][1] in words.split(", ")), n))
    assert_safe(cells)


def test_who_waits_is_not_told_by_two_numbers_and_what_is_whole_is_shown():
    def shown_with(waiting):
        done = Counter({(QUARTERS[0], "", "", "", 1.0): 12})
        all_of_them = Counter({(QUARTERS[0], "", "", "", 1.0): 12 + waiting})
        found = {"complaints": Source(all_of_them), "acknowledged": Source(done)}
        return figures_of([BY_KEY[key] for key in found], found, 2024, LATER, NAMES)["acknowledged"].whole

    assert shown_with(1) is None, "13 beside 12 says that one waits"
    assert shown_with(0).n == 12
    assert shown_with(5).n == 12


@settings(max_examples=200, deadline=None)
@given(facts, st.lists(st.dates(datetime.date(2024, 1, 1), LATER), min_size=2, max_size=5))
def test_opinions_shown_on_two_days_differ_by_five_at_least(found, days):
    cells = []
    for today in days:
        ranks = [rank for rank, one in enumerate(found) if one[0] <= today]
        known = [found[rank] for rank in ranks]
        shown = shown_of("satisfaction", known, today)
        cells += [frozenset(ranks[at] for at in who(known, year, words, "satisfaction", today)) for year, words in shown]
    for large, small in itertools.permutations(set(cells), 2):
        if small < large:
            assert len(large - small) >= HIDDEN_UNDER


def test_a_breakdown_that_hid_its_small_cell_alone_would_be_caught():
    found = [(QUARTERS[0], "small", "", "a", 1.0)] * 9 + [(QUARTERS[0], "large", "", "b", 1.0)] * 2
    seen = year_of(BY_KEY["completion"], sources_of(found), 2024, LATER, NAMES)
    assert seen.whole.n == 11
    assert Breakdown.SIZES not in seen.rows, "11 − 9 would say 2"
    assert seen.parts == [], "one group of all says nothing"


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 20), max_size=7))
def test_what_is_too_small_is_put_together_and_nothing_is_lost_but_a_total_under_five(counts):
    sums = [sum(counts[words] for words in group) for group in merged(counts)]
    assert all(n >= HIDDEN_UNDER for n in sums)
    total = sum(counts.values())
    assert sum(sums) == (total if total >= HIDDEN_UNDER else 0)


@given(st.dictionaries(st.sampled_from(QUARTERS), st.integers(0, 9)), st.dates(datetime.date(2024, 1, 1), LATER))
def test_batches_are_of_five_at_least_final_and_never_undone(counts, today):
    runs = batches(counts, today)
    for run in runs:
        assert sum(counts[one] for one in run) >= HIDDEN_UNDER
        assert all(is_final(one, today) for one in run)
    assert batches(counts, today + datetime.timedelta(days=200))[: len(runs)] == runs


@given(st.lists(st.integers(0, 50), min_size=1))
def test_the_median_is_that_of_the_library(values):
    assert median(Counter(values)).value == statistics.median(values)


def test_the_formulas_by_hand():
    assert satisfied(Counter({4: 3, 3: 2, 2: 1, 1: 2})) == (8, 5, 62.5)
    # 9 and 10: 3; 0 to 6: 2; 7 and 8 count below the line alone.
    assert net_promoters(Counter({10: 2, 9: 1, 8: 4, 6: 1, 0: 1})).value == pytest.approx(100 / 9)
    assert share(Counter({1.0: 3, 0.0: 1})) == (4, 3, 75)


def test_a_quarter_is_final_sixty_days_after_its_end():
    quarter = quarter_of(datetime.date(2026, 5, 2))
    assert (quarter, quarter_end(quarter), quarter_name(quarter)) == (datetime.date(2026, 4, 1), datetime.date(2026, 6, 30), "T2\u00a02026")
    last = quarter_end(quarter) + datetime.timedelta(days=OPEN_DAYS)
    assert not is_final(quarter, last)
    assert is_final(quarter, last + datetime.timedelta(days=1))
