"""Encryption at rest: one key per journey and per complaint, wrapped by the master keys.

Guarantees: confidential content reaches the database only encrypted (a field given
anything else refuses to write it); destroying a key makes its content unreadable for
ever, in yesterday's backups too, because the wrapped keys live in a store of their own
that is never part of a backup of the data. A wrapped key is read from the store at each
use, so that a destruction holds at once in every process.

The keys themselves are in keys.py; the rest of the product knows this module alone.
"""

import json
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from peewee import BlobField, Model
from peewee import FieldAccessor as PlainAccessor

from bilan.keys import (
    FIXED_KEYS,
    OUTBOX_KEY,
    SURVEYS_KEY,
    WITNESS_KEY,
    ContentDestroyed,
    ContentKey,
    KeyMissing,
    VaultError,
    WrongMasterKeys,
    begin_renewal,
    check_master_keys,
    cipher,
    create_key,
    destroy_key,
    end_renewal,
    is_destroyed,
    opens,
    renewed_at,
    rotate_master_keys,
    unlock,
)

__all__ = [
    "FIXED_KEYS",
    "OUTBOX_KEY",
    "SURVEYS_KEY",
    "WITNESS_KEY",
    "ContentDestroyed",
    "ContentKey",
    "EncryptedBytesField",
    "EncryptedJSONField",
    "EncryptedTextField",
    "KeyMissing",
    "VaultError",
    "WrongMasterKeys",
    "begin_renewal",
    "check_master_keys",
    "cipher",
    "create_key",
    "destroy_key",
    "end_renewal",
    "is_destroyed",
    "opens",
    "renewed_at",
    "rotate_master_keys",
    "unlock",
]


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
        value = self._opened(instance, held)
        instance.__data__[self.name] = Clear(value, instance)
        return value

    def _opened(self, instance: Any, held: bytes) -> object:
        try:
            return self.field.unseal(cipher(instance.key_id), held)
        except InvalidToken:
            # Encrypted under a key that has given way since: it was not kept.
            if moment := renewed_at(instance.key_id):
                raise ContentDestroyed(moment) from None
            raise

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

    def seal(self, with_cipher: Fernet | MultiFernet, value: object) -> Ciphertext:
        """Encrypt one value."""
        return Ciphertext(with_cipher.encrypt(self.dump(value)))

    def seal_for(self, instance: Model) -> Ciphertext:
        """Encrypt the value that an instance holds, for an update that names its columns."""
        return self.seal(cipher(instance.key_id), getattr(instance, self.name))

    def unseal(self, with_cipher: Fernet | MultiFernet, held: bytes) -> object:
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
