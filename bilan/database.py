"""The database: SQLite or PostgreSQL behind one name, and the shape of a write.

Guarantee: what `transaction()` has left without an error is on disk.
"""

import datetime
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from peewee import Database, DatabaseProxy, DateTimeField, Model, UUIDField
from playhouse.db_url import connect
from playhouse.migrations import Runner
from playhouse.pool import PooledSqliteDatabase

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 15
PRAGMAS = {"journal_mode": "wal", "synchronous": "full", "foreign_keys": 1, "busy_timeout": BUSY_SECONDS * 1000}

database = DatabaseProxy()
# The wrapped encryption keys: a database of its own, see vault.py.
keystore = DatabaseProxy()


def now() -> datetime.datetime:
    """Return the present moment as the database stores it: naive, UTC, whole microseconds."""
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None)


class BaseModel(Model):
    """A table of the main database, with an identifier that nobody can guess."""

    id = UUIDField(primary_key=True, default=uuid.uuid4)
    created_at = DateTimeField(default=now)

    class Meta:
        database = database
        legacy_table_names = False

    @classmethod
    def get_or_none_by_id(cls, row_id: uuid.UUID) -> Self | None:
        """Return the row, or None."""
        return cls.get_or_none(cls.id == row_id)


def open_database(url: str, *, secure_delete: bool = False) -> Database:
    """Return a pooled database for a sqlite:/// or postgresql:// address.

    SQLite writes take their lock at once (BEGIN IMMEDIATE), so that two writers wait
    for each other instead of failing half-way. `secure_delete` overwrites what is
    deleted with zeros (SQLite only).
    """
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).touch(mode=0o600)
        pragmas = {**PRAGMAS, **({"secure_delete": 1} if secure_delete else {})}
        return PooledSqliteDatabase(
            url.removeprefix("sqlite:///"),
            pragmas=pragmas,
            lock_type="IMMEDIATE",
            timeout=BUSY_SECONDS,
            max_connections=100,
            check_same_thread=False,
        )
    return connect(url.replace("postgresql://", "postgresql+pool://", 1), max_connections=100, timeout=BUSY_SECONDS, stale_timeout=300)


@contextmanager
def transaction() -> Iterator[None]:
    """Run one use case: all of its changes are committed, or none."""
    with database.atomic():
        yield


@contextmanager
def connection() -> Iterator[None]:
    """Lend this thread a connection of each pool: for one request, task or command."""
    opened = [one for one in (database, keystore) if one.connect(reuse_if_open=True)]
    try:
        yield
    finally:
        for one in opened:
            one.close()


def migrate(target: Database, directory: Path = MIGRATIONS) -> list[str]:
    """Apply the migrations that are missing, each in its own transaction; return their names."""
    with target.connection_context() if target.is_closed() else _already_open():
        return Runner(target, str(directory)).up()


@contextmanager
def _already_open() -> Iterator[None]:
    yield
