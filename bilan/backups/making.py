"""Making a backup: a copy, sealed, read again, and only then given its name.

Guarantees: a file that bears the name of a backup was read whole and holds every row; the
wrapped keys are in no backup of the data, and there is one copy of them at a time: a key
destroyed since is in the older ones neither, because there are none.
"""

import datetime
import fcntl
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import psycopg

from bilan.backups import copies, sealing
from bilan.backups.sealing import BackupError
from bilan.database import now
from bilan.settings import Settings
from bilan.vault import ContentKey

NAME = re.compile(r"bilan-\d{4}-\d\d-\d\dT\d{6}Z\.sauvegarde")
KEYS_FOLDER, KEYS_FILE = "cles", "cles.sauvegarde"
DATA, KEYS = "data", "keys"


class AlreadyRunning(BackupError):
    """Another process is at it."""


class Made(NamedTuple):
    """A backup that was read again, with its size in bytes and what it took in seconds."""

    path: Path
    keys: Path
    size: int
    seconds: float
    tables: int
    rows: int


def back_up(settings: Settings, folder: Path | None = None, moment: datetime.datetime | None = None) -> Made:
    """Back up the data, then the keys; remove the oldest backups. Raise BackupError: nothing bears the name of a backup then."""
    started, moment, folder = time.monotonic(), moment or now(), folder or settings.backup_dir
    with alone(settings), failures_told():
        path = folder / f"bilan-{moment:%Y-%m-%dT%H%M%S}Z.sauvegarde"
        held = _make(settings, settings.database_url, path, {"what": DATA, "made_at": moment.isoformat()})
        # After the data: a key is made before what it encrypts, and so is among those copied.
        keys = _copy_keys(settings, folder)
        for old in backups(folder)[: -settings.backup_keep]:
            old.unlink()
    return Made(path, keys, path.stat().st_size, time.monotonic() - started, len(held.rows), sum(held.rows.values()))


def renew_keys(settings: Settings) -> bool:
    """Replace the copy of the wrapped keys if a key was destroyed or renewed since; return whether it was. Raise BackupError."""
    path = settings.backup_dir / KEYS_FOLDER / KEYS_FILE
    if not path.exists() or not _is_stale(path, settings):
        return False
    with alone(settings), failures_told():
        _copy_keys(settings, settings.backup_dir)
    return True


def _is_stale(path: Path, settings: Settings) -> bool:
    """Whether a copy of the keys may hold one that was destroyed, or serves nobody."""
    try:
        made_at = datetime.datetime.fromisoformat(sealing.about(path, settings.master_keys)["made_at"])
    except (BackupError, OSError):
        return True
    return ContentKey.select().where((ContentKey.destroyed_at >= made_at) | (ContentKey.renewed_at >= made_at)).exists()


def _copy_keys(settings: Settings, folder: Path) -> Path:
    path = folder / KEYS_FOLDER / KEYS_FILE
    _make(settings, settings.keystore_url, path, {"what": KEYS, "made_at": now().isoformat()})
    return path


def backups(folder: Path) -> list[Path]:
    """Return the backups of the data in a folder, the oldest first."""
    return sorted(path for path in folder.glob("*.sauvegarde") if NAME.fullmatch(path.name))


def made_at(path: Path) -> datetime.datetime:
    """Return when a backup was made, by its name (naive UTC)."""
    return datetime.datetime.strptime(path.name, "bilan-%Y-%m-%dT%H%M%SZ.sauvegarde")  # noqa: DTZ007 -- naive UTC, as everywhere


def _make(settings: Settings, url: str, path: Path, about: dict[str, Any]) -> copies.Held:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_suffix(".en-cours")
    try:
        with working_folder(settings) as folder:
            held = copies.copy(url, folder / "copy")
            of = copies.kind(url)
            sealing.seal(
                folder / "copy", unfinished, settings.master_keys[0], {**about, "kind": of, "schema": held.schema, "rows": held.rows}
            )
            (folder / "copy").unlink()
            sealing.unseal(unfinished, folder / "read", settings.master_keys)
            copies.check(of, folder / "read", held)
        unfinished.replace(path)
        sync_folder(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)
    return held


@contextmanager
def working_folder(settings: Settings) -> Iterator[Path]:
    """Lend a folder beside the database, as private as it is: a copy in clear never reaches the folder of the backups."""
    with tempfile.TemporaryDirectory(prefix="sauvegarde-", dir=beside(settings)) as folder:
        yield Path(folder)


def beside(settings: Settings) -> Path:
    """Return the folder of the database, that of the instance when it is not a file."""
    return copies.path_of(settings.database_url).parent if copies.kind(settings.database_url) == copies.SQLITE else settings.instance


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on disk."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Let one backup or restoration at a time run; the lock ends with the process that holds it."""
    with (settings.instance / "sauvegarde.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning("Une autre sauvegarde, ou une restauration, est en cours.") from None
        # What a process that was killed has left.
        for left in beside(settings).glob("sauvegarde-*"):
            shutil.rmtree(left)
        yield


@contextmanager
def failures_told() -> Iterator[None]:
    """Say in one sentence what the disk or the database refuses."""
    try:
        yield
    except OSError as error:
        raise BackupError(f"Un fichier n’a pas pu être lu ou écrit ({error.strerror}).") from error
    except psycopg.Error as error:
        raise BackupError("La base PostgreSQL ne répond pas, ou refuse.") from error
