"""The journal is append-only, in the database itself; its seals, day by day."""

from peewee import CharField, DateField, DateTimeField, IntegerField, Model, SqliteDatabase, UUIDField

SQLITE = """CREATE TRIGGER {table}_{verb}_refused BEFORE {verb} ON {table} {when}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
POSTGRES_FUNCTION = """CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'this table is append-only' USING ERRCODE = 'restrict_violation'; END $$"""
POSTGRES = (
    "CREATE TRIGGER {table}_change_refused BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION append_only()",
    "CREATE TRIGGER {table}_truncate_refused BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION append_only()",
)


def up(migrator, db):
    class JournalSeal(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        day = DateField(unique=True)
        count = IntegerField()
        content = CharField(max_length=64)
        digest = CharField(max_length=64)

        class Meta:
            database = db
            table_name = "journal_seal"

    db.create_tables([JournalSeal])
    migrator.migrate(migrator.add_index("journal_entry", ("created_at", "id"), unique=False))
    if not isinstance(db, SqliteDatabase):
        db.execute_sql(POSTGRES_FUNCTION)
    for table in ("journal_entry", "journal_seal"):
        for statement in statements(db, table):
            db.execute_sql(statement)


def statements(db, table):
    """Return what makes a table append-only, on this kind of database."""
    if not isinstance(db, SqliteDatabase):
        return [one.format(table=table) for one in POSTGRES]
    # INSERT OR REPLACE deletes without a word to the triggers of deletion.
    again = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"  # noqa: S608 -- the name of one of our tables
    return [SQLITE.format(table=table, verb=verb, when=when) for verb, when in (("UPDATE", ""), ("DELETE", ""), ("INSERT", again))]
