"""Fifty thousand random requests in each weather (fair, a full disk, a locked database): no 500, no confidential text before who may not read it, no write by who is refused.

The strategies and the three faults are those of tests/storm.py; a fresh copy of the populated world each thousand
requests, since some of them are permitted and change it. The same seed makes the same storm.

    PYTHONPATH=.:tests python -m bench.storm [--requests 50000] [--seed 1] [--weather fair,full,locked]
"""

import argparse
import contextlib
import itertools
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest

pytest.register_assert_rewrite("client")

from databases import memory_folder  # noqa: E402
from storm import Storm, full_disk, locked  # noqa: E402

from bench.mutations import Worlds  # noqa: E402
from bilan.access.models import OpenSession  # noqa: E402
from bilan.database import now  # noqa: E402

EACH = 1000
WEATHERS = {"fair": lambda _: contextlib.nullcontext(), "full": lambda _: full_disk(), "locked": locked}


def used_lately(world):
    """Return the world with its sessions just used: older than ten minutes, the first request of each writes that it is used again."""
    with world.app.test_request_context():
        OpenSession.update(seen_at=now()).execute()
    return world


def blow(weather, asked, worlds):
    """Send the storm in one weather, print what it met and return its faults."""
    start, statuses, faults, sent = time.monotonic(), Counter(), [], 0
    for number in itertools.count(asked.seed):
        storm = Storm(used_lately(worlds.fresh()))
        with WEATHERS[weather](storm.world.app):
            found = storm.blow(EACH, seed=number)
        sent, statuses = sent + found.requests, statuses + found.statuses
        for one in found.found:
            print(f"{weather}, seed {number}: {one}", flush=True)
        faults += found.found
        if sent >= asked.requests:
            break
    known = ", ".join(f"{status} × {count}" for status, count in sorted(statuses.items()))
    print(f"{weather}: {sent} requests in {time.monotonic() - start:.0f} s ({known}); {len(faults)} faults", flush=True)
    return faults


def main():
    """Print the statuses and the faults of each weather; end with 1 when there is one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=50_000, help="in each weather")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--weather", default=",".join(WEATHERS), help="a full disk, a locked database")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=memory_folder()) as folder:
        worlds = Worlds(Path(folder))
        faults = [one for weather in asked.weather.split(",") for one in blow(weather, asked, worlds)]
        worlds.close()
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
