"""The figures as they are read: on a page, in a table, on paper. What is not kept (under five) is in none of them."""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple, Self

from bilan.french import NBSP, plural, points, to_paris
from bilan.quality.drawings import bars
from bilan.quality.indicators import INDICATORS, Figure, Indicator, Unit
from bilan.quality.models import QualityReport
from bilan.quality.rules import Breakdown

HEADERS = ("Année", "Indicateur", "Définition", "Répartition", "Groupe", "Numérateur", "Nombre", "Valeur", "Unité", "Calculé le")
# Of an indicator, or of what is kept of it, younger than the year's computation.
NOTHING: dict[str, Any] = {"whole": None, "rows": {}, "parts": [], "questions": [], "marks": [], "choices": []}
# In what the other questions of a survey are read.
ASKED = (("questions", Unit.PERCENT), ("marks", Unit.SCORE))
HIDDEN = "affiché à partir de cinq"


def in_words(unit: Unit, value: float) -> str:
    """Return a value as it is read: "84 %", "+42", "12 jours", "13,5 heures"."""
    rounded = round(value)
    if unit is Unit.PERCENT:
        return f"{rounded}{NBSP}%"
    if unit is Unit.SCORE:
        return f"+{rounded}" if rounded > 0 else str(rounded).replace("-", "−")
    if unit is Unit.COUNT:
        return str(rounded)
    if unit is Unit.DAYS:
        return plural(rounded, "jour", "jours") if value == rounded else f"{points(round(value, 1))}{NBSP}jours"
    return f"{points(round(value, 1))}{NBSP}{'heure' if value < 2 else 'heures'}"


def change_in_words(unit: Unit, before: float, after: float) -> str:
    """Return how a value moved since the year before: "+3 points", "−2 jours", "stable"."""
    moved = round(after) - round(before) if unit in (Unit.PERCENT, Unit.SCORE) else round(after - before, 1)
    if not moved:
        return "stable"
    sign = "+" if moved > 0 else "−"
    size = abs(moved)
    if unit is Unit.COUNT:
        return f"{sign}{points(size)}"
    words = {
        Unit.PERCENT: ("point", "points"),
        Unit.SCORE: ("point", "points"),
        Unit.DAYS: ("jour", "jours"),
        Unit.HOURS: ("heure", "heures"),
    }[unit]
    return f"{sign}{points(size)}{NBSP}{words[0] if size < 2 else words[1]}"


class Spread(NamedTuple):
    """How the things that an indicator counts are spread, or the answers to a choice: words, figure and value, with their picture."""

    title: str
    rows: list[tuple[str, Figure, str]]
    picture: dict[str, Any]

    @classmethod
    def of(cls, title: str, parts: list[tuple[str, int]], key: str) -> Self:
        """Make it of words and numbers; `key` names its picture on the page."""
        counted = [(words, Figure(n, None, n)) for words, n in parts]
        return cls(title, [(words, figure, str(figure.n)) for words, figure in counted], bars(Unit.COUNT, counted, key))

    @classmethod
    def of_years(cls, indicator: Indicator, reports: Collection[QualityReport]) -> Self | None:
        """Make it of an indicator's whole years; None when none may be shown."""
        wholes = [(str(one.year), one.figures.get(indicator.key, NOTHING)["whole"]) for one in reports]
        rows = [(words, Figure(*whole)) for words, whole in wholes if whole]
        read_rows = [(words, figure, in_words(indicator.unit, figure.value)) for words, figure in rows]
        return cls(f"{indicator.title}, par année", read_rows, bars(indicator.unit, rows, indicator.key)) if rows else None


class Read(NamedTuple):
    """An indicator as a page shows it: its figure, that of the year before in words, its rows under the breakdown, their picture."""

    indicator: Indicator
    whole: Figure | None
    value: str
    change: str
    rows: list[tuple[str, Figure, str]]
    picture: dict[str, Any] | None
    questions: list[tuple[str, Figure, str]]
    spreads: list[Spread]


def read(indicator: Indicator, content: dict[str, Any], before: dict[str, Any], split: Breakdown | None) -> Read:
    """Return an indicator of a computed year, for a page."""
    found = {**NOTHING, **content.get(indicator.key, {})}
    whole = Figure(*found["whole"]) if found["whole"] else None
    earlier = before.get(indicator.key, {}).get("whole")
    rows = [(words, Figure(*figure)) for words, figure in found["rows"].get(split.value, [])] if split else []
    asked = [(unit, words, Figure(*figure)) for name, unit in ASKED for words, figure in found[name]]
    spreads = [(indicator.parts, found["parts"]), *found["choices"]]
    unit = indicator.unit
    return Read(
        indicator,
        whole,
        in_words(unit, whole.value) if whole else "",
        change_in_words(unit, earlier[2], whole.value) if whole and earlier else "",
        [(words, figure, in_words(unit, figure.value)) for words, figure in rows],
        bars(unit, rows, indicator.key) if rows else None,
        [(words, figure, in_words(one, figure.value)) for one, words, figure in asked],
        [Spread.of(title, parts, f"{indicator.key}-{rank}") for rank, (title, parts) in enumerate(spreads) if parts],
    )


def lines(report: QualityReport, keys: Collection[str] | None = None) -> Iterator[list[Any]]:
    """Return the rows of HEADERS: each indicator, or those of `keys`, whole, then under each breakdown that is shown, by question and by part."""
    day, content = to_paris(report.computed_at).date(), report.figures
    for indicator in [one for one in INDICATORS if keys is None or one.key in keys]:
        found = {**NOTHING, **content.get(indicator.key, {})}
        begun = [report.year, indicator.title, indicator.definition]
        if not found["whole"]:
            yield [*begun, "année entière", HIDDEN, None, None, None, _unit_words(indicator.unit), day]
            continue
        yield [*begun, "année entière", "ensemble", *_cells(indicator.unit, Figure(*found["whole"])), day]
        for split in Breakdown:
            for words, figure in found["rows"].get(split.value, []):
                yield [*begun, split.label, words, *_cells(indicator.unit, Figure(*figure)), day]
        for name, unit in ASKED:
            for words, figure in found[name]:
                yield [*begun, "question par question", words, *_cells(unit, Figure(*figure)), day]
        for question, parts in found["choices"]:
            for words, n in parts:
                yield [*begun, question, words, None, n, None, None, day]
        for words, n in found["parts"]:
            yield [*begun, indicator.parts, words, None, n, None, None, day]


def _cells(unit: Unit, figure: Figure) -> list[Any]:
    """Return numerator, n, value and unit, rounded as the page shows them."""
    value = round(figure.value, 1) if unit in (Unit.DAYS, Unit.HOURS) else round(figure.value)
    return [figure.numerator, figure.n, value, _unit_words(unit)]


def _unit_words(unit: Unit) -> str:
    """Return the unit in words: a spreadsheet would take a sign for a formula."""
    return "pour cent" if unit is Unit.PERCENT else unit.label
