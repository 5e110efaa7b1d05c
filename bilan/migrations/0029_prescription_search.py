"""The names of the agents in an index of their words: in a network, the secretariat looks for one among twenty thousand."""

import sqlite3

from peewee import SqliteDatabase

# The index of a text that lives in another table: the database keeps the two together, whoever writes.
SQLITE = (
    "CREATE VIRTUAL TABLE prescription_search USING fts5(words, prescription_id UNINDEXED, tokenize='unicode61', prefix='2 3')",
    "INSERT INTO prescription_search (words, prescription_id) SELECT agent_name, id FROM prescription",
    """CREATE TRIGGER prescription_search_new AFTER INSERT ON prescription
    BEGIN INSERT INTO prescription_search (words, prescription_id) VALUES (new.agent_name, new.id); END""",
    """CREATE TRIGGER prescription_search_change AFTER UPDATE OF agent_name ON prescription WHEN new.agent_name <> old.agent_name
    BEGIN UPDATE prescription_search SET words = new.agent_name WHERE prescription_id = old.id; END""",
    """CREATE TRIGGER prescription_search_end AFTER DELETE ON prescription
    BEGIN DELETE FROM prescription_search WHERE prescription_id = old.id; END""",
)
# A name that is erased leaves its index at once, and not when the index is next written anew.
ERASING = "INSERT INTO prescription_search (prescription_search, rank) VALUES ('secure-delete', 1)"
POSTGRES = ("CREATE INDEX prescription_search ON prescription USING GIN (to_tsvector('simple', agent_name))",)


def up(migrator, db):
    create_search(db)


def create_search(db):
    """Create the index of the names, as this kind of database has one."""
    for statement in SQLITE if isinstance(db, SqliteDatabase) else POSTGRES:
        db.execute_sql(statement)
    if isinstance(db, SqliteDatabase) and sqlite3.sqlite_version_info >= (3, 42):
        db.execute_sql(ERASING)
