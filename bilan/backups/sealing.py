"""A sealed file: compressed, encrypted piece by piece, never held whole in memory.

Guarantees: nothing of the content is in clear, not even what it is a copy of; a file that
was cut, changed, reordered or lengthened does not open, nor under another master key.

The key of a file is derived (HKDF) from a master key and a salt of its own. Each piece is
sealed (AES-GCM) under its number, the last one marked as such. The first tells what the
file is. Which master key opens it is known by an imprint: after a rotation, older files
open as long as their key is still among the master keys.
"""

import json
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"BILAN SAUVEGARDE 1\n"
SALT, IMPRINT, LENGTH, TAG = 32, 16, 4, 16
PIECE = 1024 * 1024
# Level 1: what is encrypted inside hardly shrinks further, whatever the time given to it.
LEVEL = 1
NOT_OURS = "Ce fichier n’est pas une sauvegarde de Bilan, ou il est d’une version que Bilan ne connaît pas encore."


class BackupError(Exception):
    """What stops a backup or a restoration, as one sentence in French."""


class NotABackup(BackupError):
    """The file is something else."""


class Damaged(BackupError):
    """The file was cut or changed."""

    def __init__(self, sentence: str = "Cette sauvegarde est abîmée\u00a0: elle a été coupée ou modifiée.") -> None:
        super().__init__(sentence)


class WrongKey(BackupError):
    """None of the master keys sealed it."""

    def __init__(self) -> None:
        super().__init__("Aucune des clés de BILAN_MASTER_KEYS n’ouvre cette sauvegarde.")


class _Cipher:
    """The cipher of one file."""

    def __init__(self, master_key: str, salt: bytes) -> None:
        self.imprint = _derive(master_key, salt, b"bilan: imprint of a backup", IMPRINT)
        self._seal = AESGCM(_derive(master_key, salt, b"bilan: key of a backup", 32))
        self._header = MAGIC + salt + self.imprint

    def seal(self, number: int, piece: bytes, *, last: bool) -> bytes:
        return self._seal.encrypt(_nonce(number, last=last), piece, self._header)

    def open(self, number: int, piece: bytes, *, last: bool) -> bytes:
        try:
            return self._seal.decrypt(_nonce(number, last=last), piece, self._header)
        except InvalidTag:
            raise Damaged from None


def _derive(master_key: str, salt: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, purpose).derive(master_key.encode())


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def seal(source: Path, target: Path, master_key: str, about: dict[str, Any]) -> None:
    """Write a sealed copy of a file, and what it is; it is on disk when this returns."""
    salt = os.urandom(SALT)
    cipher = _Cipher(master_key, salt)
    pieces = _marked(_packed(source, json.dumps(about).encode()))
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(MAGIC + salt + cipher.imprint)
        for number, (piece, last) in enumerate(pieces):
            sealed = cipher.seal(number, piece, last=last)
            file.write(len(sealed).to_bytes(LENGTH, "big") + sealed)
        file.flush()
        os.fsync(file.fileno())


def _packed(source: Path, about: bytes) -> Iterator[bytes]:
    """Give what the file is, then its compressed content by pieces."""
    yield about
    packer = zlib.compressobj(LEVEL)
    with source.open("rb") as file:
        while piece := file.read(PIECE):
            yield from _cut(packer.compress(piece))
    yield from _cut(packer.flush())


def _cut(packed: bytes) -> Iterator[bytes]:
    """Give what came out of the packer by pieces: it keeps some, then gives it all at once."""
    for start in range(0, len(packed), PIECE):
        yield packed[start : start + PIECE]


def _marked(pieces: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Give each piece, and whether it is the last."""
    held = next(pieces)
    for piece in pieces:
        yield held, False
        held = piece
    yield held, True


def about(source: Path, master_keys: tuple[str, ...]) -> dict[str, Any]:
    """Return what a sealed file says it is; raise NotABackup, WrongKey or Damaged."""
    with source.open("rb") as file:
        return json.loads(next(_opened(file, master_keys)))


def unseal(source: Path, target: Path, master_keys: tuple[str, ...]) -> dict[str, Any]:
    """Write the content of a sealed file, for its owner only; return what it is. Raise NotABackup, WrongKey or Damaged."""
    unpacker = zlib.decompressobj()
    with source.open("rb") as file, os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as clear:
        pieces = _opened(file, master_keys)
        found = json.loads(next(pieces))
        for piece in pieces:
            while piece:
                clear.write(unpacker.decompress(piece, PIECE))
                piece = unpacker.unconsumed_tail  # noqa: PLW2901 -- what is left of it
        clear.write(unpacker.flush())
    if not unpacker.eof:
        raise Damaged
    return found


def _opened(file: BinaryIO, master_keys: tuple[str, ...]) -> Iterator[bytes]:
    """Give the pieces in clear, each once it is known to be whole and in its place."""
    header = file.read(len(MAGIC) + SALT + IMPRINT)
    salt, imprint = header[len(MAGIC) : -IMPRINT], header[-IMPRINT:]
    if not header.startswith(MAGIC) or len(salt) != SALT:
        raise NotABackup(NOT_OURS)
    ciphers = [one for one in (_Cipher(key, salt) for key in master_keys) if one.imprint == imprint]
    if not ciphers:
        raise WrongKey
    number, length = 0, file.read(LENGTH)
    while number == 0 or length:
        size = int.from_bytes(length, "big")
        piece = file.read(size) if len(length) == LENGTH and size <= PIECE + TAG else b""
        length = file.read(LENGTH)
        yield ciphers[0].open(number, piece, last=not length)
        number += 1
