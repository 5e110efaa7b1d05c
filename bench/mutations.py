"""Every check of permissions.py, of its predicates and of its loaders taken away, one at a time: the table of the rights must notice each.

In each grant, each predicate of each alternative is left out in turn (an alternative of one predicate lets in whoever
has an account); then the walk of tests/guarantees/test_permissions.py is made on the endpoints of that permission, on
a fresh world, until it differs from the table, then on the states of tests/edges.py. The checks of `requires` and `deny_by_default` are taken out of a copy of the source, and the tests
themselves are run on it, and so are those of each condition of a loader that finds less than its identifier says.
Inside the predicates, each condition is left out and each answer made yes or no: tests/guarantees/test_predicates.py
is asked. A mutant that nothing notices survives: it is printed, and the run ends with 1.

    PYTHONPATH=.:tests python -m bench.mutations [--only read_journey]
"""

import argparse
import ast
import itertools
import shutil
import subprocess
import sys
import tempfile
import time
import types
from pathlib import Path
from typing import NamedTuple

import pytest

pytest.register_assert_rewrite("client")

from application import build_app, close_app  # noqa: E402
from databases import SqliteDatabases, memory_folder  # noqa: E402
from edges import EDGES  # noqa: E402
from guarantees.test_permissions import differences, edge_differences  # noqa: E402
from guarantees.test_predicates import wrong  # noqa: E402
from rights import TABLE  # noqa: E402
from world import populate  # noqa: E402

from bilan.permissions import GRANTS, Grant, Permission  # noqa: E402
from bilan.predicates import is_signed_in  # noqa: E402
from bilan.preparation import prepare  # noqa: E402
from bilan.protection import limiter  # noqa: E402

ROOT = Path(__file__).parents[1]


class Change(NamedTuple):
    """A line of a source made another, and the tests that look at it: their folders or files, and their names."""

    path: str
    old: str
    new: str
    tests: str
    names: str = ""


