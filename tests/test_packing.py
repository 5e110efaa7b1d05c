"""Answers are packed for the browsers that take it, and their length says nothing."""

import gzip

import pytest

PACKS = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture
def databases(sqlite_databases):
    return sqlite_databases


def test_a_page_is_packed_and_the_same(world):
    client = world.browser("agent").client
    plain, packed = client.get("/aide"), client.get("/aide", headers=PACKS)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    # Nobody keeps either: there is nothing to tell caches.
    assert "Vary" not in packed.headers
    assert "Vary" not in plain.headers
    assert len(packed.data) < len(plain.data) / 2
    # But for the token, which holds the second at which it was made.
    assert gzip.decompress(packed.data).splitlines()[1:20] == plain.data.splitlines()[1:20]
    assert int(packed.headers["Content-Length"]) == len(packed.data)


def test_the_length_of_a_page_is_not_twice_the_same(world):
    client = world.browser("anonymous").client
    lengths = [len(client.get("/sante", headers=PACKS).data) for _ in range(3)]
    assert len(set(lengths)) == 1, "too small to be packed, hence not blurred"
    lengths = [len(client.get("/donnees-personnelles", headers=PACKS).data) for _ in range(30)]
    assert len(set(lengths)) > 10
    assert max(lengths) - min(lengths) > 20


def test_what_is_packed_already_or_leaves_as_a_file_is_left_alone(world):
    client = world.browser("agent").client
    style = client.get(client.get("/").text.split('rel="stylesheet" href="')[1].split('"')[0], headers=PACKS)
    assert b"@layer" in gzip.decompress(style.data)
    answer = client.get(style.request.path, headers={"Accept-Encoding": "gzip;q=0"}, buffered=True)
    assert "Content-Encoding" not in answer.headers
    letters = client.get("/static-lib/atkinson/AtkinsonHyperlegible-Regular.ttf", headers=PACKS)
    assert "Accept-Encoding" in letters.headers["Vary"]
    assert gzip.decompress(letters.data)[:4] == b"\0\1\0\0", "no TrueType file"
    assert len(letters.data) < 32_000
    assert "immutable" in letters.headers["Cache-Control"]
    file = client.get(f"/mon-bilan/travail/fichiers/{world.home.agent_file.id}", headers=PACKS)
    assert file.status_code == 200
    assert "Content-Encoding" not in file.headers


def test_a_browser_that_refuses_gzip_gets_the_page_as_it_is(world):
    answer = world.browser("anonymous").client.get("/aide", headers={"Accept-Encoding": "gzip;q=0, identity"})
    assert "Content-Encoding" not in answer.headers
    assert "<h1>Aide</h1>" in answer.text
