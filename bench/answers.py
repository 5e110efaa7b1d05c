"""Answer saves, beside a bare Flask + peewee upsert with the same durability, in one run.

The product's side is the real one: signed session, CSRF, permission, encryption, commit
with synchronous=FULL, the answer's fragment rendered. The floor is a bare view that reads
nothing and does the same insert: a row of the same columns and indexes, put in the place of
the one before, committed the same way, on a connection that its thread keeps. Each
runs in a process of its own behind the same server (waitress), and is driven over HTTP
by the same clients, in turns, so that the machine's noise falls on both.

    python bench/answers.py [--seconds 6] [--clients 4] [--rounds 3]
    BILAN_TEST_POSTGRES_URL=postgresql://… python bench/answers.py     # on PostgreSQL
"""

import argparse
import http.client
import itertools
import multiprocessing
import os
import re
import secrets
import socket
import statistics
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import waitress
from flask import Flask, request
from flask_security import hash_password
from peewee import BlobField, CharField, DateTimeField, Model, UUIDField

from bilan import create_app, vault
from bilan.database import connection, now, open_database, transaction
from bilan.journeys.actions import open_journey
from bilan.people.models import Employer, Person, Role
from bilan.preparation import prepare
from bilan.questionnaires import actions, instruments
from bilan.settings import load

THREADS = 8
PASSWORD = secrets.token_urlsafe(12)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
Post = Callable[[], int]


def environment(folder: Path) -> dict[str, str]:
    """Return the settings of the product under test."""
    base = os.environ.get("BILAN_TEST_POSTGRES_URL")
    addresses = {"BILAN_DATABASE_URL": f"{base}/bilan_bench", "BILAN_KEYSTORE_URL": f"{base}/bilan_bench_keys"} if base else {}
    return {"BILAN_INSTANCE": str(folder), "BILAN_WORKER": "separate", **addresses}


def serve_product(folder: Path, port: int, clients: int) -> None:
    """Serve the product with one agent and one passation per client."""
    app = create_app(load(environment(folder)))
    with app.test_request_context():
        prepare()
        with connection():
            populate(folder, clients)
    waitress.serve(app, host="127.0.0.1", port=port, threads=THREADS, ident=None, _quiet=True)


def populate(folder: Path, clients: int) -> None:
    """Open the journeys, and tell the clients their addresses in a file."""
    password = hash_password(password_file(folder).read_text())
    with transaction():
        employer = Employer.create(name="Banc d’essai")
        counsellor = Person.create(email="conseil@banc.example", display_name="Conseil", role=Role.COUNSELLOR)
    lines = []
    for rank in range(clients):
        agent = Person.create(
            email=f"agent{rank}@banc.example", display_name=f"Agent {rank}", role=Role.AGENT, employer=employer, password=password
        )
        journey_id = uuid.uuid4()
        vault.create_key(journey_id)
        journey = open_journey(journey_id=journey_id, agent=agent, counsellor=counsellor, employer=employer)
        passation = actions.assign(journey=journey, slug="interets", due_on=None, by=counsellor)
        lines.append(f"{agent.email} {passation.id}")
    (folder / "clients").write_text("\n".join(lines))


def password_file(folder: Path) -> Path:
    """Return where the clients find the password."""
    return folder / "password"


def serve_floor(folder: Path, port: int) -> None:
    """Serve the floor: one view, one upsert, one commit."""
    base = os.environ.get("BILAN_TEST_POSTGRES_URL")
    database = open_database(f"{base}/bilan_bench_floor" if base else f"sqlite:///{folder / 'floor.db'}")

    class Answer(Model):
        id = UUIDField(primary_key=True, default=uuid.uuid4)
        created_at = DateTimeField(default=now)
        passation = UUIDField()
        item = CharField(max_length=20)
        value = BlobField()
        answered_at = DateTimeField()

        class Meta:
            indexes = ((("passation", "item"), True),)

    Answer.bind(database)
    database.create_tables([Answer])
    database.close()
    app = Flask(__name__)

    @app.post("/<uuid:passation>/<item>")
    def save(passation: uuid.UUID, item: str) -> str:
        database.connect(reuse_if_open=True)
        with database.atomic():
            Answer.insert(passation=passation, item=item, value=request.form["value"].encode(), answered_at=now()).on_conflict(
                conflict_target=[Answer.passation, Answer.item], preserve=[Answer.value, Answer.answered_at]
            ).execute()
        return "Enregistré"

    waitress.serve(app, host="127.0.0.1", port=port, threads=THREADS, ident=None, _quiet=True)


