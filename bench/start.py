"""How long a start lasts, and what it weighs: `python app.py` until it answers, beside a bare Flask on the same server.

Three starts in turns: an empty folder (every migration, the shipped catalogue), the same folder again, and the floor: Flask,
peewee and waitress with one view that asks SQLite one thing. Asked: less than two seconds for a folder that is there already.

    PYTHONPATH=.:tests python -m bench.start [--starts 10]
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import requests
from smtp_server import free_port

from bench.morning.service import resident

ROOT = Path(__file__).parents[1]
ASKED_SECONDS = 2
FLOOR = """
import os, waitress
from flask import Flask
from peewee import SqliteDatabase
app, database = Flask(__name__), SqliteDatabase(os.environ["BILAN_INSTANCE"] + "/floor.sqlite3")
app.add_url_rule("/sante", view_func=lambda: str(database.execute_sql("SELECT 1").fetchone()))
waitress.serve(app, host="127.0.0.1", port=int(os.environ["BILAN_PORT"]))
"""


def start(folder: Path, *words: str) -> tuple[float, float]:
    """Return the seconds until a server answers, and its megabytes then."""
    port = free_port()
    environment = {"PATH": os.environ["PATH"], "BILAN_PORT": str(port), "BILAN_INSTANCE": str(folder)}
    begun = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *words], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            while True:
                try:
                    if requests.get(f"http://127.0.0.1:{port}/sante", timeout=5).ok:
                        break
                except requests.RequestException:
                    time.sleep(0.01)
            return time.perf_counter() - begun, resident(process.pid)
        finally:
            process.kill()


def main() -> None:
    """Print the table; end with 1 when a start lasts too long."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--starts", type=int, default=10)
    options = parser.parse_args()
    took: dict[str, list[tuple[float, float]]] = {"an empty folder": [], "the same again": [], "the floor": []}
    for _ in range(options.starts):
        with tempfile.TemporaryDirectory() as name:
            took["an empty folder"].append(start(Path(name), "app.py"))
            took["the same again"].append(start(Path(name), "app.py"))
            took["the floor"].append(start(Path(name), "-c", FLOOR))
    print(f"{'':18}{'median s':>10}{'most':>8}{'MB':>8}")
    for kind, found in took.items():
        seconds = [one for one, _ in found]
        print(f"{kind:18}{statistics.median(seconds):10.2f}{max(seconds):8.2f}{statistics.median(size for _, size in found):8.0f}")
    again = statistics.median(seconds for seconds, _ in took["the same again"])
    if again >= ASKED_SECONDS:
        sys.exit(f"a start lasts {again:.2f} s (asked: less than {ASKED_SECONDS})")


if __name__ == "__main__":
    main()
