"""The floor that a page is compared with asks what the page asks; one writes its SQL each time, the other has it written."""

import pytest
from peewee import BaseQuery

from bench.floor import Floor, recording, rendering
from bench.queries import listening
from bilan.database import database, keystore
from bilan.protection import limiter

PAGES = [("agent", "/mon-bilan"), ("counsellor", "/parcours"), ("secretariat", "/secretariat/prescriptions"), ("manager", "/qualite")]


@pytest.fixture(params=PAGES, ids=[path for _, path in PAGES])
def learned(world, request):
    """What a page asks, and what asks for each of its floors."""
    limiter.enabled = False
    name, path = request.param
    client = world.browser(name).client
    client.get(path)  # what is remembered is remembered
    own = asked(lambda: client.get(path))
    floor = Floor(world.app)
    with recording() as heard, rendering(world.app) as pages:
        body = client.get(path).data
    return own, floor.app.test_client(), floor.learn("page", heard, body, pages), body


def asked(send):
    with listening(database.obj) as main, listening(keystore.obj) as keys:
        assert send().status_code == 200
    return sorted(one.sql for one in [*main, *keys] if one.sql.startswith("SELECT"))


def test_each_floor_asks_what_the_page_asks(learned):
    own, client, addresses, body = learned
    assert len(addresses) == 3
    assert own
    for address in addresses:
        assert asked(lambda address=address: client.get(address)) == own
    bare, before, page = (client.get(address).data for address in addresses)
    assert bare == before == b"x" * len(body)
    assert b"<h1>" in page


def test_one_writes_its_sql_each_time_the_other_where_the_page_does(learned, monkeypatch):
    own, client, (bare, before, _), _ = learned
    written = []
    sql = BaseQuery.sql
    monkeypatch.setattr(BaseQuery, "sql", lambda query: written.append(query) or sql(query))
    counts = []
    for address in (bare, before):
        written.clear()
        client.get(address)
        counts.append(len(written))
    assert counts[0] > counts[1], "what signs somebody in, at least, is written once"
    assert counts[0] <= len(own)
