"""The pages of a bilan while the network grows: the same number of queries, nearly the same time.

One counsellor follows 30 open bilans; around her the database grows from 1,000 to 100,000 bilans
of others (bench/network.py); a copy of the file is kept at each size, and the pages are asked of all
of them in turns, through the WSGI client with a signed-in session. The first line is
a page that reads no bilan: it says how much the machine itself has drifted.

    python bench/journeys.py [--sizes 1000,10000,100000] [--requests 200] [--plans]
"""

import argparse
import re
import secrets
import shutil
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from peewee import Database

from bench.network import FOLLOWED, Measured, Others
from bench.queries import listening, scans
from bilan import create_app
from bilan.database import connection, database, keystore, now, open_database
from bilan.preparation import prepare
from bilan.settings import load

SIZES = "1000,10000,100000"
GROWTH = 1.5
ROUNDS, WARMING = 20, 3
PASSWORD = secrets.token_urlsafe(12)


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
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/connexion").text).group(1)
    fields = {"csrf_token": token, "email": email, "password": PASSWORD, "next": ""}
    assert client.post("/connexion", data=fields).status_code == 302
    return client


def pages(app: Flask, measured: Measured) -> list[Page]:
    """Return the pages to measure."""
    hers, his = sign_in(app, measured.counsellor.email), sign_in(app, measured.agent.email)
    return [
        Page("display settings (drift)", "/affichage", hers),
        Page("the counsellor's home", "/parcours", hers),
        Page("the agent's home", "/mon-bilan", his),
        Page("one bilan", f"/parcours/{measured.journey.id}", hers),
        Page("one session", f"/parcours/entretiens/{measured.interview.id}", hers),
    ]


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


def show_plans(found: list[Page]) -> None:
    """Print the queries that read a growing table whole."""
    for page in found:
        with listening(database.obj) as heard:
            page.client.get(page.path)
        with connection():
            for scan in scans(database.obj, heard):
                print(f"{page.name} reads {scan.table} whole: {scan.sql}")


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


def grow(app: Flask, sizes: list[int], folder: Path) -> dict[int, Database]:
    """Grow the application's database step by step; return it with the copies kept of it on the way."""
    address = app.config["BILAN"].database_url
    source = Path(address.removeprefix("sqlite:///"))
    others, databases = Others(address, now()), {}
    database.obj.close_all()
    for size in sizes:
        start = time.monotonic()
        others.grow(size - FOLLOWED)
        copy = folder / f"{size}.db" if size != sizes[-1] else source
        if copy != source:
            shutil.copyfile(source, copy)
        databases[size] = open_database(f"sqlite:///{copy}")
        print(f"{size:>9,} bilans: {source.stat().st_size / 1e6:,.0f} MB, written in {time.monotonic() - start:.0f} s", flush=True)
    return databases


def main() -> None:
    """Print a table for each size, then the growth."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=SIZES)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--plans", action="store_true", help="print the queries that read a table whole")
    options = parser.parse_args()
    sizes = sorted(int(size) for size in options.sizes.split(","))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = create_app(load({"BILAN_INSTANCE": name, "BILAN_WORKER": "separate", "BILAN_BASE_URL": "http://localhost"}))
        with app.test_request_context():
            prepare()
            with connection():
                measured = Measured(hash_password(PASSWORD))
        found = pages(app, measured)
        own, databases = database.obj, grow(app, sizes, folder)
        tables = measure(found, databases, options.requests)
        show(tables)
        if options.plans:
            show_plans(found)
        wrong = report(tables)
        for one in (own, *databases.values(), keystore.obj):
            one.close_all()
    sys.exit("\n".join(wrong) or None)


if __name__ == "__main__":
    main()
