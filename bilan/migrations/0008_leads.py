"""Leads and their surveys."""

from peewee import BlobField, DateTimeField, ForeignKeyField, IntegerField, Model, UUIDField


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

    class Lead(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        journey = ForeignKeyField(Journey, on_delete="RESTRICT")
        content = BlobField()
        revision = IntegerField()
        sorting = BlobField(null=True)
        sorting_revision = IntegerField()
        kept_at = DateTimeField(null=True)
        written_by = ForeignKeyField(Person, on_delete="RESTRICT")
        saved_by = ForeignKeyField(Person, on_delete="RESTRICT")
        saved_at = DateTimeField()

        class Meta:
            database = db
            table_name = "lead"

    class Survey(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        journey = ForeignKeyField(Journey, on_delete="RESTRICT")
        lead = ForeignKeyField(Lead, on_delete="CASCADE")
        content = BlobField()
        revision = IntegerField()
        written_by = ForeignKeyField(Person, on_delete="RESTRICT")
        saved_by = ForeignKeyField(Person, on_delete="RESTRICT")
        saved_at = DateTimeField()

        class Meta:
            database = db
            table_name = "survey"

    db.create_tables([Lead, Survey])