_WALK = "tests/guarantees/test_permissions.py tests/guarantees/test_bad_addresses.py"
_LOADED = "tests/guarantees/test_loaders.py"
_DENIED = "            if subject is None or not grant.allows(person, subject):\n"
# Checks that no grant holds.
CHECKS = (
    Change("permissions.py", "            if not person.is_authenticated:\n", "            if False:\n", _WALK, "to_sign_in or reads_what"),
    Change("permissions.py", "                if not grant.allows(person, None):\n", "                if False:\n", _WALK, "reads_what"),
    Change("permissions.py", _DENIED, "            if subject is None:\n", _WALK, "reads_what"),
    Change("permissions.py", _DENIED, "            if not grant.allows(person, subject):\n", _WALK, "is_not_found"),
    Change(
        "permissions.py",
        "    if request.endpoint and not is_declared(current_app, request.endpoint):\n",
        "    if False:\n",
        _WALK,
        "declares_nothing",
    ),
    Change("permissions.py", "return any(all(predicate", "return any(any(predicate", _WALK, "reads_what"),
)
# What the loaders leave out, beside what is not there.
LOADERS = (
    Change(
        "prescriptions/models.py",
        "facing(cls.wishes, cls.delay_note)",
        "facing(cls.delay_note)",
        _LOADED,
    ),
    Change(
        "prescriptions/models.py",
        "facing(cls.wishes, cls.delay_note)",
        "facing(cls.wishes)",
        _LOADED,
    ),
    Change(
        "prescriptions/models.py",
        "facing(cls.request, cls.wishes)",
        "facing(cls.wishes)",
        _LOADED,
    ),
    Change(
        "prescriptions/models.py",
        "facing(cls.request, cls.wishes)",
        "facing(cls.request)",
        _LOADED,
    ),
    Change("verbatims/models.py", " if found and (found.survey, found.quarter) in readable() else None", "", _LOADED),
    Change(
        "privacy/models.py",
        "cls.id == certificate_id, ~cls.completed_at.is_null()",
        "cls.id == certificate_id",
        _LOADED,
    ),
    Change(
        "adaptations/models.py",
        "        if not self.is_open:\n            self.needs",
        "        if False:\n            self.needs",
        _LOADED,
    ),
    Change("adaptations/models.py", 'self.words if self.shows_words else ""', "self.words", _LOADED),
    Change("adaptations/models.py", " if self.shows_name else NOBODY", "", _LOADED),
    Change("confirmations/models.py", "cls.outcome.is_null(), cls.created_at", "cls.created_at", _LOADED),
    Change("confirmations/models.py", " cls.created_at > now() - LIFE,", "", _LOADED),
    Change("confirmations/models.py", " - LIFE, asker.active)", " - LIFE)", _LOADED),
    Change("complaints/models.py", "on=(Email.subject_id == cls.id))", "on=(Email.id == cls.id))", _LOADED),
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


def noticed_in_source(change):
    """Whether the tests fail on a copy of the source where this line is another."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "bilan"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv", "instance", "docs", "__pycache__", ".*_cache"))
        path = copy / "bilan" / change.path
        source = path.read_text(encoding="utf-8")
        if change.old not in source:
            sys.exit(f"{change.path} has changed: {change.old.strip()!r} is not there any more")
        path.write_text(source.replace(change.old, change.new), encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-x",
            "-n",
            "0",
            "-p",
            "no:cacheprovider",
            "-m",
            "not postgres",
            "-k",
            change.names,
        ]
        ran = subprocess.run([*command, *change.tests.split()], cwd=copy, capture_output=True, check=False)
        return ran.returncode == 1


def other_predicates():
    """Yield the source of predicates.py without one of its conditions: what was changed, in words, and the whole text."""
    source = (ROOT / "bilan/predicates.py").read_text(encoding="utf-8")
    for function in ast.parse(source).body:
        if not isinstance(function, ast.FunctionDef) or not function.name.startswith("is_"):
            continue
        for node in ast.walk(function):
            for words, new in changes_of(node):
                old = ast.get_source_segment(source, node)
                start = sum(len(line) for line in source.splitlines(keepends=True)[: node.lineno - 1])
                start += len(source.splitlines()[node.lineno - 1].encode()[: node.col_offset].decode())
                assert source[start:].startswith(old)
                yield f"{function.name}: {words}", source[:start] + new + source[start + len(old) :]


def changes_of(node):
    """Yield what may stand in the place of a piece of a predicate: in words, and as source."""
    if isinstance(node, ast.BoolOp):
        word = " and " if isinstance(node.op, ast.And) else " or "
        for left_out, one in enumerate(node.values):
            kept = [ast.unparse(value) for rank, value in enumerate(node.values) if rank != left_out]
            yield f"without {ast.unparse(one)}", f"({word.join(kept)})"
    if isinstance(node, ast.Tuple):
        for left_out, one in enumerate(node.elts):
            kept = [ast.unparse(value) for rank, value in enumerate(node.elts) if rank != left_out]
            yield f"without {ast.unparse(one)}", f"({', '.join(kept)},)"
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not left out", ast.unparse(node.operand)
    if isinstance(node, ast.Return) and not isinstance(node.value, ast.Constant):
        yield "always yes", "return True"
        yield "always no", "return False"


def noticed_in_table(source):
    """Whether the table of the predicates says otherwise than this source of theirs."""
    module = types.ModuleType("other_predicates")
    exec(compile(source, "other_predicates", "exec"), module.__dict__)  # noqa: S102 -- our own source, a condition less
    return bool(wrong(module))


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
        for words, source in other_predicates():
            tried += 1
            if not noticed_in_table(source):
                survivors.append(words)
                print(f"survives: {words}", flush=True)
        for change in (*CHECKS, *LOADERS):
            tried += 1
            if not noticed_in_source(change):
                survivors.append(f"{change.path}: {change.old.strip()} → {change.new.strip()}")
                print(f"survives: {survivors[-1]}", flush=True)
    print(f"{tried} mutants, {len(survivors)} survivors, {time.monotonic() - start:.0f} s")
    return bool(survivors)


if __name__ == "__main__":
    sys.exit(main())
