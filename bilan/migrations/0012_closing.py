"""The end of a bilan: the review with HR and its minutes, the decisions of the closing, how far the objectives were reached."""

from peewee import SQL, BlobField, CharField, DateField, DateTimeField, ForeignKeyField, IntegerField, Model, UUIDField


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

    class Interview(Model):
        id = UUIDField(primary_key=True)

        class Meta:
            database = db
            table_name = "interview"

    class HrReview(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        journey = ForeignKeyField(Journey, on_delete="RESTRICT")
        recipient = ForeignKeyField(Person, on_delete="RESTRICT")
        proposed_by = ForeignKeyField(Person, on_delete="RESTRICT")
        accepted_at = DateTimeField(null=True)
        ended_at = DateTimeField(null=True)
        interview = ForeignKeyField(Interview, null=True, unique=True, on_delete="RESTRICT")
        place = CharField(max_length=300)

        class Meta:
            database = db
            table_name = "hr_review"
            constraints = [SQL("CONSTRAINT planned_once_accepted CHECK (interview_id IS NULL OR accepted_at IS NOT NULL)")]

    class HrMinutes(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        review = ForeignKeyField(HrReview, unique=True, on_delete="RESTRICT")
        text = BlobField()
        revision = IntegerField()
        saved_by = ForeignKeyField(Person, on_delete="RESTRICT")
        saved_at = DateTimeField()
        agreed_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "hr_minutes"

    class HrMinutesReading(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        minutes = ForeignKeyField(HrMinutes, on_delete="CASCADE")

        class Meta:
            database = db
            table_name = "hr_minutes_reading"

    class Closing(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        journey = ForeignKeyField(Journey, unique=True, on_delete="RESTRICT")
        handed_over_on = DateField(null=True)
        nothing_told_at = DateTimeField(null=True)
        no_review_at = DateTimeField(null=True)
        reasons = BlobField(null=True)
        keep = CharField(max_length=10)
        keep_months = IntegerField(null=True)
        need = BlobField(null=True)
        keep_chosen_at = DateTimeField(null=True)
        revision = IntegerField()

        class Meta:
            database = db
            table_name = "closing"
            constraints = [SQL("CONSTRAINT kept_for_some_months CHECK ((keep = 'nothing') = (keep_months IS NULL))")]

    class Attainment(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        journey = ForeignKeyField(Journey, on_delete="RESTRICT")
        side = CharField(max_length=10)
        content = BlobField()
        revision = IntegerField()
        saved_by = ForeignKeyField(Person, on_delete="RESTRICT")
        saved_at = DateTimeField()

        class Meta:
            database = db
            table_name = "attainment"
            indexes = ((("journey", "side"), True),)

    db.create_tables([HrReview, HrMinutes, HrMinutesReading, Closing, Attainment])
