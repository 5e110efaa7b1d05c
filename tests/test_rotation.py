"""Master keys change while keys are made, renewed and destroyed: whatever crosses, each key stays openable or stays destroyed."""

import threading
import uuid

import pytest
from application import MASTER_KEY
from cryptography.fernet import Fernet, MultiFernet

from bilan import keys, vault
from bilan.database import connection
from bilan.vault import ContentDestroyed, ContentKey, WrongMasterKeys

NEW_KEY = Fernet.generate_key().decode()
CROSSED = uuid.UUID(int=7)


class Ring(MultiFernet):
    """Master keys that let something else happen, elsewhere, just after a row was read."""

    def __init__(self, crossing):
        super().__init__([Fernet(NEW_KEY), Fernet(MASTER_KEY)])
        self.crossing = crossing

    def rotate(self, msg):
        fresh = super().rotate(msg)
        if self.crossing:
            crossing, self.crossing = self.crossing, None

            def elsewhere():
                with connection():
                    crossing()

            thread = threading.Thread(target=elsewhere)
            thread.start()
            thread.join(30)
            assert not thread.is_alive(), "the rotation holds what everybody needs"
        return fresh


@pytest.fixture
def rotate_across(app, monkeypatch):
    """Rotate the keys of the store, its own and ours; while a row waits to be written, let something else happen to every key."""
    app.app_context().push()
    with connection():
        keys.create_key(CROSSED)

    def rotate(crossing):
        monkeypatch.setattr(keys._Masters, "ring", Ring(crossing))
        monkeypatch.setattr(keys._Masters, "newest", Fernet(NEW_KEY))
        with connection():
            return vault.rotate_master_keys()

    return rotate


def only_newest_opens_all():
    newest = Fernet(NEW_KEY)
    for row in ContentKey.select().where(ContentKey.destroyed_at.is_null()):
        for wrapped in (row.wrapped, row.successor):
            assert wrapped is None or newest.decrypt(bytes(wrapped))


def test_a_renewal_that_begins_meanwhile_loses_nothing(rotate_across):
    tokens = []

    def begin():
        vault.begin_renewal(CROSSED)
        tokens.append(vault.cipher(CROSSED).encrypt(b"what is kept"))

    assert rotate_across(begin) == len(vault.FIXED_KEYS) + 1
    vault.end_renewal(CROSSED)
    assert vault.cipher(CROSSED).decrypt(tokens[0]) == b"what is kept"
    only_newest_opens_all()


def test_a_renewal_that_ends_meanwhile_loses_nothing(rotate_across):
    with connection():
        before = vault.cipher(CROSSED).encrypt(b"what goes")
        vault.begin_renewal(CROSSED)
        token = vault.cipher(CROSSED).encrypt(b"what is kept")
    rotate_across(lambda: vault.end_renewal(CROSSED))
    assert vault.cipher(CROSSED).decrypt(token) == b"what is kept"
    with pytest.raises(keys.InvalidToken):
        vault.cipher(CROSSED).decrypt(before)
    only_newest_opens_all()


def test_a_key_destroyed_meanwhile_stays_destroyed_and_is_not_counted(rotate_across):
    assert rotate_across(lambda: vault.destroy_key(CROSSED)) == len(vault.FIXED_KEYS)
    with pytest.raises(ContentDestroyed):
        vault.cipher(CROSSED)


def test_a_key_made_meanwhile_by_somebody_who_still_has_the_old_master_key_is_wrapped_too(rotate_across):
    late = uuid.UUID(int=8)

    def make():
        ContentKey.create(id=late, wrapped=Fernet(MASTER_KEY).encrypt(Fernet.generate_key()))

    assert rotate_across(make) == len(vault.FIXED_KEYS) + 2
    only_newest_opens_all()


def test_a_key_that_no_master_key_opens_is_said_and_stays(rotate_across):
    lost = Fernet(Fernet.generate_key()).encrypt(Fernet.generate_key())
    ContentKey.create(id=uuid.UUID(int=9), wrapped=lost)
    with pytest.raises(WrongMasterKeys):
        rotate_across(None)
    assert bytes(ContentKey.get_by_id(uuid.UUID(int=9)).wrapped) == lost
