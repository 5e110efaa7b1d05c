"""The key store."""

from peewee import BlobField, DateTimeField, Model, UUIDField


def up(migrator, db):
    class ContentKey(Model):
        id = UUIDField(primary_key=True)
        wrapped = BlobField(null=True)
        created_at = DateTimeField()
        destroyed_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "content_key"

    db.create_tables([ContentKey])
