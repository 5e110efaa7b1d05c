"""The tables of the main job: people, journeys, interviews, questionnaires, complaints, outbox, queue."""

from huey.contrib.sql_huey import SqlStorage
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
    TextField,
    UUIDField,
)


def up(migrator, db):
    queue = SqlStorage(database=db, create_tables=False)
    db.create_tables([queue.KV, queue.Schedule, queue.Task, queue.Counter])

    class Employer(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        name = CharField(unique=True, max_length=200)

        class Meta:
            database = db
            table_name = "employer"

    db.create_tables([Employer])

    class Person(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        email = CharField(unique=True, max_length=254)
        display_name = CharField(max_length=120)
        role = CharField(index=True, max_length=30)
        employer = ForeignKeyField(Employer, null=True, on_delete="RESTRICT")
        password = CharField(null=True)
        active = BooleanField(default=True)
        fs_uniquifier = CharField(unique=True, max_length=64)
        preferences = TextField(default="")

        class Meta:
            database = db
            table_name = "person"

    db.create_tables([Person])

    class Journey(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        agent = ForeignKeyField(Person, on_delete="RESTRICT")
        counsellor = ForeignKeyField(Person, on_delete="RESTRICT")
        employer = ForeignKeyField(Employer, on_delete="RESTRICT")
        phase = CharField(max_length=20, default="diagnostic")
        accompaniment_at = DateTimeField(null=True)
        conclusion_at = DateTimeField(null=True)
        closed_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "journey"
            constraints = [
                SQL("CONSTRAINT agent_is_not_referent CHECK (agent_id <> counsellor_id)"),
                SQL("CONSTRAINT closed_has_its_date CHECK ((phase = 'closed') = (closed_at IS NOT NULL))"),
                SQL("CONSTRAINT closed_after_opened CHECK (closed_at IS NULL OR closed_at >= created_at)"),
            ]
            indexes = ((("counsellor", "phase"), False), (("agent", "phase"), False), (("employer", "created_at"), False))

    db.create_tables([Journey])

    class Passation(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        journey = ForeignKeyField(Journey, on_delete="RESTRICT")
        slug = CharField(max_length=60)
        version = IntegerField()
        due_on = DateField(null=True)
        revision = IntegerField(default=0)
        started_at = DateTimeField(null=True)
        submitted_at = DateTimeField(null=True)
        released_at = DateTimeField(null=True)
        result = BlobField(null=True)
        comment = BlobField(null=True)
        comment_revision = IntegerField(default=0)

        class Meta:
            database = db
            table_name = "passation"
            constraints = [
                SQL("CONSTRAINT submitted_with_its_result CHECK ((submitted_at IS NULL) = (result IS NULL))"),
                SQL("CONSTRAINT released_after_submitted CHECK (released_at IS NULL OR released_at >= submitted_at)"),
            ]
            indexes = ((("journey", "created_at"), False),)

    db.create_tables([Passation])

    class Answer(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        passation = ForeignKeyField(Passation, on_delete="CASCADE")
        item = CharField(max_length=20)
        value = BlobField()
        answered_at = DateTimeField()

        class Meta:
            database = db
            table_name = "answer"
            indexes = ((("passation", "item"), True),)

    db.create_tables([Answer])

    class Complaint(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        year = IntegerField()
        number = IntegerField()
        submission = CharField(unique=True, max_length=36)
        follow_up_digest = CharField(unique=True, max_length=64)
        person = ForeignKeyField(Person, null=True, on_delete="SET NULL")
        content = BlobField()

        class Meta:
            database = db
            table_name = "complaint"
            indexes = ((("year", "number"), True),)

    db.create_tables([Complaint])

    class Email(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        kind = CharField(max_length=60)
        key_id = UUIDField()
        subject_id = UUIDField(index=True, null=True)
        envelope = BlobField()
        state = CharField(max_length=20, default="waiting")
        attempts = IntegerField(default=0)
        next_attempt_at = DateTimeField()
        claimed_at = DateTimeField(null=True)
        handing_over_at = DateTimeField(null=True)
        last_error = CharField(max_length=300, default="")
        sent_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "email"
            indexes = ((("state", "next_attempt_at"), False), (("created_at",), False))

    db.create_tables([Email])

    class Interview(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        journey = ForeignKeyField(Journey, on_delete="RESTRICT")
        kind = CharField(max_length=20)
        mode = CharField(max_length=10)
        starts_at = DateTimeField()
        planned_minutes = IntegerField()
        held_minutes = IntegerField(null=True)

        class Meta:
            database = db
            table_name = "interview"
            constraints = [
                SQL("CONSTRAINT planned_within_a_day CHECK (planned_minutes BETWEEN 15 AND 480)"),
                SQL("CONSTRAINT held_within_a_day CHECK (held_minutes IS NULL OR held_minutes BETWEEN 1 AND 480)"),
            ]
            indexes = ((("journey", "starts_at"), False),)

    db.create_tables([Interview])

    class JournalEntry(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        event = CharField(index=True, max_length=40)
        person = ForeignKeyField(Person, null=True, on_delete="SET NULL")
        journey_id = UUIDField(index=True, null=True)
        subject_id = UUIDField(null=True)
        detail = CharField(max_length=60, default="")

        class Meta:
            database = db
            table_name = "journal_entry"

    db.create_tables([JournalEntry])

    class KeptEntry(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        person = ForeignKeyField(Person, on_delete="CASCADE")
        path = CharField(max_length=500)
        sealed = BlobField()

        class Meta:
            database = db
            table_name = "kept_entry"

    db.create_tables([KeptEntry])

    class Note(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        interview = ForeignKeyField(Interview, on_delete="CASCADE")
        kind = CharField(max_length=10)
        number = IntegerField()
        author = ForeignKeyField(Person, on_delete="RESTRICT")
        text = BlobField()

        class Meta:
            database = db
            table_name = "note"
            constraints = [
                SQL("CONSTRAINT numbered_from_one CHECK (number >= 1)"),
            ]
            indexes = ((("interview", "kind", "number"), True),)

    db.create_tables([Note])

    class OneTimeLink(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        person = ForeignKeyField(Person, on_delete="CASCADE")
        purpose = CharField(max_length=20)
        digest = CharField(unique=True, max_length=64)
        expires_at = DateTimeField()
        used_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "one_time_link"

    db.create_tables([OneTimeLink])
