"""What each of them does that morning, for locust: run by bench/load.py and bench/faults.py, never by itself.

Each reads `people.json` of the folder for who she is. What the service acknowledges is kept, to be looked for afterwards.
"""

import json
import os
import random
import re
import uuid
from collections import defaultdict
from http import HTTPStatus
from pathlib import Path
from typing import Any

from gevent import sleep
from locust import FastHttpUser, between, events, task
from locust.exception import RescheduleTask, StopUser

FOLDER, NAME = Path(os.environ["BENCH_FOLDER"]), os.environ["BENCH_NAME"]
BROKEN = bool(os.environ["BENCH_BROKEN"])
PEOPLE = json.loads((FOLDER / "people.json").read_text(encoding="utf-8"))
CHANCE = random.Random(20_26)
PAGES, ITEM = 8, re.compile(r'/reponses/([\w-]+)"')
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
PARAGRAPH = "Elle parle d’abord de son équipe, puis de la médiathèque. "
HASTE = float(os.environ["BENCH_HASTE"])
# A line for each thing sent and for each thing acknowledged, written at once: see kept.py.
LOG = (FOLDER / "log.jsonl").open("a", encoding="utf-8", buffering=1)


def note(*words: object) -> None:
    """Write a line of the log."""
    LOG.write(json.dumps(words) + "\n")


class Browser(FastHttpUser):
    """Somebody signed in, one page after the other."""

    abstract = True
    insecure = True
    connection_timeout = network_timeout = 30.0
    trade = ""
    has_to_sign_in = False

    def on_start(self) -> None:
        """Sign in through the form, as long as it takes when the service comes and goes."""
        self.one = PEOPLE[self.trade].pop()
        while not self.sign_in():
            if not BROKEN:
                raise StopUser
            sleep(1)
        self.arrive()

    def sign_in(self) -> bool:
        """Return whether the account opens."""
        page = self.get("/connexion", "sign-in page")
        if page is None:
            return False
        fields = {"csrf_token": token_in(page), "email": self.one["email"], "password": PEOPLE["password"], "next": ""}
        return self.post("/connexion", "sign in", fields) is not None

    def arrive(self) -> None:
        """Open what one works on."""

    def get(self, path: str, name: str) -> str | None:
        """Return a page, None when it failed."""
        return self._ask("GET", path, name, {})

    def post(self, path: str, name: str, fields: dict[str, str], **headers: str) -> str | None:
        """Return the answer to a form, None when it failed."""
        return self._ask("POST", path, name, headers, data=fields)

    def _ask(self, method: str, path: str, name: str, headers: dict[str, str], **given: Any) -> str | None:
        told = {"Host": NAME.removeprefix("https://"), "Referer": f"{NAME}/", "Accept-Encoding": "gzip", **headers}
        with self.client.request(method, path, name=name, headers=told, allow_redirects=False, catch_response=True, **given) as answer:
            if answer.status_code == HTTPStatus.UNAUTHORIZED and BROKEN:
                self.has_to_sign_in = True
            if answer.status_code in (200, 204, 302):
                answer.success()
                self.location = (answer.headers or {}).get("location", "")
                return answer.text or ""
            answer.failure(f"{answer.status_code}")
            return None

    def open(self, path: str, name: str) -> str:
        """Return a page; give this turn up when it failed."""
        if self.has_to_sign_in:
            self.has_to_sign_in = not self.sign_in()
        page = self.get(path, name)
        if page is None or self.location:
            self.has_to_sign_in |= "/connexion" in self.location
            raise RescheduleTask
        return page

    def say(self, address: str) -> None:
        """Read the messages of a bilan and send one, of which the other is told by e-mail when she had read those before."""
        page = self.open(address, "messages")
        fields = {"csrf_token": token_in(page)}
        if newest := re.search(r'name="newest" value="([^"]+)"', page):
            self.post(f"{address}/lus", "messages read", {**fields, "newest": newest.group(1)}, **{"HX-Request": "true"})
        number = str(uuid.uuid4())
        sent = self.post(address, "message", {**fields, "text": f"Bonjour {number}", "submission": number})
        if sent is not None and "/connexion" in self.location:  # the session has ended: kept aside, and not sent
            self.has_to_sign_in = True
        elif sent is not None:
            note("kept", "message", number)


