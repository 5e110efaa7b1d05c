"""What each of them does that morning, for locust: run by bench/load.py and bench/faults.py, never by itself.

Each reads `people.json` of the folder for who she is. What the service acknowledges is kept, to be looked for afterwards.
"""

import json
import os
import random
import re
import time
import uuid
from collections import defaultdict
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
# What was acknowledged: the last value of each answer and those sent after it, the versions of notes, the messages.
ACKNOWLEDGED: dict[str, Any] = {"answers": {}, "notes": [], "messages": []}


class Browser(FastHttpUser):
    """Somebody signed in, one page after the other."""

    abstract = True
    insecure = True
    connection_timeout = network_timeout = 30.0
    trade = ""

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
            if answer.status_code in (200, 204, 302):
                answer.success()
                self.location = (answer.headers or {}).get("location", "")
                return answer.text or ""
            answer.failure(f"{answer.status_code}")
            return None

    def open(self, path: str, name: str) -> str:
        """Return a page; give this turn up when it failed."""
        page = self.get(path, name)
        if page is None:
            raise RescheduleTask
        return page


class Agent(Browser):
    """An agent: a questionnaire, six questions a page, a few seconds each; now and then a message."""

    fixed_count = len(PEOPLE["Agent"])
    wait_time = between(5, 10)
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
        held = ACKNOWLEDGED["answers"].setdefault(f"{passation} {item}", [])
        held.append(value)
        told = {"HX-Request": "true", "X-CSRFToken": self.token}
        answer = self.post(
            f"/mon-bilan/questionnaires/{passation}/reponses/{item}", "answer save", {item: value, "seen": self.seen}, **told
        )
        if answer is not None:
            # Whatever was sent before is overwritten; what comes after may be there or not.
            held[:] = held[held.index(value) :] if held[-1] != value else [value]
            self.seen = (re.search(r'id="seen"[^>]*value="(\d+)"', answer) or re.match("()", "")).group(1) or self.seen

    @task(4)
    def write(self) -> None:
        """Send a message to the counsellor, who is told by e-mail."""
        address = f"/mon-bilan/{self.one['journey']}/messages"
        page = self.open(address, "messages")
        number = str(uuid.uuid4())
        if self.post(address, "message", {"csrf_token": token_in(page), "text": f"Bonjour {number}", "submission": number}) is not None:
            ACKNOWLEDGED["messages"].append(number)

    @task(4)
    def look(self) -> None:
        """Go back to the first page."""
        self.get("/mon-bilan", "agent home")


class Counsellor(Browser):
    """A counsellor: a note that is saved as it is written; now and then her list, or a synthesis that is set as a PDF."""

    fixed_count = len(PEOPLE["Counsellor"])
    wait_time = between(2, 6)
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
            ACKNOWLEDGED["notes"].append([interview, int(self.base), text])

    @task(2)
    def home(self) -> None:
        """Look at all the bilans."""
        self.get("/parcours", "counsellor home")

    @task(1)
    def paper(self) -> None:
        """Have the synthesis set as a PDF, wait for it, open it."""
        address = f"/parcours/{self.one['journey']}/synthese"
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
    wait_time = between(5, 15)
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
    """Write down what each request took, what failed, what was acknowledged."""
    figures = {}
    for (name, method), one in environment.stats.entries.items():
        cuts = {f"p{cut}": one.get_response_time_percentile(cut / 100) for cut in (50, 95, 99)}
        length = one.total_content_length / max(1, one.num_requests)
        counts = {"requests": one.num_requests, "failures": one.num_failures, "per_second": one.total_rps}
        figures[name] = {"method": method, **counts, **cuts, "most": one.max_response_time, "bytes": length}
    faults: dict[str, int] = defaultdict(int)
    for fault in environment.stats.errors.values():
        faults[f"{fault.name}: {fault.error}"] += fault.occurrences
    kept = {"figures": figures, "faults": faults, "acknowledged": ACKNOWLEDGED, "ended": time.time()}
    (FOLDER / "results.json").write_text(json.dumps(kept), encoding="utf-8")
