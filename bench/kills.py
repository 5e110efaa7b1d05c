"""The server killed without warning while notes are being saved: what it said was saved is there.

The server is the real process (`python app.py`, its worker inline) on an instance folder of its own.
Four tabs of a counsellor each save the note of a meeting as fast as the server answers, as htmx does; SIGKILL
falls somewhere in the burst; the server is started again, and each save that it had acknowledged
is looked for in the database, by its number, with its very text. (A kill leaves what the process has handed to the
system: against a power cut, each commit is on the disk before it is acknowledged, see bilan/database.py.)

    python bench/kills.py [--kills 50]
"""

import argparse
import http.client
import itertools
import json
import os
import random
import re
import secrets
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from flask_security import hash_password

from bench.answers import FORM, Client, free_port, token_in
from bilan import create_app, vault
from bilan.database import connection, database, keystore, now, transaction
from bilan.interviews.actions import plan_interview
from bilan.interviews.models import Interview
from bilan.interviews.rules import InterviewKind, Mode
from bilan.journeys.actions import open_journey
from bilan.notes.models import Note
from bilan.notes.rules import NoteKind
from bilan.people.models import Employer, Person, Role
from bilan.preparation import prepare
from bilan.settings import load

ROOT = Path(__file__).parent.parent
TABS = 4
COUNSELLOR = "conseil@banc.example"
PARAGRAPH = "Elle parle d’abord de son équipe, puis de la médiathèque. " * 8


class Save(NamedTuple):
    """A save that the server has acknowledged."""

    interview: uuid.UUID
    number: int
    text: str


class Kill(NamedTuple):
    """What one kill met."""

    acknowledged: list[Save]
    lost: list[Save]
    in_flight: int
    seconds_to_answer: float


def seed() -> None:
    """Open, in a process of its own, a bilan for each tab, by the product's actions; print the meetings."""
    app = create_app()
    with app.test_request_context():
        prepare()
        with connection(), transaction():
            employer = Employer.create(name="Banc d’essai")
            password = hash_password(sys.stdin.read())
            counsellor = Person.create(email=COUNSELLOR, display_name="Conseil", role=Role.COUNSELLOR, password=password)
        with connection():
            meetings = [_meeting(rank, counsellor, employer) for rank in range(TABS)]
    print(json.dumps([str(one.id) for one in meetings]))


def _meeting(rank: int, counsellor: Person, employer: Employer) -> Interview:
    agent = Person.create(email=f"agent{rank}@banc.example", display_name=f"Agent {rank}", role=Role.AGENT, employer=employer)
    key = uuid.uuid4()
    vault.create_key(key)
    journey = open_journey(journey_id=key, agent=agent, counsellor=counsellor, employer=employer)
    times = {"starts_at": now(), "planned_minutes": 90}
    return plan_interview(journey=journey, kind=InterviewKind.DIAGNOSTIC, mode=Mode.ON_SITE, by=counsellor, **times)


class Server:
    """One `python app.py`, which dies and comes back on the same folder."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.settings = {"BILAN_INSTANCE": str(folder), "BILAN_PORT": str(self.port)}
        self.password = secrets.token_urlsafe(12)
        command = [sys.executable, "-c", "from bench.kills import seed; seed()"]
        told = subprocess.run(command, cwd=ROOT, env=self._environment(), input=self.password, text=True, check=True, capture_output=True)
        self.meetings = [uuid.UUID(one) for one in json.loads(told.stdout)]

    def _environment(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], **self.settings}

    def start(self) -> float:
        """Start it; return after how many seconds it answers."""
        start = time.monotonic()
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=self._environment(), **quiet)
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() - start > 60:
                raise SystemExit("the server did not start")
            time.sleep(0.02)
        return time.monotonic() - start

    def _answers(self) -> bool:
        client = Client(self.port)
        with closing(client.connection):
            try:
                return client.send("GET", "/sante")[0] == 200
            except OSError:
                return False

    def kill(self) -> None:
        """End it at once: it is told nothing, and finishes nothing."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def sign_in(self) -> dict[str, str]:
        """Sign the counsellor in through the form; return her cookies, which outlive the process."""
        client = Client(self.port)
        with closing(client.connection):
            _, page = client.send("GET", "/connexion")
            fields = {"csrf_token": token_in(page), "email": COUNSELLOR, "password": self.password, "next": ""}
            status, _ = client.send("POST", "/connexion", urlencode(fields), FORM)
        assert status == 302, status
        return client.cookies


