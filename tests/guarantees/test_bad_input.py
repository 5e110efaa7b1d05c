"""Whatever is sent, the answer is a French page and never a 500, and a refused request has changed nothing."""

import hashlib
import re
from urllib.parse import quote_plus, urlsplit

import pytest
from factories import last_link
from peewee import SqliteDatabase
from posts import POSTS, placeholders, prepared
from walk import addresses, methods
from werkzeug.datastructures import MultiDict

from bilan.complaints import rules as complaint_rules
from bilan.database import database
from bilan.people import actions as people
from bilan.protection import limiter

# What an INSERT or an UPDATE writes is the table that it names: no trigger writes another.
NAMED = re.compile(r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE) "(\w+)"', re.IGNORECASE)
READS = ("SELECT", "PRAGMA", "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
ANSWERS = {200, 302, 303, 400, 404, 409, 410, 413, 422, 429}
TEXTS = {
    "empty": "",
    "spaces": " \t ",
    "long": "é" * 25_000,  # beyond the longest text that a field takes
    "control": "a\x07b\x1bc",
    "nul": "a\x00b",
    "emoji": "👩🏽‍🏫 🏳️‍🌈",
    "html": "</textarea><script>alert(1)</script><h1>x",
    "sql": "'; DROP TABLE person; --",
    "negative": "-1",
    "huge": "9" * 5000,
    "not a number": "NaN",
    "far date": "9999-12-31",
    "list": "[]",
    "direction": "\u202egauche",
    "line separator": "a\u2028b",
    "another's": "{foreign}",
}
# What PostgreSQL may take in another way than SQLite: lengths, signs that it refuses, numbers and dates beyond its own.
ON_POSTGRES = {"long", "nul", "huge", "far date", "surrogate", "sql"}
RAW = {"surrogate": b"%ED%A0%80", "broken": b"%FF%FE", "percent": b"%", "overlong": b"%C0%80"}
# A page of a questionnaire saves the answers that it gives even when others are missing: nothing given is lost.
# A refused sign-in is a line of the journal.
MAY_WRITE = {"questionnaires.fill": {"answer", "passation", "journal_entry"}, "security.login": {"journal_entry"}}


@pytest.fixture(autouse=True)
def _no_limits(world, monkeypatch):
    monkeypatch.setattr(complaint_rules, "MINIMUM_SECONDS", 0)
    limiter.enabled = False


def rows(tables=None):
    """Return a digest of each table, or of those."""
    found = {}
    for table in tables or database.get_tables():
        lines = sorted(map(repr, database.execute_sql(f'SELECT * FROM "{table}"').fetchall()))
        found[table] = hashlib.sha256("\n".join(lines).encode()).digest()
    return found


class Tables:
    """The tables, each read again only after a statement that may have written it: all of the application's go through peewee."""

    def __init__(self, monkeypatch):
        self.held, self.written, execute = {}, set(), database.obj.execute_sql

        def watched(sql, *arguments, **others):
            if not sql.lstrip("( ").upper().startswith(READS):
                named = NAMED.match(sql)
                if named and named[1] in self.held:
                    self.written.add(named[1])
                else:  # a deletion may cascade
                    self.held = {}
            return execute(sql, *arguments, **others)

        monkeypatch.setattr(database.obj, "execute_sql", watched)

    def rows(self):
        if not self.held or self.written:
            self.held = {**self.held, **rows(self.written if self.held else None)}
            self.written = set()
        return self.held


@pytest.fixture
def tables(world, monkeypatch):
    return Tables(monkeypatch)


def address(world, endpoint, post):
    """Return where to post."""
    if post.fresh:
        send = people.send_reset_link if post.fresh == "password_reset" else people.send_sign_in_link
        with world.app.test_request_context():
            send(email=world.agent.email)
            return last_link(post.fresh)
    found = [one for one in addresses(world, endpoint) if one.state == post.state and one.side in ("home", "")]
    return found[0].path


def bodies(world, endpoint, token):
    """Yield (name, body of the request, its content type): each field of the form with each bad value, alone.

    What is no text is refused before any field is read: each sort in all the fields at once, and in each field one of them, in turn.
    """
    form = "application/x-www-form-urlencoded"
    known = placeholders(world)
    good = {name: prepared(value, known) for name, value in POSTS[endpoint].data.items()}
    every = isinstance(database.obj, SqliteDatabase)
    texts, raws = ({kind: value for kind, value in values.items() if every or kind in ON_POSTGRES} for values in (TEXTS, RAW))
    for kind, raw in raws.items():
        yield f"all: {kind}", b"&".join([encoded({}, token), *(quote_plus(name).encode() + b"=" + raw for name in good)]), form
    for rank, name in enumerate([*good, "kept_entry"]):
        others = {one: value for one, value in good.items() if one != name}
        for kind, text in texts.items():
            yield f"{name}: {kind}", encoded({**good, name: prepared(text, known)}, token), form
        for kind, raw in list(raws.items())[rank % len(raws) :][:1]:
            yield f"{name}: {kind}", encoded(others, token) + b"&" + quote_plus(name).encode() + b"=" + raw, form
        if every:
            yield f"{name}: repeated", encoded({**good, name: [good.get(name, ""), "x", "y"]}, token), form
            yield f"{name}: absent", encoded(others, token), form
    yield "as JSON", b'{"text": 1}', "application/json"
    yield (
        "a file",
        b'--b\r\nContent-Disposition: form-data; name="text"; filename="a"\r\n\r\n\x00\r\n--b--',
        "multipart/form-data; boundary=b",
    )
    yield "too large", b"x" * 5_000_000, form
    yield "a thousand fields", encoded({f"f{n}": "1" for n in range(1500)}, token), form


def encoded(data, token):
    pairs = [*MultiDict(data).items(multi=True), ("csrf_token", token)]
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs).encode()


