"""The career path: experiences, skills, and what helps or hinders."""

from peewee import SQL, BlobField, DateTimeField, ForeignKeyField, IntegerField, Model, UUIDField


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

    class Experience(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        journey = ForeignKeyField(Journey, on_delete="RESTRICT")
        place = IntegerField(null=True)
        content = BlobField()
        revision = IntegerField()
        written_by = ForeignKeyField(Person, on_delete="RESTRICT")
        saved_by = ForeignKeyField(Person, on_delete="RESTRICT")
        saved_at = DateTimeField()

        class Meta:
            database = db
            table_name = "experience"
            constraints = [SQL("CONSTRAINT placed_from_one CHECK (place >= 1)")]

    class Skill(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        journey = ForeignKeyField(Journey, on_delete="RESTRICT")
        experience = ForeignKeyField(Experience, null=True, on_delete="SET NULL")
        content = BlobField()
        revision = IntegerField()
        written_by = ForeignKeyField(Person, on_delete="RESTRICT")
        saved_by = ForeignKeyField(Person, on_delete="RESTRICT")
        saved_at = DateTimeField()

        class Meta:
            database = db
            table_name = "skill"

    class Condition(Model):
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
            table_name = "condition"

    db.create_tables([Experience, Skill, Condition])