class Tab:
    """The page of a meeting in a browser: it saves its private note again and again."""

    def __init__(self, server: Server, cookies: dict[str, str], interview: uuid.UUID) -> None:
        self.server, self.cookies, self.interview = server, cookies, interview
        self.turn = itertools.count()

    def open(self) -> None:
        """Load the page, which holds the number of the version it shows."""
        self.client = Client(self.server.port)
        self.client.cookies = dict(self.cookies)
        status, page = self.client.send("GET", f"/parcours/entretiens/{self.interview}")
        assert status == 200, status
        self.token, self.base = token_in(page), base_in(page)
        self.acknowledged: list[Save] = []
        self.in_flight = False
        self.fault = ""

    def write(self) -> None:
        """Save until the server is gone; what it refused before that is a fault."""
        with closing(self.client.connection):
            self._write()

    def _write(self) -> None:
        headers = {**FORM, "HX-Request": "true", "X-CSRFToken": self.token}
        while not self.fault:
            text = f"{next(self.turn)} {secrets.token_hex(8)} {PARAGRAPH}".strip()
            body = urlencode({"text": text, "base": self.base})
            try:
                status, answer = self.client.send("POST", f"/parcours/entretiens/{self.interview}/notes/private", body, headers)
            except (OSError, http.client.HTTPException) as error:
                # Refused at the connection, it was never sent.
                self.in_flight = not isinstance(error, ConnectionRefusedError)
                return
            if status // 100 != 2 or "Enregistré à" not in answer:
                self.fault = f"a save was answered {status}"
                return
            self.base = base_in(answer)
            self.acknowledged.append(Save(self.interview, self.base, text))


def base_in(page: str) -> int:
    """Return the number of the version that a page or a fragment shows."""
    return int(re.search(r'id="base-private" value="(\d+)"', page).group(1))


def missing(saves: list[Save]) -> list[Save]:
    """Return the saves that the database does not hold under their number with their text."""
    with connection():
        return [one for one in saves if one.text != _held(one)]


def _held(save: Save) -> str | None:
    query = Note.select(Note, Interview).join(Interview)
    note = query.where(Note.interview == save.interview, Note.kind == NoteKind.PRIVATE, Note.number == save.number).first()
    return note.text if note else None


def strike(server: Server, tabs: list[Tab], seconds: float, meddle: Callable[[list[Save]], None]) -> Kill:
    """Kill the server so many seconds after every tab has begun to save; start it again and look for the saves."""
    for tab in tabs:
        tab.open()
    threads = [threading.Thread(target=tab.write) for tab in tabs]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    # On a busy machine, not before one save at least was acknowledged.
    while any(thread.is_alive() for thread in threads) and not any(tab.acknowledged for tab in tabs):
        time.sleep(0.01)
    server.kill()
    for thread in threads:
        thread.join()
    if faults := [tab.fault for tab in tabs if tab.fault]:
        raise SystemExit(", ".join(faults))
    again = server.start()
    acknowledged = [save for tab in tabs for save in tab.acknowledged]
    meddle(acknowledged)
    return Kill(acknowledged, missing(acknowledged), sum(tab.in_flight for tab in tabs), again)


def nothing(_saves: list[Save]) -> None:
    """Leave the database as the server left it."""


def run(folder: Path, kills: int, *, longest: float = 1.0, meddle: Callable[[list[Save]], None] = nothing) -> list[Kill]:
    """Kill a server so many times; return what each kill met. At the end, the saves of all are looked for once more.

    `meddle` is given the saves of each burst before they are looked for (a test takes one away).
    """
    server = Server(folder)
    chance = random.Random(20_26)
    create_app(load(server.settings))  # to read the same database
    try:
        server.start()
        cookies = server.sign_in()
        tabs = [Tab(server, cookies, meeting) for meeting in server.meetings]
        found = [strike(server, tabs, chance.uniform(0.1, longest), meddle) for _ in range(kills)]
        again = missing([save for kill in found for save in kill.acknowledged if save not in kill.lost])
        return [*found[:-1], found[-1]._replace(lost=[*found[-1].lost, *again])]
    finally:
        server.kill()
        for one in (database.obj, keystore.obj):
            one.close_all()


def report(kills: list[Kill]) -> int:
    """Print the table; return how many saves were lost."""
    lost = sum(len(kill.lost) for kill in kills)
    times = [kill.seconds_to_answer for kill in kills]
    print(f"{'kills':34}{len(kills):>8}")
    print(f"{'saves acknowledged':34}{sum(len(kill.acknowledged) for kill in kills):>8}")
    print(f"{'  least and most in one burst':34}{min(len(kill.acknowledged) for kill in kills):>8}", end="")
    print(f"{max(len(kill.acknowledged) for kill in kills):>8}")
    print(f"{'in flight when the server died':34}{sum(kill.in_flight for kill in kills):>8}")
    print(f"{'acknowledged and lost':34}{lost:>8}")
    print(f"{'seconds to answer again':34}{statistics.median(times):>8.1f}{max(times):>8.1f}   (median, most)")
    return lost


def main() -> None:
    """Kill, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        lost = report(run(Path(name), options.kills))
    sys.exit(f"{lost} acknowledged saves are lost." if lost else None)


if __name__ == "__main__":
    main()
