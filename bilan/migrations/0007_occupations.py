"""Occupations, their titles and moves, the index in which they are searched; the occupation of an experience."""

from peewee import (
    SQL,
    BlobField,
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    FixedCharField,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
    TextField,
    UUIDField,
)

SQLITE_SEARCH = ("CREATE VIRTUAL TABLE occupation_search USING fts5(words, title_id UNINDEXED, tokenize='unicode61', prefix='2 3')",)
POSTGRES_SEARCH = (
    "CREATE TABLE occupation_search (title_id UUID NOT NULL, words TSVECTOR NOT NULL)",
    "CREATE INDEX occupation_search_words ON occupation_search USING GIN (words)",
)


def up(migrator, db):
    class Occupation(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        key = CharField(max_length=80, unique=True)
        code = FixedCharField(max_length=5, index=True)
        title = CharField(max_length=200)
        sorting = CharField(max_length=200)
        major = CharField(max_length=1)
        minor = CharField(max_length=1)
        domain = CharField(max_length=3)
        territorial = BooleanField()
        field = CharField(max_length=40)
        sentence = CharField(max_length=200)
        definition = TextField()
        access = TextField()
        withdrawn_in = CharField(max_length=20, null=True)

        class Meta:
            database = db
            table_name = "occupation"

    class OccupationTitle(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        occupation = ForeignKeyField(Occupation, on_delete="CASCADE")
        text = CharField(max_length=250)
        weight = IntegerField()

        class Meta:
            database = db
            table_name = "occupation_title"
            constraints = [SQL("CONSTRAINT own_title_or_another CHECK (weight IN (0, 1))")]

    class OccupationMove(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        source = FixedCharField(max_length=5)
        target = FixedCharField(max_length=5, index=True)
        rank = IntegerField()

        class Meta:
            database = db
            table_name = "occupation_move"
            indexes = [(("source", "target"), True)]

    class OccupationDomain(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        code = CharField(max_length=3, unique=True)
        label = CharField(max_length=200)

        class Meta:
            database = db
            table_name = "occupation_domain"

    class OccupationSource(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        name = CharField(max_length=20, unique=True)
        version = CharField(max_length=64)
        published_on = DateField(null=True)
        loaded_at = DateTimeField()

        class Meta:
            database = db
            table_name = "occupation_source"

    db.create_tables([Occupation, OccupationTitle, OccupationMove, OccupationDomain, OccupationSource])
    create_search(db)
    migrator.migrate(migrator.add_column("experience", "occupation", BlobField(null=True)))


def create_search(db):
    """Create the index of the titles, as this kind of database has one."""
    for statement in SQLITE_SEARCH if isinstance(db, SqliteDatabase) else POSTGRES_SEARCH:
        db.execute_sql(statement)
