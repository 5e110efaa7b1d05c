"""The evidence files."""

from peewee import SQL, BlobField, CharField, DateField, DateTimeField, ForeignKeyField, IntegerField, Model, UUIDField


def up(migrator, db):
    class Person(Model):
        id = UUIDField(primary_key=True)

        class Meta:
            database = db
            table_name = "person"

    class EvidenceFile(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        submission = UUIDField(unique=True)
        starts_on = DateField()
        ends_on = DateField()
        seed = IntegerField()
        state = CharField(max_length=10)
        size = IntegerField(null=True)
        content = BlobField(null=True)
        asked_by = ForeignKeyField(Person, null=True, on_delete="SET NULL")
        done_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "evidence_file"
            constraints = (SQL("CONSTRAINT evidence_of_a_period CHECK (ends_on >= starts_on)"),)

    db.create_tables([EvidenceFile])
