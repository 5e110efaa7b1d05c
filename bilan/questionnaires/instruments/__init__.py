"""The published questionnaires, read from the TOML files of this folder.

One file per instrument and version, named `<slug>-<version>.toml`. A published file is never edited: a change is a
new version, because each passation keeps the version that it was filled with. Every file is checked when it is read;
a wrong one stops with `InstrumentInvalid` and a sentence that names file and fault. No Flask, no database here.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

FOLDER = Path(__file__).parent
HEXAGON_SIDES = 6

Record = TypeVar("Record")


class InstrumentInvalid(ValueError):
    """An instrument file that breaks the schema; the message says which file and why."""


class InstrumentUnknown(LookupError):
    """No published instrument has this slug, or this version of it."""


@dataclass(frozen=True, slots=True)
class Level:
    """One step of the answer scale, the same for every item of the instrument."""

    value: int
    label: str


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `reversed`: agreeing lowers the score of the scale."""

    id: str
    scale: str
    text: str
    reversed: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """What a group of items measures, with a sentence for each third of its possible range.

    `lowest` and `highest`, in points, bound its score: the file does not state them, they follow from the items and
    the levels. `published_mean` is the mean of one answer in the sample of the `Landmark`, in levels, never a norm.
    """

    letter: str
    name: str
    description: str
    high: str
    middle: str
    low: str
    lowest: int
    highest: int
    published_mean: float | None = None


@dataclass(frozen=True, slots=True)
class Scoring:
    """How a scale is scored; `min_share_answered` is the share of its items needed, 0 to 1."""

    method: str
    items_per_scale: int
    min_share_answered: float


@dataclass(frozen=True, slots=True)
class Code:
    """The Holland code: letters round the hexagon, and when a profile is called differentiated.

    `differentiation_threshold` is in points of the scale scores (highest minus lowest).
    """

    hexagon: str
    max_letters: int
    differentiation_threshold: int


@dataclass(frozen=True, slots=True)
class Landmark:
    """Where the scales' published means come from, and the sentence to show with a result."""

    sample: str
    sample_size: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Instrument:
    """One version of one questionnaire; `items` are in the order of presentation."""

    slug: str
    version: int
    title: str
    introduction: str
    question: str
    minutes: int
    source: str
    licence: str
    adaptation: str
    notice: str
    levels: tuple[Level, ...]
    scales: tuple[Scale, ...]
    items: tuple[Item, ...]
    scoring: Scoring
    code: Code | None = None
    landmark: Landmark | None = None

    @property
    def lowest_level(self) -> int:
        """The smallest value that an answer may have."""
        return self.levels[0].value

    @property
    def highest_level(self) -> int:
        """The largest value that an answer may have."""
        return self.levels[-1].value

    def items_of(self, letter: str) -> tuple[Item, ...]:
        """Return the items of one scale, in the order of presentation."""
        return tuple(item for item in self.items if item.scale == letter)


def find(slug: str, version: int | None = None) -> Instrument:
    """Return the instrument with this slug, in this version or else the newest; `InstrumentUnknown`."""
    versions = {i.version: i for i in _catalogue() if i.slug == slug}
    if not versions:
        raise InstrumentUnknown(f"Le questionnaire «\u00a0{slug}\u00a0» n’existe pas.")
    if version is None:
        return versions[max(versions)]
    if version not in versions:
        raise InstrumentUnknown(f"Le questionnaire «\u00a0{slug}\u00a0» n’a pas de version {version}.")
    return versions[version]


def published() -> tuple[Instrument, ...]:
    """Return the newest version of each instrument, by slug: what can be proposed today."""
    return tuple(find(slug) for slug in sorted({i.slug for i in _catalogue()}))


@cache
def _catalogue() -> tuple[Instrument, ...]:
    return tuple(load(path) for path in sorted(FOLDER.glob("*.toml")))


