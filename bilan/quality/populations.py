"""Indicators of one population: what the number of one says beside the number of another. Pure.

Of the complaints received, those acknowledged or answered in time leave out the ones that still wait: 12 beside 11
would say that one person waits. Which things two cells share is known by their tallies, whose keys are the same.
"""

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bilan.quality.indicators import Indicator
from bilan.quality.rules import HIDDEN_UNDER, NOTHING, Breakdown, Source, Tally, Year, by_part, group_name, merged, quarter_name, year_of

Cell = Counter[tuple[Any, ...]]
Names = Mapping[str, Mapping[str, str]]


def figures_of(
    indicators: Iterable[Indicator], found: Mapping[str, Source], year: int, today: datetime.date, names: Names
) -> dict[str, Year]:
    """Return what may be shown of each indicator for a year, by its key: by itself, and beside those of its population before it."""
    shown: dict[str, Year] = {}
    kept: dict[str, list[Cell]] = {}
    for one in indicators:
        source = found.get(one.key, Source({}))
        seen = year_of(one, source, year, today, names)
        others = [cell for key in one.beside for cell in kept[key]]
        tally = {key: count for key, count in source.tally.items() if key[0].year == year}
        shown[one.key], kept[one.key] = _beside(seen, tally, others, names)
    return shown


def _beside(seen: Year, tally: Tally, others: list[Cell], names: Names) -> tuple[Year, list[Cell]]:
    """Return what of a year may be shown beside other cells, and its own cells."""
    if seen.whole is None or any(tells(cell, other) for cell in _cells(tally, lambda _key: "") for other in others):
        return NOTHING, []
    groups = {words: group_name(group) for group in merged(by_part(tally)) for words in group}
    of: dict[Any, Callable[[Any], Any]] = {
        Breakdown.QUARTERS: lambda key: quarter_name(key[0]),
        Breakdown.SIZES: lambda key: names["effectifs"].get(key[1]),
        Breakdown.PHASES: lambda key: names["phases"].get(key[2]),
    }
    kept, rows = _cells(tally, lambda _key: ""), {}
    for split, lines in seen.rows.items():
        mine = _cells(tally, of[split])
        if not any(tells(cell, other) for cell in mine for other in others):
            rows[split], kept = lines, kept + mine
    mine = _cells(tally, lambda key: groups.get(key[3])) if seen.parts else []
    parts = [] if any(tells(cell, other) for cell in mine for other in others) else seen.parts
    return seen._replace(rows=rows, parts=parts), kept + (mine if parts else [])


def _cells(tally: Tally, of: Callable[[Any], Any]) -> list[Cell]:
    """Return what each cell counts, by everything that the keys say but what is measured."""
    found: dict[Any, Cell] = {}
    for key, count in tally.items():
        if (name := of(key)) is not None:
            found.setdefault(name, Counter())[key[:4]] += count
    return list(found.values())


def tells(one: Cell, other: Cell) -> bool:
    """Whether one of two cells may hold the other but for less than five: their difference would say how many."""
    inner, outer = sorted((one, other), key=Counter.total)
    return 0 < outer.total() - inner.total() < HIDDEN_UNDER and all(count <= outer[key] for key, count in inner.items())
