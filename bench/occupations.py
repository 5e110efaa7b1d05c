"""The ROME imported and searched: how long, how much memory, what changes the second time, beside a bare sqlite3.

A fresh database; the import in a process of its own, as the command runs it, then again; then
200 searches as people type them, beginnings of words and several words, the page's two
statements each; the floor is the same SELECT, already written, on a bare sqlite3 connection, in turns.

    BILAN_ROME_DIR=… python bench/occupations.py [--searches 200]

On PostgreSQL too, when BILAN_TEST_POSTGRES_URL says where, or a local initdb is there.
"""

import argparse
import os
import random
import re
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from peewee import SqliteDatabase

from bench.queries import listening
from bilan import create_app
from bilan.database import connection, database, keystore
from bilan.occupations.models import Occupation, OccupationMove, OccupationTitle
from bilan.occupations.rules import Wanted
from bilan.settings import load
from tests.databases import PostgresDatabases, PostgresMissing

ROOT = Path(__file__).parents[1]

FOLDER = Path(os.environ.get("BILAN_ROME_DIR") or ROOT.parent / "shared" / "data" / "rome_v460")
SECONDS, MEGABYTES, MEDIAN = 60, 300, 30
TYPED = (
    *("jardinier", "jardiniere", "espaces verts", "cantine", "aide cuisine", "cuisinier", "atsem", "ecole maternelle", "agent accueil"),
    *("etat civil", "secretaire", "secretaire mairie", "comptable", "marches", "paie", "ressources humaines", "informatique", "reseau"),
    *("electricien", "plombier", "macon", "peintre", "menuisier", "voirie", "routes", "conducteur", "chauffeur", "mecanicien"),
    *("dechets", "proprete", "eau potable", "assainissement", "police municipale", "mediateur", "educateur", "assistant social"),
    *("aide a domicile", "aide soignant", "infirmier", "creche", "petite enfance", "animateur", "sport", "maitre nageur", "musique"),
    *("bibliothecaire", "archives", "musee", "spectacle", "communication", "urbanisme", "environnement", "directeur", "responsable"),
)


class Imported(NamedTuple):
    """What an import took, and what it says."""

    seconds: float
    megabytes: float
    said: str


def imports(settings: dict[str, str]) -> Imported:
    """Import the folder in a process of its own."""
    start = time.monotonic()
    command = [sys.executable, "-m", "flask", "--app", "app", "import-rome", str(FOLDER)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, check=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Imported(time.monotonic() - start, peak, done.stdout)


def searches(count: int) -> list[Wanted]:
    """Return searches as they are typed: a word grows letter by letter, with a filter now and then."""
    pick, found = random.Random(1), []
    while len(found) < count:
        text = pick.choice(TYPED)
        for end in sorted({min(len(text), pick.randint(2, 5)), pick.randint(2, len(text)), len(text)}):
            letters = pick.choice(("", "", "", "R", "S"))
            found.append(Wanted(text[:end], letters=letters, territorial=pick.random() < 0.2))
    return found[:count]


def milliseconds(work: object) -> float:
    """Return how long this takes."""
    start = time.perf_counter()
    work()  # type: ignore[operator]
    return (time.perf_counter() - start) * 1000


def page(wanted: Wanted) -> None:
    """Ask what the page asks: how many there are, and the first twenty."""
    query = Occupation.matching(wanted)
    query.select(Occupation.id).order_by().count()
    list(query.paginate(1, 20))


def floor(bare: sqlite3.Connection, wanted: Wanted) -> float:
    """Return how long the same two statements take without peewee."""
    with listening(database.obj) as heard:
        page(wanted)
    return milliseconds(lambda: [bare.execute(sql, [_plain(one) for one in values or ()]).fetchall() for sql, values in heard])


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bytes | type(None)) else str(value)


def measure(settings: dict[str, str], count: int) -> list[str]:
    """Import twice, search, print; return what is wrong, in sentences."""
    first, second = imports(settings), imports(settings)
    print(first.said)
    print(f"import: {first.seconds:.1f} s, {first.megabytes:.0f} MB at most; again: {second.seconds:.1f} s")
    wrong = [] if "Rien ne change." in second.said else ["The second import changes something."]
    wrong += [f"The import takes {first.seconds:.0f} s."] if first.seconds >= SECONDS else []
    wrong += [f"The import takes {first.megabytes:.0f} MB."] if first.megabytes >= MEGABYTES else []
    app = create_app(load(settings))
    with app.app_context(), connection():
        print(
            f"{Occupation.select().count():,} occupations, {OccupationTitle.select().count():,} titles, {OccupationMove.select().count():,} moves"
        )
        asked = searches(count)
        page(asked[0])
        times = [milliseconds(lambda one=one: page(one)) for one in asked]
        cuts = statistics.quantiles(times, n=100)
        print(f"{len(times)} searches: median {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms")
        if isinstance(database.obj, SqliteDatabase):
            with sqlite3.connect(settings["BILAN_DATABASE_URL"].removeprefix("sqlite:///")) as bare:
                base = statistics.median(floor(bare, one) for one in asked)
            print(f"floor, bare sqlite3: median {base:.1f} ms; ratio {cuts[49] / base:.2f}")
        wrong += [f"A search takes {cuts[49]:.0f} ms."] if cuts[49] >= MEDIAN else []
    for one in (database.obj, keystore.obj):
        one.close_all()
    return wrong


def main() -> None:
    """Measure on SQLite, then on PostgreSQL when there is one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--searches", type=int, default=200)
    options = parser.parse_args()
    if not FOLDER.is_dir():
        print("Not measured: the ROME files are not here, BILAN_ROME_DIR says where they are.")
        return
    wrong = []
    with tempfile.TemporaryDirectory() as name:
        base = {"BILAN_INSTANCE": name, "BILAN_WORKER": "separate", "BILAN_BASE_URL": "http://localhost"}
        keys = {"BILAN_KEYSTORE_URL": f"sqlite:///{name}/keys.db"}
        print("SQLite\n")
        wrong += measure(base | keys | {"BILAN_DATABASE_URL": f"sqlite:///{name}/bilan.db"}, options.searches)
        try:
            server = PostgresDatabases()
        except PostgresMissing as missing:
            print(f"\nPostgreSQL: not measured, {missing}")
        else:
            print("\nPostgreSQL\n")
            url = server.create("bench").main
            wrong += measure(
                base | keys | {"BILAN_KEYSTORE_URL": f"sqlite:///{name}/keys-2.db", "BILAN_DATABASE_URL": url}, options.searches
            )
            server.drop("bench")
            server.stop()
    sys.exit("\n".join(re.sub(r"\s+", " ", one) for one in wrong) or None)


if __name__ == "__main__":
    main()
