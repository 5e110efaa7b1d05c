"""One row per sign-in: listed in words, closed from elsewhere, and a new browser is told."""

import datetime

import pytest
import time_machine
from client import PASSWORD, Browser

from bilan.access import actions
from bilan.access.models import KnownBrowser, OpenSession
from bilan.access.rules import browser_words
from bilan.events import Event
from bilan.journal import JournalEntry
from bilan.mail.models import Email

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def clock():
    with time_machine.travel(datetime.datetime.now(datetime.UTC), tick=False) as travelling:
        yield travelling


def told():
    return [one.envelope["to"] for one in Email.select().where(Email.kind == "new_device")]


def signed_in(world, name, agent="", browser=None):
    browser = browser or Browser(world.app)
    browser.client.environ_base["HTTP_USER_AGENT"] = agent
    browser.sign_in(world.people[name])
    return browser


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox, Windows"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1", "Safari, iPhone"),
        ("<script>", "Navigateur inconnu"),
    ],
)
def test_a_browser_is_said_in_words(agent, words):
    assert browser_words(agent) == words


def test_a_stolen_cookie_is_dead_after_the_others_are_closed(world):
    mine, stolen = signed_in(world, "counsellor", FIREFOX), signed_in(world, "counsellor")
    cookie = stolen.cookie()
    page = mine.get("/compte")
    page.has("Firefox, Windows", "(cet appareil)", "Navigateur inconnu")
    mine.submit(page, form="/compte/connexions").has("Vos autres connexions sont fermées.")
    assert Browser(world.app, cookie).get("/parcours").path == "/connexion"
    assert mine.get("/parcours").path == "/parcours"
    assert OpenSession.select().where(OpenSession.person == world.counsellor).count() == 1
    assert JournalEntry.select().where(JournalEntry.event == Event.SESSIONS_CLOSED).count() == 1


def test_one_session_is_closed_by_its_owner_only(world):
    mine, other = signed_in(world, "agent"), signed_in(world, "agent")
    row = OpenSession.select().where(OpenSession.person == world.agent).order_by(OpenSession.created_at.desc()).first()
    signed_in(world, "other_agent").post(f"/compte/connexions/{row.id}", status=404)
    mine.submit(mine.get("/compte"), form=f"/compte/connexions/{row.id}").has("Cette connexion est fermée.")
    assert other.get("/mon-bilan").path == "/connexion"


@pytest.mark.parametrize("how", ["sign out", "password", "suspension"])
def test_what_ends_a_session_closes_its_row_and_kills_its_cookie(world, how):
    browser = signed_in(world, "counsellor")
    cookie = browser.cookie()
    if how == "sign out":
        browser.sign_out()
    elif how == "password":
        browser.submit(browser.get("/compte"), {"current": PASSWORD, "password": "encore une autre phrase"}, form="/compte")
        assert OpenSession.select().where(OpenSession.person == world.counsellor).count() == 1
    else:
        world.browser("secretariat").post(f"/secretariat/comptes/{world.counsellor.id}", {"action": "suspend"})
        assert OpenSession.select().where(OpenSession.person == world.counsellor).count() == 0
    assert Browser(world.app, cookie).get("/parcours").path == "/connexion"


def test_a_session_in_use_is_written_every_ten_minutes_at_most_and_forgotten_after_a_day(world, clock):
    browser = signed_in(world, "counsellor")
    row = OpenSession.select().where(OpenSession.person == world.counsellor).order_by(OpenSession.created_at.desc()).first()
    clock.shift(9 * 60)
    browser.get("/parcours")
    assert OpenSession.get_by_id(row.id).seen_at == row.seen_at
    clock.shift(2 * 60)
    browser.get("/parcours")
    assert OpenSession.get_by_id(row.id).seen_at > row.seen_at
    clock.shift(25 * 3600)
    actions.forget_old()
    assert OpenSession.select().where(OpenSession.id == row.id).count() == 0
    assert KnownBrowser.select().where(KnownBrowser.person == world.counsellor).exists()


def test_the_team_and_hr_are_told_of_a_new_browser_agents_are_not(world):
    known = signed_in(world, "hr")
    assert told() == [world.hr.email]
    known.sign_out()
    signed_in(world, "hr", browser=known)
    assert told() == [world.hr.email]
    signed_in(world, "agent")
    assert told() == [world.hr.email]
    text = Email.get(Email.kind == "new_device").envelope["body"]
    assert "/mot-de-passe-oublie" in text
    KnownBrowser.delete().where(KnownBrowser.person == world.counsellor).execute()
    signed_in(world, "counsellor", FIREFOX)  # the first ever is not new
    assert told() == [world.hr.email]


def test_the_database_keeps_neither_the_cookie_of_a_browser_nor_an_address(world):
    browser = signed_in(world, "hr", FIREFOX)
    token = browser.client.get_cookie("bilan-navigateur").value
    assert not KnownBrowser.select().where(KnownBrowser.digest == token).exists()
    assert {"person_id", "id", "created_at", "seen_at", "browser"} == {field.column_name for field in OpenSession._meta.sorted_fields}
