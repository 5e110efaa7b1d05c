"""The synthesis, its versions and its papers."""

from peewee import SQL, BlobField, CharField, DateTimeField, ForeignKeyField, IntegerField, Model, UUIDField


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

    class Synthesis(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        journey = ForeignKeyField(Journey, unique=True, on_delete="RESTRICT")
        state = CharField(max_length=10)
        proposed_at = DateTimeField(null=True)
        proposed_by = ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        agent_validated_at = DateTimeField(null=True)
        counsellor_validated_at = DateTimeField(null=True)
        frozen_at = DateTimeField(null=True)
        digest = BlobField(null=True)

        class Meta:
            database = db
            table_name = "synthesis"
            constraints = (
                SQL(
                    "CONSTRAINT frozen_by_both CHECK "
                    "(frozen_at IS NULL OR (agent_validated_at IS NOT NULL AND counsellor_validated_at IS NOT NULL))"
                ),
            )

    class SynthesisVersion(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        synthesis = ForeignKeyField(Synthesis, on_delete="RESTRICT")
        number = IntegerField()
        content = BlobField()
        author = ForeignKeyField(Person, on_delete="RESTRICT")

        class Meta:
            database = db
            table_name = "synthesis_version"
            indexes = ((("synthesis", "number"), True),)

    class SynthesisPaper(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        version = ForeignKeyField(SynthesisVersion, on_delete="RESTRICT")
        variant = CharField(max_length=10)
        state = CharField(max_length=10)
        content = BlobField(null=True)
        asked_at = DateTimeField()
        done_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "synthesis_paper"
            indexes = ((("version", "variant"), True),)

    db.create_tables([Synthesis, SynthesisVersion, SynthesisPaper])
