"""ProConnect: the accounts it opens, and the sign-ins it can end. Changes of accounts that wait for a second person."""

from peewee import BlobField, CharField, DateTimeField, ForeignKeyField, Model, UUIDField


def up(migrator, db):
    class Identified(Model):
        id = UUIDField(primary_key=True)

        class Meta:
            database = db
            legacy_table_names = False

    class Person(Identified):
        pass

    class OpenSession(Identified):
        pass

    class Base(Identified):
        created_at = DateTimeField()

    class ProconnectIdentity(Base):
        person = ForeignKeyField(Person, unique=True, on_delete="CASCADE")
        subject = CharField(unique=True, max_length=255)

    class ProconnectVisit(Base):
        person = ForeignKeyField(Person, on_delete="CASCADE")
        opened = ForeignKeyField(OpenSession, null=True, unique=True, on_delete="CASCADE")
        id_token = BlobField()

    class AccountRequest(Base):
        asked_by = ForeignKeyField(Person, on_delete="CASCADE", backref="requests_asked")
        change = CharField(max_length=10)
        person = ForeignKeyField(Person, null=True, on_delete="CASCADE", backref="requests_about")
        email = CharField(max_length=254)
        display_name = CharField(max_length=120)
        role = CharField(max_length=30)
        outcome = CharField(max_length=10, null=True)
        decided_by = ForeignKeyField(Person, null=True, on_delete="SET NULL", backref="requests_decided")
        decided_at = DateTimeField(null=True)

    db.create_tables([ProconnectIdentity, ProconnectVisit, AccountRequest])