def load(path: Path) -> Instrument:
    """Read and check one file; `InstrumentInvalid` when it is wrong."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        instrument = parse(table)
        expected = f"{instrument.slug}-{instrument.version}.toml"
        _require(path.name == expected, f"le nom attendu est {expected}.")
    except (tomllib.TOMLDecodeError, InstrumentInvalid) as fault:
        raise InstrumentInvalid(f"{path.name}\u00a0: {fault}") from fault
    return instrument


def parse(table: Mapping[str, Any]) -> Instrument:
    """Build an instrument from the content of its file; `InstrumentInvalid` when it is wrong."""
    levels, items = _records(Level, table, "levels"), _records(Item, table, "items")
    scales = tuple(_scale(row, levels, items) for row in _rows(table, "scales"))
    parts: dict[str, Any] = {"levels": levels, "items": items, "scales": scales}
    kinds = {"scoring": Scoring, "code": Code, "landmark": Landmark}
    parts |= {name: _record(kinds[name], table[name], name) for name in kinds if name in table}
    instrument = _record(Instrument, {**table, **parts}, "l’instrument")
    _check(instrument)
    return instrument


def _scale(row: dict[str, Any], levels: tuple[Level, ...], items: tuple[Item, ...]) -> Scale:
    count = sum(item.scale == row.get("letter") for item in items)
    bounds = {"lowest": count * levels[0].value, "highest": count * levels[-1].value}
    return _record(Scale, row | bounds, "scales")


def _rows(table: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    rows = table.get(name, [])
    _require(len(rows) > 0, f"la liste «\u00a0{name}\u00a0» manque.")
    return list(rows)


def _records(kind: type[Record], table: Mapping[str, Any], name: str) -> tuple[Record, ...]:
    return tuple(_record(kind, row, name) for row in _rows(table, name))


def _record(kind: type[Record], table: Mapping[str, Any], where: str) -> Record:
    hints = get_type_hints(kind)
    required = {f.name for f in fields(kind) if f.default is MISSING}  # type: ignore[arg-type]
    for name in sorted(required - set(table)):
        raise InstrumentInvalid(f"le champ «\u00a0{name}\u00a0» manque dans {where}.")
    for name in sorted(set(table) - set(hints)):
        raise InstrumentInvalid(f"le champ «\u00a0{name}\u00a0» est inconnu dans {where}.")
    for name, value in table.items():
        plain = {str, int, float, bool} & {hints[name], *get_args(hints[name])}
        fits = type(value) in plain or (type(value) is int and float in plain)
        _require(not plain or fits, f"«\u00a0{name}\u00a0» n’a pas le bon type dans {where}.")
        _require(value != "", f"«\u00a0{name}\u00a0» est vide dans {where}.")
    return kind(**table)


def _check(instrument: Instrument) -> None:
    values = [level.value for level in instrument.levels]
    letters = [scale.letter for scale in instrument.scales]
    scoring = instrument.scoring
    expected = list(range(values[0], values[0] + len(values)))
    _require(len(values) > 1, "il faut au moins deux niveaux de réponse.")
    _require(values == expected, "les niveaux de réponse ne se suivent pas.")
    _require(instrument.version > 0, "la version commence à 1.")
    _require(instrument.minutes > 0, "la durée est d’au moins une minute.")
    _require_unique(letters, "la lettre d’échelle")
    _require_unique((item.id for item in instrument.items), "l’identifiant")
    _require_unique((item.text for item in instrument.items), "le texte")
    for item in instrument.items:
        _require(item.scale in letters, f"{item.id} renvoie à l’échelle inconnue {item.scale}.")
        named = re.fullmatch(re.escape(item.scale) + "[1-9][0-9]*", item.id)
        _require(named, f"{item.id} ne commence pas par la lettre de son échelle.")
    _require(scoring.method == "sum", f"la méthode de calcul {scoring.method} est inconnue.")
    _require(0 < scoring.min_share_answered <= 1, "la part de réponses exigée va de 0 à 1.")
    for letter in letters:
        count, wanted = len(instrument.items_of(letter)), scoring.items_per_scale
        _require(count == wanted, f"l’échelle {letter} a {count} questions au lieu de {wanted}.")
    if instrument.code:
        _check_code(instrument.code, letters)


def _check_code(code: Code, letters: list[str]) -> None:
    same = len(code.hexagon) == HEXAGON_SIDES and sorted(code.hexagon) == sorted(letters)
    _require(same, "l’hexagone ne porte pas les six lettres des échelles.")
    _require(1 <= code.max_letters <= HEXAGON_SIDES, "le code a de une à six lettres.")
    _require(code.differentiation_threshold > 0, "le seuil de différenciation est positif.")


def _require_unique(texts: Iterable[str], what: str) -> None:
    for text, count in Counter(texts).items():
        _require(count == 1, f"{what} «\u00a0{text}\u00a0» figure {count} fois.")


def _require(holds: object, fault: str) -> None:
    if not holds:
        raise InstrumentInvalid(fault)
