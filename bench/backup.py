"""A backup made while people write: what was acknowledged before it began is in the copy that is restored, and the copy is whole.

The server is the real process on an instance folder of its own; four tabs save the note of a meeting as fast as it
answers. Meanwhile `flask backup` runs in another process; the copy is restored into a folder of its own, with the keys
that were put beside it, checked by the database itself, and each save that had been acknowledged before the command
began is looked for in it, by its number and its text.

    python bench/backup.py [--seconds 3] [--times 3]
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

from bench.kills import ROOT, Save, Server, Tab, missing
from bilan import create_app
from bilan.database import connection, database, keystore
from bilan.settings import load


class Trial(NamedTuple):
    """What one backup under load gave."""

    saves_each_second: float
    before: list[Save]
    lost: list[Save]
    whole: bool
    backup_seconds: float
    restore_seconds: float


def command(settings: dict[str, str], *words: str) -> tuple[str, float]:
    """Run a command of the product; return what it said and how long it took."""
    start = time.monotonic()
    environment = {"PATH": os.environ["PATH"], **settings}
    ran = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise SystemExit(ran.stdout + ran.stderr)
    return ran.stdout, time.monotonic() - start


def look(settings: dict[str, str], saves: list[Save]) -> tuple[list[Save], bool]:
    """Return which saves a base does not hold, and whether the base says that it is whole."""
    create_app(load(settings))
    with connection():
        whole = [one.execute_sql("PRAGMA integrity_check").fetchone()[0] for one in (database, keystore)] == ["ok", "ok"]
    lost = missing(saves)
    for one in (database.obj, keystore.obj):
        one.close_all()
    return lost, whole


def attempt(server: Server, cookies: dict[str, str], folder: Path, seconds: float) -> Trial:
    """Back up under the saves of every tab, restore, and look for what was acknowledged before."""
    tabs = [Tab(server, cookies, meeting) for meeting in server.meetings]
    for tab in tabs:
        tab.open()
    threads = [threading.Thread(target=tab.write) for tab in tabs]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    before = [save for tab in tabs for save in list(tab.acknowledged)]
    said, spent = command(server.settings, "backup")
    after = sum(len(tab.acknowledged) for tab in tabs)
    for tab in tabs:
        tab.fault = "stop"
    for thread in threads:
        thread.join()
    file, keys = (Path(re.search(pattern, said)[1]) for pattern in (r"relue\s*: (.+?) \(", r"remplacée\s*: (.+)"))
    master = (Path(server.settings["BILAN_INSTANCE"]) / "master.keys").read_text().strip()
    elsewhere = {"BILAN_INSTANCE": str(folder), "BILAN_MASTER_KEYS": master, "BILAN_PORT": server.settings["BILAN_PORT"]}
    _, restored = command(elsewhere, "restore", str(file), "--keys", str(keys))
    lost, whole = look(elsewhere, before)
    return Trial((after - len(before)) / spent, before, lost, whole, spent, restored)


def main() -> None:
    """Print the table; end with a sentence when something is lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        server = Server(Path(name) / "instance")
        try:
            server.start()
            cookies = server.sign_in()
            found = [attempt(server, cookies, Path(name) / f"restored-{number}", options.seconds) for number in range(options.times)]
        finally:
            server.kill()
    print(f"{'saves/s meanwhile':>18}{'acknowledged before':>21}{'not in it':>11}{'whole':>7}{'backup s':>10}{'restore s':>11}")
    for one in found:
        print(
            f"{one.saves_each_second:>18.0f}{len(one.before):>21}{len(one.lost):>11}{'yes' if one.whole else 'NO':>7}"
            f"{one.backup_seconds:>10.1f}{one.restore_seconds:>11.1f}"
        )
    if any(one.lost or not one.whole for one in found):
        sys.exit("what was acknowledged is not in the backup")


if __name__ == "__main__":
    main()
