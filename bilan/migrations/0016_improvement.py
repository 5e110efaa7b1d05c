"""Themes of the open answers; the improvement plan and its reminders."""

from peewee import SQL, CharField, DateField, DateTimeField, ForeignKeyField, IntegerField, Model, TextField, UUIDField


def up(migrator, db):
    class Base(Model):
        id = UUIDField(primary_key=True)

        class Meta:
            database = db

    class Verbatim(Base):
        class Meta:
            table_name = "verbatim"

    class Theme(Base):
        created_at = DateTimeField()
        name = CharField(max_length=80)
        folded = CharField(max_length=160, unique=True)

        class Meta:
            table_name = "theme"

    class Sorting(Base):
        verbatim = ForeignKeyField(Verbatim, on_delete="CASCADE")
        theme = ForeignKeyField(Theme, on_delete="CASCADE")

        class Meta:
            table_name = "sorting"
            indexes = ((("verbatim", "theme"), True),)

    db.create_tables([Theme, Sorting])
    db.create_tables(plan(db, Theme))


def plan(db, themes):
    class Person(Model):
        id = UUIDField(primary_key=True)

        class Meta:
            database = db
            table_name = "person"

    class Complaint(Model):
        id = UUIDField(primary_key=True)

        class Meta:
            database = db
            table_name = "complaint"

    class Improvement(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        title = CharField(max_length=200)
        observed = TextField()
        origin = CharField(max_length=20)
        complaint = ForeignKeyField(Complaint, null=True, on_delete="SET NULL")
        theme = ForeignKeyField(themes, null=True, on_delete="SET NULL")
        owner = ForeignKeyField(Person, null=True, on_delete="SET NULL")
        due_on = DateField()
        state = CharField(max_length=20)
        reason = TextField()
        effect = TextField()
        effect_on = DateField(null=True)
        sentence = TextField()
        published_at = DateTimeField(null=True)
        told_at = DateTimeField(null=True)
        revision = IntegerField()

        class Meta:
            database = db
            table_name = "improvement"
            constraints = [
                SQL("CONSTRAINT dropped_with_a_reason CHECK (state <> 'dropped' OR reason <> '')"),
                SQL("CONSTRAINT effect_with_its_day CHECK ((effect = '') = (effect_on IS NULL))"),
                SQL("CONSTRAINT published_once_done CHECK (published_at IS NULL OR (state = 'done' AND sentence <> ''))"),
            ]
            indexes = ((("state", "due_on"), False),)

    class ImprovementReminder(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        improvement = ForeignKeyField(Improvement, on_delete="CASCADE")
        due_on = DateField()
        stage = IntegerField()

        class Meta:
            database = db
            table_name = "improvement_reminder"
            indexes = ((("improvement", "due_on", "stage"), True),)

    return [Improvement, ImprovementReminder]
