"""From the prescription to the first interview: prescriptions, quotes, slots, diagnostics, referents."""

import uuid

from peewee import (
    SQL,
    BlobField,
    CharField,
    CompositeKey,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
    UUIDField,
)

OUTCOME = "CONSTRAINT held_has_its_duration CHECK ((outcome = 'held') = (held_minutes IS NOT NULL))"


def up(migrator, db):
    class Employer(Model):
        id = UUIDField(primary_key=True)

        class Meta:
            database = db
            table_name = "employer"

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

    migrator.migrate(
        migrator.add_column("employer", "address", TextField(default="", constraints=[SQL("DEFAULT ''")]), allow_not_null=True),
        migrator.add_column("employer", "agreement_until", DateField(null=True)),
        migrator.add_column("journey", "replacement_id", ForeignKeyField(Person, field=Person.id, null=True, on_delete="RESTRICT")),
        migrator.add_column("journey", "replacement_until", DateField(null=True)),
        migrator.add_column("interview", "outcome", CharField(max_length=30, null=True, constraints=[SQL(OUTCOME)])),
        migrator.add_column("interview", "reason", CharField(max_length=20, null=True)),
        migrator.add_column("interview", "sequence", IntegerField(default=0, constraints=[SQL("DEFAULT 0")]), allow_not_null=True),
        migrator.add_column("interview", "reminded_at", DateTimeField(null=True)),
    )

    class Referral(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        journey = ForeignKeyField(Journey, on_delete="CASCADE")
        counsellor = ForeignKeyField(Person, on_delete="RESTRICT")
        since = DateTimeField()
        until = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "referral"

    db.create_tables([Referral])

    class ConflictOfInterest(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        counsellor = ForeignKeyField(Person, on_delete="CASCADE")
        employer = ForeignKeyField(Employer, null=True, on_delete="CASCADE")
        person_name = CharField(max_length=120)

        class Meta:
            database = db
            table_name = "conflict_of_interest"
            constraints = [SQL("CONSTRAINT names_one CHECK ((employer_id IS NULL) = (person_name <> ''))")]

    db.create_tables([ConflictOfInterest])

    class Prescription(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        employer = ForeignKeyField(Employer, on_delete="RESTRICT")
        author = ForeignKeyField(Person, null=True, on_delete="SET NULL")
        year = IntegerField(null=True)
        number = IntegerField(null=True)
        state = CharField(max_length=20)
        agent_name = CharField(max_length=120)
        agent_email = CharField(max_length=254)
        agent = ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        counsellor = ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        agent_file = BlobField(null=True)
        request = BlobField(null=True)
        wishes = BlobField(null=True)
        received_at = DateTimeField(null=True)
        invited_at = DateTimeField(null=True)
        answered_at = DateTimeField(null=True)
        ended_at = DateTimeField(null=True)
        proposed_for = DateTimeField(null=True)
        reminded_days = IntegerField()
        delay_reason = CharField(max_length=20, null=True)
        delay_note = BlobField(null=True)

        class Meta:
            database = db
            table_name = "prescription"
            constraints = [
                SQL("CONSTRAINT sent_with_its_number CHECK ((state = 'draft') = (number IS NULL))"),
                SQL("CONSTRAINT sent_with_its_date CHECK ((state = 'draft') = (received_at IS NULL))"),
            ]
            indexes = ((("year", "number"), True), (("employer", "received_at"), False), (("state", "received_at"), False))

    Prescription.add_index(
        SQL(
            "CREATE UNIQUE INDEX prescription_one_open_per_agent ON prescription (agent_email) WHERE agent_email <> '' AND state IN ('received', 'quoted', 'invited', 'accepted')"
        )
    )
    db.create_tables([Prescription])

    class Quote(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        prescription = ForeignKeyField(Prescription, on_delete="RESTRICT")
        year = IntegerField()
        number = IntegerField()
        state = CharField(max_length=20)
        minutes = IntegerField()
        hourly_cents = IntegerField()
        vat_points = IntegerField()
        exemption = CharField(max_length=300)
        valid_until = DateField()
        drawn_up_by = ForeignKeyField(Person, null=True, on_delete="SET NULL")
        answered_by = ForeignKeyField(Person, null=True, on_delete="SET NULL")
        answered_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "quote"
            constraints = [
                SQL("CONSTRAINT amounts_are_positive CHECK (minutes > 0 AND hourly_cents >= 0 AND vat_points >= 0)"),
                SQL("CONSTRAINT answered_with_its_date CHECK ((state IN ('accepted', 'refused')) = (answered_at IS NOT NULL))"),
            ]
            indexes = ((("year", "number"), True), (("prescription", "created_at"), False))

    Quote.add_index(SQL("CREATE UNIQUE INDEX quote_one_waiting ON quote (prescription_id) WHERE state = 'sent'"))
    db.create_tables([Quote])

    class Slot(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        counsellor = ForeignKeyField(Person, on_delete="RESTRICT")
        starts_at = DateTimeField()
        minutes = IntegerField()
        mode = CharField(max_length=10)
        place = CharField(max_length=300)
        access_notes = CharField(max_length=500)
        series_id = UUIDField(index=True, null=True)
        interview = ForeignKeyField(Interview, unique=True, null=True, on_delete="SET NULL")

        class Meta:
            database = db
            table_name = "slot"
            constraints = [SQL("CONSTRAINT slot_within_a_day CHECK (minutes BETWEEN 15 AND 480)")]
            indexes = ((("counsellor", "starts_at"), False), (("starts_at",), False))

    db.create_tables([Slot])

    class BusyCell(Model):
        counsellor = ForeignKeyField(Person, on_delete="CASCADE")
        cell = IntegerField()
        slot = ForeignKeyField(Slot, on_delete="CASCADE")

        class Meta:
            database = db
            table_name = "busy_cell"
            primary_key = CompositeKey("counsellor", "cell")

    db.create_tables([BusyCell])

    class Subscription(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        counsellor = ForeignKeyField(Person, unique=True, on_delete="CASCADE")
        digest = CharField(max_length=64, unique=True)

        class Meta:
            database = db
            table_name = "subscription"

    db.create_tables([Subscription])

    class Diagnostic(Model):
        id = UUIDField(primary_key=True)
        created_at = DateTimeField()
        journey = ForeignKeyField(Journey, unique=True, on_delete="RESTRICT")
        content = BlobField()
        revision = IntegerField()
        saved_at = DateTimeField(null=True)
        saved_by = ForeignKeyField(Person, null=True, on_delete="SET NULL")
        decision = CharField(max_length=20, null=True)
        decided_at = DateTimeField(null=True)
        reconsider_on = DateField(null=True)
        planned_minutes = IntegerField(null=True)
        rhythm = CharField(max_length=20, null=True)
        starts_on = DateField(null=True)
        ends_on = DateField(null=True)
        committed_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "diagnostic"
            constraints = [
                SQL("CONSTRAINT decided_with_its_date CHECK ((decision IS NULL) = (decided_at IS NULL))"),
                SQL(
                    "CONSTRAINT commits_to_a_programme CHECK (committed_at IS NULL OR (decision = 'engaged' AND planned_minutes IS NOT NULL))"
                ),
                SQL("CONSTRAINT ends_after_it_starts CHECK (ends_on IS NULL OR ends_on > starts_on)"),
            ]

    db.create_tables([Diagnostic])

    db.execute_sql("UPDATE interview SET outcome = 'held' WHERE held_minutes IS NOT NULL")
    _keep_journeys(db, Prescription, Referral)


def _keep_journeys(db, prescriptions, referrals):
    """Give each journey opened before prescriptions existed its prescription and its referent's dates."""
    query = (
        "SELECT j.id, j.created_at, j.agent_id, j.counsellor_id, j.employer_id, j.closed_at, p.display_name, p.email "
        "FROM journey j JOIN person p ON p.id = j.agent_id ORDER BY j.created_at DESC"
    )
    numbers, with_open = {}, set()
    rows = db.execute_sql(query).fetchall()
    for journey_id, opened_at, agent, counsellor, employer, closed_at, name, email in reversed(rows):
        year = int(str(opened_at)[:4])
        numbers[year] = numbers.get(year, 0) + 1
        # An agent has one open prescription: of several open journeys, one carries the address.
        again = closed_at is None and email in with_open
        with_open |= {email} if closed_at is None else set()
        prescriptions.insert(
            id=_uuid(journey_id),
            created_at=opened_at,
            employer=_uuid(employer),
            year=year,
            number=numbers[year],
            state="ended" if closed_at else "accepted",
            agent_name=name,
            agent_email="" if again else email,
            agent=_uuid(agent),
            counsellor=_uuid(counsellor),
            received_at=opened_at,
            invited_at=opened_at,
            answered_at=opened_at,
            ended_at=closed_at,
            reminded_days=0,
        ).execute()
        referrals.insert(
            id=uuid.uuid4(), created_at=opened_at, journey=_uuid(journey_id), counsellor=_uuid(counsellor), since=opened_at, until=closed_at
        ).execute()


def _uuid(value):
    return value if isinstance(value, uuid.UUID) else uuid.UUID(str(value))
