"""Surveys: who was asked, what was answered, nothing that joins the two; the size of an employer."""

from peewee import (
    SQL,
    BlobField,
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
    UUIDField,
)


def up(migrator, db):
    class Person(Model):
        id = UUIDField(primary_key=True)

        class Meta:
            database = db
            table_name = "person"

    class Journey(Model):
        id = UUIDField(primary_key=True)

        class Meta:
            database = db
            table_name = "journey"

    class Invitation(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        journey = ForeignKeyField(Journey, on_delete="CASCADE")
        recipient = ForeignKeyField(Person, on_delete="CASCADE")
        survey = CharField(max_length=30)
        version = IntegerField()
        reminded = IntegerField()
        answered = BooleanField()

        class Meta:
            database = db
            table_name = "survey_invitation"
            indexes = ((("journey", "survey"), True), (("recipient", "survey", "created_at"), False), (("answered", "created_at"), False))

    size = CharField(max_length=10, default="unknown", constraints=[SQL("DEFAULT 'unknown'")])
    migrator.migrate(migrator.add_column("employer", "size", size, allow_not_null=True))
    db.create_tables([Invitation, *answers(db)])


def answers(db):
    """Return the tables of answers; SQLite keeps their rows by identifier, drawn at random, not in the order of arrival."""
    rowless = isinstance(db, SqliteDatabase)

    class SurveyAnswer(Model):
        id = UUIDField(primary_key=True)
        survey = CharField(max_length=30)
        version = IntegerField()
        quarter = DateField()
        employer_size = CharField(max_length=10)

        class Meta:
            database = db
            without_rowid = rowless
            table_name = "survey_answer"
            indexes = ((("survey", "quarter", "employer_size"), False),)

    class Rating(Model):
        id = UUIDField(primary_key=True)
        answer = ForeignKeyField(SurveyAnswer, on_delete="CASCADE")
        question = CharField(max_length=30)
        value = IntegerField()

        class Meta:
            database = db
            without_rowid = rowless
            table_name = "rating"
            constraints = [SQL("CONSTRAINT value_of_a_question CHECK (value BETWEEN 0 AND 10)")]
            indexes = ((("answer", "question"), True), (("question", "value"), False))

    class Verbatim(Model):
        id = UUIDField(primary_key=True)
        survey = CharField(max_length=30)
        version = IntegerField()
        quarter = DateField()
        question = CharField(max_length=30)
        text = BlobField()

        class Meta:
            database = db
            without_rowid = rowless
            table_name = "verbatim"
            indexes = ((("quarter", "survey"), False),)

    return SurveyAnswer, Rating, Verbatim
