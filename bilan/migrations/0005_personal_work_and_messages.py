"""Personal work with its comments and files; messages between an agent and her counsellor."""

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

    class Passation(Model):
        id = UUIDField(primary_key=True)

        class Meta:
            database = db
            table_name = "passation"

    class Assignment(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        journey = ForeignKeyField(Journey, on_delete="RESTRICT")
        interview = ForeignKeyField(Interview, null=True, on_delete="SET NULL")
        given_by = ForeignKeyField(Person, on_delete="RESTRICT")
        kind = CharField(max_length=20)
        content = BlobField()
        passation = ForeignKeyField(Passation, null=True, on_delete="SET NULL")
        page = CharField(max_length=30)
        due_on = DateField(null=True)
        done_at = DateTimeField(null=True)
        reminded_at = DateTimeField(null=True)
        recalled_at = DateTimeField(null=True)
        revision = IntegerField()

        class Meta:
            database = db
            table_name = "assignment"
            constraints = [
                SQL("CONSTRAINT names_its_page CHECK ((kind = 'page') = (page <> ''))"),
                SQL("CONSTRAINT passation_of_a_questionnaire CHECK (kind = 'questionnaire' OR passation_id IS NULL)"),
                SQL("CONSTRAINT questionnaire_is_not_ticked CHECK (kind <> 'questionnaire' OR done_at IS NULL)"),
            ]
            indexes = ((("journey", "created_at"), False),)

    class AssignmentComment(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        assignment = ForeignKeyField(Assignment, on_delete="CASCADE")
        author = ForeignKeyField(Person, on_delete="RESTRICT")
        text = BlobField()

        class Meta:
            database = db
            table_name = "assignment_comment"

    class Attachment(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        assignment = ForeignKeyField(Assignment, on_delete="CASCADE")
        added_by = ForeignKeyField(Person, on_delete="RESTRICT")
        name = BlobField()
        media_type = CharField(max_length=100)
        size = IntegerField()
        content = BlobField()

        class Meta:
            database = db
            table_name = "attachment"
            constraints = [SQL("CONSTRAINT file_is_not_empty CHECK (size > 0)")]

    class Message(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        journey = ForeignKeyField(Journey, on_delete="RESTRICT")
        author = ForeignKeyField(Person, on_delete="RESTRICT")
        text = BlobField()
        read_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "message"
            indexes = ((("journey", "created_at"), False),)

    db.create_tables([Assignment, AssignmentComment, Attachment, Message])
