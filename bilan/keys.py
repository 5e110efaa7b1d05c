"""The keys of the vault: made, renewed, destroyed, wrapped again, in a store of their own (see vault.py).

A key may be renewed: what is kept is encrypted again under its successor, then the key
gives way to it, and whatever was left under it is destroyed. As long as there are both,
one writes with the successor and reads with either: stopped anywhere, nothing is lost.
"""

import datetime
import uuid
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from peewee import BlobField, Database, DateTimeField, Model, UUIDField

from bilan.database import keystore, now
from bilan.statements import Slot, Statement

# The outbox holds links that open an account: its content has a key like the rest.
OUTBOX_KEY = uuid.UUID("00000000-0000-4000-8000-6f7574626f78")
# Open answers to the surveys: nothing says whose they are, so they have one key.
SURVEYS_KEY = uuid.UUID("00000000-0000-4000-8000-737572766579")
# Wrapped under the master keys at the first start: says at the next ones that they fit.
WITNESS_KEY = uuid.UUID("00000000-0000-4000-8000-7769746e6573")
FIXED_KEYS = (WITNESS_KEY, OUTBOX_KEY, SURVEYS_KEY)


class VaultError(Exception):
    """Content cannot be read or written."""


class ContentDestroyed(VaultError):
    """The key was destroyed; `destroyed_at` is the moment (naive UTC)."""

    def __init__(self, destroyed_at: datetime.datetime) -> None:
        super().__init__(f"content destroyed at {destroyed_at}")
        self.destroyed_at = destroyed_at


class KeyMissing(VaultError):
    """No such key in the key store."""


class WrongMasterKeys(VaultError):
    """None of the master keys opens the keys of the store."""


class ContentKey(Model):
    """A wrapped key, or the trace of the day when it was destroyed; `successor` waits to take its place, `renewed_at` says when one did."""

    id = UUIDField(primary_key=True)
    wrapped = BlobField(null=True)
    successor = BlobField(null=True)
    renewed_at = DateTimeField(null=True)
    created_at = DateTimeField(default=now)
    destroyed_at = DateTimeField(null=True)

    class Meta:
        database = keystore
        legacy_table_names = False


KEY_BY_ID = Statement(
    ContentKey,
    lambda: ContentKey.select(ContentKey.wrapped, ContentKey.successor).where(ContentKey.id == Slot("id")).tuples(),
)


class _Masters:
    """The master keys of the running application, set once at its start."""

    ring: MultiFernet
    newest: Fernet


def unlock(store: Database, master_keys: tuple[str, ...]) -> None:
    """Bind the key store and its master keys (the newest first)."""
    keystore.initialize(store)
    each = [Fernet(key) for key in master_keys]
    _Masters.ring, _Masters.newest = MultiFernet(each), each[0]
    _unwrap.cache_clear()


def check_master_keys() -> None:
    """Raise WrongMasterKeys unless the given keys open the store's witness; make it the first time."""
    for fixed in FIXED_KEYS:
        if not ContentKey.select().where(ContentKey.id == fixed).exists():
            create_key(fixed)
    cipher(WITNESS_KEY)


def create_key(key_id: uuid.UUID) -> None:
    """Make the key of one journey or complaint. Its own transaction: a key without content harms nobody."""
    ContentKey.create(id=key_id, wrapped=_Masters.ring.encrypt(Fernet.generate_key()))


def make_keys(key_ids: Iterable[uuid.UUID], destroyed: Iterable[uuid.UUID] = ()) -> dict[uuid.UUID, Fernet]:
    """Make many keys in one go, and the traces of some already destroyed: for data that is invented. Return their ciphers."""
    made = {key_id: Fernet.generate_key() for key_id in key_ids}
    rows: list[dict[str, Any]] = [{"id": one, "wrapped": _Masters.ring.encrypt(key), "destroyed_at": None} for one, key in made.items()]
    rows += [{"id": key_id, "wrapped": None, "destroyed_at": now()} for key_id in destroyed]
    with keystore.atomic():
        for first in range(0, len(rows), 1000):
            ContentKey.insert_many(rows[first : first + 1000]).execute()
    return {key_id: Fernet(key) for key_id, key in made.items()}


def destroy_key(key_id: uuid.UUID) -> None:
    """Make everything under this key unreadable for ever."""
    gone = ContentKey.update(wrapped=None, successor=None, destroyed_at=now())
    gone.where(ContentKey.id == key_id, ContentKey.destroyed_at.is_null()).execute()
    _forget_deleted_pages()


