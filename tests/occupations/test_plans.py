"""A search goes through the index of words, and from there to its rows by their keys, however many titles there are."""

import pytest
from peewee import SqliteDatabase

from bench.queries import _by_postgres, listening
from bilan.database import database
from bilan.occupations.models import Occupation, OccupationTitle
from bilan.occupations.rules import Wanted


def plan(query):
    """Return the lines of the plan of a search, and the tables that it reads whole, as the database says them."""
    db = database.obj
    with listening(db) as heard:
        list(query)
    if isinstance(db, SqliteDatabase):
        lines = [row[3] for row in db.execute_sql(f"EXPLAIN QUERY PLAN {heard[-1].sql}", heard[-1].values).fetchall()]
        # An FTS5 table that is matched is a scan of its index.
        return lines, [line for line in lines if "SCAN" in line and "VIRTUAL TABLE INDEX 0:M" not in line]
    with db.atomic() as block:
        db.execute_sql("SET LOCAL enable_seqscan = off")
        lines = [line for (line,) in db.execute_sql(f"EXPLAIN {heard[-1].sql}", heard[-1].values).fetchall()]
        block.rollback()
    return lines, _by_postgres(db, heard[-1])


def uses_the_index(lines):
    return any("VIRTUAL TABLE INDEX 0:M" in line or "occupation_search_words" in line for line in lines)


SEARCHES = [Wanted("jardinier"), Wanted("agent accueil"), Wanted("b", territorial=True), Wanted("agent", family="A12", letters="R")]


@pytest.mark.parametrize("wanted", SEARCHES, ids=lambda wanted: wanted.text)
def test_a_search_uses_the_index(app, rome, wanted):
    lines, whole = plan(Occupation.matching(wanted).limit(20))
    assert uses_the_index(lines), lines
    assert not whole, lines


def test_a_planted_search_without_the_index_is_caught(app, rome):
    planted = Occupation.select().join(OccupationTitle).where(OccupationTitle.text.contains("jardin"))
    lines, whole = plan(planted)
    assert not uses_the_index(lines)
    assert whole


def test_a_search_is_two_statements_whatever_is_found(app, rome):
    counts = []
    for text in ("jardinier", "agent", "zzz"):
        with listening(database.obj) as heard:
            query = Occupation.matching(Wanted(text))
            query.select(Occupation.id).order_by().count()
            list(query.paginate(1, 20))
        counts.append(len(heard))
    assert counts == [2, 2, 2]
