"""Copies of a database, SQLite or PostgreSQL, as it is at one moment while people write; what they hold, and putting one back.

A copy of SQLite is a database; a copy of PostgreSQL is an archive of `pg_dump`. The copy of
PostgreSQL is that of its schema `public`: what a restoration has moved aside is not copied again.
"""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from psycopg import conninfo, sql

from bilan.backups.sealing import BackupError, Damaged

SQLITE, POSTGRESQL = "sqlite", "postgresql"
COPY = re.compile(rb"COPY (?:public\.)?\"?(\w+)\"? \(.*FROM stdin;\s*$")
TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"


class Held(NamedTuple):
    """What a database held at the moment of its copy: the rows of each table, and its last migration."""

    rows: dict[str, int]
    schema: str


def kind(url: str) -> str:
    """Return which of the two kinds of databases an address names."""
    return SQLITE if url.startswith("sqlite:///") else POSTGRESQL


def path_of(url: str) -> Path:
    """Return the file of a SQLite address."""
    return Path(url.removeprefix("sqlite:///"))


def copy(url: str, target: Path) -> Held:
    """Write a copy of a database; return what it held at that very moment. Nobody's writing waits."""
    return _copy_sqlite(path_of(url), target) if kind(url) == SQLITE else _copy_postgresql(url, target)


def _copy_sqlite(source: Path, target: Path) -> Held:
    origin, copied = sqlite3.connect(source, isolation_level=None), sqlite3.connect(target)
    try:
        # The counts and the copy are read in one transaction: they are of the same moment.
        origin.execute("BEGIN")
        held = Held(_sqlite_rows(origin), _last(origin.execute("SELECT name FROM schema_migration").fetchall()))
        origin.backup(copied)
    except sqlite3.Error as error:
        raise BackupError(f"La base n’a pas pu être copiée ({error}).") from error
    finally:
        copied.close()
        origin.close()
    return held


def _copy_postgresql(url: str, target: Path) -> Held:
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        tables = [name for (name,) in connection.execute(TABLES)]
        counted = {name: connection.execute(sql.SQL("SELECT COUNT(*) FROM {}").format(sql.Identifier(name))).fetchone() for name in tables}
        held = Held(
            {name: row[0] for name, row in counted.items() if row},
            _last(connection.execute("SELECT name FROM schema_migration").fetchall()),
        )
        (snapshot,) = connection.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        options = ("--format=custom", "--compress=0", "--schema=public", "--no-owner", "--no-privileges")
        _run("pg_dump", *options, f"--snapshot={snapshot}", f"--file={target}", f"--dbname={_without_password(url)}", url=url)
        return held


def _last(names: Iterable[tuple[Any, ...]]) -> str:
    return max((name for (name,) in names), default="")


def check(of: str, path: Path, held: Held) -> None:
    """Raise Damaged unless a copy is sound and holds exactly the rows that were counted."""
    found = _check_sqlite(path) if of == SQLITE else _archive_rows(path)
    if found != held.rows:
        raise Damaged("Cette sauvegarde ne contient pas toutes les lignes de la base.")


def _check_sqlite(path: Path) -> dict[str, int]:
    connection = sqlite3.connect(path)
    try:
        if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            raise Damaged
        return _sqlite_rows(connection)
    except sqlite3.DatabaseError:
        raise Damaged from None
    finally:
        connection.close()


def _sqlite_rows(connection: sqlite3.Connection) -> dict[str, int]:
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall()
    return {name: connection.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0] for (name,) in tables}  # noqa: S608 -- our own tables


def _archive_rows(path: Path) -> dict[str, int]:
    """Return the rows of each table of an archive, read whole as `pg_restore` would put them back."""
    rows: dict[str, int] = {}
    table = ""
    command = [_program("pg_restore"), "--data-only", "--file=-", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:  # noqa: S603 -- a list, no shell
        for line in process.stdout or ():
            if not table:
                found = COPY.match(line)
                table = found[1].decode() if found else ""
                rows |= {table: 0} if table else {}
            elif line == b"\\.\n":
                table = ""
            else:
                rows[table] += 1
    if process.returncode:
        raise Damaged
    return rows


def put_back(url: str, path: Path) -> None:
    """Load an archive in the empty schema of a PostgreSQL database, whole or not at all."""
    options = ("--schema=public", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    _run("pg_restore", *options, f"--dbname={_without_password(url)}", str(path), url=url)


def holds_data(url: str) -> bool:
    """Whether a database has any table; a SQLite file that cannot be read is held to have some."""
    if kind(url) == POSTGRESQL:
        with psycopg.connect(url) as server:
            return server.execute(TABLES).fetchone() is not None
    if not path_of(url).exists() or not path_of(url).stat().st_size:
        return False
    connection = sqlite3.connect(path_of(url))
    try:
        return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is not None
    except sqlite3.DatabaseError:
        return True
    finally:
        connection.close()


def _program(name: str) -> str:
    found = shutil.which(name)
    if not found:
        raise BackupError(f"Le programme {name} manque\u00a0: installez les outils de PostgreSQL (sous Debian, postgresql-client).")
    return found


def _run(name: str, *arguments: str, url: str) -> None:
    """Run one of PostgreSQL's programs; the password is not among its arguments, which everybody on the machine may read."""
    password = conninfo.conninfo_to_dict(url).get("password")
    environment = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
    done = subprocess.run([_program(name), *arguments], env=environment, capture_output=True, check=False)  # noqa: S603 -- a list, no shell
    if done.returncode:
        said = " ".join(done.stderr.decode(errors="replace").split())[-300:]
        raise BackupError(f"Le programme {name} a échoué\u00a0: {said}")


def _without_password(url: str) -> str:
    return conninfo.make_conninfo(**{name: str(value) for name, value in conninfo.conninfo_to_dict(url).items() if name != "password"})
