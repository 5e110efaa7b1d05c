"""The figures of each year, as they may be shown."""

from peewee import DateTimeField, IntegerField, Model, TextField, UUIDField


def up(migrator, db):
    class QualityReport(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        year = IntegerField(unique=True)
        computed_at = DateTimeField()
        content = TextField()

        class Meta:
            database = db
            table_name = "quality_report"

    db.create_tables([QualityReport])
