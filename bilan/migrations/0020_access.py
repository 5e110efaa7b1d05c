"""Second factors, recovery codes, open sessions, known browsers."""

from peewee import BigIntegerField, BlobField, CharField, DateTimeField, ForeignKeyField, Model, UUIDField


def up(migrator, db):
    class Identified(Model):
        id = UUIDField(primary_key=True)

        class Meta:
            database = db
            legacy_table_names = False

    class Person(Identified):
        pass

    class Base(Identified):
        created_at = DateTimeField()

    class SecondFactor(Base):
        person = ForeignKeyField(Person, unique=True, on_delete="CASCADE")
        secret = BlobField(null=True)
        pending = BlobField(null=True)
        confirmed_at = DateTimeField(null=True)
        last_step = BigIntegerField()

    class RecoveryCode(Base):
        person = ForeignKeyField(Person, on_delete="CASCADE")
        digest = CharField(unique=True, max_length=64)

    class OpenSession(Base):
        person = ForeignKeyField(Person, on_delete="CASCADE")
        seen_at = DateTimeField()
        browser = CharField(max_length=80)

    class KnownBrowser(Base):
        person = ForeignKeyField(Person, on_delete="CASCADE")
        digest = CharField(max_length=64)
        seen_at = DateTimeField()

        class Meta:
            indexes = ((("person", "digest"), True),)

    db.create_tables([SecondFactor, RecoveryCode, OpenSession, KnownBrowser])
