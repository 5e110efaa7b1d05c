"""A sealed file: opened whole by its master key, by nothing else, and not at all once it was touched."""

import os
import tracemalloc

import pytest
from cryptography.fernet import Fernet

from bilan.backups import sealing
from bilan.backups.sealing import LENGTH, MAGIC, SALT, Damaged, NotABackup, WrongKey, about, seal, unseal

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))
HEADER = len(MAGIC) + SALT + sealing.IMPRINT


@pytest.fixture
def sealed(tmp_path, monkeypatch):
    """A file of many pieces, and the path of its content."""
    monkeypatch.setattr(sealing, "PIECE", 4096)
    content = tmp_path / "content"
    content.write_bytes(b"Nadia Ferhat" * 5000 + os.urandom(30_000))
    seal(content, tmp_path / "sealed", OLD, {"what": "data"})
    return tmp_path / "sealed", content


def pieces(raw):
    """Return the sealed pieces that follow the header, each with its length."""
    found, place = [], HEADER
    while place < len(raw):
        end = place + LENGTH + int.from_bytes(raw[place : place + LENGTH], "big")
        found.append(raw[place:end])
        place = end
    return found


def test_it_comes_back_as_it_was_and_says_what_it_is(sealed, tmp_path):
    path, content = sealed
    assert unseal(path, tmp_path / "clear", (NEW, OLD)) == about(path, (OLD,)) == {"what": "data"}
    assert (tmp_path / "clear").read_bytes() == content.read_bytes()
    assert (tmp_path / "clear").stat().st_mode & 0o777 == path.stat().st_mode & 0o777 == 0o600


def test_nothing_of_it_is_in_clear(sealed):
    raw = sealed[0].read_bytes()
    assert b"Nadia" not in raw
    assert b"what" not in raw


def test_an_empty_file_is_sealed_too(tmp_path):
    (tmp_path / "empty").touch()
    seal(tmp_path / "empty", tmp_path / "sealed", OLD, {})
    unseal(tmp_path / "sealed", tmp_path / "clear", (OLD,))
    assert (tmp_path / "clear").read_bytes() == b""


def test_another_master_key_opens_nothing(sealed, tmp_path):
    with pytest.raises(WrongKey):
        unseal(sealed[0], tmp_path / "clear", (NEW,))


def joined(header, found):
    return header + b"".join(found)


@pytest.mark.parametrize(
    ("harm", "refusal"),
    [
        (lambda header, found: joined(header, found[:-1]), Damaged),
        (lambda header, found: joined(header, found)[:-1], Damaged),
        (lambda header, found: joined(header, found[:2])[:-10], Damaged),
        (lambda header, found: header, Damaged),
        (lambda header, found: joined(header, [*found[:3], found[4], found[3], *found[5:]]), Damaged),
        (lambda header, found: joined(header, [*found[:2], *found[3:]]), Damaged),
        (lambda header, found: joined(header, [*found, found[-1]]), Damaged),
        (lambda header, found: joined(header, found) + b"\0", Damaged),
        (lambda header, found: joined(header, [found[0], found[1][:-1] + bytes([found[1][-1] ^ 1]), *found[2:]]), Damaged),
        (lambda header, found: joined(header, [found[0], b"\xff\xff\xff\xff" + found[1][4:], *found[2:]]), Damaged),
        (lambda header, found: joined(b"BILAN SAUVEGARDE 2\n" + header[len(MAGIC) :], found), NotABackup),
        (lambda header, found: header[:30], NotABackup),
        (lambda header, found: b"", NotABackup),
    ],
)
def test_whatever_is_done_to_it_is_seen(sealed, tmp_path, harm, refusal):
    raw = sealed[0].read_bytes()
    found = pieces(raw)
    assert len(found) > 6
    sealed[0].write_bytes(harm(raw[:HEADER], found))
    with pytest.raises(refusal):
        unseal(sealed[0], tmp_path / "clear", (OLD,))


def test_the_last_piece_is_known_as_such_without_what_it_holds(sealed):
    path, _ = sealed
    raw = path.read_bytes()
    path.write_bytes(joined(raw[:HEADER], pieces(raw)[:-1]))
    with path.open("rb") as file, pytest.raises(Damaged):
        list(sealing._opened(file, (OLD,)))


def test_pieces_of_another_file_under_the_same_key_are_refused(sealed, tmp_path):
    path, content = sealed
    seal(content, tmp_path / "other", OLD, {"what": "data"})
    mine, other = path.read_bytes(), (tmp_path / "other").read_bytes()
    path.write_bytes(joined(mine[:HEADER], [*pieces(mine)[:2], *pieces(other)[2:]]))
    with pytest.raises(Damaged):
        unseal(path, tmp_path / "clear", (OLD,))


def test_a_large_file_is_never_held_whole(tmp_path):
    (tmp_path / "large").write_bytes(os.urandom(24 * 1024 * 1024) + bytes(40 * 1024 * 1024))
    tracemalloc.start()
    seal(tmp_path / "large", tmp_path / "sealed", OLD, {})
    unseal(tmp_path / "sealed", tmp_path / "clear", (OLD,))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12 * 1024 * 1024
    assert (tmp_path / "clear").stat().st_size == (tmp_path / "large").stat().st_size
