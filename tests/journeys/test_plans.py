"""The pages that are opened most find their rows by indexes, however many bilans there are (bench/journeys.py)."""

import pytest

from bench.queries import listening, scans
from bilan.database import connection, database
from bilan.interviews.models import Interview
from bilan.journal import JournalEntry

PAGES = (
    ("counsellor", "/parcours"),
    ("counsellor", "/parcours?etat=termines"),
    ("counsellor", "/parcours?q=agent"),
    ("counsellor", "/parcours/{journey}"),
    ("counsellor", "/parcours/entretiens/{held}"),
    ("agent", "/mon-bilan"),
    ("agent", "/mon-bilan/entretiens/{held}"),
)


def read_whole(world, name, path):
    """Return the tables that a page reads whole, and how many queries it sends."""
    browser = world.browser(name)
    with listening(database.obj) as heard:
        assert browser.client.get(path.format(journey=world.home.journey.id, held=world.home.held.id)).status_code == 200
    with connection():
        return {scan.table for scan in scans(database.obj, heard)}, len(heard)


def test_no_page_reads_a_growing_table_whole(world):
    for name, path in PAGES:
        found, queries = read_whole(world, name, path)
        assert not found, path
        assert queries > 3, path


def by_length(journey):
    return list(Interview.select().where(Interview.planned_minutes == 90))


def by_subject(journey):
    JournalEntry.select().where(JournalEntry.subject_id == journey.id).exists()
    return []


@pytest.mark.parametrize(("planted", "table"), [(by_length, "interview"), (by_subject, "journal_entry")])
def test_a_planted_query_without_an_index_is_caught(world, monkeypatch, planted, table):
    monkeypatch.setattr(Interview, "of_journey", planted)
    assert read_whole(world, "counsellor", f"/parcours/{world.home.journey.id}")[0] == {table}
