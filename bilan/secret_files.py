"""The secrets that nobody gave: made once in the instance folder, readable by their owner only.

Guarantee: master keys are never made where a key store already holds keys. They would open
none of them, and whoever looks for the right ones would find the wrong ones in their place.
"""

import contextlib
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet
from peewee import PeeweeException

from bilan.database import open_database

SECRET_KEY_FILE = "secret.key"  # noqa: S105 -- the name of a file
MASTER_KEYS_FILE = "master.keys"


def secret_key(instance: Path) -> str:
    """Return what signs sessions, made the first time."""
    path = instance / SECRET_KEY_FILE
    if not path.exists():
        _make(path, secrets.token_urlsafe(48))
    return path.read_text().strip()


def master_keys(instance: Path, keystore_url: str) -> str:
    """Return the master keys, made the first time; raise ValueError when they are lost."""
    path = instance / MASTER_KEYS_FILE
    # Asked again: another first start may have made both meanwhile.
    if not path.exists() and _holds_keys(keystore_url) and not path.exists():
        raise ValueError(
            "manque, alors que la base des clés en contient déjà\u00a0: remettez master.keys, de nouvelles clés n’ouvriraient rien"
        )
    if not path.exists():
        _make(path, Fernet.generate_key().decode())
    return path.read_text().strip()


def _holds_keys(keystore_url: str) -> bool:
    if keystore_url.startswith("sqlite:///") and not Path(keystore_url.removeprefix("sqlite:///")).exists():
        return False
    store = open_database(keystore_url)
    try:
        with store.connection_context():
            return store.table_exists("content_key") and bool(store.execute_sql("SELECT 1 FROM content_key LIMIT 1").fetchone())
    except PeeweeException:
        raise ValueError(
            "manque, et la base des clés (BILAN_KEYSTORE_URL) ne répond pas\u00a0: elle seule dit s’il faut en créer"
        ) from None
    finally:
        store.close_all()


def _make(path: Path, content: str) -> None:
    """Write a file in one go: of several first starts the first one's stays, whole, and the others read it."""
    whole = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(content)
    with contextlib.suppress(FileExistsError):
        os.link(whole, path)
    whole.unlink()
