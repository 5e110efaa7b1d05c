"""The migrated schema is the one of the models: columns, types, keys, indexes and named constraints, on both databases."""

import importlib.util
import re

import pytest
from databases import Urls
from huey.contrib.sql_huey import SqlStorage
from peewee import Model, SqliteDatabase
from playhouse.schema_diff import diff_models

import bilan
from bilan.database import MIGRATIONS, BaseModel, database, keystore, open_database
from bilan.preparation import prepare
from bilan.vault import ContentKey

assert bilan.create_app  # every model is imported


def queue_tables(db):
    storage = SqlStorage(database=db, create_tables=False)
    return [storage.KV, storage.Schedule, storage.Task, storage.Counter]


def create_search(db):
    """Create the indexes of words, which no model can describe: they are of another kind on each database."""
    for name in ("0007_occupations", "0029_prescription_search"):
        spec = importlib.util.spec_from_file_location(name, MIGRATIONS / f"{name}.py")
        migration = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(migration)
        migration.create_search(db)


def models():
    found, waiting = [], [BaseModel]
    while waiting:
        kinds = waiting.pop().__subclasses__()
        found += kinds
        waiting += kinds
    # What others derive from gives them its columns, and has no table of its own.
    return [model for model in found if model.__module__.startswith("bilan.") and not model.__subclasses__()]


def describe(db):
    """Return all that can be compared of a schema, table by table."""
    return {table: describe_table(db, table) for table in sorted(db.get_tables()) if table != "schema_migration"}


def describe_table(db, table):
    columns = {(one.name, str(one.data_type).upper(), one.null, one.primary_key, one.default) for one in db.get_columns(table)}
    # That of the identifier is its primary key, said above: a table without row numbers has no other.
    indexes = {(tuple(one.columns), one.unique) for one in db.get_indexes(table) if one.columns != ["id"]}
    keys = {(one.column, one.dest_table, one.dest_column) for one in db.get_foreign_keys(table)}
    return {"columns": columns, "indexes": indexes, "keys": keys, "constraints": constraints(db, table)}


def constraints(db, table):
    """Return the checks and what a deletion does, as the database says them."""
    if isinstance(db, SqliteDatabase):
        (sql,) = db.execute_sql("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        deletions = {("delete", row[3], row[6]) for row in db.execute_sql(f'PRAGMA foreign_key_list("{table}")').fetchall()}
        return {("check", *one) for one in re.findall(r"CONSTRAINT (\w+) CHECK (.*?\)\)?)(?:,|$| WITHOUT ROWID$)", sql)} | deletions
    query = "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'f')"
    rows = db.execute_sql(query, (table,)).fetchall()
    return {(name if text.startswith("CHECK") else "", text) for name, text in rows}


def from_models(urls: Urls, others):
    """Return the schemas of the two databases as peewee makes them from the models."""
    found = []
    for url, wanted in zip(urls, ([*models(), *others], [ContentKey]), strict=True):
        db = open_database(url)
        with db.bind_ctx(wanted), db.connection_context():
            db.create_tables(wanted)
            if wanted[-1] is not ContentKey:
                create_search(db)
            found.append(describe(db))
        db.close_all()
    return found


def test_the_migrated_schema_is_that_of_the_models(app, databases):
    wanted = [*models(), *queue_tables(database.obj)]
    found = diff_models(database.obj, wanted)
    # The index of words that PostgreSQL has on the prescription itself; compared below with the one that create_search makes.
    found.drop_indexes[:] = [one for one in found.drop_indexes if one.name != "prescription_search"]
    assert not found
    assert not diff_models(keystore.obj, [ContentKey])
    with_models = from_models(databases.create("models"), queue_tables(database.obj))
    databases.drop("models")
    assert describe(database.obj) == with_models[0]
    assert describe(keystore.obj) == with_models[1]


def test_each_named_constraint_of_a_model_is_in_the_database(app):
    names = [re.search(r"CONSTRAINT (\w+)", constraint.sql).group(1) for model in models() for constraint in model._meta.constraints or ()]
    assert len(names) >= 7
    for model in models():
        table = model._meta.table_name
        there = str(constraints(database.obj, table))
        for constraint in model._meta.constraints or ():
            assert re.search(r"CONSTRAINT (\w+)", constraint.sql).group(1) in there


def test_migrating_twice_changes_nothing(app):
    before = describe(database.obj)
    assert prepare() == []
    assert describe(database.obj) == before


@pytest.mark.parametrize(
    "planted",
    ["ALTER TABLE note ADD COLUMN planted INTEGER", "DROP INDEX {index}", "CREATE TABLE planted (id INTEGER)"],
)
def test_a_planted_difference_is_caught(app, planted):
    before = describe(database.obj)
    index = next(one.name for one in database.get_indexes("note") if one.columns == ["interview_id", "kind", "number"])
    database.execute_sql(planted.format(index=index))
    assert describe(database.obj) != before


def test_a_model_without_its_migration_is_caught(app):
    class Forgotten(Model):
        class Meta:
            database = database

    assert diff_models(database.obj, [Forgotten])
