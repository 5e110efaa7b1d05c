"""Random requests of anybody to any address, well formed or hostile, and what no answer may ever do.

A request is drawn by hypothesis from a seed, so that the same seed makes the same storm: every route, every person, real
and invented objects, methods that exist or not, forms, JSON, files, raw bytes, chunks, bodies larger than allowed or said to be, headers
of all sorts, our own cookies cut, changed or invented, with the token of the forms or without. Three things are faults: a status of 500 or an
exception; the marker of a confidential field before somebody who may not read it, in a page, a table, a PDF or a ZIP; a write by a request that was refused.
"""

import contextlib
import io
import json
import resource
import sqlite3
from collections import Counter
from dataclasses import dataclass, field

from answers import text_of
from client import COOKIE
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from posts import POSTS, placeholders, prepared
from walk import addresses, methods
from world import EVERYBODY

from bilan import REQUEST_BYTES, uploads
from bilan.database import database, keystore
from bilan.pages import DISPLAY_COOKIE
from bilan.protection import limiter
from bilan.sessions import BROWSER_COOKIE

REFUSED = {400, 401, 403, 404, 405, 409, 410, 411, 413, 414, 415, 422, 429, 431, 503}
FULL_AT = 9_000  # bytes
# A refused sign-in is written in the journal; an expired post is kept for whoever wrote it; links are asked for by anybody.
# A page of questions keeps what was answered and asks for the rest: nothing typed is lost.
WRITES_THOUGH_REFUSED = {"security.login", "questionnaires.fill"}
SIGN_IN = {
    "security.login",
    "security.logout",
    "people.open_link",
    "people.choose_password",
    "access.code",
    "access.recovery",
    "passkeys.enter",
}
# What an agent decides to show, others may read from then on.
SHARES = {"adaptations.share": "adaptation-"}
# What the HR officer whom it is for reads by a press of a button, so that no GET shows it and no marker names her.
BY_A_PRESS = {"disclosure.read": ("texte-pour-rh", "communication-pour"), "hr_review.meet": ("closed_compte-rendu-rh",)}
SIDE_OF = {"hr": "home", "other_hr": "away"}
METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "QUATRE")
TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "",
            "0",
            "-1",
            "1e309",
            "9" * 400,
            "2026-02-30",
            "24:60",
            "\x00",
            "�",
            "'; DROP TABLE person; --",
            "<script>alert(1)</script>",
            "{{ 7*7 }}",
            "../../etc/passwd",
            "a" * 70000,
            "é" * 9000,
            "%00",
            "\r\nSet-Cookie: a=b",
            "=1+1",
            "on",
            "nan",
            "[]",
            "null",
        ]
    ),
)
HEADERS = st.dictionaries(
    st.sampled_from(
        [
            "HX-Request",
            "HX-Target",
            "HX-Current-URL",
            "Host",
            "Origin",
            "Referer",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-Forwarded-Proto",
            "Accept",
            "Accept-Language",
            "Accept-Encoding",
            "Range",
            "If-None-Match",
            "If-Modified-Since",
            "User-Agent",
            "X-CSRFToken",
            "X-HTTP-Method-Override",
            "Authorization",
            "Content-Encoding",
            "Cookie",
            "Connection",
            "Expect",
            "Upgrade",
            "Forwarded",
        ]
    ),
    st.one_of(
        st.sampled_from(["true", "*", "bytes=0-1", "gzip", "attaquant.example", "127.0.0.1", "https", "DELETE", "100-continue", "q=;,"]),
        st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60),
    ),
    max_size=4,
)
COOKIES = st.dictionaries(
    st.sampled_from([COOKIE, BROWSER_COOKIE, DISPLAY_COOKIE]),
    st.one_of(
        # Of a good one: cut, a character changed, said twice, without its signature.
        st.sampled_from(["cut", "changed", "twice", "unsigned"]),
        st.sampled_from(["", ".", "..", "a.b.c", "e30.e30.e30", '{"theme": 1}', "theme=dark&text=", "\x00", '"', "%00", "A" * 9000, "é"]),
        st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60),
    ),
    min_size=1,
)
OVERSIZED = b"csrf_token=a&x=" + b"a" * REQUEST_BYTES
KINDS = (
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=b",
    "multipart/form-data",
    "application/json",
    "text/xml",
    "",
    "image/png",
    "/;;",
)


@dataclass
class Faults:
    """What the storm met: how many requests, the statuses, and what is wrong."""

    requests: int = 0
    statuses: Counter = field(default_factory=Counter)
    found: list = field(default_factory=list)


