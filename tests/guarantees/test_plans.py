"""No page reads a growing table whole: every page, as everybody, its queries explained by the database."""

import pytest
from walk import every_get
from world import EVERYBODY

from bench.queries import listening, scans
from bilan.database import connection, database, keystore
from bilan.interviews.models import Interview
from bilan.protection import limiter

# Read whole all the same: (endpoint, table): why.
WHOLE = {
    ("people.accounts", "person"): "its pages are numbered: every account is counted",
    ("mail.index", "email"): "its pages are numbered: every e-mail is counted",
    ("treatment.index", "complaint"): "sorted by what presses, which no index knows; one agent in forty complains",
    ("treatment.export", "complaint"): "the same",
    ("verbatims.index", "verbatim"): "those to sort come first",
    ("verbatims.index", "survey_answer"): "the answers of each quarter are counted: it may be read from five on",
    ("verbatims.redact", "survey_answer"): "the same",
    ("improvement.from_verbatim", "survey_answer"): "the same",
    ("verbatims.themes", "sorting"): "the opinions of each theme are counted",
    ("verbatims.theme", "sorting"): "the same",
    ("improvement.from_theme", "sorting"): "the same",
    ("privacy.coming", "journey"): "the dry run looks at every bilan, as the night does",
    **{
        ("privacy.coming", table): "the same"
        for table in ("prescription", "complaint", "certificate", "closing", "adaptation_request", "data_request", "content_key")
    },
    ("departures.leave", "prescription"): "what somebody who leaves held, once in her career here",
}


@pytest.fixture
def databases(sqlite_databases):
    """SQLite alone: PostgreSQL is asked about the pages that are opened most (tests/journeys/test_plans.py)."""
    return sqlite_databases


def read_whole(world, name):
    """Return which growing tables a person's pages read whole, by endpoint."""
    browser, found = world.browser(name), set()
    for address in every_get(world):
        with listening(database.obj) as heard, listening(keystore.obj) as of_keys:
            answered = browser.client.get(address.path, buffered=True).status_code == 200
        if answered:
            with connection():
                both = [*scans(database.obj, heard), *scans(keystore.obj, of_keys)]
            found |= {(address.endpoint, scan.table) for scan in both}
    return found


@pytest.mark.parametrize("name", [name for name in EVERYBODY if not name.startswith("other_")])
def test_no_page_reads_a_growing_table_whole(world, name):
    limiter.enabled = False
    assert read_whole(world, name) - set(WHOLE) == set()


def test_a_planted_query_without_an_index_is_caught(world, monkeypatch):
    limiter.enabled = False
    monkeypatch.setattr(Interview, "of_journey", lambda _journey: list(Interview.select().where(Interview.planned_minutes == 90)))
    assert ("journeys.show", "interview") in read_whole(world, "counsellor")


def test_each_exception_is_still_one(world):
    limiter.enabled = False
    assert set(WHOLE) <= read_whole(world, "secretariat") | read_whole(world, "manager")
