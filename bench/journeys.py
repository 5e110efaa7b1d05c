"""The pages of a bilan while the network grows: the same number of queries, nearly the same time.

One counsellor follows 30 open bilans; around her the database grows from 1,000 to 100,000 bilans
of others (bench/network.py). Each page is asked through the WSGI client with a signed-in session.
The first line is a page that reads no bilan: it says how much the machine itself has drifted.

    python bench/journeys.py [--sizes 1000,10000,100000] [--requests 200] [--plans]
    BILAN_TEST_POSTGRES_URL=postgresql://… python bench/journeys.py     # on PostgreSQL
"""

import argparse
import os
import re
import secrets
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from network import FOLLOWED, Measured, Others
from queries import listening, scans

from bilan import create_app
from bilan.database import connection, database, keystore, now
from bilan.preparation import prepare
from bilan.settings import load

SIZES = "1000,10000,100000"
GROWTH = 1.5
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


def settings(folder: Path) -> dict[str, str]:
    """Return the settings of the product under test."""
    base = os.environ.get("BILAN_TEST_POSTGRES_URL")
    addresses = {"BILAN_DATABASE_URL": f"{base}/bilan_bench", "BILAN_KEYSTORE_URL": f"{base}/bilan_bench_keys"} if base else {}
    return {"BILAN_INSTANCE": str(folder), "BILAN_WORKER": "separate", "BILAN_BASE_URL": "http://localhost", **addresses}


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


def measure(page: Page, requests: int) -> Figures:
    """Ask for a page many times, after warming; count the queries of one of them."""
    for _ in range(10):
        assert page.client.get(page.path).status_code == 200
    with listening(database.obj, keystore.obj) as heard:
        size = len(page.client.get(page.path).data)
    times = []
    for _ in range(requests):
        start = time.perf_counter()
        page.client.get(page.path)
        times.append((time.perf_counter() - start) * 1000)
    cuts = statistics.quantiles(times, n=100)
    return Figures(len(heard), cuts[49], cuts[98], size)


def show_plans(found: list[Page]) -> None:
    """Print the queries that read a growing table whole."""
    for page in found:
        with listening(database.obj) as heard:
            page.client.get(page.path)
        with connection():
            for scan in scans(database.obj, heard):
                print(f"{page.name} reads {scan.table} whole: {scan.plan}\n    {scan.sql}")


def report(sizes: list[int], tables: list[dict[str, Figures]]) -> list[str]:
    """Print the growth of each page; return what is wrong, in sentences."""
    wrong = []
    print(f"\n{'':26}{'queries':>16}{'p50 ms':>16}{'growth':>8}")
    for name in tables[0]:
        first, last = tables[0][name], tables[-1][name]
        growth = last.p50 / first.p50
        print(f"{name:26}{first.queries:>9} → {last.queries:<4}{first.p50:>9.1f} → {last.p50:<4.1f}{growth:>8.2f}")
        counts = {table[name].queries for table in tables}
        if len(counts) > 1:
            wrong.append(f"{name}: the number of queries changes ({sorted(counts)}).")
        if growth >= GROWTH:
            wrong.append(f"{name}: the time grows by {growth:.2f} from {sizes[0]:,} to {sizes[-1]:,} bilans (asked: less than {GROWTH}).")
    return wrong


def main() -> None:
    """Grow the database step by step; print a table for each size, then the growth."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=SIZES)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--plans", action="store_true", help="at the last size, print the queries that read a table whole")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    with tempfile.TemporaryDirectory() as name:
        app = create_app(load(settings(Path(name))))
        with app.test_request_context():
            prepare()
            with connection():
                measured = Measured(hash_password(PASSWORD))
        address = app.config["BILAN"].database_url
        others = Others(address, now())
        found, tables = pages(app, measured), []
        for size in sizes:
            start = time.monotonic()
            others.grow(size - FOLLOWED)
            print(f"\n{size:,} bilans (written in {time.monotonic() - start:.0f} s)")
            print(f"{'':26}{'queries':>9}{'p50 ms':>9}{'p99 ms':>9}{'bytes':>9}")
            tables.append({page.name: measure(page, options.requests) for page in found})
            for page_name, one in tables[-1].items():
                print(f"{page_name:26}{one.queries:>9}{one.p50:>9.1f}{one.p99:>9.1f}{one.bytes:>9,}", flush=True)
        if options.plans:
            show_plans(found)
        wrong = report(sizes, tables)
        for one in (database.obj, keystore.obj):
            one.close_all()
    sys.exit("\n".join(wrong) or None)


if __name__ == "__main__":
    main()
