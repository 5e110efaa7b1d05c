"""Every page that people reach by the links of the ones before, in a small and in a large network: which of them take longer.

The table (bench/table.py) says how long the pages that count take; this asks whether any page of anybody grows with the
work of the others. Each person begins at her first page; of the addresses that differ only by what they are about, one is
taken. Each is asked for in both databases, in turns, often enough for PostgreSQL to plan its queries without their values.
A page that grows is printed with its slowest query. A download may grow as its size does.

    PYTHONPATH=.:tests python -m bench.growth [--sizes 1000,100000] [--on sqlite,postgresql]
"""

import argparse
import html
import re
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from flask import Flask
from flask.testing import FlaskClient
from peewee import Database
from werkzeug.exceptions import HTTPException

from bench.journeys import sign_in
from bench.lines import OTHERS, World
from bench.sizes import PostgresSizes, SqliteSizes, grow, on_each
from bench.table import in_context
from bilan.database import database, keystore
from bilan.quality.actions import compute
from bilan.serving import leave_to_itself

# Both: on a machine that does something else too, a page of two milliseconds may well take three.
GROWTH, MILLISECONDS = 1.5, 2.0
# PostgreSQL's client prepares a query at its fifth time; five times later the server plans it without its values.
WARMING, ROUNDS = 11, 9
PEOPLE = ("conseil", "agent1", *OTHERS)
LINK = re.compile(r'(?:href|hx-get)="(/[^"]*)"')
Key = tuple[str, tuple[str, ...]]


class Reached(NamedTuple):
    """A page as its reader reached it: its address, its size, how many queries it sends, whether it is saved and not shown."""

    path: str
    bytes: int
    queries: int
    saved: bool


def key_of(app: Flask, path: str) -> Key | None:
    """Return what an address is one of: its endpoint and the names of what it asks; None for what is no page."""
    path, _, query = path.partition("?")
    try:
        endpoint, _ = app.url_map.bind("localhost").match(path, method="GET")
    except HTTPException:
        return None
    return (
        None
        if endpoint in ("static", "pages.static_file")
        else (endpoint, tuple(sorted({part.partition("=")[0] for part in query.split("&") if part})))
    )


@contextmanager
def timing(one: Database) -> Iterator[list[tuple[float, str]]]:
    """Collect the queries of the block, each with its milliseconds."""
    heard: list[tuple[float, str]] = []
    send = one.execute_sql

    def execute_sql(sql: str, params: Any = None, *others: Any) -> Any:
        start = time.perf_counter()
        found = send(sql, params, *others)
        heard.append(((time.perf_counter() - start) * 1000, sql))
        return found

    one.execute_sql = execute_sql
    try:
        yield heard
    finally:
        del one.execute_sql


def reach(app: Flask, client: FlaskClient, one: Database) -> dict[Key, Reached]:
    """Follow every link from the first page; return the pages that answered."""
    found: dict[Key, Reached] = {}
    waiting, seen = ["/"], {None}
    while waiting:
        path = waiting.pop(0)
        key = key_of(app, path)
        if key in seen:
            continue
        seen.add(key)
        with timing(one) as heard:
            response = client.get(path, buffered=True)
        if response.status_code == 200:
            found[key] = Reached(path, len(response.data), len(heard), "attachment" in response.headers.get("Content-Disposition", ""))
        waiting += [
            html.unescape(link).partition("#")[0] for link in LINK.findall(response.text if response.mimetype == "text/html" else "")
        ]
        waiting += [response.location] if response.location else []
    return found


class Compared(NamedTuple):
    """The same page of a small and of a large network, and the milliseconds that each took."""

    key: Key
    first: Reached
    last: Reached
    before: float
    after: float

    @property
    def grows(self) -> bool:
        """Whether it takes longer than it may."""
        allowed = max(GROWTH, self.last.bytes / self.first.bytes) if self.last.saved else GROWTH
        return self.after >= allowed * self.before and self.after - self.before > MILLISECONDS


def compare(world: World, client: FlaskClient, databases: dict[int, Database]) -> list[Compared]:
    """Ask for every page of somebody in each database, in turns."""
    pages = {}
    for size, one in databases.items():
        world.use(one)
        pages[size] = reach(world.app, client, one)
    least, most = min(databases), max(databases)
    shared = [key for key in pages[least] if key in pages[most]]
    times: dict[tuple[int, Key], list[float]] = defaultdict(list)
    for _ in range(WARMING + ROUNDS):
        for size, one in databases.items():
            world.use(one)
            for key in shared:
                start = time.perf_counter()
                assert client.get(pages[size][key].path, buffered=True).status_code == 200, key
                times[size, key].append((time.perf_counter() - start) * 1000)
    median = {place: statistics.median(spent[WARMING:]) for place, spent in times.items()}
    return [Compared(key, pages[least][key], pages[most][key], median[least, key], median[most, key]) for key in shared]


def show(name: str, found: list[Compared]) -> None:
    """Print the pages of somebody."""
    print(f"\n{f'{name}, {len(found)} pages':44}{'ms before':>10}{'after':>8}{'growth':>8}{'queries':>9}{'bytes':>11}")
    for one in found:
        told = f"{one.key[0]}{'?' if one.key[1] else ''}{'&'.join(one.key[1])}"
        print(f"{told:44.44}{one.before:10.1f}{one.after:8.1f}{one.after / one.before:8.2f}{one.last.queries:9}{one.last.bytes:11,}")


def explain(world: World, client: FlaskClient, large: Database, one: Compared) -> str:
    """Return what a page that grows took, with its slowest query."""
    world.use(large)
    with timing(large) as heard:
        client.get(one.last.path, buffered=True)
    slowest, sql = max(heard)
    sizes = f"{one.first.bytes:,} → {one.last.bytes:,} bytes"
    return f"{one.last.path}: {one.before:.1f} → {one.after:.1f} ms, {sizes}; {slowest:.1f} ms of it: {sql}"


def run(kept: SqliteSizes | PostgresSizes, folder: str, sizes: list[int]) -> list[str]:
    """Measure one kind of database; return what is wrong."""
    world = World(folder, kept.addresses)
    # Who asks is signed in before the copies are made: each holds the sessions.
    clients = {name: sign_in(world.app, f"{name}@banc.example") for name in PEOPLE}
    databases = grow(kept, sizes, lambda: in_context(world, compute))
    own = database.obj
    leave_to_itself()
    print(f"\n# {kept.kind}")
    wrong = []
    for name, client in clients.items():
        found = compare(world, client, databases)
        show(name, found)
        large = databases[max(sizes)]
        wrong += [f"{kept.kind}, {name}, {explain(world, client, large, one)}" for one in found if one.grows]
    for one in (own, *databases.values(), keystore.obj):
        one.close_all()
    return wrong


def main() -> None:
    """Print the pages; end with those that grow."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1000,100000")
    parser.add_argument("--on", default="sqlite,postgresql")
    options = parser.parse_args()
    sizes = sorted(int(size) for size in options.sizes.split(","))
    sys.exit("\n".join(on_each(options.on, lambda kept, folder: run(kept, folder, sizes))) or None)


if __name__ == "__main__":
    main()
