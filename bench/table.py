"""One table: what people wait for, each line beside its floor in the same run, in turns, while the network grows.

A line is asked through WSGI by a signed-in browser, packed as browsers ask; its floor (bench/floor.py) is a bare
Flask and peewee view that does the same reads and as many writes, with the same durability, and answers a constant.
Beside it, nobody is asked for them, are two harder ones: the same with its SQL written before wherever the product's is,
and the same again that also writes the page, by Jinja alone. The ratios are the floors' medians by the line's. The synthesis is set by the worker's own function beside xhtml2pdf alone, on the same finished HTML
(bench/synthesis.py also measures both in processes of their own, and while people write). An export may grow as its size does.

    PYTHONPATH=.:tests python -m bench.table [--sizes 1000,10000,100000] [--requests 200] [--on sqlite,postgresql] [--plans]
"""

import argparse
import statistics
import sys
from collections.abc import Callable
from typing import NamedTuple

from peewee import Database

from bench.journeys import SIZES
from bench.lines import EXPORT, FRAME, Line, World, timed
from bench.queries import listening, scans
from bench.sizes import PostgresSizes, SqliteSizes, grow, on_each
from bilan.database import connection, database, keystore
from bilan.quality.actions import compute
from bilan.serving import leave_to_itself

ROUNDS, WARMING = 20, 3
SAVE, PAGE, GROWTH = 0.7, 0.5, 1.5


class Took(NamedTuple):
    """What a line took at one size: its milliseconds and its floors', queries, bytes as sent."""

    own: list[float]
    floor: list[float]
    written_before: list[float]
    page: list[float]
    queries: int
    bytes: int


def measure(world: World, lines: dict[int, list[Line]], databases: dict[int, Database], requests: int) -> dict[int, dict[str, Took]]:
    """Send every line and its floor to each database, in turns: what else the machine does falls on all of them."""
    found: dict[int, dict[str, Took]] = {size: {} for size in databases}
    for _ in range(ROUNDS):
        for size, one in databases.items():
            world.use(one)
            one.connect(reuse_if_open=True)
            for line in lines[size]:
                with listening(one, keystore.obj) as heard:
                    status, body = line.send()
                assert status in (200, 302), (line.name, status)
                took = found[size].setdefault(line.name, Took([], [], [], [], len(heard), len(body)))
                times, warming = (1, 0) if line.slow else (requests // ROUNDS, WARMING)
                for sent, kept in zip((line.send, line.floor, line.written_before, line.page), took, strict=False):
                    kept.extend([timed(sent) for _ in range(times + warming)][warming:])
    return found


def show(found: dict[int, dict[str, Took]], kind: str) -> list[str]:
    """Print the table of each size, then the growth; return what is wrong, in sentences."""
    wrong = []
    for size, table in found.items():
        print(
            f"\n{f'{kind}, {size:,} bilans':32}{'p50 ms':>8}{'p99 ms':>8}{'per s':>8}{'queries':>9}{'bytes':>8}  floor: p50  ratio  SQL before  with page"
        )
        for name, took in table.items():
            cuts = statistics.quantiles(took.own, n=100)
            floor, before, page = (statistics.median(one) for one in (took.floor, took.written_before, took.page))
            ratio, asked = floor / cuts[49], SAVE if name == "answer save" else PAGE
            rate = 1000 / statistics.mean(took.own)
            print(
                f"{name:32}{cuts[49]:8.1f}{cuts[98]:8.1f}{rate:8.0f}{took.queries:9}{took.bytes:8,}"
                f"{floor:12.1f}{ratio:7.2f}{before / cuts[49]:12.2f}{page / cuts[49]:11.2f}"
            )
            if name != FRAME and ratio < asked:
                wrong.append(f"{kind}, {size:,}: {name} at {ratio:.2f} of its floor (asked: {asked})")
    least, most = min(found), max(found)
    if most > least:
        print(f"\ngrowth from {least:,} to {most:,}")
    for name, first in found[least].items():
        growth = statistics.median(found[most][name].own) / statistics.median(first.own)
        size = found[most][name].bytes / first.bytes
        if most > least:
            print(f"{name:32}{growth:8.2f}{f'   its size by {size:.2f}' if name == EXPORT else ''}")
        if growth >= (asked := max(size, GROWTH) if name == EXPORT else GROWTH):
            wrong.append(f"{kind}: {name} grows by {growth:.2f} (asked: less than {asked:.2f})")
    return wrong


def run(kept: SqliteSizes | PostgresSizes, folder: str, sizes: list[int], options: argparse.Namespace) -> list[str]:
    """Measure every line on one kind of database; return what is wrong."""
    world = World(folder, kept.addresses)
    # Who asks is signed in before the copies are made: each holds the sessions.
    sent, synthesis = list(world.lines()), world.synthesis()
    databases = grow(kept, sizes, lambda: in_context(world, compute))
    own = database.obj
    lines = {}
    for size, one in databases.items():
        world.use(one)
        lines[size] = [*world.with_floors(sent, size), synthesis]
    leave_to_itself()
    if options.plans:
        show_plans(lines[max(sizes)], databases[max(sizes)])
    wrong = show(measure(world, lines, databases, options.requests), kept.kind)
    for one in (own, *databases.values(), keystore.obj):
        one.close_all()
    return wrong


def in_context(world: World, work: Callable[[], object]) -> None:
    """Do something as the worker does."""
    with world.app.test_request_context():
        work()


def show_plans(lines: list[Line], one: Database) -> None:
    """Print the queries that read a growing table whole."""
    database.initialize(one)
    for line in lines:
        with listening(one) as heard:
            line.send()
        with connection():
            for scan in scans(one, heard):
                print(f"{line.name} reads {scan.table} whole: {scan.sql}")


def main() -> None:
    """Print the tables; end with what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=SIZES)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--on", default="sqlite,postgresql")
    parser.add_argument("--plans", action="store_true", help="print the queries that read a table whole")
    options = parser.parse_args()
    sizes = sorted(int(size) for size in options.sizes.split(","))
    sys.exit("\n".join(on_each(options.on, lambda kept, folder: run(kept, folder, sizes, options))) or None)


if __name__ == "__main__":
    main()
