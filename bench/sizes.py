"""The databases that a benchmark grows: one of each size is kept, on SQLite or on a PostgreSQL server of its own, with all their durability."""

import multiprocessing
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from databases import find_binaries, free_port
from peewee import Database

from bench.network import FOLLOWED
from bilan.database import connection, database, keystore, now, open_database
from bilan.demonstration.network import Network


class SqliteSizes:
    """Files in a folder; a copy at each size."""

    kind = "SQLite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.addresses = {"BILAN_DATABASE_URL": f"sqlite:///{folder}/bilan.db"}

    def hurry(self, one: Database) -> None:
        """Let SQLite write its pages once, without a log, from 3 GB of memory; nobody else has the file open."""
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -3000000"):
            one.execute_sql(f"PRAGMA {pragma}")

    def keep(self, size: int) -> None:
        """Make a copy of the database as it is."""
        shutil.copyfile(self.folder / "bilan.db", self.folder / f"{size}.db")

    def copy(self, size: int) -> Database:
        """Return the copy of that size."""
        return open_database(f"sqlite:///{self.folder}/{size}.db")

    def weight(self) -> float:
        """Return its megabytes."""
        return (self.folder / "bilan.db").stat().st_size / 1e6

    def stop(self) -> None:
        """Nothing runs."""


class PostgresSizes:
    """A server of its own in a folder, as Debian sets it up; a copy of the database at each size."""

    kind = "PostgreSQL"

    def __init__(self, folder: Path) -> None:
        self.binaries, self.port = find_binaries(), free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="bilan-bench-", dir=folder.parent))
        if os.geteuid() == 0:  # the server refuses to run as root
            shutil.chown(self.folder, "postgres")
        data = str(self.folder / "data")
        self._run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        options = f"-h 127.0.0.1 -p {self.port} -k {self.folder} -c shared_buffers=512MB -c max_wal_size=4GB"
        self._run("pg_ctl", "-D", data, "-w", "-l", str(self.folder / "log"), "-o", options, "start")
        for name in ("bilan", "bilan_keys"):
            self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", name)
        self.addresses = {"BILAN_DATABASE_URL": self._address("bilan"), "BILAN_KEYSTORE_URL": self._address("bilan_keys")}

    def hurry(self, _one: Database) -> None:
        """COPY is fast as it is."""

    def keep(self, size: int) -> None:
        """Make a copy of the database as it is."""
        arguments = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres")
        self._run("createdb", *arguments, "-T", "bilan", f"bilan_{size}")

    def copy(self, size: int) -> Database:
        """Return the copy of that size."""
        return open_database(self._address(f"bilan_{size}"))

    def weight(self) -> float:
        """Return its megabytes."""
        return sum(path.stat().st_size for path in (self.folder / "data/base").rglob("*") if path.is_file()) / 1e6

    def restart(self) -> None:
        """End the server at once, and start it again: it recovers from its log."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "-l", str(self.folder / "log"), "restart")

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self.folder)

    def _address(self, name: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def _run(self, command: str, *arguments: str) -> None:
        words = [str(self.binaries / command), *arguments]
        if os.geteuid() == 0:
            words = ["runuser", "-u", "postgres", "--", *words]
        subprocess.run(words, check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def on_each(kinds: str, run: Callable[[SqliteSizes | PostgresSizes, str], list[str]]) -> list[str]:
    """Run a benchmark on each kind of database that is named ("sqlite,postgresql"), in a folder of its own; return what is wrong."""
    wrong = []
    for kind in (SqliteSizes, PostgresSizes):
        if kind.kind.lower() not in kinds.split(","):
            continue
        with tempfile.TemporaryDirectory() as name:
            kept = kind(Path(name))
            try:
                wrong += run(kept, name)
            finally:
                kept.stop()
    return wrong


def grow(kept: SqliteSizes | PostgresSizes, sizes: list[int], then: Callable[[], Any] = lambda: None) -> dict[int, Database]:
    """Grow the application's database step by step; return a copy of each size, on which `then` was called.

    In a process beside: the memory of one that has written a hundred thousand bilans is not that of a server, which it makes slower.
    """
    for one in (database.obj, keystore.obj):
        one.close_all()
    beside = multiprocessing.get_context("fork").Process(target=_grow, args=(kept, sizes, then))
    beside.start()
    beside.join()
    if beside.exitcode:
        raise SystemExit(beside.exitcode)
    return {size: kept.copy(size) for size in sizes}


def _grow(kept: SqliteSizes | PostgresSizes, sizes: list[int], then: Callable[[], Any]) -> None:
    own = database.obj
    network = Network(own, now().replace(microsecond=0))
    for size in sizes:
        start = time.monotonic()
        kept.hurry(own)
        for _ in network.grow(size - FOLLOWED):
            pass
        if kept.kind == "SQLite":
            own.execute_sql("PRAGMA journal_mode = WAL")
        own.close_all()
        kept.keep(size)
        print(f"{kept.kind}, {size:>7,} bilans: {kept.weight():,.0f} MB, {time.monotonic() - start:.0f} s", flush=True)
    for size in sizes:
        database.initialize(kept.copy(size))
        # PostgreSQL's own housekeeping, which the bench turns off, does both: new rows are not in order in the index of words before.
        database.execute_sql("ANALYZE" if kept.kind == "SQLite" else "VACUUM ANALYZE")
        with connection():
            then()
        database.close_all()
