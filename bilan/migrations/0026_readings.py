"""Who of the centre read what of a bilan, by day."""

from peewee import CharField, DateField, DateTimeField, ForeignKeyField, Model, UUIDField


def up(migrator, db):
    class Person(Model):
        id = UUIDField(primary_key=True)

        class Meta:
            database = db
            table_name = "person"

    class Reading(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        person = ForeignKeyField(Person, on_delete="CASCADE")
        journey_id = UUIDField()
        room = CharField(max_length=20)
        day = DateField()

        class Meta:
            database = db
            table_name = "reading"
            indexes = ((("journey_id", "day", "room", "person"), True),)

    db.create_tables([Reading])
