"""A key may have a successor, which takes its place."""

from peewee import BlobField, DateTimeField


def up(migrator, db):
    migrator.migrate(
        migrator.add_column("content_key", "successor", BlobField(null=True)),
        migrator.add_column("content_key", "renewed_at", DateTimeField(null=True)),
    )