class Client:
    """One kept HTTP connection with its cookies."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.cookies: dict[str, str] = {}

    @property
    def cookie(self) -> str:
        """Return the cookies as they are sent."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def send(self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None) -> tuple[int, str]:
        """Return the status and the text of an answer."""
        self.connection.request(method, path, body, {"Cookie": self.cookie, **(headers or {})})
        response = self.connection.getresponse()
        text = response.read().decode()
        for line in response.headers.get_all("Set-Cookie") or []:
            name, value = line.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return response.status, text


def product_posts(port: int, folder: Path) -> list[Post]:
    """Sign each client in through the real form; return what saves one more answer."""
    items = [item.id for item in instruments.find("interets").items]
    posts = []
    for line in (folder / "clients").read_text().splitlines():
        email, passation = line.split()
        client = Client(port)
        _, page = client.send("GET", "/connexion")
        fields = {"csrf_token": token_in(page), "email": email, "password": password_file(folder).read_text(), "next": ""}
        status, _ = client.send("POST", "/connexion", urlencode(fields), FORM)
        assert status == 302, status
        _, page = client.send("GET", f"/mon-bilan/questionnaires/{passation}/page/1")
        headers = {**FORM, "HX-Request": "true", "X-CSRFToken": token_in(page)}
        turn = itertools.count()

        def post(client: Client = client, passation: str = passation, headers: dict[str, str] = headers, turn: Iterator[int] = turn) -> int:
            rank = next(turn)
            body = urlencode({items[rank % len(items)]: str(rank % 5 + 1), "seen": str(rank)})
            return client.send("POST", f"/mon-bilan/questionnaires/{passation}/reponses/{items[rank % len(items)]}", body, headers)[0]

        posts.append(post)
    return posts


def floor_posts(port: int, clients: int) -> list[Post]:
    """Return what upserts one row, for each client; the value is as long as an encrypted answer."""
    posts = []
    for _ in range(clients):
        client, turn, passation = Client(port), itertools.count(), uuid.uuid4()

        def post(client: Client = client, passation: uuid.UUID = passation, turn: Iterator[int] = turn) -> int:
            return client.send("POST", f"/{passation}/R{next(turn) % 48}", "value=" + "x" * 100, FORM)[0]

        posts.append(post)
    return posts


def token_in(page: str) -> str:
    """Return the CSRF token of a page."""
    return re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)


def drive(posts: list[Post], seconds: float) -> tuple[float, list[float]]:
    """Post from every client at once; return posts per second and each one's milliseconds."""
    times: list[float] = []
    end = time.monotonic() + seconds

    def run(post: Post) -> None:
        while (start := time.monotonic()) < end:
            status = post()
            assert status == 200, status
            times.append((time.monotonic() - start) * 1000)

    threads = [threading.Thread(target=run, args=(post,)) for post in posts]
    start = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(times) / (time.monotonic() - start), times


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port: int) -> None:
    """Wait until a server answers."""
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("a server did not start")


def main() -> None:
    """Print the table and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as name:
        folder, ports = Path(name), (free_port(), free_port())
        password_file(folder).write_text(PASSWORD)
        servers = [
            spawn.Process(target=serve_product, args=(folder, ports[0], options.clients), daemon=True),
            spawn.Process(target=serve_floor, args=(folder, ports[1]), daemon=True),
        ]
        for server, port in zip(servers, ports, strict=True):
            server.start()
            wait_for(port)
        sides = {"answer save": product_posts(ports[0], folder), "floor": floor_posts(ports[1], options.clients)}
        report(sides, options.rounds, options.seconds)
        for server in servers:
            server.terminate()
            server.join()


def report(sides: dict[str, list[Post]], rounds: int, seconds: float) -> None:
    """Drive both sides in turns; print saves per second, p50, p99 and the ratio of the medians."""
    rates: dict[str, list[float]] = {name: [] for name in sides}
    times: dict[str, list[float]] = {name: [] for name in sides}
    for posts in sides.values():
        drive(posts, 1)  # warm-up
    for _ in range(rounds):
        for name, posts in sides.items():
            rate, spent = drive(posts, seconds)
            rates[name].append(rate)
            times[name] += spent
    print(f"{'':14}{'per second':>12}{'p50 ms':>10}{'p99 ms':>10}{'n':>9}")
    for name, spent in times.items():
        cuts = statistics.quantiles(spent, n=100)
        print(f"{name:14}{statistics.median(rates[name]):12.0f}{cuts[49]:10.2f}{cuts[98]:10.2f}{len(spent):9}")
    ratio = statistics.median(rates["answer save"]) / statistics.median(rates["floor"])
    print(f"ratio {ratio:.2f} (asked: 0.50 or better)")


if __name__ == "__main__":
    main()
