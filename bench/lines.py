"""What the table measures: the application under test, its measured people, and what each line sends as one of them."""

import datetime
import io
import itertools
import re
import sys
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import render_template
from flask_security import hash_password
from peewee import Database

from bench.floor import Floor, FloorRow, recording, rendering
from bench.journeys import BROWSER, PASSWORD, sign_in
from bench.network import Measured
from bench.synthesis import people, setting_alone, write_synthesis
from bilan import create_app, printing
from bilan.complaints import rules
from bilan.database import connection, database, keystore, now
from bilan.people.models import Person, Role
from bilan.permissions import public
from bilan.preparation import prepare
from bilan.protection import limiter
from bilan.questionnaires import instruments
from bilan.questionnaires.models import Passation
from bilan.settings import load
from bilan.synthesis.actions import print_version, set_paper
from bilan.synthesis.models import SynthesisPaper
from bilan.synthesis.rules import Setting, Variant
from bilan.worker import queue

# A page of the product that says nothing: session, person, permission, header, foot, packing. What every page costs before it begins.
FRAME = "the frame alone"
# What may grow, as its size does.
EXPORT = "register (CSV)"
# Who is asked beside the measured counsellor and her agents.
OTHERS = {"rh": Role.HR, "qualite": Role.MANAGER, "secretariat": Role.SECRETARIAT, "handicap": Role.DISABILITY_REFERENT}
EMPTY = '{% extends "layouts/base.html" %}{% block title %}Rien{% endblock %}'
Send = Callable[[], tuple[int, bytes]]


class Line(NamedTuple):
    """A line of the table: what sends it once more, and what sends its floors (bench/floor.py)."""

    name: str
    send: Send
    floor: Send
    written_before: Send
    page: Send
    # Asked once a round instead of its share of the requests: it takes, or may take, a hundred times longer than a page.
    slow: bool = False


