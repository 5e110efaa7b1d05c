"""What every test may ask for: an application on SQLite and on PostgreSQL, empty or populated, and browsers.

Guarantees: no test reaches the network (127.0.0.1 and unix sockets apart), reads the
machine's environment, or sees the rows of another test.
"""

# ruff: noqa: E402 -- the asserts of the helpers are rewritten before they are imported

import gc
import itertools
import os
import tempfile

import pytest

for helper in ("application", "client", "databases", "factories", "pages", "walk", "world"):
    pytest.register_assert_rewrite(helper)

from application import build_app, close_app
from client import Browser
from databases import PostgresDatabases, PostgresMissing, SqliteDatabases, memory_folder
from hypothesis import HealthCheck, settings
from pytest_socket import socket_allow_hosts
from world import populate

from bilan.preparation import prepare

# Five thousand tests and what they import are there to the end: looked through at each collection, they took a tenth of the time.
gc.set_threshold(100_000, 50, 100)


def pytest_collection_finish():
    """Leave what was collected out of the collections of garbage."""
    gc.collect()
    gc.freeze()


# How fast a machine invents its examples is no fault of what they test.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")
KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
# Whose PostgreSQL holds the key store too.
ABOUT_KEYS = {
    "test_backup",
    "test_keys_in_logs",
    "test_rotation",
    "test_starts",
    "test_vault",
    "test_database",
    "test_migrations",
    "test_upgrades",
    "test_confidentiality",
    "test_restored",
    "test_purge",
}
# On SQLite alone: what these ask of the database is asked of PostgreSQL by the walks of tests/guarantees (every
# page read, every form posted), by the populated world, which the product's own actions make there, and by the
# modules that are left: whatever happens at once, numbers, queues, the clock, the history of the hours.
ON_SQLITE = {
    "test_accounts",
    "test_answering",
    "test_asking",
    "test_certificate",
    "test_closing",
    "test_complaints",
    "test_conditions",
    "test_diagnostics",
    "test_destroyed",
    "test_disclosure",
    "test_employers",
    "test_copy",
    "test_killed_while_what_was_accepted_goes",
    "test_entered",
    "test_evidence",
    "test_experiences",
    "test_figures",
    "test_files",
    "test_headers",
    "test_hosts",
    "test_hr_review",
    "test_filling",
    "test_followup",
    "test_interviews",
    "test_journeys",
    "test_law",
    "test_leads",
    "test_life",
    "test_links",
    "test_messages",
    "test_notes",
    "test_pages",
    "test_passwords",
    "test_open_sessions",
    "test_plan",
    "test_sorting",
    "test_printing",
    "test_proposals",
    "test_quote_paper",
    "test_reception",
    "test_requests",
    "test_restitution",
    "test_results",
    "test_review",
    "test_scenarios",
    "test_second_factor",
    "test_secretariat",
    "test_sessions",
    "test_sheet",
    "test_sign_in",
    "test_skills",
    "test_statement",
    "test_suggestions",
    "test_surveys",
    "test_synthesis",
    "test_together",
    "test_week",
    "test_work",
    # Who reads what is decided in Python, from queries that test_reading.py asks of PostgreSQL.
    "test_each_person_reads_only_what_is_meant_for_her",
    "test_the_logs_hold_no_content_not_even_those_of_the_queries",
    # Decided before the database is touched, or about files.
    "test_a_key_is_bound_to_the_address_of_the_settings",
    "test_a_spoilt_answer_opens_nothing",
    "test_a_spoilt_key_is_not_added",
    "test_what_is_no_answer_is_refused",
    "test_what_does_not_fit_is_refused_in_a_sentence_and_nothing_is_touched",
    "test_a_base_that_cannot_be_read_any_more_is_replaced_and_kept",
    "test_the_oldest_go_and_the_keys_have_one_copy",
    "test_two_at_once_do_not_mix_and_a_killed_one_leaves_nothing",
    "test_a_failure_is_told_once_a_day",
    # The start of a process is the same.
    "test_wrong_master_keys_stop_every_start",
    "test_the_commands_go_on_where_the_start_is_refused",
    # Refused before any query of the view.
    "test_a_post_without_its_token_is_refused",
}
_numbers = itertools.count()
# No test is about a disk: in memory, a database of PostgreSQL is made ten times faster and a commit waits for nothing.
tempfile.tempdir = memory_folder()


def pytest_collection_modifyitems(items):
    items[:] = [item for item in items if not (item.get_closest_marker("postgres") and {item.path.stem, item.originalname} & ON_SQLITE)]


@pytest.fixture(autouse=True)
def _no_network():
    socket_allow_hosts(["127.0.0.1", "localhost"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory):
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_databases():
    try:
        server = PostgresDatabases()
    except PostgresMissing as missing:
        if os.environ.get("BILAN_REQUIRE_POSTGRES") == "1":
            pytest.fail(f"BILAN_REQUIRE_POSTGRES=1: {missing}")
        pytest.skip(str(missing))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres_with_key_files(postgres_databases, tmp_path_factory):
    return PostgresDatabases(postgres_databases, keys=SqliteDatabases(tmp_path_factory.mktemp("keys")))


@pytest.fixture(params=KINDS)
def databases(request):
    """The databases of this run of the test: `sqlite`, then `postgres`, with the key store there for the tests of ABOUT_KEYS."""
    if request.param == "postgres" and request.path.stem not in ABOUT_KEYS:
        return request.getfixturevalue("postgres_with_key_files")
    return request.getfixturevalue(f"{request.param}_databases")


def make_template(databases, name, folder, fill):
    """Make a migrated database once per session, fill it, and return what `fill` says of it."""
    made = databases.__dict__.setdefault("templates", {})
    if name not in made:
        folder.mkdir()
        app = build_app(databases.create(name), folder)
        try:
            prepare()
            made[name] = fill(app)
        finally:
            close_app(app)
    return made[name]


@pytest.fixture
def migrated(databases, tmp_path):
    """The name of a template that holds the tables and nothing else."""
    make_template(databases, "empty", tmp_path / "template", lambda app: None)
    return "empty"


@pytest.fixture
def new_app(databases, tmp_path):
    """Make applications on a fresh copy of a template, and close them at the end."""
    opened = []

    def make(template, **others):
        name = f"t{next(_numbers)}"
        app = build_app(databases.copy(template, name), tmp_path / "instance", **others)
        app.config["TEST_NAME"] = name
        opened.append((name, app))
        return app

    yield make
    for name, app in opened:
        close_app(app)
        databases.drop(name)


@pytest.fixture
def app(new_app, migrated):
    """An application without a single row."""
    return new_app(migrated)


@pytest.fixture
def world(databases, tmp_path, new_app):
    """A populated application (`world.app`), with everybody and every state: see world.py."""
    found = make_template(databases, "world", tmp_path / "template-world", populate)
    found.app = new_app("world")
    return found


@pytest.fixture
def visitor(app):
    """The browser of somebody without an account, on the empty application."""
    return Browser(app)
