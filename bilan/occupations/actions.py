"""Loading occupations: what is already there and has not changed is left alone."""

import datetime
import hashlib
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from peewee import Expression, Model, SqliteDatabase, chunked, fn

from bilan.database import database, now, transaction
from bilan.occupations.models import (
    Occupation,
    OccupationDomain,
    OccupationMove,
    OccupationSearch,
    OccupationSource,
    OccupationTitle,
    identifier,
)
from bilan.occupations.rules import FOLDING, Entry, Move, fold, read_catalogue, read_moves

CATALOGUE = Path(__file__).with_name("catalogue.toml")
MOVES = Path(__file__).with_name("moves.csv")
ROWS_AT_ONCE = 500

Rows = Mapping[uuid.UUID, dict[str, Any]]


class Tally(NamedTuple):
    """What became of the rows of a table."""

    added: int
    changed: int
    withdrawn: int
    unchanged: int

    @property
    def changes(self) -> int:
        """Return how many rows are not as before."""
        return self.added + self.changed + self.withdrawn


def load_catalogue() -> None:
    """Load the shipped catalogue when it is not the one that was loaded last. The moves of an imported ROME are not touched."""
    texts = [path.read_text(encoding="utf-8") for path in (CATALOGUE, MOVES)]
    version = hashlib.sha256("\0".join([str(FOLDING), *texts]).encode()).hexdigest()
    if OccupationSource.version_of("catalogue") == version:
        return
    with transaction():
        if OccupationSource.version_of("catalogue") == version:  # another process has just done it
            return
        entries = read_catalogue(texts[0])
        put_occupations({identifier(one.key): _row(one) for one in entries}, territorial=True, version="catalogue")
        put_titles(dict(title for one in entries for title in _titles(one)), territorial=True)
        if OccupationSource.version_of("rome") is None:
            put_moves(read_moves(texts[1]))
        rebuild_search()
        note_source(name="catalogue", version=version)


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "key": entry.key,
        "code": entry.code,
        "title": entry.title,
        "sorting": fold(entry.title),
        "major": entry.letters[0],
        "minor": entry.letters[1:],
        "domain": entry.code[:3],
        "territorial": True,
        "field": entry.field,
        "sentence": entry.sentence,
        "definition": "",
        "access": "",
        "withdrawn_in": None,
    }


def _titles(entry: Entry) -> Iterable[tuple[uuid.UUID, dict[str, Any]]]:
    for weight, texts in ((0, (entry.title,)), (1, entry.also)):
        for text in texts:
            yield identifier(f"title:{entry.key}:{text}"), {"occupation": identifier(entry.key), "text": text, "weight": weight}


def put_occupations(wanted: Rows, *, territorial: bool, version: str) -> Tally:
    """Write the occupations of the catalogue or of the ROME; those that are no longer there are withdrawn in this version."""
    held = _held(Occupation.select().where(Occupation.territorial == territorial))
    gone = [one for one in held if one not in wanted and held[one]["withdrawn_in"] is None]
    for some in chunked(gone, ROWS_AT_ONCE):
        Occupation.update(withdrawn_in=version).where(Occupation.id.in_(some)).execute()
    added, changed = _put(Occupation, held, wanted)
    return Tally(added, changed, len(gone), len(wanted) - added - changed)


def put_titles(wanted: Rows, *, territorial: bool) -> Tally:
    """Write the titles of the catalogue or of the ROME. A withdrawn occupation keeps none but what its page says."""
    query = OccupationTitle.select(OccupationTitle).join(Occupation).where(Occupation.territorial == territorial)
    return _replace(OccupationTitle, query, wanted)


def put_moves(moves: Iterable[Move]) -> Tally:
    """Write the moves, in the place of all that were there."""
    wanted = {identifier(one.key): {"source": one.source, "target": one.target, "rank": one.rank} for one in moves}
    return _replace(OccupationMove, OccupationMove.select(), wanted)


def put_domains(labels: Mapping[str, str]) -> Tally:
    """Write the words of the domains, in the place of all that were there."""
    wanted = {identifier(f"domain:{code}"): {"code": code, "label": label} for code, label in labels.items()}
    return _replace(OccupationDomain, OccupationDomain.select(), wanted)


def _replace(model: type[Model], query: Any, wanted: Rows) -> Tally:
    held = _held(query)
    gone = [one for one in held if one not in wanted]
    for some in chunked(gone, ROWS_AT_ONCE):
        model.delete().where(model.id.in_(some)).execute()
    added, changed = _put(model, held, wanted)
    return Tally(added, changed, len(gone), len(wanted) - added - changed)


def _held(query: Any) -> Rows:
    """Return the rows that are there, without what a version does not say of them."""
    return {row.pop("id"): {name: value for name, value in row.items() if name != "created_at"} for row in query.dicts()}


def _put(model: type[Model], held: Rows, wanted: Rows) -> tuple[int, int]:
    fresh = [{"id": one, **values} for one, values in wanted.items() if one not in held]
    for some in chunked(fresh, ROWS_AT_ONCE):
        model.insert_many(some).execute()
    changed = [one for one, values in wanted.items() if one in held and held[one] != values]
    for one in changed:
        model.update(wanted[one]).where(model.id == one).execute()
    return len(fresh), len(changed)


def rebuild_search() -> None:
    """Write the index of the titles again, those of withdrawn occupations left out."""
    OccupationSearch.delete().execute()
    titles = OccupationTitle.select(OccupationTitle.id, OccupationTitle.text).join(Occupation).where(Occupation.withdrawn_in.is_null())
    for some in chunked(titles.tuples(), ROWS_AT_ONCE):
        OccupationSearch.insert_many([{"title_id": one, "words": _indexed(text)} for one, text in some]).execute()

    if not isinstance(database.obj, SqliteDatabase):
        for model in (Occupation, OccupationTitle, OccupationSearch):
            # Until PostgreSQL has counted the new rows, it plans the searches for empty tables.
            database.execute_sql(f"ANALYZE {model._meta.table_name}")  # noqa: SLF001 -- where peewee keeps it


def _indexed(text: str) -> str | Expression:
    return fold(text) if isinstance(database.obj, SqliteDatabase) else fn.to_tsvector("simple", fold(text))


def note_source(*, name: str, version: str, published_on: datetime.date | None = None) -> None:
    """Remember what was loaded, in the place of what was loaded before under this name."""
    values = {"version": version, "published_on": published_on, "loaded_at": now()}
    OccupationSource.insert(name=name, **values).on_conflict(conflict_target=[OccupationSource.name], update=values).execute()
