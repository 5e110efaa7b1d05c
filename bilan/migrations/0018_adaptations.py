"""Adaptation requests, their measures and exchanges, the reminders told; who is told things by phone or by post too."""

from peewee import SQL, BlobField, BooleanField, CharField, DateField, DateTimeField, ForeignKeyField, IntegerField, Model, UUIDField

DECIDED = (
    "CONSTRAINT decided_with_its_reason CHECK ((decision IS NULL) = (decided_at IS NULL) AND (decision IS NULL OR reason IS NOT NULL))"
)


def up(migrator, db):
    class Person(Model):
        id = UUIDField(primary_key=True)

        class Meta:
            database = db
            table_name = "person"

    class Base(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()

        class Meta:
            database = db

    db.create_tables(requests(Base, Person))
    db.create_tables(notices(Base, Person))


def requests(Base, Person):  # noqa: N803 -- models
    class AdaptationRequest(Base):
        submission = UUIDField(unique=True)
        agent = ForeignKeyField(Person, null=True, on_delete="SET NULL")
        journey_id = UUIDField(null=True, index=True)
        channel = CharField(max_length=20)
        state = CharField(max_length=20)
        needs = BlobField()
        words = BlobField()
        contact = BlobField()
        shows_words = BooleanField()
        shows_name = BooleanField()
        shows_meetings = BooleanField()
        counsellor_sees = CharField(max_length=20)
        received_on = DateField()
        answer_by = DateField()
        decision = CharField(max_length=20, null=True)
        reason = BlobField(null=True)
        late_reason = BlobField(null=True)
        decided_at = DateTimeField(null=True)
        decided_by = ForeignKeyField(Person, null=True, on_delete="SET NULL", backref="decided_adaptations")
        applied_at = DateTimeField(null=True)
        check_by = DateField(null=True)
        suits = BooleanField(null=True)
        closed_at = DateTimeField(null=True)
        revision = IntegerField()

        class Meta:
            table_name = "adaptation_request"
            constraints = (SQL(DECIDED), SQL("CONSTRAINT applied_with_its_check CHECK ((applied_at IS NULL) = (check_by IS NULL))"))
            indexes = ((("state", "answer_by"), False),)

    class Measure(Base):
        request = ForeignKeyField(AdaptationRequest, on_delete="CASCADE")
        kind = CharField(max_length=20)
        values = BlobField()
        applied_at = DateTimeField(null=True)
        applied_by = ForeignKeyField(Person, null=True, on_delete="SET NULL")
        ended_at = DateTimeField(null=True)

        class Meta:
            table_name = "measure"

    class AdaptationEntry(Base):
        request = ForeignKeyField(AdaptationRequest, on_delete="CASCADE")
        author = ForeignKeyField(Person, null=True, on_delete="SET NULL")
        kind = CharField(max_length=20)
        by_agent = BooleanField()
        text = BlobField()

        class Meta:
            table_name = "adaptation_entry"
            indexes = ((("request", "created_at"), False),)

    class AdaptationReminder(Base):
        request = ForeignKeyField(AdaptationRequest, on_delete="CASCADE")
        clock = CharField(max_length=20)
        deadline = DateField()
        stage = IntegerField()

        class Meta:
            table_name = "adaptation_reminder"
            indexes = ((("request", "clock", "deadline", "stage"), True),)

    return [AdaptationRequest, Measure, AdaptationEntry, AdaptationReminder]


def notices(Base, Person):  # noqa: N803 -- models
    class Email(Base):
        class Meta:
            table_name = "email"

    class Relay(Base):
        person = ForeignKeyField(Person, on_delete="CASCADE")
        channel = CharField(max_length=10)
        contact = BlobField()
        journey_id = UUIDField(null=True)
        source_id = UUIDField(unique=True)

        class Meta:
            table_name = "relay"

    class Notice(Base):
        email = ForeignKeyField(Email, on_delete="CASCADE")
        person = ForeignKeyField(Person, on_delete="CASCADE")
        channel = CharField(max_length=10)
        contact = BlobField()
        done_at = DateTimeField(null=True)
        done_by = ForeignKeyField(Person, null=True, on_delete="SET NULL", backref="told_notices")

        class Meta:
            table_name = "notice"
            indexes = ((("email", "channel"), True),)

    return [Relay, Notice]