def faults(response, endpoint, before, after, *, fragment=False):
    """Return what is wrong with an answer."""
    found = []
    if response.status_code not in ANSWERS:
        found.append(f"status {response.status_code}")
    if response.status_code >= 400:
        changed = {table for table in after if after[table] != before.get(table)} - MAY_WRITE.get(endpoint, set())
        found += [f"{response.status_code}, and yet it changed {sorted(changed)}"] if changed else []
    given = response.status_code == 200 and response.mimetype == "application/zip"  # a file, which is no page
    if response.status_code not in (204, 302, 303) and not fragment and not given:
        text = response.text
        found += [f"no {mark}" for mark in ('lang="fr"', "<h1>") if mark not in text]
        found += ["unescaped"] if "<script>alert" in text else []
    where = urlsplit(response.headers.get("Location", ""))
    found += [f"leads to {where.netloc}"] if where.netloc not in ("", "localhost") else []
    return found


@pytest.mark.parametrize("endpoint", POSTS)
def test_a_bad_post_is_answered_in_french_and_changes_nothing(world, tables, endpoint):
    post, found = POSTS[endpoint], []
    browser = world.browser(post.person)
    token, before = browser.csrf_token(), None
    path = address(world, endpoint, post)
    for rank, (name, body, kind) in enumerate(bodies(world, endpoint, token)):
        if post.fresh or before is None:
            path = address(world, endpoint, post)
            browser = world.browser(post.person) if post.fresh else browser
            token = browser.csrf_token()
            before = tables.rows()
        headers = {"HX-Request": "true", "X-CSRFToken": token} if rank % 5 == 4 else {}
        response = browser.client.post(path, data=body, content_type=kind, headers=headers)
        after = tables.rows()
        found += [f"{name}: {fault}" for fault in faults(response, endpoint, before, after, fragment=bool(headers))]
        before = after
    assert found == []


@pytest.mark.parametrize("endpoint", POSTS)
def test_a_post_without_its_token_is_refused(world, endpoint):
    post = POSTS[endpoint]
    browser, path = world.browser(post.person), address(world, endpoint, POSTS[endpoint])
    before = rows()
    known = placeholders(world)
    data = {name: prepared(value, known) for name, value in post.data.items()}
    by_htmx = {"HX-Request": "true"}
    tries = [({}, {}), ({"csrf_token": ""}, {}), ({"csrf_token": "faux"}, {}), ({}, by_htmx), ({}, by_htmx | {"X-CSRFToken": "faux"})]
    for token, headers in tries:
        response = browser.client.post(path, data={**data, **token}, headers=headers)
        assert response.status_code == 400
        assert "cette page devait être rechargée" in response.text
        assert rows() == before


def test_every_endpoint_that_takes_a_post_is_tried(app):
    taken = {endpoint for endpoint, method in methods(app) if method == "POST"}
    assert taken - set(POSTS) == {"security.verify"}  # not reachable: see test_permissions.py


def test_a_write_is_seen_by_whoever_watches_the_tables(world, tables):
    before = tables.rows()
    assert tables.rows() is before
    seen = before
    # The second is written as peewee does, which names its table.
    for statement, table in (("UPDATE person SET display_name = 'y'", "person"), ('UPDATE "employer" SET name = id', "employer")):
        database.execute_sql(statement)
        held = tables.rows()
        assert {name for name in held if held[name] != seen[name]} == {table}
        assert held == rows()
        seen = held


def test_a_planted_half_write_is_reported(world):
    class Refusal:
        status_code, headers, text = 422, {}, '<html lang="fr"><h1>'

    before = rows()
    database.execute_sql("UPDATE person SET display_name = 'x'")
    assert faults(Refusal, "people.account", before, rows()) == ["422, and yet it changed ['person']"]
    Refusal.status_code = 500
    assert "status 500" in faults(Refusal, "people.account", before, before)
