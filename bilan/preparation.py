"""Making the databases ready: migrations, the check that the master keys fit, the shipped catalogue of occupations."""

from collections.abc import Iterator
from contextlib import contextmanager

from bilan.database import MIGRATIONS, alone, connection, database, keystore, migrate
from bilan.occupations.actions import load_catalogue
from bilan.settings import SettingsError
from bilan.vault import WrongMasterKeys, check_master_keys


@contextmanager
def right_master_keys() -> Iterator[None]:
    """Say in one sentence which setting is wrong when the master keys do not open what they must."""
    try:
        yield
    except WrongMasterKeys:
        message = "Réglage BILAN_MASTER_KEYS : ces clés n’ouvrent pas les clés enregistrées. Remettez celle qui les a enveloppées."
        raise SettingsError(message) from None


def prepare() -> list[str]:
    """Apply the missing migrations of both databases; return their names. Several starts at once come one after the other.

    Raises SettingsError when the master keys do not open the key store.
    """
    # Before the first connection: to open an empty SQLite file already writes in it.
    with alone(database.obj), connection():
        applied = migrate(keystore.obj, MIGRATIONS / "keystore") + migrate(database.obj)
        try:
            check_master_keys()
        except WrongMasterKeys:
            message = "Réglage BILAN_MASTER_KEYS : aucune de ces clés n’ouvre les clés enregistrées."
            raise SettingsError(message) from None
        load_catalogue()
    return applied
