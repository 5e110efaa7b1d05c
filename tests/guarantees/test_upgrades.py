"""An old database upgrades with its data: each published migration meets rows of the version before."""

import datetime
import importlib.util
import shutil
import uuid

import pytest

from bilan.database import MIGRATIONS, migrate, open_database

AT = datetime.datetime.fromisoformat("2026-03-02 09:00:00")
IDS = {name: uuid.uuid4() for name in ("employer", "agent", "counsellor", "open", "closed", "held", "coming", "note")}


@pytest.fixture
def first_version(databases, tmp_path):
    """A main database as the first version left it, with two journeys of one agent, interviews and a note."""
    urls = databases.create("upgrade")
    db = open_database(next(iter(urls)))
    old = tmp_path / "migrations"
    old.mkdir()
    shutil.copy(MIGRATIONS / "0001_foundation.py", old)
    with db.connection_context():
        migrate(db, old)
        write_rows(db)
    yield db
    db.close_all()
    databases.drop("upgrade")


def write_rows(db):
    def insert(table, **values):
        names, holes = ", ".join(values), ", ".join([db.param] * len(values))
        given = [str(value) if isinstance(value, uuid.UUID) else value for value in values.values()]
        db.execute_sql(f"INSERT INTO {table} ({names}) VALUES ({holes})", given)

    insert("employer", id=hexed(db, "employer"), created_at=AT, name="Commune")
    for name in ("agent", "counsellor"):
        insert(
            "person",
            id=hexed(db, name),
            created_at=AT,
            email=f"{name}@exemple.fr",
            display_name=f"Prénom {name}",
            role=name,
            employer_id=hexed(db, "employer"),
            active=True,
            fs_uniquifier=name,
            preferences="",
        )
    people = {f"{one}_id": hexed(db, one) for one in ("agent", "counsellor", "employer")}
    closed_at = AT + datetime.timedelta(days=90)
    insert("journey", id=hexed(db, "closed"), created_at=AT, phase="closed", closed_at=closed_at, **people)
    insert("journey", id=hexed(db, "open"), created_at=closed_at + datetime.timedelta(days=5), phase="diagnostic", **people)
    for name, minutes in (("held", 90), ("coming", None)):
        insert(
            "interview",
            id=hexed(db, name),
            created_at=AT,
            journey_id=hexed(db, "open"),
            kind="diagnostic",
            mode="on_site",
            starts_at=AT,
            planned_minutes=90,
            held_minutes=minutes,
        )
    insert(
        "note",
        id=hexed(db, "note"),
        created_at=AT,
        interview_id=hexed(db, "held"),
        kind="private",
        number=1,
        author_id=hexed(db, "counsellor"),
        text=b"chiffre",
    )


def hexed(db, name):
    """Return an identifier as this database keeps it."""
    return IDS[name].hex if "Sqlite" in type(db).__name__ else IDS[name]


def test_every_published_migration_has_rows_before_it():
    assert [path.name for path in sorted(MIGRATIONS.glob("0*.py"))] == [
        "0001_foundation.py",
        "0002_from_prescription_to_first_interview.py",
        "0003_sessions_and_follow_up.py",
        "0004_career_path.py",
        "0005_personal_work_and_messages.py",
        "0006_restitution.py",
        "0007_occupations.py",
        "0008_leads.py",
        "0009_scenarios_and_plan.py",
        "0010_synthesis.py",
        "0011_disclosure.py",
        "0012_closing.py",
        "0013_complaints.py",
        "0014_satisfaction.py",
        "0015_quality.py",
        "0016_improvement.py",
        "0017_evidence.py",
        "0018_adaptations.py",
        "0019_journal_seals.py",
        "0020_access.py",
        "0021_retention.py",
        "0022_copies.py",
        "0023_proconnect.py",
        "0024_data_requests.py",
        "0025_departures.py",
        "0026_readings.py",
        "0027_passkeys.py",
        "0028_indexes.py",
        "0029_prescription_search.py",
        "0030_lists.py",
    ], "another migration: write what it does to the rows of the version before"


def test_the_second_version_keeps_the_journeys_the_hours_and_the_notes(first_version):
    db = first_version
    with db.connection_context():
        assert migrate(db) == [path.stem for path in sorted(MIGRATIONS.glob("0*.py"))][1:]

        def rows(query):
            return db.execute_sql(query).fetchall()

        outcomes = rows("SELECT outcome, held_minutes, sequence, logged_because FROM interview ORDER BY held_minutes IS NULL")
        assert outcomes == [("held", 90, 0, None), (None, None, 0, None)]
        assert rows("SELECT COUNT(*) FROM note") == [(1,)]
        found = rows("SELECT id, year, number, state, agent_name, agent_email FROM prescription ORDER BY number")
        assert [row[1:] for row in found] == [
            (2026, 1, "ended", "Prénom agent", "agent@exemple.fr"),
            (2026, 2, "accepted", "Prénom agent", "agent@exemple.fr"),
        ]
        assert [row[0] for row in found] == [row[0] for row in rows("SELECT id FROM journey ORDER BY created_at")]
        assert rows("SELECT COUNT(*), COUNT(until) FROM referral") == [(2, 1)]
        named = {
            "SqliteDatabase": "SELECT COUNT(*) FROM prescription_search WHERE words MATCH '\"agent\"'",
            "Postgres": "SELECT COUNT(*) FROM prescription WHERE to_tsvector('simple', agent_name) @@ to_tsquery('simple', 'agent')",
        }
        assert rows(named["SqliteDatabase" if "Sqlite" in type(db).__name__ else "Postgres"]) == [(2,)]
        assert rows("SELECT address, agreement_until, size FROM employer") == [("", None, "unknown")]
        assert rows("SELECT COUNT(*) FROM experience") == [(0,)]


def test_a_migration_that_forgets_the_rows_is_caught(first_version):
    spec = importlib.util.spec_from_file_location("planted", MIGRATIONS / "0002_from_prescription_to_first_interview.py")
    planted = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(planted)
    planted._keep_journeys = lambda *arguments: None
    from playhouse.migrate import SchemaMigrator

    with first_version.connection_context():
        planted.up(SchemaMigrator.from_database(first_version), first_version)
        assert first_version.execute_sql("SELECT COUNT(*) FROM prescription").fetchall() == [(0,)]
