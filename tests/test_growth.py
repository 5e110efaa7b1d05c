"""The bench that follows every link finds the pages, and tells those that grow from those that do not."""

import pytest

from bench.growth import Compared, Reached, explain, key_of, reach
from bilan.database import database
from bilan.protection import limiter


def compared(before, after, *, size=1, saved=False):
    first = Reached("/parcours", 1_000, 3, saved)
    return Compared(("journeys.index", ()), first, first._replace(bytes=1_000 * size), before, after)


@pytest.mark.parametrize(
    ("one", "grows"),
    [
        (compared(10, 14), False),
        (compared(10, 15), True),
        (compared(1, 2.9), False),  # two milliseconds are noise
        (compared(10, 30, size=3), True),  # a page that is longer is a page that takes longer
        (compared(10, 29, size=3, saved=True), False),
        (compared(10, 30, size=3, saved=True), True),
    ],
)
def test_a_page_grows_when_it_takes_half_as_long_again_a_download_when_it_takes_longer_than_its_size(one, grows):
    assert one.grows is grows


def test_addresses_that_differ_by_what_they_are_about_are_one(app):
    one, other = (f"/parcours/{letter * 8}-aaaa-4aaa-8aaa-aaaaaaaaaaaa" for letter in "ab")
    assert key_of(app, one) == key_of(app, other) == ("journeys.show", ())
    assert key_of(app, "/parcours?q=a&etat=termines") == ("journeys.index", ("etat", "q"))
    assert key_of(app, "/static/bilan.css") is None
    assert key_of(app, "/rien") is None


@pytest.fixture
def databases(sqlite_databases):
    """SQLite alone: the bench itself runs on both."""
    return sqlite_databases


@pytest.mark.parametrize(("name", "there"), [("agent", "privacy.mine"), ("secretariat", "reception.index"), ("manager", "seals.index")])
def test_every_link_is_followed(world, name, there):
    limiter.enabled = False
    client = world.browser(name).client
    found = reach(world.app, client, database.obj)
    assert len(found) > 30
    assert found[there, ()].queries > 1


def test_what_is_saved_is_no_page(world):
    limiter.enabled = False
    found = reach(world.app, world.browser("manager").client, database.obj)
    assert {key[0] for key, one in found.items() if one.saved} >= {"treatment.export", "quality.export"}
    assert not found["treatment.index", ()].saved


def test_what_grows_is_explained_by_its_slowest_query(world):
    class Here:
        def use(self, one):
            database.initialize(one)

    line = explain(
        Here(), world.browser("secretariat").client, database.obj, compared(10, 20)._replace(last=Reached("/secretariat", 1, 1, False))
    )
    assert line.startswith("/secretariat: 10.0 → 20.0 ms, 1,000 → 1 bytes")
    assert "SELECT" in line
