"""The indicators while the network grows: the page that reads them, the night's work that computes them.

The databases are those of bench/sizes.py, with the answers of six in ten to the survey of the end. The
figures are computed in a process of its own at each size (seconds, peak memory), then the
manager's page and the published one are asked in turns.

    PYTHONPATH=. python bench/quality.py [--sizes 1000,10000,100000] [--requests 100]
"""

import argparse
import multiprocessing
import sys
import tempfile
import time
from pathlib import Path

from flask_security import hash_password

from bench.journeys import PASSWORD, SIZES, Page, measure, report, show, sign_in
from bench.network import Measured
from bench.sizes import SqliteSizes, grow
from bench.synthesis import peak
from bilan import create_app
from bilan.database import connection, database, keystore
from bilan.people.models import Person, Role
from bilan.preparation import prepare
from bilan.quality.actions import compute
from bilan.settings import load

MILLISECONDS = 300


def settings(folder: str, address: str = "") -> dict[str, str]:
    """Return the settings of the product under test."""
    found = {"BILAN_INSTANCE": folder, "BILAN_WORKER": "separate", "BILAN_BASE_URL": "http://localhost"}
    return {**found, "BILAN_DATABASE_URL": address} if address else found


def compute_apart(folder: str, address: str, kept: multiprocessing.SimpleQueue) -> None:
    """Compute the figures of one database."""
    app = create_app(load(settings(folder, address)))
    with app.test_request_context(), connection():
        before, start = peak(), time.perf_counter()
        years = compute()
        kept.put((len(years), time.perf_counter() - start, before, peak()))


def main() -> None:
    """Print the night's work, then the pages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=SIZES)
    parser.add_argument("--requests", type=int, default=100)
    options = parser.parse_args()
    sizes = sorted(int(size) for size in options.sizes.split(","))
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as name:
        app = create_app(load(settings(name)))
        with app.test_request_context():
            prepare()
            with connection():
                Measured(hash_password(PASSWORD))
                Person.create(email="qualite@banc.example", display_name="Qualité", role=Role.MANAGER, password=hash_password(PASSWORD))
        manager = sign_in(app, "qualite@banc.example")
        own, databases = database.obj, grow(SqliteSizes(Path(name)), sizes)
        print(f"\n{'computed at night':20}{'years':>7}{'seconds':>9}{'peak MB':>9}{'of which before':>17}")
        for size, one in databases.items():
            kept = spawn.SimpleQueue()
            process = spawn.Process(target=compute_apart, args=(name, f"sqlite:///{one.database}", kept))
            process.start()
            years, seconds, before, most = kept.get()
            process.join()
            print(f"{size:>20,}{years:>7}{seconds:>9.1f}{most:>9.0f}{before:>17.0f}")
        found = [Page("the indicators", "/qualite", manager), Page("the published ones", "/indicateurs", manager)]
        tables = measure(found, databases, options.requests)
        show(tables)
        wrong = report(tables)
        slowest = max(one.p50 for one in tables[max(sizes)].values())
        wrong += [f"{slowest:.0f} ms (asked: at most {MILLISECONDS})"] if slowest > MILLISECONDS else []
        for one in (own, *databases.values(), keystore.obj):
            one.close_all()
    sys.exit("\n".join(wrong) or None)


if __name__ == "__main__":
    main()
