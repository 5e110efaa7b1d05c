"""Several first starts at once, on an empty database: each finds it ready, and it was made once."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).parent.parent
AT_ONCE = 3


@pytest.fixture
def environment(databases, tmp_path):
    urls = databases.create("first")
    yield {
        "PATH": os.environ["PATH"],
        "BILAN_INSTANCE": str(tmp_path / "instance"),
        "BILAN_DATABASE_URL": urls.main,
        "BILAN_KEYSTORE_URL": urls.keys,
    }
    databases.drop("first")


def test_several_first_starts_at_once(environment):
    command = [sys.executable, "-m", "flask", "--app", "app", "migrate"]
    starts = [subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(AT_ONCE)]
    said = [one.communicate(timeout=120) for one in starts]
    assert [one.returncode for one in starts] == [0] * AT_ONCE, "\n".join(error.decode()[-600:] for _, error in said)
    # The migrations are told by the one that has made them.
    assert sum("0001_foundation" in out.decode() for out, _ in said) == 1
    if environment["BILAN_DATABASE_URL"].startswith("postgresql"):
        with psycopg.connect(environment["BILAN_DATABASE_URL"]) as connection:
            assert connection.execute("SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory'").fetchone() == (0,)
