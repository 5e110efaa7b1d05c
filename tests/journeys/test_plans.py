"""The pages that are opened most find their rows by indexes, however many bilans there are (bench/table.py)."""

import pytest

from bench.journeys import Figures, report
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


def by_detail(journey):
    JournalEntry.select().where(JournalEntry.detail == journey.phase.value).exists()
    return []


@pytest.mark.parametrize(("planted", "table"), [(by_length, "interview"), (by_detail, "journal_entry")])
def test_a_planted_query_without_an_index_is_caught(world, monkeypatch, planted, table):
    monkeypatch.setattr(Interview, "of_journey", planted)
    assert read_whole(world, "counsellor", f"/parcours/{world.home.journey.id}")[0] == {table}


@pytest.mark.parametrize(("queries", "milliseconds", "faults"), [(9, 14.9, 0), (10, 10.0, 1), (9, 15.0, 1), (10, 15.0, 2)])
def test_the_bench_refuses_more_queries_or_a_time_that_grows(queries, milliseconds, faults):
    small, large = Figures(9, 10.0, 20.0, 5_000), Figures(queries, milliseconds, 30.0, 5_000)
    assert len(report({1_000: {"home": small}, 100_000: {"home": large}})) == faults
