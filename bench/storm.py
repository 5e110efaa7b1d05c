"""Fifty thousand random requests: no 500, no confidential text before who may not read it, no write by who is refused.

The strategies and the three faults are those of tests/storm.py; a fresh copy of the populated world each thousand
requests, since some of them are permitted and change it. The same seed makes the same storm.

    PYTHONPATH=.:tests python -m bench.storm [--requests 50000] [--seed 1] [--weather full]
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

EACH = 1000
WEATHERS = {"fair": lambda _: contextlib.nullcontext(), "full": lambda _: full_disk(), "locked": locked}


def main():
    """Print the statuses and the faults; end with 1 when there is one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--weather", choices=WEATHERS, default="fair", help="or a full disk, or a locked database")
    asked = parser.parse_args()
    start, statuses, faults, sent = time.monotonic(), Counter(), [], 0
    with tempfile.TemporaryDirectory(dir=memory_folder()) as folder:
        worlds = Worlds(Path(folder))
        for number in itertools.count(asked.seed):
            storm = Storm(worlds.fresh())
            with WEATHERS[asked.weather](storm.world.app):
                found = storm.blow(EACH, seed=number)
            sent, statuses = sent + found.requests, statuses + found.statuses
            for one in found.found:
                print(f"seed {number}: {one}", flush=True)
            faults += found.found
            if sent >= asked.requests:
                break
        worlds.close()
    known = ", ".join(f"{status} × {count}" for status, count in sorted(statuses.items()))
    print(f"{sent} requests in {time.monotonic() - start:.0f} s ({known}); {len(faults)} faults")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
