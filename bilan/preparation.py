"""Making the databases ready: migrations, the check that the master keys fit, the shipped catalogue of occupations."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask
from flask.cli import FlaskGroup

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
        message = "Réglage BILAN_MASTER_KEYS : ces clés n’ouvrent pas les clés enregistrées. Remettez celle qui les a enveloppées."
        raise SettingsError(message) from None


def prepare() -> list[str]:
    """Apply the missing migrations of both databases; return their names. Several starts at once come one after the other.

    Raises SettingsError when the master keys do not open the key store.
    """
    # Before the first connection: to open an empty SQLite file already writes in it.
    with alone(database.obj), connection():
        applied = migrate(keystore.obj, MIGRATIONS / "keystore") + migrate(database.obj)
        with right_master_keys():
            check_master_keys()
        load_catalogue()
    return applied


def prepare_for_another_server(app: Flask) -> None:
    """Prepare the databases where `app` is imported to be served: wrong master keys stop that start too, not each request.

    The `flask` commands import it as well. They prepare by themselves, and some must run when this would not: restore, doctor.
    """
    context = click.get_current_context(silent=True)
    if context and isinstance(context.find_root().command, FlaskGroup) and context.info_name != "run":
        return
    with app.app_context():
        prepare()
    # A server that forks after the import must share no connection with what it leaves behind.
    for one in (database.obj, keystore.obj):
        one.close_all()
