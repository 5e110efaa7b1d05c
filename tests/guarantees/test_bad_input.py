"""Whatever is sent, the answer is a French page and never a 500, and a refused request has changed nothing."""

import datetime
import hashlib
from dataclasses import dataclass, field
from urllib.parse import quote_plus, urlsplit

import pytest
from factories import last_link
from peewee import SqliteDatabase
from walk import addresses, methods
from werkzeug.datastructures import MultiDict

from bilan.complaints import rules as complaint_rules
from bilan.database import database
from bilan.diagnostics import rules as diagnostic_rules
from bilan.people import actions as people
from bilan.protection import limiter

READS = ("SELECT", "PRAGMA", "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
ANSWERS = {200, 302, 303, 400, 404, 409, 410, 413, 422, 429}
TEXTS = {
    "empty": "",
    "spaces": " \t ",
    "long": "é" * 100_000,
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


@dataclass
class Post:
    """Who posts what where; `fresh` makes the address of an endpoint whose link serves once."""

    person: str
    data: dict = field(default_factory=dict)
    state: str = ""
    fresh: str = ""


MEETING = {
    "kind": "diagnostic",
    "date": f"{datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=40)}",
    "time": "10:00",
    "planned_minutes": "90",
    "mode": "remote",
}
TOMORROW = f"{datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=2)}"
LOGGED = {"kind": "accompaniment", "date": "2026-10-05", "time": "10:00", "held_minutes": "60", "mode": "remote", "because": "forgotten"}
DECISION = {
    "decision": "reconsider",
    "planned_minutes": "840",
    "rhythm": "weekly",
    "starts_on": "2026-12-01",
    "ends_on": "2027-03-01",
    "reconsider_on": "2027-01-15",
}
GRID = dict.fromkeys(diagnostic_rules.TEXTS, "t") | {"motive": "", "informed": "phases", "readiness": "yes", "base": "1"}
QUOTE = {
    "hours": "14",
    "hourly": "95",
    "vat": "0",
    "exemption": "e",
    "valid_until": (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=30)).date().isoformat(),
    "submission": "00000000-0000-4000-8000-000000000002",
    "step": "send",
}
PAGE = {"seen": "7", "R2": "3", "shown-R2": "2"}
SURVEY = {"who": "w", "contact": "visit", "on": "2026-10-01", "findings": "f"}
SLOT = {"slot": "{free_slot}"}
WORK = {
    "what": "text",
    "title": "t",
    "details": "d",
    "due_on": "2027-01-15",
    "interview": "",
    "submission": "00000000-0000-4000-8000-000000000003",
}
OFFER = {
    "date": "2027-01-12",
    "time": "14:00",
    "minutes": "90",
    "mode": "on_site",
    "place": "4 rue Molière",
    "access_notes": "Sonner.",
    "link": "https://visio.exemple/a",
    "repeat": "week",
    "until": "2027-02-12",
}
SUBMISSION = {"submission": "00000000-0000-4000-8000-000000000002", "then": ""}
EXPERIENCE = {
    "position": "p",
    "employer": "e",
    "starts": "mars 2015",
    "ends": "2019",
    "ongoing": "",
    "status": "tenured",
    "grade": "g",
    "tasks": "t",
    "successes": "s",
    "difficulties": "d",
    "pleasure": "4",
    "leaving": "l",
    "proof": "p",
}
SKILL = {
    "name": "n",
    "kind": "soft",
    "experience": "",
    "proof": "p",
    "level": "expert",
    "frequency": "daily",
    "again": "yes",
    "to_develop": "y",
    "transferable": "t",
}
CONDITION = {"kind": "obstacle", "sentence": "s", "strength": "4", "answer": "a"}
POSTS = {
    "agenda.book_for": Post("secretariat", SLOT, "journey"),
    "agenda.cancel": Post("agent", {"reason": "work"}, "coming"),
    "agenda.cancel_for": Post("secretariat", {"outcome": "cancelled", "reason": "work"}, "coming"),
    "agenda.choose": Post("agent", SLOT),
    "agenda.move": Post("agent", SLOT, "coming"),
    "agenda.move_for": Post("secretariat", SLOT, "coming"),
    "agenda.publish": Post("counsellor", OFFER),
    "agenda.subscription": Post("counsellor", {"action": "open"}),
    "agenda.withdraw_slot": Post("counsellor", {"series": "1"}, "free_slot"),
    "assignments.answer": Post("agent", {"text": "t", "submission": "00000000-0000-4000-8000-000000000004"}, "work"),
    "assignments.change": Post("counsellor", {"title": "t", "details": "d", "due_on": "2027-01-15", "base": "0"}, "work"),
    "assignments.give": Post("counsellor", WORK, "journey"),
    "assignments.remove_file": Post("agent", {}, "agent_file"),
    "assignments.tick": Post("agent", {"done": "yes"}, "work"),
    "assignments.withdraw": Post("counsellor", {}, "fresh_work"),
    "occupations.link": Post("agent", {"occupation": "{foreign}"}, "experience"),
    "messages.mark_read": Post("agent", {"newest": "{foreign}"}, "journey"),
    "messages.send": Post("agent", {"text": "t", "submission": "00000000-0000-4000-8000-000000000004"}, "journey"),
    # The form that changes a piece is the one that adds it, whose every field is tried below.
    "careers.condition": Post("agent", {"kind": "obstacle", "sentence": "s", "base": "1"}, "condition"),
    "careers.experience": Post("counsellor", {"position": "p", "starts": "mars 2015", "base": "1"}, "experience"),
    "careers.new_condition": Post("counsellor", CONDITION | SUBMISSION | {"base": "0"}, "journey"),
    "careers.new_experience": Post("agent", EXPERIENCE | SUBMISSION | {"base": "0"}, "journey"),
    "careers.new_skill": Post("agent", SKILL | SUBMISSION | {"base": "0"}, "journey"),
    "careers.order": Post("agent", {"up": "{foreign}", "down": "{foreign}"}, "journey"),
    "careers.remove_condition": Post("agent", {"base": "1"}, "condition"),
    "careers.remove_experience": Post("counsellor", {"base": "1"}, "experience"),
    "careers.remove_skill": Post("agent", {"base": "1"}, "skill"),
    "careers.skill": Post("counsellor", {"name": "n", "kind": "soft", "base": "1"}, "skill"),
    "complaints.new": Post(
        "anonymous",
        {
            "name": "P",
            "email": "p@exemple.fr",
            "phone": "",
            "link": "agent",
            "happened": "h",
            "expected": "e",
            "call_back": "",
            "proof": "{proof}",
            "site_web": "",
        },
    ),
    "diagnostics.decide": Post("counsellor", DECISION, "journey"),
    "diagnostics.programme": Post("agent", {}),
    "diagnostics.save": Post("counsellor", GRID, "journey"),
    "followup.interrupt": Post("counsellor", {"origin": "agent", "reason": "other", "detail": "d"}, "journey"),
    "followup.resume": Post("counsellor", {}, "journey"),
    "followup.suspend": Post("counsellor", {"resumes_on": TOMORROW}, "journey"),
    "followup.write_midway": Post("agent", {"useful": "u", "adjust": "a", "pace": "right", "base": "0"}, "journey"),
    "interviews.log": Post("counsellor", LOGGED, "journey"),
    "interviews.take_slot": Post("counsellor", {"slot": "{free_slot}", "entretien": ""}, "journey"),
    "interviews.touch": Post("counsellor", {"objective": "0"}, "held"),
    "interviews.change": Post("counsellor", MEETING, "coming"),
    "interviews.plan": Post("counsellor", MEETING, "journey"),
    "notes.save": Post("counsellor", {"text": "t", "base": "2"}, "held"),
    "interviews.show": Post("counsellor", {"outcome": "held", "held_minutes": "60"}, "held"),
    "journeys.conflicts": Post("counsellor", {"employer": "", "person_name": "N", "lift": ""}),
    "journeys.show": Post("counsellor", {"leaving": "diagnostic"}, "journey"),
    "mail.show": Post("secretariat", {"action": "again"}),
    "people.account": Post("agent", {"password": "un autre mot de passe"}),
    "people.accounts": Post("secretariat", {"display_name": "N", "email": "n@exemple.fr", "role": "hr", "employer": "Commune"}),
    "people.ask_link": Post("anonymous", {"email": "agent@exemple.fr"}),
    "people.ask_reset": Post("anonymous", {"email": "agent@exemple.fr"}),
    "people.choose_password": Post("anonymous", {"password": "un autre mot de passe"}, fresh="password_reset"),
    "people.display": Post("agent", {"theme": "dark", "text": "large", "typeface": "system", "one_question": "y"}),
    "people.manage_account": Post("secretariat", {"action": "suspend"}),
    "people.open_link": Post("anonymous", fresh="sign_in_link"),
    "people.resume": Post("agent", {"entry": "{foreign}"}),
    "prescriptions.check": Post("hr", {}, "draft"),
    "prescriptions.discard": Post("hr", {}, "draft"),
    "prescriptions.new": Post(
        "hr",
        {"agent_name": "N", "agent_email": "n@exemple.fr", "phone": "1", "submission": "00000000-0000-4000-8000-000000000001"},
    ),
    "prescriptions.step": Post("hr", {"agent_name": "N", "agent_email": "n@exemple.fr", "phone": "1", "then": ""}, "draft"),
    "prescriptions.withdraw": Post("hr", {}, "received"),
    "proposals.decline": Post("agent", {}),
    "proposals.show": Post("agent", {"wishes": "w"}),
    "reception.assign": Post("secretariat", {"counsellor": "{foreign}"}, "received"),
    "reception.invite": Post("secretariat", {}, "received"),
    "reception.replace": Post("secretariat", {"counsellor": "{foreign}", "until": "2026-12-01", "action": ""}, "journey"),
    "reception.show": Post("secretariat", {"reason": "quote", "note": "n"}, "received"),
    "questionnaires.assign": Post("counsellor", {"slug": "interets", "due_on": ""}, "journey"),
    "questionnaires.check": Post("agent", {}, "started"),
    "questionnaires.enter": Post("counsellor", {"channel": "phone"}, "started"),
    "leads.edit": Post("agent", {"title": "t", "why": "w", "base": "1"}, "lead"),
    "leads.keep": Post("agent", {"kept": "1"}, "lead"),
    "leads.new": Post("agent", {"title": "t", "why": "w", "base": "0", "submission": ""}, "journey"),
    "leads.new_survey": Post("agent", SURVEY | {"base": "0", "submission": ""}, "lead"),
    "leads.remove": Post("agent", {"base": "1"}, "lead"),
    "leads.remove_survey": Post("agent", {"base": "1"}, "survey"),
    "leads.sort": Post("agent", {"choice": "explore", "reason": "r", "base": "1"}, "lead"),
    "leads.suggestions": Post("agent", {"occupation": "{foreign}"}, "journey"),
    "leads.survey": Post("agent", SURVEY | {"base": "1"}, "survey"),
    "results.carry": Post("agent", {}, "grid"),
    "results.comment": Post("counsellor", {"text": "t", "base": "1"}, "released"),
    "results.finding": Post("agent", {"sentence": "s", "sources": "path", "base": "1"}, "finding"),
    "results.keep_out": Post("agent", {"out": "1"}, "released"),
    "results.new_finding": Post("agent", {"sentence": "s", "sources": "path", "base": "0", "submission": ""}, "journey"),
    "results.release": Post("counsellor", {}, "submitted"),
    "results.remove_finding": Post("agent", {"base": "1"}, "finding"),
    "questionnaires.fill": Post("agent", PAGE, "started"),
    "questionnaires.save": Post("agent", {"R1": "3", "seen": "1"}, "started"),
    "questionnaires.withdraw": Post("counsellor", {}, "assigned"),
    "quotes.answer": Post("hr", {"answer": "refused"}, "quote"),
    "quotes.draw_up": Post("secretariat", QUOTE, "quoted"),
    "quotes.employer": Post("secretariat", {"name": "Commune home", "address": "a", "agreement_until": "2030-01-01"}, "employer"),
    "security.login": Post("anonymous", {"email": "agent@exemple.fr", "password": "x", "next": "/"}),
    "security.logout": Post("hr", {}),
}


@pytest.fixture(autouse=True)
def _no_limits(world, monkeypatch):
    monkeypatch.setattr(complaint_rules, "MINIMUM_SECONDS", 0)
    limiter.enabled = False


def rows():
    """Return a digest of each table."""
    found = {}
    for table in database.get_tables():
        lines = sorted(map(repr, database.execute_sql(f'SELECT * FROM "{table}"').fetchall()))
        found[table] = hashlib.sha256("\n".join(lines).encode()).digest()
    return found


class Tables:
    """The tables, read again only after a statement that may have written: all of the application's go through peewee."""

    def __init__(self, monkeypatch):
        self.held, execute = None, database.obj.execute_sql

        def watched(sql, *arguments, **others):
            if not sql.lstrip("( ").upper().startswith(READS):
                self.held = None
            return execute(sql, *arguments, **others)

        monkeypatch.setattr(database.obj, "execute_sql", watched)

    def rows(self):
        if self.held is None:
            found = rows()
            self.held = found
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


def prepared(world, value):
    proof = complaint_rules.sign_form(world.app.config["SECRET_KEY"], "00000000-0000-4000-8000-000000000001")
    return (
        value.replace("{foreign}", str(world.away.journey.id))
        .replace("{proof}", proof)
        .replace("{free_slot}", str(world.home.free_slot.id))
    )


def bodies(world, endpoint, token):
    """Yield (name, body of the request, its content type): each field of the form with each bad value, alone."""
    form = "application/x-www-form-urlencoded"
    good = {name: prepared(world, value) for name, value in POSTS[endpoint].data.items()}
    every = isinstance(database.obj, SqliteDatabase)
    texts, raws = ({kind: value for kind, value in values.items() if every or kind in ON_POSTGRES} for values in (TEXTS, RAW))
    for name in [*good, "kept_entry"]:
        others = {one: value for one, value in good.items() if one != name}
        for kind, text in texts.items():
            yield f"{name}: {kind}", encoded({**good, name: prepared(world, text)}, token), form
        for kind, raw in raws.items():
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
    if response.status_code not in (204, 302, 303) and not fragment:
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
    for token in ({}, {"csrf_token": ""}, {"csrf_token": "faux"}):
        data = {name: prepared(world, value) for name, value in post.data.items()}
        response = browser.client.post(path, data={**data, **token})
        assert response.status_code == 400
        assert "cette page devait être rechargée" in response.text
        assert rows() == before


def test_every_endpoint_that_takes_a_post_is_tried(app):
    taken = {endpoint for endpoint, method in methods(app) if method == "POST"}
    assert taken - set(POSTS) == {"security.verify"}  # not reachable: see test_permissions.py


def test_a_write_is_seen_by_whoever_watches_the_tables(world, tables):
    before = tables.rows()
    assert tables.rows() is before
    database.execute_sql("UPDATE person SET display_name = 'y'")
    assert {table for table in before if tables.rows()[table] != before[table]} == {"person"}


def test_a_planted_half_write_is_reported(world):
    class Refusal:
        status_code, headers, text = 422, {}, '<html lang="fr"><h1>'

    before = rows()
    database.execute_sql("UPDATE person SET display_name = 'x'")
    assert faults(Refusal, "people.account", before, rows()) == ["422, and yet it changed ['person']"]
    Refusal.status_code = 500
    assert "status 500" in faults(Refusal, "people.account", before, before)
