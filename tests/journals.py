"""What the product never does to its journal, and tests do: rewriting it, writing of another day."""

from contextlib import contextmanager

from peewee import SqliteDatabase

from bilan.database import database
from bilan.journal import JournalEntry


@contextmanager
def rewriting():
    """Let the journal and its seals be changed, as somebody who holds the database may."""
    tables = ("journal_entry", "journal_seal")
    if isinstance(database.obj, SqliteDatabase):
        kept = database.execute_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in kept:
            database.execute_sql(f"DROP TRIGGER {name}")
        yield
        for _, sql in kept:
            database.execute_sql(sql)
        return
    for table in tables:
        database.execute_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    for table in tables:
        database.execute_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def backdate(moment, *conditions):
    """Let these entries be of that moment."""
    with rewriting():
        JournalEntry.update(created_at=moment).where(*conditions).execute()