class Caller:
    """Calls a WSGI application as one browser does, without what a test client adds.

    It keeps the cookies that it is given: a session that is a minute old is signed anew at each request of who does not.
    """

    def __init__(self, app: Any, cookies: dict[str, str]) -> None:
        self.app, self.cookies = app, cookies

    def __call__(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        """Return the status and the body of an answer."""
        path, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "", "SERVER_NAME": "localhost",
            "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost", "HTTP_USER_AGENT": BROWSER, "REMOTE_ADDR": "127.0.0.1",
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), "HTTP_ACCEPT_ENCODING": "gzip, br, zstd", "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "wsgi.input": io.BytesIO(body), "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http", "wsgi.version": (1, 0),
            "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False, **headers,
        }  # fmt: skip
        status = []

        def start(line: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
            status.append(line)
            self.cookies |= {value.split("=")[0]: value.split("=", 1)[1].split(";")[0] for name, value in headers if name == "Set-Cookie"}

        found = self.app.wsgi_app(environ, start)
        try:
            return int(status[0][:3]), b"".join(found)
        finally:
            if hasattr(found, "close"):
                found.close()


class World:
    """The application under test, its measured people, and what each line sends."""

    def __init__(self, folder: str, addresses: dict[str, str]) -> None:
        settings = {"BILAN_INSTANCE": folder, "BILAN_WORKER": "separate", "BILAN_BASE_URL": "http://localhost", **addresses}
        self.app = create_app(load(settings))
        limiter.enabled = False
        frame = self.app.jinja_env.from_string(EMPTY)
        self.app.add_url_rule("/cadre", "frame", public(lambda: render_template(frame)))
        self.floor = Floor(self.app)
        with self.app.test_request_context():
            prepare()
            with connection():
                password = hash_password(PASSWORD)
                self.measured = Measured(password)
                for name, role in OTHERS.items():
                    employer = self.measured.employer if role is Role.HR else None
                    Person.create(email=f"{name}@banc.example", display_name=name, role=role, password=password, employer=employer)
                journey = self.measured.journey
                self.passation = Passation.get(Passation.journey == journey.id, Passation.submitted_at.is_null())
                for one in (database.obj, keystore.obj):
                    with FloorRow.bind_ctx(one):
                        one.create_tables([FloorRow])

    def caller(self, email: str) -> tuple[Caller, str]:
        """Return a signed-in browser and its token."""
        client = sign_in(self.app, email)
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/affichage").text).group(1)
        return Caller(self.app, cookies_of(client)), token

    def synthesis(self) -> Line:
        """Return the setting of a synthesis of ten pages, beside xhtml2pdf alone on the same HTML."""
        html: list[str] = []
        render = printing.rendered
        with self.app.test_request_context(), connection():
            version = write_synthesis(0, *people())
            paper = print_version(version=version, variant=Variant.NORMAL, by=version.author)
            printing.rendered = lambda *arguments, **others: html.append(render(*arguments, **others)) or html[-1]  # type: ignore[assignment]
            set_paper(paper.id)
            printing.rendered = render

        def send() -> tuple[int, bytes]:
            with self.app.app_context(), connection():
                SynthesisPaper.update(state=Setting.WAITING).where(SynthesisPaper.id == paper.id).execute()
                set_paper(paper.id)
                return 200, bytes(SynthesisPaper.get_by_id(paper.id).content)

        floor = setting_alone(html[-1])
        return Line("synthesis (PDF, ten pages)", send, floor, floor, floor, slow=True)

    def lines(self) -> Iterator[tuple[str, Send]]:
        """Yield what is measured."""
        measured = self.measured
        hers, her_token = self.caller(measured.counsellor.email)
        his, his_token = self.caller(measured.agent.email)
        officer, _ = self.caller("rh@banc.example")
        manager, _ = self.caller("qualite@banc.example")
        desk, _ = self.caller("secretariat@banc.example")
        yield FRAME, lambda: hers("GET", "/cadre")
        yield "answer save", self._answers(his, his_token)
        yield "note autosave", self._notes(hers, her_token)
        yield "questionnaire page", lambda: his("GET", f"/mon-bilan/questionnaires/{self.passation.id}/page/1")
        yield "agent home", lambda: his("GET", "/mon-bilan")
        yield "counsellor home", lambda: hers("GET", "/parcours")
        yield "one bilan", lambda: hers("GET", f"/parcours/{measured.journey.id}")
        yield "one session", lambda: hers("GET", f"/parcours/entretiens/{measured.interview.id}")
        yield "HR list", lambda: officer("GET", "/prescriptions")
        yield "complaint post", self._complaints()
        yield "indicators", lambda: manager("GET", "/qualite")
        # Without those that the line before adds; unpacked, as it is saved.
        yield (
            EXPORT,
            lambda: manager(
                "GET",
                f"/secretariat/reclamations/registre.csv?au={now().date() - datetime.timedelta(days=1)}",
                HTTP_ACCEPT_ENCODING="identity",
            ),
        )
        yield "search (occupations)", lambda: his("GET", f"/mon-bilan/{measured.journey.id}/metiers?q=accueil")
        yield "search (secretariat)", lambda: desk("GET", "/secretariat/prescriptions?q=commune+mesur%C3%A9e")

    def _answers(self, his: Caller, token: str) -> Send:
        items = [item.id for item in instruments.find("interets").items]
        # What each database has of them: an answer that says that it has seen others is told so, in a longer page.
        turns: dict[Database, Iterator[int]] = defaultdict(itertools.count)

        def send() -> tuple[int, bytes]:
            rank = next(turns[database.obj])
            item = items[rank % len(items)]
            body = urlencode({item: str(rank % 5 + 1), "seen": str(rank)}).encode()
            return his(
                "POST",
                f"/mon-bilan/questionnaires/{self.passation.id}/reponses/{item}",
                body,
                HTTP_HX_REQUEST="true",
                HTTP_X_CSRFTOKEN=token,
            )

        return send

    def _notes(self, hers: Caller, token: str) -> Send:
        bases: dict[Database, int] = defaultdict(lambda: 2)
        text = "Elle parle d’abord de son équipe.\n" * 20

        def send() -> tuple[int, bytes]:
            body = urlencode({"text": f"{text}{time.perf_counter_ns()}", "base": str(bases[database.obj])}).encode()
            status, found = hers(
                "POST",
                f"/parcours/entretiens/{self.measured.interview.id}/notes/private",
                body,
                HTTP_HX_REQUEST="true",
                HTTP_X_CSRFTOKEN=token,
                HTTP_ACCEPT_ENCODING="identity",
            )
            bases[database.obj] = int(re.search(rb'id="base-private"[^>]*value="(\d+)"', found).group(1))
            return status, found

        return send

    def _complaints(self) -> Send:
        client = self.app.test_client()
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/reclamations").text).group(1)
        stranger = Caller(self.app, cookies_of(client))
        told = {
            "csrf_token": token,
            "name": "Paul",
            "email": "paul@exemple.fr",
            "link": "agent",
            "kind": "complaint",
            "happened": "Un rendez-vous déplacé.",
        }
        proofs = [rules.sign_form(self.app.config["SECRET_KEY"], str(uuid.uuid4())) for _ in range(5_000)]
        time.sleep(rules.MINIMUM_SECONDS + 1)

        def send() -> tuple[int, bytes]:
            return stranger("POST", "/reclamations", urlencode({**told, "proof": proofs.pop()}).encode())

        return send

    def use(self, one: Database) -> None:
        """Let the application, and what its worker has to do, be in that database."""
        database.initialize(one)
        queue.bind(self.app, one)

    def with_floors(self, sent: list[tuple[str, Send]], size: int) -> list[Line]:
        """Record each line once in a database of that size; return the lines, each with its floor."""
        found, bare = [], Caller(self.floor.app, {})
        for rank, (name, send) in enumerate(sent):
            send()
            with recording() as heard, rendering(self.app) as pages:
                status, body = send()
            assert status in (200, 302), (name, status, body[:300])
            addresses = self.floor.learn(f"line{rank}-{size}", heard, body, pages)
            floors = [lambda path=path: bare("GET", path) for path in addresses]
            assert all(floor()[0] == 200 for floor in floors), name
            found.append(Line(name, send, *floors, slow=name == EXPORT))
        return found


def cookies_of(client: Any) -> dict[str, str]:
    """Return what a test client would send."""
    return {one.key: one.value for one in client._cookies.values()}  # noqa: SLF001 -- its cookies, as they are


def timed(send: Send) -> float:
    """Return the milliseconds of one request."""
    start = time.perf_counter()
    send()
    return (time.perf_counter() - start) * 1000
