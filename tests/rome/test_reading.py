"""Whatever the bytes of a folder, each line is read or refused, and nothing else happens."""

import random
from collections import Counter

import pytest
from rome.folder import HEADERS, write_version

from bilan.rome.reading import COLUMNS, FolderUnreadable, read_lines
from bilan.rome.rules import understand, version_of

NOISE = (b'"', b",", b"\n", b"\r", b"\x00", b"\xff", b";", b"\xe2\x80", b'""', b"A1203")


def spoiled(raw, pick):
    """Return bytes of which some were changed, removed or added after the header."""
    found, header = bytearray(raw), raw.index(b"\n") + 1
    for _ in range(pick.randint(1, 4)):
        place = pick.randrange(header, len(found) + 1)
        cut = pick.choice((0, 0, 1, 12))
        found[place : place + cut] = pick.choice((b"", *NOISE))
    return bytes(found)


@pytest.mark.parametrize("name", HEADERS)
def test_each_line_is_read_or_refused(tmp_path, name):
    pick = random.Random(name)
    folder = write_version(tmp_path / "rome")
    path = next(folder.glob(f"unix_{name}_v*_utf8.csv"))
    raw = path.read_bytes()
    for _ in range(150):
        path.write_bytes(spoiled(raw, pick))
        files = {one: read_lines(folder, one) for one in COLUMNS}
        rome = understand(files)
        refused = Counter(problem.file for problem in rome.problems)
        kept = {
            "referentiel_code_rome": len(rome.entries),
            "referentiel_appellation": len(rome.titles),
            "rubrique_mobilite": len(rome.moves),
            "texte": rome.sentences,
            "referentiel_code_rome_riasec": sum(bool(one.letters) for one in rome.entries),
        }
        for one, count in kept.items():
            assert count + refused[next(folder.glob(f"unix_{one}_v*_utf8.csv")).name] == len(files[one]), path.read_bytes()


def test_a_header_that_is_not_there_is_said(tmp_path):
    folder = write_version(tmp_path / "rome")
    (folder / "unix_texte_v460_utf8.csv").write_bytes(b"")
    with pytest.raises(FolderUnreadable, match="n’a pas la colonne code_rome"):
        read_lines(folder, "texte")


@pytest.mark.parametrize(
    ("text", "number", "day"),
    [
        ("Numero de version : 60\nDate de publication : 18/09/2025", "60", "2025-09-18"),
        ("Numéro de version: 061", "61", "None"),
        ("numero de version : 7\ndate de publication : 99/99/2025", "7", "None"),
    ],
)
def test_the_version_is_read(text, number, day):
    found = version_of(text)
    assert (found.number, str(found.published_on)) == (number, day)


def test_a_text_without_a_number_is_no_version():
    assert version_of("ROME 4.0") is None
