"""Writing many invented rows fast, on either database; the same seed gives the same rows."""

import datetime
import operator
import random
import uuid
from typing import Any

from peewee import Database, SqliteDatabase, sort_models

from bilan.demonstration.words import FIRST_NAMES, LAST_NAMES

Row = dict[str, Any]
Rows = dict[Any, list[Row]]


class Bulk:
    """What writes rows by model: identifiers and choices drawn from `seed`, moments counted back from `start` (naive UTC)."""

    def __init__(self, target: Database, start: datetime.datetime, seed: int = 2026) -> None:
        self.database = target
        self.random = random.Random(seed)
        self.start = start
        self.moments: dict[int, str] = {}

    def write(self, rows: Rows) -> None:
        """Write the rows of every model, all or none."""
        with self.database.atomic():
            for model in sort_models(rows):
                self._insert(model, rows[model])

    def _insert(self, model: Any, rows: list[Row]) -> None:
        # In the order of the identifiers, neighbours go to the same pages of the index.
        rows.sort(key=operator.itemgetter("id"))
        table, columns = model._meta.table_name, ", ".join(f'"{name}"' for name in rows[0])  # noqa: SLF001 -- the names of a model
        cursor = self.database.connection().cursor()
        if isinstance(self.database, SqliteDatabase):
            holes = ", ".join("?" * len(rows[0]))
            cursor.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({holes})', [tuple(row.values()) for row in rows])  # noqa: S608 -- our own tables
            return
        with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(tuple(row.values()))

    def new_uuid(self) -> uuid.UUID:
        """Return the next identifier."""
        return uuid.UUID(int=self.random.getrandbits(128), version=4)

    def new_id(self) -> str:
        """Return the next identifier as the database holds it."""
        return self.as_column(self.new_uuid())

    def as_column(self, value: uuid.UUID) -> str:
        """Return an identifier as the database holds it."""
        return value.hex if isinstance(self.database, SqliteDatabase) else str(value)

    def new_name(self) -> str:
        """Return a name that somebody might have."""
        return f"{self.random.choice(FIRST_NAMES)} {self.random.choice(LAST_NAMES)}"

    def at(self, days_ago: int) -> str:
        """Return the moment so many days before the start, as the database holds it."""
        if days_ago not in self.moments:
            self.moments[days_ago] = str(self.start - datetime.timedelta(days=days_ago))
        return self.moments[days_ago]

    def row(self, rows: Rows, model: Any, days_ago: int, **values: Any) -> str:
        """Add a row; return its identifier."""
        found = self.new_id()
        rows[model].append({"id": found, "created_at": self.at(days_ago), **values})
        return found
