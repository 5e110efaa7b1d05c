"""Questionnaires filled for somebody, their two wordings; the agent's comment and choice on a result; what stands out."""

from peewee import SQL, BlobField, CharField, DateTimeField, ForeignKeyField, IntegerField, Model, UUIDField

TYPED = "CONSTRAINT typed_by_somebody CHECK ((channel = 'online') = (entered_by_id IS NULL))"


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

    class Finding(Model):
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
            table_name = "finding"

    online = CharField(max_length=10, default="online", constraints=[SQL("DEFAULT 'online'")])
    unread = CharField(max_length=10, default="", constraints=[SQL("DEFAULT ''"), SQL(TYPED)])
    typed = ForeignKeyField(Person, field=Person.id, null=True, on_delete="RESTRICT")
    migrator.migrate(
        migrator.add_column("passation", "channel", online, allow_not_null=True),
        migrator.add_column("passation", "entered_by_id", typed),
        migrator.add_column("passation", "wording", unread, allow_not_null=True),
        migrator.add_column("passation", "own_comment", BlobField(null=True)),
        migrator.add_column(
            "passation", "own_comment_revision", IntegerField(default=0, constraints=[SQL("DEFAULT 0")]), allow_not_null=True
        ),
        migrator.add_column("passation", "withdrawn_at", DateTimeField(null=True)),
        migrator.add_column("passation", "carried_at", DateTimeField(null=True)),
    )
    # What was answered until now was read in the one wording that there was.
    db.execute_sql("UPDATE passation SET wording = 'standard' WHERE started_at IS NOT NULL")
    db.create_tables([Finding])
