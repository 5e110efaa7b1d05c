"""The published questionnaires, read from the TOML files of this folder (docs/instruments.md shows how to write one).

One file per instrument and version, named `<slug>-<version>.toml`. A published file is never edited: a change is a
new version, because each passation keeps the version that it was filled with. Every file is checked when it is read;
a wrong one stops with `InstrumentInvalid` and a sentence that names file and fault. No Flask, no database here.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

from bilan.questionnaires.instruments.definition import Code, Gap, Instrument, Landmark, Ranking, Scale, Scoring
from bilan.questionnaires.instruments.questions import LEVELS, RANKS, TEXT, Item, Level, Part

FOLDER = Path(__file__).parent
HEXAGON_SIDES = 6
# An answer is kept under the identifier of its question, in so many signs.
NAME_MAX = 20
CONDITIONS = ("", "motivation", "resource", "constraint", "obstacle")
TABLES = {"scoring": Scoring, "code": Code, "landmark": Landmark, "gap": Gap, "ranking": Ranking}
# The part of a questionnaire that asks one thing: its file gives question and levels at the top.
SINGLE = ("question", "plain_question", "levels")

Record = TypeVar("Record")


class InstrumentInvalid(ValueError):
    """An instrument file that breaks the schema; the message says which file and why."""


class InstrumentUnknown(LookupError):
    """No published instrument has this slug, or this version of it."""


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
    parts, items = _parts(table), _records(Item, table, "items")
    scored = [part for part in parts if part.kind == LEVELS and "scoring" in table]
    scales = tuple(_scale(row, scored, items) for row in _rows(table, "scales"))
    read: dict[str, Any] = {"parts": parts, "items": items, "scales": scales}
    read |= {name: _record(TABLES[name], table[name], name) for name in TABLES if name in table}
    kept = {name: value for name, value in table.items() if name not in SINGLE}
    instrument = _record(Instrument, kept | read, "l’instrument")
    _check(instrument)
    return instrument


def _parts(table: Mapping[str, Any]) -> tuple[Part, ...]:
    rows = _rows(table, "parts") if "parts" in table else [{"key": "", **{name: table[name] for name in SINGLE if name in table}}]
    _require("parts" not in table or not any(name in table for name in SINGLE), "les questions sont dans les parties, ou en haut.")
    found = []
    for row in rows:
        levels = _records(Level, row, "levels") if row.get("kind", LEVELS) == LEVELS else ()
        found.append(_record(Part, {**row, "levels": levels}, "parts", may_be_empty=("key",)))
    return tuple(found)


def _scale(row: dict[str, Any], scored: list[Part], items: tuple[Item, ...]) -> Scale:
    count = sum(item.scale == row.get("letter") for item in items)
    levels = scored[0].levels if scored else ()
    bounds = {"lowest": count * levels[0].value, "highest": count * levels[-1].value} if levels else {}
    return _record(Scale, row | bounds, "scales")


def _rows(table: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    rows = table.get(name, [])
    _require(len(rows) > 0, f"la liste «\u00a0{name}\u00a0» manque.")
    return list(rows)


def _records(kind: type[Record], table: Mapping[str, Any], name: str) -> tuple[Record, ...]:
    return tuple(_record(kind, row, name) for row in _rows(table, name))


def _record(kind: type[Record], table: Mapping[str, Any], where: str, *, may_be_empty: tuple[str, ...] = ()) -> Record:
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
        _require(value != "" or name in may_be_empty, f"«\u00a0{name}\u00a0» est vide dans {where}.")
    return kind(**table)


def _check(instrument: Instrument) -> None:
    letters = [scale.letter for scale in instrument.scales]
    _require(instrument.version > 0, "la version commence à 1.")
    _require(instrument.minutes > 0, "la durée est d’au moins une minute.")
    _require_unique(letters, "la lettre d’échelle")
    _require_unique((item.id for item in instrument.items), "l’identifiant")
    _require_unique((item.text for item in instrument.items), "le texte")
    for part in instrument.parts:
        _check_part(part, alone=len(instrument.parts) == 1)
    _require_unique((part.key for part in instrument.parts), "la clé de partie")
    _require(len({part.optional for part in instrument.parts}) == 1, "les parties sont toutes facultatives, ou aucune.")
    for item in instrument.items:
        _require(item.scale in letters, f"{item.id} renvoie à l’échelle inconnue {item.scale}.")
        named = re.fullmatch(re.escape(item.scale) + "[1-9][0-9]*", item.id)
        _require(named, f"{item.id} ne commence pas par la lettre de son échelle.")
    for question in instrument.questions:
        _require(len(question.id) <= NAME_MAX, f"l’identifiant {question.id} dépasse {NAME_MAX} signes.")
    for scale in instrument.scales:
        _require(scale.condition in CONDITIONS, f"l’appui ou le frein {scale.condition} est inconnu.")
    if instrument.scoring:
        _check_scoring(instrument, instrument.scoring)
    _check_tables(instrument, letters)


def _check_part(part: Part, *, alone: bool) -> None:
    values = [level.value for level in part.levels]
    _require(part.kind in (LEVELS, TEXT), f"la sorte de partie {part.kind} est inconnue.")
    _require(alone or re.fullmatch("[a-z]{1,12}", part.key), "la clé d’une partie est un mot de une à douze lettres minuscules.")
    if part.kind == LEVELS:
        _require(len(values) > 1, "il faut au moins deux niveaux de réponse.")
        _require(values == list(range(values[0], values[0] + len(values))), "les niveaux de réponse ne se suivent pas.")


def _check_scoring(instrument: Instrument, scoring: Scoring) -> None:
    _require(scoring.method == "sum", f"la méthode de calcul {scoring.method} est inconnue.")
    _require(0 < scoring.min_share_answered <= 1, "la part de réponses exigée va de 0 à 1.")
    steps = {tuple(level.value for level in part.levels) for part in instrument.scored_parts}
    _require(len(steps) == 1, "les parties comptées n’ont pas les mêmes niveaux.")
    for scale in instrument.scales:
        count, wanted = sum(item.scale == scale.letter for item in instrument.items), scoring.items_per_scale
        _require(count == wanted, f"l’échelle {scale.letter} a {count} questions au lieu de {wanted}.")
        _require(scale.high and scale.middle and scale.low, f"l’échelle {scale.letter} n’a pas ses trois phrases.")


def _check_tables(instrument: Instrument, letters: list[str]) -> None:
    keys = {part.key for part in instrument.scored_parts}
    if gap := instrument.gap:
        _require({gap.of, gap.minus} <= keys, "l’écart porte sur une partie inconnue.")
    if ranking := instrument.ranking:
        _require(1 <= ranking.count <= min(len(letters), len(RANKS)), "le classement a trop de places.")
    if code := instrument.code:
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
