"""The accompaniment: meetings logged afterwards, objectives touched, suspension, interruption, mid-way review, silences told."""

import datetime
import uuid

from peewee import SQL, BlobField, CharField, DateField, DateTimeField, ForeignKeyField, IntegerField, Model, UUIDField


def up(migrator, db):
    """Create the tables, as they were on that day."""

    class Reference(Model):
        id = UUIDField(primary_key=True)

        class Meta:
            database = db

    class Journey(Reference):
        class Meta:
            database = db
            table_name = "journey"

    class Interview(Reference):
        class Meta:
            database = db
            table_name = "interview"

    class Person(Reference):
        class Meta:
            database = db
            table_name = "person"

    class ObjectivesTouched(Model):
        id = UUIDField(primary_key=True, default=uuid.uuid4)
        created_at = DateTimeField(default=datetime.datetime.now)
        interview = ForeignKeyField(Interview, unique=True, on_delete="CASCADE")
        objectives = BlobField()

        class Meta:
            database = db
            table_name = "objectives_touched"

    class Suspension(Model):
        id = UUIDField(primary_key=True, default=uuid.uuid4)
        created_at = DateTimeField(default=datetime.datetime.now)
        journey = ForeignKeyField(Journey, on_delete="CASCADE")
        since = DateField()
        resumes_on = DateField()
        told_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "suspension"
            constraints = [SQL("CONSTRAINT resumes_after CHECK (resumes_on >= since)")]

    class Interruption(Model):
        id = UUIDField(primary_key=True, default=uuid.uuid4)
        created_at = DateTimeField(default=datetime.datetime.now)
        journey = ForeignKeyField(Journey, unique=True, on_delete="CASCADE")
        origin = CharField(max_length=20)
        reason = CharField(max_length=20)
        detail = BlobField()
        by = ForeignKeyField(Person, null=True, on_delete="SET NULL")

        class Meta:
            database = db
            table_name = "interruption"

    class MidwayReview(Model):
        id = UUIDField(primary_key=True, default=uuid.uuid4)
        created_at = DateTimeField(default=datetime.datetime.now)
        journey = ForeignKeyField(Journey, unique=True, on_delete="CASCADE")
        content = BlobField()
        revision = IntegerField()
        saved_at = DateTimeField()

        class Meta:
            database = db
            table_name = "midway_review"

    class SilenceTold(Model):
        id = UUIDField(primary_key=True, default=uuid.uuid4)
        created_at = DateTimeField(default=datetime.datetime.now)
        journey = ForeignKeyField(Journey, on_delete="CASCADE")
        since = DateTimeField()
        days = IntegerField()

        class Meta:
            database = db
            table_name = "silence_told"
            constraints = [SQL("CONSTRAINT told_after_a_day CHECK (days >= 1)")]
            indexes = ((("journey", "since", "days"), True),)

    migrator.add_column("interview", "logged_because", CharField(max_length=20, null=True)).run()
    db.create_tables([ObjectivesTouched, Suspension, Interruption, MidwayReview, SilenceTold])
