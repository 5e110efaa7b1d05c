"""The copies of their data that agents ask for."""

from peewee import BlobField, CharField, DateTimeField, ForeignKeyField, IntegerField, Model, UUIDField


def up(migrator, db):
    class Person(Model):
        id = UUIDField(primary_key=True)

        class Meta:
            database = db
            table_name = "person"

    class DataExport(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        agent = ForeignKeyField(Person, unique=True, on_delete="CASCADE")
        state = CharField(max_length=10)
        size = IntegerField(null=True)
        content = BlobField(null=True)
        done_at = DateTimeField(null=True)
        taken_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "data_export"

    db.create_tables([DataExport])
