"""Scenarios, the steps of the plan, and the review that was asked of it."""

from peewee import BlobField, CharField, DateField, DateTimeField, ForeignKeyField, IntegerField, Model, UUIDField


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

    class Lead(Model):
        id = UUIDField(primary_key=True)

        class Meta:
            database = db
            table_name = "lead"

    class Scenario(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        journey = ForeignKeyField(Journey, on_delete="RESTRICT")
        lead = ForeignKeyField(Lead, null=True, on_delete="SET NULL")
        content = BlobField()
        revision = IntegerField()
        own = BlobField(null=True)
        own_revision = IntegerField()
        written_by = ForeignKeyField(Person, on_delete="RESTRICT")
        saved_by = ForeignKeyField(Person, on_delete="RESTRICT")
        saved_at = DateTimeField()

        class Meta:
            database = db
            table_name = "scenario"

    class Step(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        journey = ForeignKeyField(Journey, on_delete="RESTRICT")
        scenario = ForeignKeyField(Scenario, null=True, on_delete="SET NULL")
        content = BlobField()
        revision = IntegerField()
        due_on = DateField(null=True)
        state = CharField(max_length=10)
        done_at = DateTimeField(null=True)
        review = BlobField(null=True)
        review_revision = IntegerField()
        reviewed_at = DateTimeField(null=True)
        written_by = ForeignKeyField(Person, on_delete="RESTRICT")
        saved_by = ForeignKeyField(Person, on_delete="RESTRICT")
        saved_at = DateTimeField()

        class Meta:
            database = db
            table_name = "step"

    class ReviewAsked(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        journey = ForeignKeyField(Journey, on_delete="CASCADE", unique=True)

        class Meta:
            database = db
            table_name = "review_asked"

    db.create_tables([Scenario, Step, ReviewAsked])
