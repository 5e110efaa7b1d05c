"""Pure rules of the figures: what they are made of, what is too small to be shown.

Figures are made of tallies. A tally counts things by (quarter, size of the employer, phase, part, value):
`quarter` is a first day, `phase` and `part` (a reason, a class) are "" where there is none, `value` is what is measured.

What is shown of a tally (docs/decisions/0021-indicators.md): cells of five at least, such that every
difference of two of them is none or five at least. A breakdown is shown whole or not at all, and only
beside those that it leaves safe; there are no crossed filters.
"""

import datetime
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from bilan.quality.indicators import Figure, Indicator, net_promoters, satisfied
from bilan.satisfaction.rules import OPEN_DAYS
from bilan.wording import Worded

HIDDEN_UNDER = 5

Key = tuple[datetime.date, str, str, str, float]
Tally = Mapping[Key, int]


class Breakdown(Worded):
    """How a year is split."""

    QUARTERS = "trimestres", "par trimestre"
    SIZES = "effectifs", "par effectif de la collectivité"
    PHASES = "phases", "par phase du bilan"


class Source(NamedTuple):
    """What an indicator is computed from, and the tally of each other question of a survey, by its words.

    `questions` are answered by levels, `marks` by marks from 0 to 10, `choices` by words, which are then the part.
    """

    tally: Tally
    questions: Mapping[str, Tally] = MappingProxyType({})
    marks: Mapping[str, Tally] = MappingProxyType({})
    choices: Mapping[str, Tally] = MappingProxyType({})


def quarter_name(quarter: datetime.date) -> str:
    """Return "T1 2026"."""
    return f"T{(quarter.month + 2) // 3}\u00a0{quarter.year}"


def quarter_end(quarter: datetime.date) -> datetime.date:
    """Return the last day of a quarter."""
    following = datetime.date(quarter.year + (quarter.month > 9), (quarter.month + 2) % 12 + 1, 1)
    return following - datetime.timedelta(days=1)


def is_final(quarter: datetime.date, today: datetime.date) -> bool:
    """Whether no survey asked in that quarter can be answered any more: its figures will not move."""
    return quarter_end(quarter) + datetime.timedelta(days=OPEN_DAYS) < today


def batches(counts: Mapping[datetime.date, int], today: datetime.date) -> list[tuple[datetime.date, ...]]:
    """Return runs of final quarters, in order, each as short as five answers allow; the last ones wait for those that follow."""
    found, run = [], []
    for quarter in sorted(quarter for quarter in counts if is_final(quarter, today)):
        run.append(quarter)
        if sum(counts[one] for one in run) >= HIDDEN_UNDER:
            found.append(tuple(run))
            run = []
    return found


def cells(tally: Tally, of: Callable[[Key], Any]) -> dict[Any, Counter[float]]:
    """Return the values counted by what `of` says of each key; where it says None, not at all."""
    found: dict[Any, Counter[float]] = {}
    for key, count in tally.items():
        name = of(key)
        if name is not None:
            found.setdefault(name, Counter())[key[4]] += count
    return found


def merged(counts: Mapping[str, int]) -> list[tuple[str, ...]]:
    """Return groups of words that count five at least, the largest first: those under five are put together, with the next if too few.

    What is under five all together is in no group.
    """
    ranked = sorted(((count, words) for words, count in counts.items() if count), reverse=True)
    small: list[tuple[int, str]] = []
    while ranked and (ranked[-1][0] < HIDDEN_UNDER or 0 < sum(count for count, _ in small) < HIDDEN_UNDER):
        small.append(ranked.pop())
    groups: list[tuple[str, ...]] = [(words,) for _, words in ranked]
    return [*groups, tuple(words for _, words in reversed(small))] if sum(count for count, _ in small) >= HIDDEN_UNDER else groups


def is_safe(tally: Tally, of: Callable[[Key], Any], others: Sequence[Callable[[Key], Any]]) -> bool:
    """Whether a breakdown may be shown beside others: its cells, and what is left when one cell is taken from another, are none or five at least."""
    mine = {name: values.total() for name, values in cells(tally, of).items()}
    left = sum(tally.values()) - sum(mine.values())
    if not mine or min(mine.values()) < HIDDEN_UNDER or 0 < left < HIDDEN_UNDER:
        return False
    for other in others:
        theirs = {name: values.total() for name, values in cells(tally, other).items()}
        crossed = Counter[Any]()
        for key, count in tally.items():
            crossed[of(key), other(key)] += count
        for (here, there), both in crossed.items():
            if here is None or there is None:
                continue
            for inner, outer in ((mine[here], theirs[there]), (theirs[there], mine[here])):
                if both == inner and 0 < outer - inner < HIDDEN_UNDER:
                    return False
    return True


class Year(NamedTuple):
    """What may be shown of an indicator for a year.

    `whole` is None when the year is under five; a breakdown is absent when it may not be shown; `parts`
    are words and a count, `questions` and `marks` words and a figure, `choices` words and the parts of its answers.
    """

    whole: Figure | None
    rows: dict[Breakdown, list[tuple[str, Figure]]]
    parts: list[tuple[str, int]]
    questions: list[tuple[str, Figure]]
    marks: list[tuple[str, Figure]]
    choices: list[tuple[str, list[tuple[str, int]]]]


