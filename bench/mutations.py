"""Every check of permissions.py taken away, one at a time: the table of the rights must notice each.

In each grant, each predicate of each alternative is left out in turn (an alternative of one predicate lets in whoever
has an account); then the walk of tests/guarantees/test_permissions.py is made on the endpoints of that permission, on
a fresh world, until it differs from the table, then on the states of tests/edges.py. The checks of `requires` and `deny_by_default` are taken out of a copy of the source, and the tests
themselves are run on it. A mutant that nothing notices survives: it is printed, and the run ends with 1.

    PYTHONPATH=.:tests python -m bench.mutations [--only read_journey]
"""

import argparse
import itertools
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import pytest

pytest.register_assert_rewrite("client")

from application import build_app, close_app  # noqa: E402
from databases import SqliteDatabases, memory_folder  # noqa: E402
from edges import EDGES  # noqa: E402
from guarantees.test_permissions import differences, edge_differences  # noqa: E402
from rights import TABLE  # noqa: E402
from world import populate  # noqa: E402

from bilan.permissions import GRANTS, Grant, Permission  # noqa: E402
from bilan.predicates import is_signed_in  # noqa: E402
from bilan.preparation import prepare  # noqa: E402
from bilan.protection import limiter  # noqa: E402

ROOT = Path(__file__).parents[1]
# Checks that no grant holds: what stands in the source, what is put there instead, the tests that look at it.
SOURCE = (
    ("            if not person.is_authenticated:\n", "            if False:\n", "to_sign_in or reads_what"),
    ("                if not grant.allows(person, None):\n", "                if False:\n", "reads_what"),
    ("            if subject is None or not grant.allows(person, subject):\n", "            if subject is None:\n", "reads_what"),
    (
        "            if subject is None or not grant.allows(person, subject):\n",
        "            if not grant.allows(person, subject):\n",
        "is_not_found",
    ),
    ("    if request.endpoint and not is_declared(current_app, request.endpoint):\n", "    if False:\n", "declares_nothing"),
    ("return any(all(predicate", "return any(any(predicate", "reads_what"),
)


class Mutant(NamedTuple):
    """A grant without one of its checks."""

    permission: Permission
    words: str
    grant: Grant


def mutants(only):
    """Yield every grant without one of its predicates."""
    for permission, grant in GRANTS.items():
        if only and permission.value != only:
            continue
        for place, every in enumerate(grant.any_of):
            for left_out in range(len(every)):
                if every[left_out] is is_signed_in:  # says yes to all: without it nothing changes
                    continue
                kept = every[:left_out] + every[left_out + 1 :]
                alternatives = (*grant.any_of[:place], kept, *grant.any_of[place + 1 :])
                words = " and ".join(f"[{one.__name__}]" if n == left_out else one.__name__ for n, one in enumerate(every))
                yield Mutant(permission, words, Grant(alternatives, grant.load))


class Worlds:
    """Fresh copies of the populated world, each closed when the next is asked for."""

    def __init__(self, folder):
        self.databases, self.folder, self.numbers, self.app = SqliteDatabases(folder), folder, itertools.count(), None
        app = build_app(self.databases.create("world"), folder / "instance")
        prepare()
        self.world = populate(app)
        self.endpoints = {}
        for endpoint, method in TABLE:
            permission = getattr(app.view_functions[endpoint], "permission", None)
            self.endpoints.setdefault(permission, []).append((endpoint, method))
        close_app(app)

    def fresh(self):
        """Return the world on a copy that nothing has written to."""
        self.close()
        self.name = f"w{next(self.numbers)}"
        self.app = self.world.app = build_app(self.databases.copy("world", self.name), self.folder / "instance")
        self.app.logger.disabled = True  # a view that a mutant breaks is noticed, not printed
        limiter.enabled = False
        return self.world

    def close(self):
        """Close the copy and delete it."""
        if self.app:
            close_app(self.app)
            self.databases.drop(self.name)


def noticed(mutant, worlds):
    """Return what the walk says of the mutant, "" when it says nothing: reading first, which needs one world."""
    asked = sorted(worlds.endpoints.get(mutant.permission, []), key=lambda one: one[1])
    kept, GRANTS[mutant.permission] = GRANTS[mutant.permission], mutant.grant
    world = None
    try:
        for endpoint, method in asked:
            world = worlds.fresh() if world is None or method == "POST" else world
            found = differences(world, TABLE, endpoint, method, fragment=False)
            if found:
                return found[0]
        for edge in EDGES:
            cells = [cell for cell in asked if cell in edge.table]
            found = edge_differences(worlds.fresh(), edge, cells) if cells else []
            if found:
                return found[0]
    except Exception as error:  # noqa: BLE001 -- an object that the check would have kept away breaks the view: it is noticed
        return f"{type(error).__name__}: {error}"
    finally:
        GRANTS[mutant.permission] = kept
    return ""


def noticed_in_source(old, new, tests):
    """Whether the tests fail on a copy of the source where this line is another."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "bilan"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv", "instance", "docs", "__pycache__", ".*_cache"))
        path = copy / "bilan/permissions.py"
        source = path.read_text(encoding="utf-8")
        if old not in source:
            sys.exit(f"permissions.py has changed: {old.strip()!r} is not there any more")
        path.write_text(source.replace(old, new), encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", "not postgres", "-k", tests]
        ran = subprocess.run(
            [*command, "tests/guarantees/test_permissions.py", "tests/guarantees/test_bad_addresses.py"],
            cwd=copy,
            capture_output=True,
            check=False,
        )
        return ran.returncode == 1


def main():
    """Print the survivors, and how many were tried."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="one permission")
    asked = parser.parse_args()
    start, survivors, tried = time.monotonic(), [], 0
    with tempfile.TemporaryDirectory(dir=memory_folder()) as folder:
        worlds = Worlds(Path(folder))
        for one in mutants(asked.only):
            tried += 1
            if not noticed(one, worlds):
                survivors.append(f"{one.permission.value}: {one.words}")
                print(f"survives: {survivors[-1]}", flush=True)
        worlds.close()
    if not asked.only:
        for old, new, tests in SOURCE:
            tried += 1
            if not noticed_in_source(old, new, tests):
                survivors.append(f"{old.strip()} → {new.strip()}")
                print(f"survives: {survivors[-1]}", flush=True)
    print(f"{tried} mutants, {len(survivors)} survivors, {time.monotonic() - start:.0f} s")
    return bool(survivors)


if __name__ == "__main__":
    sys.exit(main())