class Agent(Browser):
    """An agent: a questionnaire, six questions a page, a few seconds each; now and then a message."""

    fixed_count = len(PEOPLE["Agent"])
    wait_time = between(5 / HASTE, 10 / HASTE)
    trade = "Agent"

    def arrive(self) -> None:
        """Begin somewhere in the questionnaire."""
        self.get("/mon-bilan", "agent home")
        self.page, self.waiting = CHANCE.randrange(PAGES), []

    @task(400)
    def answer(self) -> None:
        """Answer the next question; turn the page when all of it is answered."""
        passation = self.one["passation"]
        if not self.waiting:
            self.page = self.page % PAGES + 1
            page = self.open(f"/mon-bilan/questionnaires/{passation}/page/{self.page}", "questionnaire page")
            self.waiting, self.token = list(dict.fromkeys(ITEM.findall(page))), token_in(page)
            self.seen = re.search(r'id="seen"[^>]*value="(\d+)"', page).group(1)
            return
        item, value = self.waiting.pop(0), str(CHANCE.randrange(1, 6))
        note("sent", "answer", f"{passation} {item}", value)
        told = {"HX-Request": "true", "X-CSRFToken": self.token}
        answer = self.post(
            f"/mon-bilan/questionnaires/{passation}/reponses/{item}", "answer save", {item: value, "seen": self.seen}, **told
        )
        if answer is None:
            self.waiting = []
        else:
            note("kept", "answer", f"{passation} {item}", value)
            self.seen = (re.search(r'id="seen"[^>]*value="(\d+)"', answer) or re.match("()", "")).group(1) or self.seen

    @task(40 if BROKEN else 4)
    def write(self) -> None:
        """Send a message to the counsellor, who is told by e-mail."""
        self.say(f"/mon-bilan/{self.one['journey']}/messages")

    @task(4)
    def look(self) -> None:
        """Go back to the first page."""
        self.get("/mon-bilan", "agent home")


class Counsellor(Browser):
    """A counsellor: a note that is saved as it is written; now and then her list, or a synthesis that is set as a PDF."""

    fixed_count = len(PEOPLE["Counsellor"])
    wait_time = between(2 / HASTE, 6 / HASTE)
    trade = "Counsellor"

    def arrive(self) -> None:
        """Open the session."""
        self.get("/parcours", "counsellor home")
        self.base = ""

    @task(60)
    def note(self) -> None:
        """Save the private note."""
        interview = self.one["interview"]
        if not self.base:
            page = self.open(f"/parcours/entretiens/{interview}", "session page")
            self.base, self.token = base_in(page), token_in(page)
        text = f"{uuid.uuid4()} {PARAGRAPH * CHANCE.randrange(1, 12)}".strip()
        told = {"HX-Request": "true", "X-CSRFToken": self.token}
        saved = self.post(f"/parcours/entretiens/{interview}/notes/private", "note autosave", {"text": text, "base": self.base}, **told)
        # After a failure, the page is opened again: it knows which version stands.
        self.base = base_in(saved) if saved else ""
        if self.base:
            note("kept", "note", interview, int(self.base), text)

    @task(2)
    def home(self) -> None:
        """Look at all the bilans."""
        self.get("/parcours", "counsellor home")

    @task(30 if BROKEN else 6)
    def write(self) -> None:
        """Read what an agent wrote, and answer."""
        self.say(f"/parcours/{CHANCE.choice(self.one['journeys'])}/messages")

    @task(1)
    def paper(self) -> None:
        """Have the synthesis set as a PDF, wait for it, open it."""
        address = f"/parcours/{self.one['journeys'][0]}/synthese"
        page = self.open(address, "synthesis")
        fields = {"csrf_token": token_in(page)}
        if "/synthese/pdf" not in page:
            self.post(f"{address}/assembler", "assemble", fields)
        if self.post(f"{address}/pdf", "ask for the PDF", {**fields, "variant": CHANCE.choice(("normal", "large"))}) is None:
            raise RescheduleTask
        paper = re.sub(r"^https?://[^/]+", "", self.location)
        for _ in range(15):
            sleep(2)
            if "document.pdf" in (self.get(paper, "is the PDF ready") or ""):
                self.get(f"{paper}/document.pdf", "synthesis PDF")
                return


class Officer(Browser):
    """An HR officer: the list, one prescription, its certificate as a PDF."""

    fixed_count = len(PEOPLE["Officer"])
    wait_time = between(5 / HASTE, 15 / HASTE)
    trade = "Officer"

    @task(3)
    def follow(self) -> None:
        """Look at the list, then at one."""
        self.get("/prescriptions", "HR list")
        self.get(f"/prescriptions/{self.one['prescription']}", "HR prescription")

    @task(1)
    def certificate(self) -> None:
        """Open the certificate of attendance."""
        self.get(f"/prescriptions/{self.one['prescription']}/attestation.pdf", "attendance PDF")


def token_in(page: str) -> str:
    """Return the token of a page."""
    return TOKEN.search(page).group(1)


def base_in(page: str) -> str:
    """Return the version of the private note that a page or a fragment shows, or nothing."""
    found = re.search(r'id="base-private"[^>]*value="(\d+)"', page)
    return found.group(1) if found else ""


@events.quitting.add_listener
def keep(environment: Any, **_others: Any) -> None:
    """Write down what each request took, and what failed."""
    figures = {}
    for (name, method), one in environment.stats.entries.items():
        cuts = {f"p{cut}": one.get_response_time_percentile(cut / 100) for cut in (50, 95, 99)}
        length = one.total_content_length / max(1, one.num_requests)
        counts = {"requests": one.num_requests, "failures": one.num_failures, "per_second": one.total_rps}
        figures[name] = {"method": method, **counts, **cuts, "most": one.max_response_time, "bytes": length}
    faults: dict[str, int] = defaultdict(int)
    for fault in environment.stats.errors.values():
        faults[f"{fault.name}: {fault.error}"] += fault.occurrences
    (FOLDER / "results.json").write_text(json.dumps({"figures": figures, "faults": faults}), encoding="utf-8")
