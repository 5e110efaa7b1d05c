"""What HR is told: texts for HR, agreements, readings."""

from peewee import SQL, BlobField, CharField, DateField, DateTimeField, ForeignKeyField, IntegerField, Model, UUIDField


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

    class Statement(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        journey = ForeignKeyField(Journey, on_delete="RESTRICT")
        content = BlobField()
        revision = IntegerField()
        written_by = ForeignKeyField(Person, on_delete="RESTRICT")
        saved_by = ForeignKeyField(Person, on_delete="RESTRICT")
        saved_at = DateTimeField()

        class Meta:
            database = db
            table_name = "statement"

    class Disclosure(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        journey = ForeignKeyField(Journey, on_delete="RESTRICT")
        recipient = ForeignKeyField(Person, on_delete="RESTRICT")
        content = BlobField()
        digest = CharField(max_length=64)
        until = DateField()
        revoked_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "disclosure"
            constraints = [SQL("CONSTRAINT revoked_after_agreed CHECK (revoked_at IS NULL OR revoked_at >= created_at)")]

    class DisclosureReading(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        disclosure = ForeignKeyField(Disclosure, on_delete="CASCADE")

        class Meta:
            database = db
            table_name = "disclosure_reading"

    db.create_tables([Statement, Disclosure, DisclosureReading])
