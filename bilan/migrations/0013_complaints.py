"""Complaints, the whole life: kind, channel, days, owner, subject, closing; the thread, its files, the reminders told."""

import datetime
from zoneinfo import ZoneInfo

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
    UUIDField,
)

EPOCH = datetime.date(1970, 1, 1)
CLOSED = "CONSTRAINT closed_with_reason_and_measure CHECK (closed_at IS NULL OR (reason IS NOT NULL AND measure_taken IS NOT NULL))"
PARIS = ZoneInfo("Europe/Paris")


def up(migrator, db):
    class Person(Model):
        id = UUIDField(primary_key=True)

        class Meta:
            database = db
            table_name = "person"

    def word(default):
        return CharField(max_length=20, default=default, constraints=[SQL(f"DEFAULT '{default}'")])

    def date():
        return DateField(default=EPOCH, constraints=[SQL("DEFAULT '1970-01-01'")])

    def person():
        return ForeignKeyField(Person, field=Person.id, null=True, on_delete="SET NULL")

    migrator.migrate(
        *(migrator.add_column("complaint", name, word(value), allow_not_null=True) for name, value in WORDS.items()),
        *(migrator.add_column("complaint", name, date(), allow_not_null=True) for name in ("received_on", "acknowledge_by", "answer_by")),
        *(migrator.add_column("complaint", name, person()) for name in ("owner_id", "about_id", "logged_by_id")),
        migrator.add_column("complaint", "acknowledged_at", DateTimeField(null=True)),
        migrator.add_column("complaint", "answered_at", DateTimeField(null=True)),
        migrator.add_column("complaint", "closed_at", DateTimeField(null=True)),
        migrator.add_column("complaint", "reopened_at", DateTimeField(null=True)),
        migrator.add_column("complaint", "reason", CharField(max_length=20, null=True)),
        migrator.add_column("complaint", "satisfied", BooleanField(null=True)),
        migrator.add_column("complaint", "measure_taken", BooleanField(null=True, constraints=[SQL(CLOSED)])),
    )
    create_thread(db, Person)
    keep_complaints(db)


WORDS = {"kind": "complaint", "channel": "form", "state": "received"}


def create_thread(db, Person):  # noqa: N803 -- a model
    class Complaint(Model):
        id = UUIDField(primary_key=True)

        class Meta:
            database = db
            table_name = "complaint"

    class ComplaintEntry(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        complaint = ForeignKeyField(Complaint, on_delete="CASCADE")
        author = ForeignKeyField(Person, null=True, on_delete="SET NULL")
        kind = CharField(max_length=20)
        detail = CharField(max_length=20)
        content = BlobField()

        class Meta:
            database = db
            table_name = "complaint_entry"
            indexes = ((("complaint", "created_at"), False),)

    class ComplaintFile(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        entry = ForeignKeyField(ComplaintEntry, on_delete="CASCADE")
        name = BlobField()
        media_type = CharField(max_length=100)
        size = IntegerField()
        content = BlobField()

        class Meta:
            database = db
            table_name = "complaint_file"
            constraints = [SQL("CONSTRAINT file_of_complaint_is_not_empty CHECK (size > 0)")]

    class ComplaintReminder(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        complaint = ForeignKeyField(Complaint, on_delete="CASCADE")
        clock = CharField(max_length=20)
        deadline = DateField()
        stage = IntegerField()

        class Meta:
            database = db
            table_name = "complaint_reminder"
            indexes = ((("complaint", "clock", "deadline", "stage"), True),)

    db.create_tables([ComplaintEntry, ComplaintFile, ComplaintReminder])


def keep_complaints(db):
    """Give the complaints filed until now their days, and the acknowledgement that was sent to those who gave an address.

    A week stands for the five working days: enough for what is past.
    """
    hole = db.param
    rows = db.execute_sql("SELECT id, created_at FROM complaint").fetchall()
    for complaint_id, at in rows:
        moment = datetime.datetime.fromisoformat(at) if isinstance(at, str) else at
        day = moment.replace(tzinfo=datetime.UTC).astimezone(PARIS).date()
        days = [day, day + datetime.timedelta(days=7), day + datetime.timedelta(days=30)]
        db.execute_sql(
            f"UPDATE complaint SET received_on = {hole}, acknowledge_by = {hole}, answer_by = {hole} WHERE id = {hole}",  # noqa: S608
            [*days, complaint_id],
        )
    db.execute_sql(
        "UPDATE complaint SET state = 'acknowledged', acknowledged_at = created_at WHERE EXISTS "
        "(SELECT 1 FROM email WHERE email.subject_id = complaint.id AND email.kind = 'complaint_acknowledged')"
    )
