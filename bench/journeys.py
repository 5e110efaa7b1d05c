"""Pages while the network grows, asked of databases of several sizes in turns: what some benchmarks share."""

import re
import secrets
import statistics
import time
from collections import defaultdict
from typing import NamedTuple

from flask import Flask
from flask.testing import FlaskClient
from peewee import Database

from bench.queries import listening
from bilan.database import database, keystore

SIZES = "1000,10000,100000"
GROWTH = 1.5
ROUNDS, WARMING = 20, 3
PASSWORD = secrets.token_urlsafe(12)
# A session that changes browsers is marked again at each request.
BROWSER = "banc"


class Page(NamedTuple):
    """A page that is measured: its name in the table, its address, the browser that asks for it."""

    name: str
    path: str
    client: FlaskClient


class Figures(NamedTuple):
    """What a page took."""

    queries: int
    p50: float
    p99: float
    bytes: int


def sign_in(app: Flask, email: str) -> FlaskClient:
    """Return a browser signed in through the form."""
    client = app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = BROWSER
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/connexion").text).group(1)
    fields = {"csrf_token": token, "email": email, "password": PASSWORD, "next": ""}
    assert client.post("/connexion", data=fields).status_code == 302
    return client


def measure(found: list[Page], databases: dict[int, Database], requests: int) -> dict[int, dict[str, Figures]]:
    """Ask for every page in each database, in turns: what else the machine does falls on all of them."""
    times: dict[tuple[int, str], list[float]] = defaultdict(list)
    asked: dict[tuple[int, str], tuple[int, int]] = {}
    for _ in range(ROUNDS):
        for size, one in databases.items():
            database.initialize(one)
            for page in found:
                with listening(one, keystore.obj) as heard:
                    response = page.client.get(page.path)
                assert response.status_code == 200, page
                asked[size, page.name] = len(heard), len(response.data)
                times[size, page.name] += [timed(page) for _ in range(-(-requests // ROUNDS) + WARMING)][WARMING:]
    tables: dict[int, dict[str, Figures]] = defaultdict(dict)
    for (size, name), spent in times.items():
        cuts = statistics.quantiles(spent, n=100)
        queries, length = asked[size, name]
        tables[size][name] = Figures(queries, cuts[49], cuts[98], length)
    return tables


def timed(page: Page) -> float:
    """Return the milliseconds that a page takes."""
    start = time.perf_counter()
    page.client.get(page.path)
    return (time.perf_counter() - start) * 1000


def show(tables: dict[int, dict[str, Figures]]) -> None:
    """Print the table of each size."""
    for size, table in tables.items():
        print(f"\n{f'{size:,} bilans':26}{'queries':>9}{'p50 ms':>9}{'p99 ms':>9}{'bytes':>9}")
        for name, one in table.items():
            print(f"{name:26}{one.queries:>9}{one.p50:>9.1f}{one.p99:>9.1f}{one.bytes:>9,}")


def report(tables: dict[int, dict[str, Figures]]) -> list[str]:
    """Print the growth of each page; return what is wrong, in sentences."""
    wrong, least, most = [], min(tables), max(tables)
    print(f"\n{f'from {least:,} to {most:,}':26}{'queries':>16}{'p50 ms':>16}{'growth':>8}")
    for name, first in tables[least].items():
        last = tables[most][name]
        growth = last.p50 / first.p50
        print(f"{name:26}{first.queries:>9} → {last.queries:<4}{first.p50:>9.1f} → {last.p50:<4.1f}{growth:>8.2f}")
        counts = {table[name].queries for table in tables.values()}
        if len(counts) > 1:
            wrong.append(f"{name}: the number of queries changes ({sorted(counts)}).")
        if growth >= GROWTH:
            wrong.append(f"{name}: the time grows by {growth:.2f} (asked: less than {GROWTH}).")
    return wrong
