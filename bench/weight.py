"""What a questionnaire weighs, in a real Chromium: the first visit, an answer, the next page. Bytes on the wire, both ways, headers included.

An agent's own browser with an empty cache opens the first page of her questionnaire (everything that it loads is
counted), answers each question, goes on to the next page. Asked: 45 kB at most for the first visit, 12 kB for the next page
with its redirection, 1 kB each way for an answer (1 kB is 1,000 bytes), and nothing from another host. Exits 1 otherwise.
What an answer sends is measured against the limit without the headers that a browser puts on any request (who it is, what
it accepts: some 650 bytes in HTTP/1.1, a few in HTTP/2); the table gives both figures.

    PYTHONPATH=.:tests python bench/weight.py
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from browser.chromium import ARGUMENTS, find_chromium
from browser.server import address_of, listening_socket, serving
from client import COOKIE, Browser
from factories import assign, make_employer, make_journey, make_person
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, Request, sync_playwright

from bilan import create_app
from bilan.people.models import Role
from bilan.preparation import prepare
from bilan.settings import load

FIRST, NEXT, ANSWER = 45_000, 12_000, 1_000
SLUGS = ("interets", "personnalite", "valeurs", "ressources-et-freins")


OURS = {"cookie", "x-csrftoken", "referer"}


class Weight(NamedTuple):
    """What one step sends (in all, and of ours) and receives, in bytes, and in how many requests."""

    sent: int
    ours: int
    received: int
    requests: int


def ours(request: Request) -> int:
    """Return the bytes of a request that are the product's: its address, its body, its headers."""
    headers = request.all_headers()
    own = sum(len(name) + len(value) + 4 for name, value in headers.items() if name in OURS or name.startswith("hx-"))
    return own + len(urlsplit(request.url).path) + request.sizes()["requestBodySize"]


class Wire:
    """The requests of a page since it was last weighed."""

    def __init__(self, page: Page) -> None:
        self.seen: list[Request] = []
        self.hosts: set[str] = set()
        page.on("requestfinished", lambda request: self.seen.append(request))  # noqa: PLW0108 -- Playwright marks the function that it is given

    def weigh(self) -> Weight:
        """Return what went over the wire, and forget it; what the cache gave has a negative body, and weighs nothing."""
        fetched = [one for one in self.seen if one.sizes()["responseBodySize"] >= 0]
        self.hosts |= {urlsplit(one.url).hostname or "" for one in self.seen}
        self.seen.clear()
        sizes = [one.sizes() for one in fetched]
        sent = sum(one["requestHeadersSize"] + one["requestBodySize"] for one in sizes)
        received = sum(one["responseHeadersSize"] + one["responseBodySize"] for one in sizes)
        return Weight(sent, sum(map(ours, fetched)), received, len(sizes))


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Serve the product with one agent; yield its address, the cookie of her session, the paths of her questionnaires."""
    app = create_app(load({"BILAN_INSTANCE": str(folder), "BILAN_WORKER": "separate", "BILAN_BASE_URL": "http://localhost"}))
    with app.test_request_context():
        prepare()
        agent = make_person(Role.AGENT, name="Nadia Benali")
        journey = make_journey(agent, make_person(Role.COUNSELLOR, name="Claire Monnet"), make_employer("Commune"))
        paths = {slug: f"/mon-bilan/questionnaires/{assign(journey, slug).id}/page/1" for slug in SLUGS}
    browser = Browser(app)
    browser.arrive(agent)
    listening = listening_socket()
    with serving(app, listening):
        yield address_of(listening), browser.cookie(), paths


def visit(chromium: Chromium, address: str, cookie: str, path: str) -> tuple[dict[str, Weight], set[str]]:
    """Return the weights of the first page, of the heaviest answer and of the next page, and the hosts that were asked."""
    context = chromium.new_context(base_url=address, locale="fr-FR")
    context.add_cookies([{"name": COOKIE, "value": cookie, "url": address}])
    page = context.new_page()
    wire = Wire(page)
    page.goto(path, wait_until="networkidle")
    found = {"first visit": wire.weigh()}
    answers = []
    for tile in page.locator("fieldset").all():
        with page.expect_event("requestfinished"):
            tile.locator("input[type=radio]").nth(1).check(force=True)
        answers.append(wire.weigh())
    found["answer"] = Weight(*map(max, *answers))
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state("networkidle")
    found["next page"] = wire.weigh()
    context.close()
    return found, wire.hosts


def too_heavy(found: dict[str, Weight], hosts: set[str]) -> list[str]:
    """Return what is beyond what was asked."""
    faults = [f"asks {host}" for host in hosts - {"127.0.0.1", "localhost"}]
    faults += [f"first visit: {found['first visit'].received}"] if found["first visit"].received > FIRST else []
    faults += [f"next page: {found['next page'].received}"] if found["next page"].received > NEXT else []
    answer = found["answer"]
    return faults + ([f"answer: {answer.ours} and {answer.received}"] if max(answer.ours, answer.received) > ANSWER else [])


def main() -> None:
    """Print the table, and fail if something is too heavy."""
    faults = []
    print(f"{'questionnaire':22} {'step':12} {'sent':>8} {'of ours':>8} {'received':>9} {'requests':>9}")
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as (address, cookie, paths), sync_playwright() as playwright:
        program = find_chromium(playwright.chromium.executable_path)
        chromium = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        for slug, path in paths.items():
            found, hosts = visit(chromium, address, cookie, path)
            for step, weight in found.items():
                print(f"{slug:22} {step:12} {weight.sent:8} {weight.ours:8} {weight.received:9} {weight.requests:9}")
            faults += [f"{slug}: {fault}" for fault in too_heavy(found, hosts)]
        chromium.close()
    print("\n".join(faults) or f"All within {FIRST}, {NEXT} and {ANSWER} bytes; nothing from another host.")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
