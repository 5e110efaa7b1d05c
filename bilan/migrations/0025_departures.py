"""Departures: who goes on with the complaints and actions of somebody whose departure waits for a second person."""

from peewee import ForeignKeyField, Model, UUIDField


def up(migrator, db):
    class Person(Model):
        id = UUIDField(primary_key=True)

        class Meta:
            database = db
            legacy_table_names = False

    successor = ForeignKeyField(Person, field=Person.id, null=True, on_delete="SET NULL")
    migrator.migrate(migrator.add_column("account_request", "successor_id", successor))
