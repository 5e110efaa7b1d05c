"""What was destroyed, the journal's days that have had their time, figures that are never computed again."""

from peewee import SQL, BooleanField, CharField, DateTimeField, ForeignKeyField, IntegerField, Model, SqliteDatabase, TextField, UUIDField

# A seal takes one change: its mark, once, around its own day. The rest of it never changes.
SAME = " AND ".join(f"NEW.{name} = OLD.{name}" for name in ("id", "created_at", "day", "count", "content", "digest"))
SQLITE_MARK = f"""CREATE TRIGGER journal_seal_UPDATE_refused BEFORE UPDATE ON journal_seal
WHEN NOT (OLD.emptied_from IS NULL AND {SAME} AND NEW.emptied_from IS NOT NULL AND NEW.emptied_until IS NOT NULL
  AND julianday(NEW.emptied_until) > julianday(NEW.emptied_from)
  AND julianday(NEW.emptied_from) >= julianday(NEW.day) - 0.5 AND julianday(NEW.emptied_until) <= julianday(NEW.day) + 1)
BEGIN SELECT RAISE(ABORT, 'journal_seal is append-only'); END"""
SQLITE_ENTRY = """CREATE TRIGGER journal_entry_DELETE_refused BEFORE DELETE ON journal_entry
WHEN NOT EXISTS (SELECT 1 FROM journal_seal WHERE emptied_from <= OLD.created_at AND OLD.created_at < emptied_until)
BEGIN SELECT RAISE(ABORT, 'journal_entry is append-only'); END"""
POSTGRES = (
    f"""CREATE FUNCTION only_emptied() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF OLD.emptied_from IS NULL AND {SAME} AND NEW.emptied_until > NEW.emptied_from
    AND NEW.emptied_from >= NEW.day - interval '12 hours' AND NEW.emptied_until <= NEW.day + interval '1 day' THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'this table is append-only' USING ERRCODE = 'restrict_violation'; END $$""",
    """CREATE FUNCTION of_an_emptied_day() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF EXISTS (SELECT 1 FROM journal_seal WHERE emptied_from <= OLD.created_at AND OLD.created_at < emptied_until) THEN RETURN OLD; END IF;
  RAISE EXCEPTION 'this table is append-only' USING ERRCODE = 'restrict_violation'; END $$""",
    "DROP TRIGGER journal_seal_change_refused ON journal_seal",
    "DROP TRIGGER journal_entry_change_refused ON journal_entry",
    "CREATE TRIGGER journal_seal_removal_refused BEFORE DELETE ON journal_seal FOR EACH ROW EXECUTE FUNCTION append_only()",
    "CREATE TRIGGER journal_seal_change_refused BEFORE UPDATE ON journal_seal FOR EACH ROW EXECUTE FUNCTION only_emptied()",
    "CREATE TRIGGER journal_entry_change_refused BEFORE UPDATE ON journal_entry FOR EACH ROW EXECUTE FUNCTION append_only()",
    "CREATE TRIGGER journal_entry_removal_refused BEFORE DELETE ON journal_entry FOR EACH ROW EXECUTE FUNCTION of_an_emptied_day()",
)
SQLITE = ("DROP TRIGGER journal_seal_UPDATE_refused", "DROP TRIGGER journal_entry_DELETE_refused", SQLITE_MARK, SQLITE_ENTRY)


def up(migrator, db):
    migrator.migrate(
        migrator.add_column("quality_report", "final", BooleanField(default=False, constraints=[SQL("DEFAULT FALSE")])),
        migrator.add_column("journal_seal", "emptied_from", DateTimeField(null=True)),
        migrator.add_column("journal_seal", "emptied_until", DateTimeField(null=True)),
    )
    for statement in SQLITE if isinstance(db, SqliteDatabase) else POSTGRES:
        db.execute_sql(statement)
    certificates(db)


def certificates(db):
    class Person(Model):
        id = UUIDField(primary_key=True)

        class Meta:
            database = db
            table_name = "person"

    class Certificate(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        year = IntegerField()
        number = IntegerField()
        journey_id = UUIDField(null=True, index=True)
        agent = ForeignKeyField(Person, null=True, on_delete="SET NULL")
        kind = CharField(max_length=20)
        method = CharField(max_length=20)
        counts = TextField()
        completed_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "certificate"
            indexes = ((("year", "number"), True), (("journey_id", "kind"), True))

    class EndTold(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        journey_id = UUIDField(unique=True)

        class Meta:
            database = db
            table_name = "end_told"

    db.create_tables([Certificate, EndTold])