def begin_renewal(key_id: uuid.UUID) -> None:
    """Give a key its successor: from now on one writes with it. Once more changes nothing."""
    fresh = ContentKey.update(successor=_Masters.ring.encrypt(Fernet.generate_key()))
    fresh.where(ContentKey.id == key_id, ContentKey.successor.is_null(), ContentKey.destroyed_at.is_null()).execute()


def end_renewal(key_id: uuid.UUID) -> None:
    """Let the successor take the key's place: what was not encrypted again is unreadable for ever. Once more changes nothing."""
    heir = ContentKey.update(wrapped=ContentKey.successor, successor=None, renewed_at=now())
    heir.where(ContentKey.id == key_id, ContentKey.successor.is_null(is_null=False)).execute()
    _forget_deleted_pages()


def rotate_master_keys() -> int:
    """Wrap again what the newest master key does not open by itself, until nothing is left; return how many keys were.

    Others create, renew and destroy keys meanwhile: a row is written only as it was read, or it is read once more.
    Raises WrongMasterKeys when a key is opened by none.
    """
    done: set[uuid.UUID] = set()
    while left := list(_to_wrap_again()):
        # A few at a time: on SQLite whoever saves waits for the end of each.
        for first in range(0, len(left), 500):
            with keystore.atomic():
                done |= {was.id for was, wrapped, heir in left[first : first + 500] if _replace(was, wrapped, heir)}
    _forget_deleted_pages()
    return len(done)


def _to_wrap_again() -> Iterator[tuple[ContentKey, bytes, bytes | None]]:
    """Yield the rows that the newest master key does not open by itself, and their two keys wrapped under it."""
    for row in list(ContentKey.select().where(ContentKey.destroyed_at.is_null()).order_by(ContentKey.id)):
        if not all(_is_newest(bytes(one)) for one in (row.wrapped, row.successor) if one is not None):
            try:
                heir = None if row.successor is None else _Masters.ring.rotate(bytes(row.successor))
                yield row, _Masters.ring.rotate(bytes(row.wrapped)), heir
            except InvalidToken:
                raise WrongMasterKeys from None


def _is_newest(wrapped: bytes) -> bool:
    try:
        return bool(_Masters.newest.decrypt(wrapped))
    except InvalidToken:
        return False


def _replace(was: ContentKey, wrapped: bytes, heir: bytes | None) -> bool:
    """Write a row's keys if both are still what was read: a renewal that began or ended meanwhile changes either."""
    same_heir = ContentKey.successor.is_null() if was.successor is None else ContentKey.successor == was.successor
    same = (ContentKey.id == was.id) & (ContentKey.wrapped == was.wrapped) & same_heir
    return bool(ContentKey.update(wrapped=wrapped, successor=heir).where(same).execute())


def cipher(key_id: uuid.UUID) -> Fernet | MultiFernet:
    """Return the cipher of a key; raise ContentDestroyed, KeyMissing or WrongMasterKeys."""
    for wrapped, successor in KEY_BY_ID.rows(id=key_id):
        if wrapped is None:
            raise ContentDestroyed(ContentKey.get_by_id(key_id).destroyed_at)
        opened = _unwrap(bytes(wrapped))
        return opened if successor is None else MultiFernet([_unwrap(bytes(successor)), opened])
    raise KeyMissing(str(key_id))


def renewed_at(key_id: uuid.UUID) -> datetime.datetime | None:
    """Return when a key last gave way to its successor, None when it never did."""
    return ContentKey.select(ContentKey.renewed_at).where(ContentKey.id == key_id).scalar()


def is_destroyed(key_id: uuid.UUID) -> bool:
    """Whether the content of a key was destroyed, all of it or all but what was kept: a page then shows the dates that are left."""
    gone = ContentKey.destroyed_at.is_null(is_null=False) | ContentKey.renewed_at.is_null(is_null=False)
    return ContentKey.select().where(ContentKey.id == key_id, gone).exists()


def opens(key_id: uuid.UUID) -> bool:
    """Whether a key still opens something: what its bilan's agent has asked to be kept, once the rest is destroyed."""
    return any(wrapped is not None for wrapped, _ in KEY_BY_ID.rows(id=key_id))


@lru_cache(maxsize=4096)
def _unwrap(wrapped: bytes) -> Fernet:
    try:
        return Fernet(_Masters.ring.decrypt(wrapped))
    except InvalidToken:
        raise WrongMasterKeys from None


def _forget_deleted_pages() -> None:
    """Empty SQLite's write-ahead log, where the old wrapping would otherwise linger."""
    if hasattr(keystore.obj, "pragma"):
        keystore.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
