"""No line of a log holds a key, in clear or wrapped, at any level: not while keys are made, renewed, rotated, destroyed, nor refused."""

import logging
import uuid

import pytest
from application import MASTER_KEY, SECRET_KEY, build_app, close_app, environment
from cryptography.fernet import Fernet
from databases import Urls

from bilan import keys, vault
from bilan.database import connection
from bilan.preparation import prepare
from bilan.settings import SettingsError, load
from bilan.vault import ContentKey

NEW_KEY = Fernet.generate_key().decode()
MADE = uuid.UUID(int=7)


def wrapped():
    """Return every wrapped key that the store holds now, as text."""
    return {bytes(one).decode() for row in ContentKey.select() for one in (row.wrapped, row.successor) if one}


def use_keys(app):
    """Go through the life of a key; return everything that was secret at some moment."""
    seen = wrapped()
    for step in (vault.create_key, vault.begin_renewal, vault.end_renewal, vault.begin_renewal):
        step(MADE)
        seen |= wrapped()
    clear = {keys._Masters.ring.decrypt(one).decode() for one in seen}
    vault.unlock(keys.keystore.obj, (NEW_KEY, MASTER_KEY))
    vault.rotate_master_keys()
    seen |= wrapped()
    vault.destroy_key(MADE)
    return seen | clear


def test_no_log_line_holds_a_key(app, caplog, tmp_path):
    caplog.set_level(logging.DEBUG)
    with app.test_request_context(), connection():
        secret = use_keys(app)
    settings = app.config["BILAN"]
    wrong = Fernet.generate_key().decode()
    urls = Urls(settings.database_url, settings.keystore_url)
    refused = build_app(urls, tmp_path / "other", BILAN_MASTER_KEYS=wrong)
    with pytest.raises(SettingsError) as stopped, refused.app_context():
        prepare()
    close_app(refused)
    logging.getLogger("bilan.errors").error("the start is refused", exc_info=stopped.value)
    with pytest.raises(SettingsError) as misspelt:
        load(environment(urls, tmp_path / "other", BILAN_MASTER_KEYS=f"x{wrong}"))
    text = caplog.text + str(misspelt.value)
    assert 'INSERT INTO "content_key"' in text
    assert 'UPDATE "content_key"' in text
    assert "the start is refused" in text
    assert len(secret) > 10
    assert [one for one in (*secret, MASTER_KEY, NEW_KEY, SECRET_KEY, wrong) if one in text] == []
