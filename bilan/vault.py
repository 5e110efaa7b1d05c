"""Encryption at rest: one key per journey and per complaint, wrapped by the master keys.

Guarantees: confidential content reaches the database only encrypted (a field given
anything else refuses to write it); destroying a key makes its content unreadable for
ever, in yesterday's backups too, because the wrapped keys live in a store of their own
that is never part of a backup of the data. A wrapped key is read from the store at each
use, so that a destruction holds at once in every process.
"""

import datetime
import json
import uuid
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from peewee import BlobField, Database, DateTimeField, Model, UUIDField
from peewee import FieldAccessor as PlainAccessor

from bilan.database import Statement, keystore, now, slot

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
    """A wrapped key, or the trace of the day when it was destroyed."""

    id = UUIDField(primary_key=True)
    wrapped = BlobField(null=True)
    created_at = DateTimeField(default=now)
    destroyed_at = DateTimeField(null=True)

    class Meta:
        database = keystore
        legacy_table_names = False


KEY_BY_ID = Statement(
    lambda: ContentKey.select(ContentKey.wrapped).where(ContentKey.id == slot(ContentKey.id, "id")).tuples(),
    keystore,
)


class _Masters:
    """The master keys of the running application, set once at its start."""

    ring: MultiFernet


def unlock(store: Database, master_keys: tuple[str, ...]) -> None:
    """Bind the key store and its master keys (the newest first)."""
    keystore.initialize(store)
    _Masters.ring = MultiFernet([Fernet(key) for key in master_keys])
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


def destroy_key(key_id: uuid.UUID) -> None:
    """Make everything under this key unreadable for ever."""
    ContentKey.update(wrapped=None, destroyed_at=now()).where(ContentKey.id == key_id, ContentKey.destroyed_at.is_null()).execute()
    _forget_deleted_pages()


def rotate_master_keys() -> int:
    """Wrap every key again under the newest master key; return how many."""
    rows = list(ContentKey.select().where(ContentKey.destroyed_at.is_null()))
    with keystore.atomic():
        for row in rows:
            fresh = _Masters.ring.rotate(bytes(row.wrapped))
            ContentKey.update(wrapped=fresh).where(ContentKey.id == row.id, ContentKey.destroyed_at.is_null()).execute()
    _forget_deleted_pages()
    return len(rows)


def cipher(key_id: uuid.UUID) -> Fernet:
    """Return the cipher of a key; raise ContentDestroyed, KeyMissing or WrongMasterKeys."""
    for (wrapped,) in KEY_BY_ID.rows(id=key_id):
        if wrapped is None:
            raise ContentDestroyed(ContentKey.get_by_id(key_id).destroyed_at)
        return _unwrap(bytes(wrapped))
    raise KeyMissing(str(key_id))


def is_destroyed(key_id: uuid.UUID) -> bool:
    """Whether the content of a key was destroyed: a page then shows the dates that are left."""
    return any(wrapped is None for (wrapped,) in KEY_BY_ID.rows(id=key_id))


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


class Ciphertext(bytes):
    """What the database holds."""

    __slots__ = ()


class Clear:
    """A value waiting to be encrypted under the key of its row."""

    __slots__ = ("instance", "value")

    def __init__(self, value: object, instance: Model) -> None:
        self.value = value
        self.instance = instance


class SealedAccessor(PlainAccessor):
    """Decrypts when read; keeps in clear, in memory only, what is about to be saved."""

    def __get__(self, instance: Model | None, instance_type: type | None = None) -> Any:
        if instance is None:
            return self.field
        held = instance.__data__.get(self.name)
        if isinstance(held, Clear):
            return held.value
        if held is None:
            return None
        value = self.field.unseal(cipher(instance.key_id), held)
        instance.__data__[self.name] = Clear(value, instance)
        return value

    def __set__(self, instance: Model, value: object) -> None:
        # None in a column that refuses it is a value like another: JSON's null, encrypted.
        as_is = isinstance(value, Ciphertext) or (value is None and self.field.null)
        held = value if as_is else Clear(value, instance)
        super().__set__(instance, held)


class EncryptedTextField(BlobField):
    """Text under the key that the model names by its `key_id` attribute."""

    accessor_class = SealedAccessor

    if TYPE_CHECKING:  # peewee installs the accessor; this is what it lets one do

        def __get__(self, instance: Model | None, owner: type | None = None) -> Any: ...

        def __set__(self, instance: Model, value: object) -> None: ...

    def seal(self, with_cipher: Fernet, value: object) -> Ciphertext:
        """Encrypt one value."""
        return Ciphertext(with_cipher.encrypt(self.dump(value)))

    def seal_for(self, instance: Model) -> Ciphertext:
        """Encrypt the value that an instance holds, for an update that names its columns."""
        return self.seal(cipher(instance.key_id), getattr(instance, self.name))

    def unseal(self, with_cipher: Fernet, held: bytes) -> object:
        """Decrypt one value."""
        return self.parse(with_cipher.decrypt(bytes(held)))

    def dump(self, value: object) -> bytes:
        """Return the bytes to encrypt."""
        if not isinstance(value, str):
            raise TypeError(f"{self} takes text")
        return value.encode()

    def parse(self, raw: bytes) -> object:
        """Return the value of decrypted bytes."""
        return raw.decode()

    def db_value(self, value: object) -> object:
        """Encrypt, or refuse: nothing goes to the database in clear."""
        if value is None:
            return None
        if isinstance(value, Clear):
            value = self.seal(cipher(value.instance.key_id), value.value)
        if not isinstance(value, Ciphertext):
            raise TypeError(f"{self} never goes to the database in clear")
        return super().db_value(bytes(value))

    def python_value(self, value: object) -> object:
        """Keep what comes from the database encrypted until it is read."""
        return None if value is None else Ciphertext(bytes(value))  # type: ignore[call-overload]


class EncryptedJSONField(EncryptedTextField):
    """Any JSON value under the key that the model names by its `key_id` attribute."""

    def dump(self, value: object) -> bytes:
        """Return the value as compact JSON."""
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    def parse(self, raw: bytes) -> object:
        """Return the JSON value."""
        return json.loads(raw)


class EncryptedBytesField(EncryptedTextField):
    """Bytes (a file) under the key that the model names by its `key_id` attribute."""

    def dump(self, value: object) -> bytes:
        """Return the bytes themselves."""
        if not isinstance(value, bytes):
            raise TypeError(f"{self} takes bytes")
        return value

    def parse(self, raw: bytes) -> object:
        """Return the bytes themselves."""
        return raw
