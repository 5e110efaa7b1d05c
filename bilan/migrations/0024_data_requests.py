"""What agents ask about their data: to erase, to correct; the answer, and what was accepted."""

from peewee import SQL, BlobField, CharField, DateField, DateTimeField, ForeignKeyField, IntegerField, Model, TextField, UUIDField


def up(migrator, db):
    class Person(Model):
        id = UUIDField(primary_key=True)

        class Meta:
            database = db
            table_name = "person"

    class DataRequest(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        submission = UUIDField(unique=True)
        agent = ForeignKeyField(Person, on_delete="CASCADE")
        kind = CharField(max_length=10)
        state = CharField(max_length=10)
        datum = CharField(max_length=10, null=True)
        words = BlobField()
        asked_on = DateField()
        answer_by = DateField()
        reminded = IntegerField()
        outcome = CharField(max_length=10, null=True)
        decisions = TextField()
        answer = BlobField(null=True)
        answered_by = ForeignKeyField(Person, null=True, on_delete="SET NULL", backref="answered_data_requests")
        closed_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "data_request"
            constraints = (
                SQL("CONSTRAINT answered_with_its_words CHECK ((state = 'answered') = (answer IS NOT NULL))"),
                SQL("CONSTRAINT open_until_closed CHECK ((state = 'open') = (closed_at IS NULL))"),
                SQL("CONSTRAINT datum_of_a_correction CHECK ((kind = 'rectify') = (datum IS NOT NULL))"),
            )
            indexes = ((("state", "answer_by"), False),)

    DataRequest.add_index(SQL("CREATE UNIQUE INDEX data_request_one_open ON data_request (agent_id, kind) WHERE state = 'open'"))
    db.create_tables([DataRequest])
