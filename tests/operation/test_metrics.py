"""What a monitor reads: only with its token, only numbers, and those that are true."""

import re

import pytest
from client import Browser
from factories import file_complaint
from prometheus_client.parser import text_string_to_metric_families

from bilan import worker
from bilan.mail.models import Email

TOKEN = "jeton-de-mesure-de-plus-de-32-caracteres"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def app(new_app, migrated):
    return new_app(migrated, BILAN_METRICS_TOKEN=TOKEN)


def figures(app):
    response = app.test_client().get("/metrics", headers=BEARER)
    assert response.status_code == 200
    families = text_string_to_metric_families(response.text)
    return {(one.name, *sorted(one.labels.values())): one.value for family in families for one in family.samples}


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer "}, {"Authorization": f"Bearer {TOKEN}x"}, {"Authorization": TOKEN}, {"Authorization": "Bearer é"}],
)
def test_nobody_reads_them_without_the_token(app, headers):
    assert app.test_client().get("/metrics", headers=headers).status_code == 404


def test_there_are_none_without_a_setting(new_app, migrated):
    assert new_app(migrated).test_client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_requests_are_counted_and_timed(app):
    for _ in range(3):
        Browser(app).get("/aide")
    Browser(app).get("/nulle-part", status=404)
    found = figures(app)
    assert found[("bilan_requests_total", "200", "GET", "public.help_page")] == 3
    assert found[("bilan_requests_total", "-", "404", "GET")] == 1
    assert found[("bilan_request_seconds_count", "public")] == 3


def test_what_waits_is_what_the_database_holds(app):
    with app.test_request_context():
        file_complaint()
        waiting = Email.select().count()
        worker.beat()
    found = figures(app)
    assert waiting > 0
    assert found[("bilan_emails", "waiting")] == waiting
    assert found[("bilan_tasks_waiting",)] >= waiting
    assert 0 <= found[("bilan_worker_heartbeat_age_seconds",)] < 60
    assert (found[("bilan_database_up",)], found[("bilan_disk_free_bytes",)] > 0) == (1, True)


def test_a_database_that_is_away_is_a_figure(app, monkeypatch):
    from peewee import OperationalError

    def fail(*_given, **_others):
        raise OperationalError("gone")

    monkeypatch.setattr("bilan.operation.metrics.Email.select", fail)
    assert figures(app)[("bilan_database_up",)] == 0


def test_no_figure_names_anybody(new_app, world):
    app = new_app("world", BILAN_METRICS_TOKEN=TOKEN)
    browser = Browser(app)
    browser.sign_in(world.agent)
    browser.get("/mon-bilan")
    text = app.test_client().get("/metrics", headers=BEARER).text
    assert "journeys.mine" in text
    assert "@" not in text
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}", text), "no identifier"