@st.composite
def requests_of(draw, places):
    """One request: who, where, how, with what."""
    endpoint, path, apt = draw(st.sampled_from(places))
    if draw(st.integers(0, 5)) == 0:
        parts = path.split("/")
        place = draw(st.integers(0, len(parts) - 1))
        parts[place] = draw(
            st.sampled_from(["..", "%2e%2e", "00000000-0000-4000-8000-000000000009", "é", "\x7f", "a" * 3000, "-1", "%", ""])
        )
        path = "/".join(parts) or "/"
    query = draw(
        st.dictionaries(st.sampled_from(["q", "page", "etat", "du", "au", "annee", "next", "piste", "item", "b\x00"]), TEXTS, max_size=2)
    )
    fields = POSTS[endpoint].data if endpoint in POSTS else {}
    names = st.sampled_from([*fields, "submission", "base", "action", "kept_entry", "x"])
    return {
        "person": POSTS[endpoint].person if endpoint in POSTS and draw(st.booleans()) else draw(st.sampled_from(EVERYBODY)),
        "endpoint": endpoint,
        "path": path if path.startswith("/") else f"/{path}",
        "query": query,
        "method": draw(st.sampled_from(METHODS if draw(st.integers(0, 9)) == 0 else apt)),
        "headers": draw(HEADERS),
        "token": draw(st.sampled_from(["good", "good", "good", "none", "wrong"])),
        "data": dict(fields) | draw(st.dictionaries(names, TEXTS, max_size=4)),
        "body": draw(
            st.sampled_from(["form", "form", "form", "files", "raw", "json", "chunked", "short", "large", "endless", "announced"])
        ),
        "raw": draw(st.binary(max_size=300)),
        "kind": draw(st.sampled_from(KINDS)),
        "cookies": draw(COOKIES) if draw(st.integers(0, 5)) == 0 else {},
    }


