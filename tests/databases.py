"""The two kinds of databases that every test runs on: made once, then copied for each test."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

import psycopg

MEMORY_ROOM = 4_000_000_000  # bytes


class Urls(NamedTuple):
    """Where one application keeps its data and its keys."""

    main: str
    keys: str


class PostgresMissing(Exception):
    """Neither BILAN_TEST_POSTGRES_URL nor a local initdb."""


class SqliteDatabases:
    """Files in a folder; a copy is a copy of the files that are there."""

    kind = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def create(self, name: str) -> Urls:
        return Urls(*(f"sqlite:///{self.folder}/{name}-{part}.db" for part in ("main", "keys")))

    def copy(self, template: str, name: str) -> Urls:
        for part in ("main", "keys"):
            source = self.folder / f"{template}-{part}.db"
            if not source.exists():
                continue
            log = Path(f"{source}-wal")
            assert not log.exists() or log.stat().st_size == 0, "the template was not closed"
            shutil.copyfile(source, self.folder / f"{name}-{part}.db")
        return self.create(name)

    def drop(self, name: str) -> None:
        for path in self.folder.glob(f"{name}-*.db*"):
            path.unlink()

    def stop(self) -> None:
        """Nothing runs."""


class PostgresDatabases:
    """A server of our own in a temporary folder, or the one of BILAN_TEST_POSTGRES_URL.

    The key store is there too, or in files (`keys`) for the many tests that are not about it:
    making a database is what a test on PostgreSQL waits for.
    """

    kind = "postgres"

    def __init__(self, server: "PostgresDatabases | None" = None, keys: SqliteDatabases | None = None) -> None:
        self.keys = keys
        if server:
            self.folder, self.url, self.admin, self.port = server.folder, server.url, server.admin, server.port
            self.strategy = server.strategy
            self.prefix = f"{server.prefix}_files"
            return
        self.port = 0
        self.folder: Path | None = None
        # In memory, copying the files takes 30 ms where the log takes 60; on a disk, 330 ms where the log takes 90.
        self.strategy = "FILE_COPY" if memory_folder() else "WAL_LOG"
        self.url = os.environ.get("BILAN_TEST_POSTGRES_URL") or self._start()
        self.prefix = f"bilan_test_{os.getpid()}"
        self.admin = psycopg.connect(self.url, autocommit=True)

    def create(self, name: str) -> Urls:
        return self._make(name, "template0")

    def copy(self, template: str, name: str) -> Urls:
        return self._make(name, template)

    def drop(self, name: str) -> None:
        if self.keys:
            self.keys.drop(name)
        for part in self.parts:
            self.admin.execute(f'DROP DATABASE IF EXISTS "{self._name(name, part)}" WITH (FORCE)')

    def stop(self) -> None:
        """Stop our own server; take our templates off a server that was lent."""
        for name in [] if self.folder else self.__dict__.get("templates", {}):
            self.drop(name)
        self.admin.close()
        if self.folder:
            self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")
            shutil.rmtree(self.folder)

    @property
    def parts(self) -> tuple[str, ...]:
        """Return which of the two databases are on the server."""
        return ("main",) if self.keys else ("main", "keys")

    def _make(self, name: str, template: str) -> Urls:
        for part in self.parts:
            source = template if template == "template0" else self._name(template, part)
            self.admin.execute(f'CREATE DATABASE "{self._name(name, part)}" TEMPLATE "{source}" STRATEGY {self.strategy}')
        addresses = [self._address(self._name(name, part)) for part in self.parts]
        if self.keys:
            made = self.keys.create(name) if template == "template0" else self.keys.copy(template, name)
            addresses.append(made.keys)
        return Urls(*addresses)

    def _name(self, name: str, part: str) -> str:
        return f"{self.prefix}_{name}_{part}"

    def _address(self, database: str) -> str:
        if self.folder:
            return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"
        return f"{self.url.rsplit('/', 1)[0]}/{database}"

    def _start(self) -> str:
        self.binaries = find_binaries()
        self.folder = Path(tempfile.mkdtemp(prefix="bilan-postgres-"))
        if os.geteuid() == 0:  # the server refuses to run as root
            shutil.chown(self.folder, "postgres")
        data = str(self.folder / "data")
        self._run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8", "--locale=C.UTF-8")
        self.port = free_port()
        # What the server counts of a table in the background would change its plans from one run to the next.
        fast = "-F -c full_page_writes=off -c synchronous_commit=off -c autovacuum=off -c max_connections=200"
        options = f"{fast} -h 127.0.0.1 -p {self.port} -k {self.folder}"
        self._run("pg_ctl", "-D", data, "-w", "-l", str(self.folder / "log"), "-o", options, "start")
        return self._address("postgres")

    def _run(self, command: str, *arguments: str) -> None:
        words = [str(self.binaries / command), *arguments]
        if os.geteuid() == 0:
            words = ["runuser", "-u", "postgres", "--", *words]
        subprocess.run(words, check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def memory_folder() -> str | None:
    """Return a folder that is in memory and has room for the databases of the tests, or None."""
    folder = Path("/dev/shm")  # noqa: S108 -- what is made there has names that nobody can guess
    roomy = folder.is_dir() and os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > MEMORY_ROOM
    return str(folder) if roomy else None


def find_binaries() -> Path:
    """Return the folder of PostgreSQL's programs; raise PostgresMissing."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    found = debian[-1] if debian else shutil.which("initdb")
    if not found:
        raise PostgresMissing("no BILAN_TEST_POSTGRES_URL, and no initdb on this machine")
    return Path(found).resolve().parent


def free_port() -> int:
    """Return a port that nobody listens to."""
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