NOTHING = Year(None, {}, [], [], [], [])


def year_of(indicator: Indicator, source: Source, year: int, today: datetime.date, names: Mapping[str, Mapping[str, str]]) -> Year:
    """Return what may be shown of an indicator; `names` gives the words of sizes and phases, in their order."""
    if indicator.by_batches:
        return _opinions(indicator, source, year, today, names)
    tally = {key: count for key, count in source.tally.items() if key[0].year == year}
    if sum(tally.values()) < HIDDEN_UNDER:
        return NOTHING
    return _split(indicator, tally, [(quarter,) for quarter in sorted({key[0] for key in tally})], names, is_over=True)


def _opinions(indicator: Indicator, source: Source, year: int, today: datetime.date, names: Mapping[str, Mapping[str, str]]) -> Year:
    """Return what may be shown of answers: whole batches only, so that no figure, once shown, moves by the answer of one person."""
    runs, tally = _batched(source.tally, year, today)
    if not runs:
        return NOTHING
    # Before its end, a year that is split further would be told apart from itself some months later.
    is_over = is_final(datetime.date(year, 10, 1), today)
    found = _split(indicator, tally, runs, names, is_over=is_over)
    levels, marks = (
        [(words, measure(values)) for words, one in asked.items() if (values := _values(_batched(one, year, today)[1]))]
        for asked, measure in ((source.questions, satisfied), (source.marks, net_promoters))
    )
    parts = [(words, _parts(_batched(one, year, today)[1])) for words, one in source.choices.items()] if is_over else []
    return found._replace(questions=levels, marks=marks, choices=[(words, rows) for words, rows in parts if rows])


def _batched(tally: Tally, year: int, today: datetime.date) -> tuple[list[tuple[datetime.date, ...]], Tally]:
    """Return the batches that end in a year, and what they count."""
    counts = Counter[datetime.date]()
    for key, count in tally.items():
        counts[key[0]] += count
    runs = [run for run in batches(counts, today) if run[-1].year == year]
    within = {quarter for run in runs for quarter in run}
    return runs, {key: count for key, count in tally.items() if key[0] in within}


def _values(tally: Tally) -> Counter[float]:
    return cells(tally, lambda _key: "all").get("all", Counter())


def by_part(tally: Tally) -> Counter[str]:
    """Return how many of each part there are."""
    counts = Counter[str]()
    for key, count in tally.items():
        counts[key[3]] += count if key[3] else 0
    return counts


def _parts(tally: Tally) -> list[tuple[str, int]]:
    """Return the answers to a choice, the most given first; nothing when they were all put together, which says nothing."""
    counts = by_part(tally)
    groups = merged(counts)
    telling = len(groups) > 1 or (len(groups) == 1 and len(groups[0]) == 1)
    return [(group_name(group), sum(counts[words] for words in group)) for group in groups] if telling else []


def group_name(group: Sequence[str]) -> str:
    """Return the words of parts put together; answers of surveys hold commas."""
    return (" ; " if any("," in words for words in group) else ", ").join(group)


def _split(
    indicator: Indicator, tally: Tally, runs: Sequence[tuple[datetime.date, ...]], names: Mapping[str, Mapping[str, str]], *, is_over: bool
) -> Year:
    """Return a tally whole, and under each breakdown that the ones before leave safe; `runs` are its quarters, those of a batch together."""
    run_of = {quarter: rank for rank, run in enumerate(runs) for quarter in run}
    counts = by_part(tally)
    groups = merged(counts)
    group_of = {words: rank for rank, group in enumerate(groups) for words in group}
    by: dict[Any, Callable[[Key], Any]] = {
        Breakdown.QUARTERS: lambda key: run_of[key[0]],
        "parts": lambda key: group_of.get(key[3]) if indicator.parts else None,
        Breakdown.SIZES: lambda key: key[1] or None,
        Breakdown.PHASES: lambda key: key[2] or None,
    }
    safe: list[Any] = []
    for split, of in by.items():
        if (is_over or split is Breakdown.QUARTERS) and is_safe(tally, of, [by[one] for one in safe]):
            safe.append(split)
    words_of: dict[Breakdown, Mapping[Any, str]] = {Breakdown.QUARTERS: {rank: _run_name(run) for rank, run in enumerate(runs)}}
    words_of |= {split: names[split.value] for split in (Breakdown.SIZES, Breakdown.PHASES)}
    rows = {}
    for split in [one for one in safe if one != "parts"]:
        found = cells(tally, by[split])
        rows[split] = [(words, indicator.measure(found[name])) for name, words in words_of[split].items() if name in found]
    parts = [(group_name(group), sum(counts[words] for words in group)) for group in groups] if "parts" in safe and len(groups) > 1 else []
    return NOTHING._replace(whole=indicator.measure(_values(tally)), rows=rows, parts=parts)


def _run_name(run: Sequence[datetime.date]) -> str:
    return quarter_name(run[0]) if len(run) == 1 else f"{quarter_name(run[0])} à {quarter_name(run[-1])}"
