"""The database: SQLite or PostgreSQL behind one name, and the shape of a write.

Guarantee: what `transaction()` has left without an error is on disk.
"""

import datetime
import fcntl
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, Self

from peewee import Database, DatabaseProxy, DateTimeField, Model, ModelSelect, SqliteDatabase, UUIDField
from playhouse.db_url import connect
from playhouse.migrations import Runner
from playhouse.pool import PooledSqliteDatabase

from bilan.statements import insertion, one_row

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 15
PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",
    "foreign_keys": 1,
    "busy_timeout": BUSY_SECONDS * 1000,
    # 16 MB of write-ahead log between two checkpoints: they are what makes one saving in a thousand slow.
    "wal_autocheckpoint": 4000,
    # Half of SQLite's own, for each thread: what it does not hold, the system's memory does, once for all of them.
    "cache_size": -1000,
}

# The number of the lock of those that start, on PostgreSQL.
START_LOCK = 0x42494C414E  # "BILAN"

database = DatabaseProxy()
# The wrapped encryption keys: a database of its own, see vault.py.
keystore = DatabaseProxy()


def now() -> datetime.datetime:
    """Return the present moment as the database stores it: naive, UTC, whole microseconds."""
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None)


def as_moment(value: Any) -> Any:
    """Return the moment of an aggregate, which SQLite gives as text."""
    return datetime.datetime.fromisoformat(value) if isinstance(value, str) else value


class BaseModel(Model):
    """A table of the main database, with an identifier that nobody can guess."""

    id = UUIDField(primary_key=True, default=uuid.uuid4)
    created_at = DateTimeField(default=now)

    class Meta:
        database = database
        legacy_table_names = False

    def save(self, force_insert: bool = False, only: Any = None) -> int:  # noqa: FBT001, FBT002 -- peewee's signature
        """Write the row, as peewee does; return how many changed. An insertion's SQL is written once: half of the time of one."""
        if not force_insert or only is not None:
            return super().save(force_insert=force_insert, only=only)
        values = self.__data__.copy()
        self._populate_unsaved_relations(values)
        insertion(type(self), tuple(values)).rows(**values)  # type: ignore[arg-type]  # a model is a key as any class
        self._dirty -= set(values)
        return 1

    @classmethod
    def get_or_none(cls, *conditions: Any, **filters: Any) -> Self | None:
        """Return the row that fits, or None; peewee's own writes the SQL a second time where there is none, for an error that nobody reads."""
        query = cls.select().where(*conditions) if conditions else cls.select()
        return (query.filter(**filters) if filters else query).first()

    @one_row
    def get_or_none_by_id(cls, row_id: uuid.UUID) -> ModelSelect:
        """Return the row, or None."""
        return cls.select().where(cls.id == row_id)


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


# SQLite has one writer at a time and lets the others sleep and retry: threads of one
# process queue here instead, which is fair and does not sleep.
_writers = threading.RLock()


@contextmanager
def transaction() -> Iterator[None]:
    """Run one use case: all of its changes are committed, or none."""
    with _writers if isinstance(database.obj, SqliteDatabase) else nullcontext(), database.atomic():
        yield


def in_parts(query: ModelSelect, size: int = 500) -> Iterator[Any]:
    """Yield the rows of a list of any length, `size` of them in memory at a time, none twice and none missed while others write.

    The list is its ids, read at first; a row that has left it meanwhile is not yielded. No cursor stays open, which would hold
    SQLite's log and, on PostgreSQL, all of the rows.
    """
    key = query.model.id
    ids = [one for (one,) in query.select(key).tuples()]
    for start in range(0, len(ids), size):
        part = ids[start : start + size]
        found = {row.id: row for row in query.where(key.in_(part)).order_by()}
        yield from (found[one] for one in part if one in found)


@contextmanager
def connection() -> Iterator[None]:
    """Lend this thread a connection of each pool: for one request, task or command."""
    opened = [one for one in (database, keystore) if one.connect(reuse_if_open=True)]
    try:
        yield
    finally:
        for one in opened:
            one.close()


def disconnect() -> None:
    """Close this thread's connections: the next use opens fresh ones."""
    for one in (database, keystore):
        if not one.is_closed():
            one.close()


def migrate(target: Database, directory: Path = MIGRATIONS) -> list[str]:
    """Apply the migrations that are missing, each in its own transaction; return their names."""
    with target.connection_context() if target.is_closed() else _already_open():
        return Runner(target, str(directory)).up()


def waiting_migrations(target: Database, directory: Path = MIGRATIONS) -> list[str]:
    """Return the names of the migrations that are missing; the connection is open."""
    return [one.name for one in Runner(target, str(directory)).status() if one.path is not None and not one.applied]


def unknown_migrations(target: Database, directory: Path = MIGRATIONS) -> list[str]:
    """Return the names of those that only a later version of the application knows; the connection is open."""
    return [one.name for one in Runner(target, str(directory)).status() if one.path is None]


@contextmanager
def _already_open() -> Iterator[None]:
    yield


@contextmanager
def alone(target: Database) -> Iterator[None]:
    """Let one process at a time prepare a database: the others wait here. The lock ends with the process that holds it."""
    if isinstance(target, SqliteDatabase):
        with Path(f"{target.database}.start").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    opened = target.connect(reuse_if_open=True)
    target.execute_sql("SELECT pg_advisory_lock(%s)", (START_LOCK,))
    try:
        yield
    finally:
        target.execute_sql("SELECT pg_advisory_unlock(%s)", (START_LOCK,))
        if opened:
            target.close()
