"""PostgreSQL plans a query that comes often once for all its values: the secretariat's search must then still look for the few that it found."""

import itertools
import json
import re

import pytest
from psycopg.sql import Literal

from bench.queries import listening
from bilan.database import connection, database
from bilan.prescriptions.models import Prescription
from bilan.reception import models

SEARCH = "/secretariat/prescriptions?q=durand"


@pytest.fixture
def databases(postgres_with_key_files):
    return postgres_with_key_files


def plans(queries):
    """Yield the plan of each query as PostgreSQL makes it without knowing the values, where there are a million prescriptions."""
    for rank, query in enumerate(queries):
        numbers = itertools.count(1)
        sql = re.sub(r"%s", lambda _: f"${next(numbers)}", query.sql)  # noqa: B023 -- used at once
        with database.atomic() as block:
            database.execute_sql("SET LOCAL plan_cache_mode = force_generic_plan")
            # As it would be after years: the planner reads how many rows a page holds, and counts the pages.
            database.execute_sql("UPDATE pg_class SET reltuples = 1000000, relpages = 1 WHERE relname = 'prescription'")
            database.execute_sql(f"PREPARE planned{rank} AS {sql}")
            values = ", ".join(Literal(value).as_string(database.connection()) for value in query.values)
            (found,) = database.execute_sql(f"EXPLAIN (FORMAT JSON) EXECUTE planned{rank} ({values.replace('%', '%%')})").fetchone()
            block.rollback()
        yield json.dumps(found)


def searches(world):
    """Return the plans of the queries that a search sends."""
    with listening(database.obj) as heard:
        assert world.browser("secretariat").client.get(SEARCH).status_code == 200
    with connection():
        return list(plans([query for query in heard if "to_tsquery" in query.sql]))


def looks_for_each(plan):
    return re.search(r'"Index Name": "prescription_pkey"[^{}]*"Index Cond": "\(id = ANY', plan) is not None


def test_a_search_looks_for_each_of_the_few_that_it_found(world):
    found = searches(world)
    assert len(found) == 2, "the count and the page"
    assert all(map(looks_for_each, found))


def test_a_planted_search_that_may_read_the_others_is_caught(world, monkeypatch):
    monkeypatch.setattr(models, "_among", Prescription.id.in_)
    assert not any(map(looks_for_each, searches(world)))
