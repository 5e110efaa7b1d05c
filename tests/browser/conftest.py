"""A live server, and pages of a real Chromium that sign in through the real form.

Guarantee: every page that a test opens fails it on a console error, a page error, an
answer 5xx, or a request to another host.
"""

import os
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from browser.chromium import ARGUMENTS, ChromiumMissing, find_chromium
from browser.deeds import sign_in
from browser.keyboard import take_the_mouse
from browser.server import address_of, listening_socket, serving
from browser.watching import Watch
from client import COOKIE
from factories import assign, make_employer, make_interview, make_journey, make_person
from playwright.sync_api import expect

from bilan.people.models import Role

WAIT_MILLISECONDS = 8000
expect.set_options(timeout=WAIT_MILLISECONDS)


@pytest.fixture(scope="session")
def chromium(playwright):
    """One Chromium per process; each test has contexts of its own."""
    try:
        program = find_chromium(playwright.chromium.executable_path)
    except ChromiumMissing as missing:
        if os.environ.get("BILAN_REQUIRE_BROWSER") == "1":
            pytest.fail(f"BILAN_REQUIRE_BROWSER=1: {missing}")
        pytest.skip(str(missing))
    browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def databases(sqlite_databases):
    """Browser tests run once, on SQLite: what the database changes is tested without a browser."""
    return sqlite_databases


class Live:
    """An application that answers at an address."""

    def __init__(self, app, address):
        self.app = app
        self.address = address

    def within(self):
        """Return the context in which factories and models work."""
        return self.app.test_request_context()


@pytest.fixture
def live(new_app, migrated):
    """An application without a single row, that answers."""
    with listening_socket() as listening:
        app = new_app(migrated, BILAN_BASE_URL=address_of(listening))
        with serving(app, listening) as address:
            yield Live(app, address)


@pytest.fixture
def live_world(world):
    """The populated application of world.py, that answers."""
    with listening_socket() as listening, serving(world.app, listening) as address:
        yield Live(world.app, address)


class Story:
    """An agent, her counsellor, a bilan with a questionnaire to fill and an interview to hold."""

    def __init__(self):
        employer = make_employer("Commune de Renaison")
        self.agent = make_person(Role.AGENT, name="Camille Roux", employer=employer)
        self.counsellor = make_person(Role.COUNSELLOR, name="Dominique Perrin")
        self.secretariat = make_person(Role.SECRETARIAT, name="Sacha Morel")
        self.journey = make_journey(self.agent, self.counsellor, employer)
        self.interview = make_interview(self.journey, held=None)
        self.passation = assign(self.journey)


@pytest.fixture
def story(live):
    with live.within():
        return Story()


@pytest.fixture
def new_context(chromium):
    """Open browser contexts on an address, each watched, and say at the end what went wrong in them."""
    watches = []
    with ExitStack() as opened:

        def make(address, *, javascript=True, width=1280, height=900, cookie=None, **others):
            context = chromium.new_context(
                base_url=address, java_script_enabled=javascript, viewport={"width": width, "height": height}, locale="fr-FR", **others
            )
            opened.callback(context.close)
            context.set_default_timeout(WAIT_MILLISECONDS)
            if cookie:
                context.add_cookies([{"name": COOKIE, "value": cookie, "url": address, "httpOnly": True, "sameSite": "Lax"}])
            context.watch = Watch(context, urlsplit(address).netloc)
            watches.append(context.watch)
            return context

        yield make
    faults = [fault for watch in watches for fault in watch.faults]
    assert not faults, "\n".join(faults)


@pytest.fixture
def page_of(live, new_context, monkeypatch):
    """Open a page in a context of its own; somebody given signs in through the real form.

    Without JavaScript, everything is done by the keyboard alone, on the narrowest screen.
    """

    def open_page(person=None, *, javascript=True, width=1280, **others):
        if not javascript:
            take_the_mouse(monkeypatch)
        page = new_context(live.address, javascript=javascript, width=width if javascript else 320, **others).new_page()
        if person:
            sign_in(page, person)
        return page

    return open_page
