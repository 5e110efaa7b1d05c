"""What a page asks of the database: its queries, as they are sent, and how the database means to answer them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from peewee import Database, SqliteDatabase

# The tables that hold a few rows, whatever the number of bilans; every other grows: a page that reads it whole is slower each year.
FEW = {
    "schema_migration",
    "counter",
    "employer",
    "conflict_of_interest",
    "evidence_file",
    "journal_seal",
    "improvement",
    "theme",
    "quality_report",
    "occupation",
    "occupation_domain",
    "occupation_move",
    "occupation_source",
    "occupation_title",
}


class Query(NamedTuple):
    """One statement and its values."""

    sql: str
    values: Any


class Scan(NamedTuple):
    """A table that a query reads whole."""

    table: str
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


def scans(database: Database, queries: Iterable[Query]) -> list[Scan]:
    """Return where a growing table is read whole; a query sent several times is looked at once.

    A plan is made with the values that were sent. Going through a whole index is reading the whole table too.
    """
    read_whole = _by_sqlite if isinstance(database, SqliteDatabase) else _by_postgres
    selects = {query.sql: query for query in queries if query.sql.startswith("SELECT")}
    growing = set(database.get_tables()) - FEW
    return [Scan(table, query.sql) for query in selects.values() for table in read_whole(database, query) if table in growing]


def _by_sqlite(database: Database, query: Query) -> list[str]:
    lines = [row[3].split() for row in database.execute_sql(f"EXPLAIN QUERY PLAN {query.sql}", query.values).fetchall()]
    names = _names(query.sql)
    # A virtual table is one of words: it is searched by them.
    return [names.get(words[1], words[1]) for words in lines if words[0] == "SCAN" and "VIRTUAL" not in words]


def _by_postgres(database: Database, query: Query) -> list[str]:
    """Ask for the plan of large tables: a small one is cheaper to read whole, whatever its indexes."""
    with database.atomic() as block:
        for way in ("seqscan", "hashjoin", "mergejoin", "material", "memoize"):
            database.execute_sql(f"SET LOCAL enable_{way} = off")
        ((found,),) = database.execute_sql(f"EXPLAIN (FORMAT JSON) {query.sql}", query.values).fetchall()
        block.rollback()
    return [node["Relation Name"] for node in _nodes(found[0]["Plan"]) if "Relation Name" in node and not _uses_index(node)]


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for one in node.get("Plans", ()):
        yield from _nodes(one)


def _uses_index(node: dict[str, Any]) -> bool:
    return "Index Cond" in node or node["Node Type"] == "Bitmap Heap Scan"


def _names(sql: str) -> dict[str, str]:
    """Return the table behind each name of a statement: peewee writes `"journey" AS "t1"`."""
    words = sql.replace("(", " ").replace(")", " ").replace(",", " ").split()
    triples = zip(words, words[1:], words[2:], strict=False)
    return {after.strip('"'): before.strip('"') for before, middle, after in triples if middle.upper() == "AS"}
