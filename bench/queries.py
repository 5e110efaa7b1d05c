"""What a page asks of the database: its queries, as they are sent, and how the database means to answer them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from peewee import Database, SqliteDatabase

# The tables that grow with every bilan: a page that reads one of them whole is slower each year.
GROWING = (
    "answer",
    "assignment",
    "assignment_comment",
    "attachment",
    "diagnostic",
    "interruption",
    "interview",
    "journal_entry",
    "journey",
    "message",
    "midway_review",
    "note",
    "objectives_touched",
    "passation",
    "person",
    "prescription",
    "referral",
    "slot",
    "suspension",
)


class Query(NamedTuple):
    """One statement and its values."""

    sql: str
    values: Any


class Scan(NamedTuple):
    """A table that a query reads whole, and the line of the plan that says so."""

    table: str
    plan: str
    sql: str


@contextmanager
def listening(*databases: Database) -> Iterator[list[Query]]:
    """Collect the queries that these databases are sent during the block."""
    heard: list[Query] = []

    def listen(database: Database) -> None:
        send = database.execute_sql

        def execute_sql(sql: str, params: Any = None, *others: Any) -> Any:
            heard.append(Query(sql, params))
            return send(sql, params, *others)

        database.execute_sql = execute_sql

    for one in databases:
        listen(one)
    try:
        yield heard
    finally:
        for one in databases:
            del one.execute_sql


def plan(database: Database, query: Query) -> list[str]:
    """Return the lines of the plan of a query, with the values that it was sent with."""
    if isinstance(database, SqliteDatabase):
        return [row[3] for row in database.execute_sql(f"EXPLAIN QUERY PLAN {query.sql}", query.values).fetchall()]
    return [row[0] for row in database.execute_sql(f"EXPLAIN {query.sql}", query.values).fetchall()]


def scans(database: Database, queries: Iterable[Query]) -> list[Scan]:
    """Return where a growing table is read whole; a query sent several times is looked at once."""
    found = []
    for query in {query.sql: query for query in queries if query.sql.lstrip().upper().startswith("SELECT")}.values():
        names = _names(database, query.sql)
        for line in plan(database, query):
            table = names.get(_scanned(database, line), "")
            if table in GROWING:
                found.append(Scan(table, line.strip(), query.sql))
    return found


def _scanned(database: Database, line: str) -> str:
    """Return the alias (SQLite) or the table (PostgreSQL) that a line of a plan reads whole, else nothing.

    Going through a whole index is reading the whole table too.
    """
    words = line.replace("->", " ").split()
    if isinstance(database, SqliteDatabase):
        return words[1] if words[:1] == ["SCAN"] else ""
    return words[words.index("on") + 1].strip('"') if "Seq Scan on" in line else ""


def _names(database: Database, sql: str) -> dict[str, str]:
    """Return the table behind each name of a statement: peewee writes `"journey" AS "t1"`."""
    words = sql.replace("(", " ").replace(")", " ").replace(",", " ").split()
    names = {table: table for table in GROWING}
    for before, middle, after in zip(words, words[1:], words[2:], strict=False):
        if middle.upper() == "AS" and before.strip('"') in GROWING:
            names[after.strip('"')] = before.strip('"')
    return names