class Storm:
    """Sends requests to a world and notes its faults."""

    def __init__(self, world):
        self.world = world
        limiter.enabled = False
        self.known = placeholders(world)
        known = {}
        for endpoint, method in methods(world.app):
            known.setdefault(endpoint, []).append(method)
        self.places = [(endpoint, one.path, known[endpoint]) for endpoint in known for one in addresses(world, endpoint)]
        self.browsers = {name: world.browser(name) for name in EVERYBODY}
        for browser in self.browsers.values():
            browser.csrf_token()
        self.bare = world.app.test_client(use_cookies=False)
        # Not the key store: a key is made before what it opens, and one without content harms nobody.
        self.watchers = [sqlite3.connect(database.obj.database)]
        self.faults, self.shown = Faults(), set()

    def blow(self, count, seed):
        """Send so many requests."""

        @settings(max_examples=count, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
        @given(requests_of(self.places))
        def send(asked):
            self.send(asked)

        seeded(seed)(send)()
        return self.faults

    def send(self, asked):
        """Send one request and look at its answer."""
        browser, before = self.browsers[asked["person"]], self.writes()
        try:
            client = self.bare if asked.get("cookies") else browser.client
            response = client.open(**self.arguments(browser, asked), buffered=True)
        except (ValueError, UnicodeError):  # what no client could put on the wire
            return
        except Exception as error:  # noqa: BLE001 -- any exception is what is looked for
            self.note(asked, f"{type(error).__name__}: {str(error)[:200]}")
            return
        self.faults.requests += 1
        if asked["endpoint"] in SHARES and response.status_code == 302:
            self.shown.add(SHARES[asked["endpoint"]])
        self.faults.statuses[response.status_code] += 1
        if response.status_code >= 500 and response.status_code != 503:
            self.note(asked, f"status {response.status_code}")
        refused = response.status_code in REFUSED or "/connexion" in response.headers.get("Location", "")
        if refused and before and self.writes() not in (None, before) and asked["endpoint"] not in WRITES_THOUGH_REFUSED:
            self.note(asked, f"wrote though it was refused ({response.status_code})")
        self.look_for_markers(asked, response)
        if asked["endpoint"] in SIGN_IN:  # a link of another's may have served: one is somebody else from here
            self.browsers[asked["person"]] = self.world.browser(asked["person"])

    def look_for_markers(self, asked, response):
        """Note what is shown to somebody who may not read it."""
        text = text_of(response)
        if "MARQUEUR-" not in text:
            return
        bearer = asked["endpoint"].startswith("complaints.")
        pressed = {f"{name}-{SIDE_OF.get(asked['person'])}" for name in BY_A_PRESS.get(asked["endpoint"], ())}
        for marker in (one for one in self.world.markers.values() if not one.name.startswith(tuple(self.shown))):
            if (
                marker.text in text
                and asked["person"] not in marker.readers
                and marker.name not in pressed
                and not (bearer and marker.name.startswith("reclamation"))
            ):
                self.note(asked, f"shows {marker.name}")

    def note(self, asked, words):
        """Keep a fault with what makes it again."""
        short = {name: str(value)[:120] for name, value in asked.items()}
        self.faults.found.append(f"{words}: {json.dumps(short, ensure_ascii=True)}")

    def writes(self):
        """Return what changes when somebody commits to one of the two files."""
        try:
            return [watcher.execute("PRAGMA data_version").fetchone() for watcher in self.watchers]
        except sqlite3.OperationalError:  # a full disk refuses the watchers too: what was written then is looked for by nobody
            return None

    def arguments(self, browser, asked):
        """Return a request as werkzeug's client takes it."""
        headers = {name: value for name, value in asked["headers"].items() if name != "X-CSRFToken" or asked["token"] == "wrong"}
        data = {name: prepared(value, self.known) for name, value in asked["data"].items()}
        if asked["token"] == "good":
            data["csrf_token"] = browser.csrf_token()
        elif asked["token"] == "wrong":
            data["csrf_token"] = "a.b.c"
        common = {"path": asked["path"], "method": asked["method"], "query_string": asked["query"], "headers": headers}
        if asked["method"] not in ("GET", "HEAD", "OPTIONS", "TRACE"):
            common |= self.body(asked, data)
        if asked.get("cookies"):
            common["environ_overrides"] = common.get("environ_overrides", {}) | {"HTTP_COOKIE": self.cookies(browser, asked["cookies"])}
        return common

    def cookies(self, browser, damaged):
        """Return the header of the cookies of a browser, some of them damaged."""
        held = {name: one.value for name in (COOKIE, BROWSER_COOKIE, DISPLAY_COOKIE) if (one := browser.client.get_cookie(name))}
        good = held.get(COOKIE, "eyJhIjoxfQ.aaaaaa.bbbb")
        for name, value in damaged.items():
            whole = held.get(name, good)
            held[name] = {
                "cut": whole[: len(whole) // 2],
                "changed": whole[:-3] + ("A" if whole[-3] != "A" else "B") + whole[-2:],
                "twice": f"{whole}; {name}={whole}",
                "unsigned": whole.rpartition(".")[0],
            }.get(value, value)
        return "; ".join(f"{name}={value}" for name, value in held.items())

    def body(self, asked, data):
        """Return the body of a request and what says how it is written."""
        stream = {"input_stream": io.BytesIO(asked["raw"]), "content_type": asked["kind"]}
        chunked = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
        return {
            "form": {"data": data},
            "files": {"data": data | {"file": (io.BytesIO(asked["raw"]), "..\\é\x00.pdf")}, "content_type": "multipart/form-data"},
            "json": {"data": json.dumps(data), "content_type": "application/json"},
            "large": {"data": OVERSIZED, "content_type": KINDS[0]},
            "endless": {"input_stream": io.BytesIO(OVERSIZED), "content_type": KINDS[0], "environ_overrides": chunked},
            "announced": stream | {"environ_overrides": {"CONTENT_LENGTH": str(uploads.REQUEST_BYTES + 1)}},
            "chunked": stream | {"environ_overrides": chunked},
            "short": stream | {"environ_overrides": {"CONTENT_LENGTH": "999"}},
            "raw": {"data": asked["raw"], "content_type": asked["kind"]},
        }[asked["body"]]


@contextlib.contextmanager
def on_each_connection(app, *statements):
    """Run these statements on the connections of each request (SQLite)."""

    def run() -> None:
        for one in (database, keystore):
            for statement in statements:
                one.execute_sql(statement)

    app.before_request_funcs[None].insert(1, run)
    try:
        yield
    finally:
        app.before_request_funcs[None].remove(run)


@contextlib.contextmanager
def full_disk():
    """Let the write-ahead log grow no longer, as on a disk that is full."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (FULL_AT, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@contextlib.contextmanager
def locked(app):
    """Hold the lock of writers, which nobody waits for long."""
    locker = sqlite3.connect(database.obj.database, isolation_level=None)
    locker.execute("BEGIN IMMEDIATE")
    try:
        with on_each_connection(app, "PRAGMA busy_timeout = 1"):
            yield
    finally:
        locker.close()
