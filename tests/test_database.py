"""The database: what a transaction has left is on disk, or nothing of it; writers wait for each other."""

import concurrent.futures
import datetime
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import time_machine
from application import environment
from client import Browser
from databases import Urls
from peewee import IntegrityError, OperationalError

from bilan import worker
from bilan.database import connection, database, keystore, now, transaction
from bilan.notes import views
from bilan.people.models import Employer

ROOT = Path(__file__).parents[1]
WRITER = """
import sys
from bilan import create_app
from bilan.database import connection, transaction
from bilan.people.models import Employer
create_app()
with connection():
    for rank in range(100000):
        with transaction():
            Employer.create(name=f"commune {rank}")
        print(rank, flush=True)
"""


def test_a_failed_transaction_leaves_nothing(app):
    with pytest.raises(IntegrityError), transaction():
        Employer.create(name="Commune")
        Employer.create(name="Commune")
    assert Employer.select().count() == 0


def test_an_inner_failure_undoes_the_whole_use_case(app):
    with pytest.raises(RuntimeError), transaction():
        with transaction():
            Employer.create(name="Commune")
        raise RuntimeError
    assert Employer.select().count() == 0


def test_writers_wait_for_each_other(app):
    def write(rank):
        with connection(), transaction():
            Employer.create(name=f"Commune {rank}")

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(80)))
    assert Employer.select().count() == 80


def test_what_was_acknowledged_survives_a_killed_process(app, tmp_path):
    settings = app.config["BILAN"]
    given = environment(Urls(settings.database_url, settings.keystore_url), tmp_path / "instance")
    command, variables = [sys.executable, "-c", WRITER], {"PATH": os.environ["PATH"], **given}
    with subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True) as process:
        told = [int(process.stdout.readline()) for _ in range(25)]
        process.send_signal(signal.SIGKILL)
        told += [int(line) for line in process.stdout.read().split("\n")[:-1]]
    names = {name for (name,) in Employer.select(Employer.name).tuples()}
    assert {f"commune {rank}" for rank in told} <= names


def test_sqlite_is_set_to_keep_what_it_acknowledges(app, databases):
    if databases.kind != "sqlite":
        pytest.skip("SQLite's own settings")
    for one in (database, keystore):
        assert one.execute_sql("PRAGMA journal_mode").fetchone() == ("wal",)
        assert one.execute_sql("PRAGMA synchronous").fetchone() == (2,)
        assert one.execute_sql("PRAGMA foreign_keys").fetchone() == (1,)
    assert keystore.execute_sql("PRAGMA secure_delete").fetchone() == (1,)


def test_moments_are_stored_naive_in_utc(app):
    employer = Employer.create(name="Commune")
    held = Employer.get_by_id(employer.id).created_at
    assert held.tzinfo is None
    assert abs((held - now()).total_seconds()) < 60


def test_a_busy_database_is_said_and_the_text_comes_back(world, monkeypatch):
    def busy(**_arguments):
        raise OperationalError("database is locked")

    monkeypatch.setattr(views.actions, "save_note", busy)
    browser, path = world.browser("counsellor"), f"/parcours/entretiens/{world.home.coming.id}/notes/private"
    page = browser.post(path, {"text": "ce que j’écrivais", "base": "0"}, status=503)
    assert page.h1 == "Service très occupé"
    assert any("ce que j’écrivais" in area.text for area in page.soup.find_all("textarea"))
    browser.fragment(path, {"text": "ce que j’écrivais", "base": "0"}, status=503).has("n’a pas pu se faire tout de suite")


def test_an_unexpected_error_is_a_french_page_and_a_log_line_without_content(world, monkeypatch, caplog):
    def broken(**arguments):
        raise ValueError(arguments["text"])

    world.app.config["RAISE_UNEXPECTED"] = False
    monkeypatch.setattr(views.actions, "save_note", broken)
    page = world.browser("counsellor").post(
        f"/parcours/entretiens/{world.home.coming.id}/notes/private", {"text": "MARQUEUR-panne", "base": "0"}, status=500
    )
    assert page.h1 == "Un problème est survenu"
    page.has("MARQUEUR-panne")
    assert "ValueError" in caplog.text
    assert "MARQUEUR-panne" not in caplog.text


def test_the_health_page_tells_the_database_and_the_worker(app):
    browser = Browser(app)
    assert browser.client.get("/sante").json == {"database": "ok", "worker": "arrêté"}
    worker.beat()
    response = browser.client.get("/sante")
    assert (response.status_code, response.json) == (200, {"database": "ok", "worker": "ok"})


def test_the_health_page_tells_a_database_that_fails(app, monkeypatch):
    def fail(*_arguments, **_others):
        raise OperationalError("gone")

    monkeypatch.setattr(database.obj, "execute_sql", fail)
    response = app.test_client().get("/sante")
    assert (response.status_code, response.json["database"]) == (503, "panne")


def test_a_heartbeat_that_is_old_is_a_worker_that_stopped(app):
    worker.beat()
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=4)):
        assert not worker.is_alive()


def test_the_server_keeps_static_files_for_good_and_nothing_else(app):
    client = app.test_client()
    page = Browser(app).get("/")
    style = page.soup.find("link", rel="stylesheet")["href"]
    with client.get(style) as response:
        assert response.headers["Cache-Control"].endswith("immutable")
    for script in page.soup.find_all("script"):
        with client.get(script["src"], headers={"Accept-Encoding": "gzip"}) as response:
            assert response.status_code == 200
            assert response.mimetype == "text/javascript"
    assert client.get(style.replace("/bilan.css", "/autre.css")).status_code == 404
