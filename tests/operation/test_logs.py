"""A line per request, with its number; JSON that a machine reads; a failure that its page can name."""

import json
import logging

import pytest
from client import Browser

from bilan.operation import logs

SECRET = "MARQUEUR"


@pytest.fixture
def lines(capsys):
    """Configure the logs as a process does; return what reads them, and put everything back."""
    root, held = logging.getLogger(), []
    handlers, level = list(root.handlers), root.level

    def read():
        held.extend(capsys.readouterr().err.splitlines())
        return held

    def begin(form):
        logs.configure(form)
        return read

    yield begin
    root.handlers, root.level = handlers, level


def test_in_json_a_request_is_a_line_with_its_number_and_no_address(world, lines):
    read = lines("json")
    world.browser("counsellor").get(f"/parcours/{world.home.journey.id}")
    told = [json.loads(line) for line in read()]
    asked = [one for one in told if one.get("endpoint") == "journeys.show"]
    assert [(one["status"], one["method"], one["logger"]) for one in asked] == [(200, "GET", "bilan.requests")]
    assert len({one["request"] for one in told if "endpoint" in one}) == sum("endpoint" in one for one in told), "each has its own number"
    assert str(world.home.journey.id) not in "\n".join(read())


def test_in_words_too(app, lines):
    read = lines("texte")
    Browser(app).get("/")
    assert any("bilan.requests [" in line and "GET public.sheet 200" in line for line in read())


def test_a_failure_is_found_in_the_logs_by_the_number_that_its_page_says(app, lines, monkeypatch):
    app.config["RAISE_UNEXPECTED"] = False
    read = lines("json")

    def fail(*_given, **_others):
        raise ValueError(SECRET)

    monkeypatch.setattr("bilan.public.views.render", fail)
    page = Browser(app).get("/aide", status=500)
    number = page.response.headers["X-Request-Id"]
    page.has(f"Référence de cet incident\u00a0: {number}")
    about = [json.loads(line) for line in read() if number in line]
    assert [one["logger"] for one in about] == ["bilan.errors", "bilan.requests"]
    assert SECRET not in "\n".join(read())


@pytest.mark.parametrize(("count", "kept"), [("0", False), ("1", True)])
def test_the_number_of_a_proxy_is_kept_where_one_is_trusted(new_app, migrated, lines, count, kept):
    app, read = new_app(migrated, BILAN_PROXY_COUNT=count), lines("json")
    app.test_client().get("/sante", headers={"X-Request-Id": "proxy-0123456789"})
    app.test_client().get("/sante", headers={"X-Request-Id": "faux\\nnuméro"})
    numbers = [one["request"] for one in map(json.loads, read()) if one.get("endpoint") == "operation.health"]
    assert (numbers[0] == "proxy-0123456789") is kept
    assert numbers[1].isalnum()
