"""A migration may run while the version before still serves: it adds, and takes away nothing that is still read or written.

Since version 1.0 (migration 0029). What is no longer needed goes a version later, in a migration that is listed here with
the version that stopped using it.
"""

import re

import pytest

from bilan.database import MIGRATIONS

FIRST_RELEASE = 29
TAKEN_AWAY: dict[str, str] = {}
BREAKING = {
    r"\b(drop_column|drop_table|rename_column|rename_table|alter_column_type|add_not_null)\b": "takes away or changes a column",
    r"\bDROP (TABLE|COLUMN)\b|\bRENAME (TO|COLUMN)\b|\bSET NOT NULL\b": "takes away or changes a column, in SQL",
    r"add_column\([^)]*Field\((?![^)]*(null=True|default=))": "adds a column that the version before does not fill",
}


def breaks(text):
    """Return what would stop the version before."""
    return [why for pattern, why in BREAKING.items() if re.search(pattern, text, re.IGNORECASE)]


def test_no_migration_stops_the_version_that_serves():
    later = [path for path in MIGRATIONS.glob("[0-9]*.py") if int(path.name[:4]) > FIRST_RELEASE and path.name not in TAKEN_AWAY]
    found = {path.name: breaks(path.read_text(encoding="utf-8")) for path in later}
    assert {name: why for name, why in found.items() if why} == {}


@pytest.mark.parametrize(
    "planted",
    [
        'operations = [migrator.drop_column("note", "text")]',
        'migrator.add_column("note", "length", IntegerField())',
        'database.execute_sql("ALTER TABLE note RENAME COLUMN text TO words")',
    ],
)
def test_a_planted_one_is_caught(planted):
    assert breaks(planted)


def test_what_adds_is_let_through():
    assert not breaks('migrator.add_column("note", "length", IntegerField(null=True))')
