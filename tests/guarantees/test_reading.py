"""A GET writes nothing: every page is read by everybody while the database refuses to be written."""

import pytest
from client import Browser
from peewee import SqliteDatabase
from walk import every_get
from werkzeug.routing import Rule
from world import EVERYBODY

from bilan.database import database, keystore
from bilan.people.models import Employer
from bilan.permissions import public
from bilan.protection import limiter


def refuse_writes(app):
    """Make the connection of each request of this application read only."""

    def lock() -> None:
        for one in (database, keystore):
            sqlite = isinstance(one.obj, SqliteDatabase)
            one.execute_sql("PRAGMA query_only = ON" if sqlite else "SET default_transaction_read_only = on")

    app.before_request_funcs[None].insert(1, lock)


@pytest.mark.parametrize("name", EVERYBODY)
def test_no_page_writes(world, name):
    limiter.enabled = False
    addresses = every_get(world)
    refuse_writes(world.app)
    browser, faults = world.browser(name), []
    for address in addresses:
        response = browser.client.get(address.path, buffered=True)
        if response.status_code >= 500:
            faults.append(f"{address.endpoint} {address.state}: {response.status_code}")
    assert faults == []


def test_a_planted_page_that_writes_is_caught(app):
    app.url_map.add(Rule("/planted", endpoint="planted", methods=["GET"]))
    app.view_functions["planted"] = public(lambda: str(Employer.create(name="planted")))
    Browser(app).client.get("/planted")
    assert Employer.select().count() == 1
    refuse_writes(app)
    assert Browser(app).client.get("/planted").status_code >= 500
