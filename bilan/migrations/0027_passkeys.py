"""Passkeys."""

from peewee import BigIntegerField, BlobField, CharField, DateTimeField, ForeignKeyField, Model, UUIDField


def up(migrator, db):
    class Person(Model):
        id = UUIDField(primary_key=True)

        class Meta:
            database = db
            table_name = "person"

    class Passkey(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        person = ForeignKeyField(Person, on_delete="CASCADE")
        name = CharField(max_length=60)
        credential = CharField(unique=True, max_length=1400)
        public_key = BlobField()
        handle = CharField(max_length=90)
        sign_count = BigIntegerField()
        challenged_at = BigIntegerField()
        used_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "passkey"

    db.create_tables([Passkey])
