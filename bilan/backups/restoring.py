"""Putting a backup back.

Guarantees: everything is checked before anything is touched; the present data are moved
aside, never removed; and what was destroyed stays so: the present key store serves as it
is, and a copy of the keys is only taken where there is no key store any more.
"""

import datetime
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from psycopg import sql

from bilan.backups import copies, sealing
from bilan.backups.making import DATA, KEYS, alone, failures_told, sync_folder, working_folder
from bilan.backups.sealing import BackupError
from bilan.database import MIGRATIONS, START_LOCK, migrate, now, open_database
from bilan.database import alone as starting_alone
from bilan.settings import Settings

OTHERS = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"

LEAVING_SECONDS = 3


class NotWhatWasAsked(BackupError):
    """A copy of the keys in the place of the data, or of another kind of database."""


class NewerSchema(BackupError):
    """It was made by a later version."""


class InUse(BackupError):
    """A server or a worker is at it."""


class HoldsData(BackupError):
    """There is something where it goes."""


class KeysMissing(BackupError):
    """Without the keys nothing confidential could be read."""


class Restored(NamedTuple):
    """What was put back, of when (naive UTC), where what was there has gone, and the seconds it took."""

    made_at: datetime.datetime
    rows: int
    moved_to: list[str]
    seconds: float


def restore(settings: Settings, file: Path, *, keys: Path | None = None, replace: bool = False) -> Restored:
    """Put a backup of the data back, and the keys where there are none any more. Raise BackupError: nothing was touched then."""
    started = time.monotonic()
    with alone(settings), failures_told(), working_folder(settings) as folder:
        about = _checked(settings, settings.database_url, file, DATA, folder / "data")
        has_keys = copies.holds_data(settings.keystore_url)
        if keys and has_keys:
            raise HoldsData("Les clés sont déjà là, et servent telles quelles\u00a0: --keys est pour une machine qui ne les a plus.")
        if not keys and not has_keys:
            raise KeysMissing("Il n’y a pas de clés ici\u00a0: donnez leur copie par --keys, sans elles rien de confidentiel ne se lit.")
        if copies.holds_data(settings.database_url) and not replace:
            raise HoldsData("Il y a déjà une base ici\u00a0: --replace la met de côté, sans la supprimer.")
        if keys:
            _checked(settings, settings.keystore_url, keys, KEYS, folder / "keys")
            # First: cut after it, the same command without --keys goes on.
            _install(settings.keystore_url, folder / "keys", MIGRATIONS / "keystore")
        moved = _install(settings.database_url, folder / "data")
    return Restored(datetime.datetime.fromisoformat(about["made_at"]), sum(about["rows"].values()), moved, time.monotonic() - started)


def _checked(settings: Settings, url: str, file: Path, what: str, target: Path) -> dict[str, Any]:
    """Open a backup in a working file, and check that it is whole and fits here; return what it is."""
    about = sealing.about(file, settings.master_keys)
    if about["what"] != what:
        wanted = "celle des données" if what == DATA else "la copie des clés"
        raise NotWhatWasAsked(f"Le fichier {file.name} n’est pas {wanted}.")
    if about["kind"] != copies.kind(url):
        raise NotWhatWasAsked(
            f"Le fichier {file.name} vient d’une base {_named(about['kind'])}, et celle d’ici est {_named(copies.kind(url))}."
        )
    known = {path.stem for path in (MIGRATIONS if what == DATA else MIGRATIONS / "keystore").glob("0*.py")}
    if about["schema"] and about["schema"] not in known:
        raise NewerSchema(f"Le fichier {file.name} vient d’une version plus récente de Bilan\u00a0: installez-la d’abord.")
    sealing.unseal(file, target, settings.master_keys)
    copies.check(about["kind"], target, copies.Held(about["rows"], about["schema"]))
    return about


def _named(kind: str) -> str:
    return "SQLite" if kind == copies.SQLITE else "PostgreSQL"


def _install(url: str, path: Path, migrations: Path = MIGRATIONS) -> list[str]:
    """Put a checked copy in its place, brought up to date first; return where what was there has gone."""
    if copies.kind(url) == copies.SQLITE:
        return _install_file(url, path, migrations)
    return _install_archive(url, path, migrations)


def _install_file(url: str, path: Path, migrations: Path) -> list[str]:
    _bring_up_to_date(f"sqlite:///{path}", migrations)
    _let_go(path)
    target = copies.path_of(url)
    with starting_alone(open_database(url)):
        aside = _aside(target) if _let_go(target) else None
        # A copy of the name first: at each moment there is a database under it.
        path.replace(target)
        sync_folder(target.parent)
    return [str(aside)] if aside else []


def _aside(target: Path) -> Path:
    """Give the present file a second name, and its log with it if it could not be emptied."""
    aside = target.with_name(f"{target.stem}-avant-{now():%Y-%m-%dT%H%M%S}Z{target.suffix}")
    os.link(target, aside)
    for ending in ("-wal", "-shm"):
        log = target.with_name(target.name + ending)
        if log.exists():
            log.replace(aside.with_name(aside.name + ending))
    return aside


def _let_go(path: Path) -> bool:
    """Make a SQLite database one file, without a log; return whether it holds anything. Raise InUse when another connection is open."""
    if not path.exists() or not path.stat().st_size:
        return False
    with closing(sqlite3.connect(path, timeout=0)) as connection:
        try:
            # Leaving this mode takes the whole database: SQLite refuses while anybody else has it open.
            connection.execute("PRAGMA journal_mode = delete")
        except sqlite3.OperationalError:
            raise InUse("La base est ouverte\u00a0: arrêtez d’abord le serveur et le travail de fond.") from None
        except sqlite3.DatabaseError:
            pass  # it cannot be read: put aside as it is, with its log
    return True


def _are_gone(connection: psycopg.Connection) -> bool:
    """Whether nobody else is at a PostgreSQL database: who has just left is seen for an instant more."""
    until = time.monotonic() + LEAVING_SECONDS
    while connection.execute(OTHERS).fetchone():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def _install_archive(url: str, path: Path, migrations: Path) -> list[str]:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (START_LOCK,))
        if not _are_gone(connection):
            raise InUse("La base est ouverte\u00a0: arrêtez d’abord le serveur et le travail de fond.")
        aside = f"avant_{now():%Y%m%dt%H%M%Sz}"
        with _schema_aside(connection, aside):
            copies.put_back(url, path)
            _bring_up_to_date(url, migrations)
        if connection.execute("SELECT 1 FROM pg_class WHERE relnamespace = %s::regnamespace LIMIT 1", (aside,)).fetchone():
            return [aside]
        connection.execute(sql.SQL("DROP SCHEMA {}").format(sql.Identifier(aside)))
        return []


@contextmanager
def _schema_aside(connection: psycopg.Connection, aside: str) -> Iterator[None]:
    """Rename the present schema and leave an empty one; put everything back if what follows fails."""
    name = sql.Identifier(aside)
    with connection.transaction():
        connection.execute(sql.SQL("ALTER SCHEMA public RENAME TO {}").format(name))
        connection.execute("CREATE SCHEMA public")
    try:
        yield
    except BaseException:
        with connection.transaction():
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute(sql.SQL("ALTER SCHEMA {} RENAME TO public").format(name))
        raise


def _bring_up_to_date(url: str, migrations: Path) -> None:
    target = open_database(url)
    try:
        migrate(target, migrations)
    finally:
        target.close_all()
