"""Master keys change while two real processes serve: restarted one after the other, nobody waits and nothing is lost."""

import os
import re
import subprocess
import sys
import threading
import time
import uuid

import pytest
import requests
from application import MASTER_KEY, SECRET_KEY, build_app, close_app
from client import COOKIE
from cryptography.fernet import Fernet
from databases import Urls
from posts import POSTS
from processes import ROOT, Process, running, wait_until

from bilan.messages.models import Message
from bilan.vault import ContentKey

NEW_KEY = Fernet.generate_key().decode()
TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


@pytest.fixture
def databases(postgres_databases):
    return postgres_databases


@pytest.fixture
def environment(world, tmp_path):
    settings = world.app.config["BILAN"]
    return {
        "BILAN_INSTANCE": str(tmp_path / "instance"),
        "BILAN_DATABASE_URL": settings.database_url,
        "BILAN_KEYSTORE_URL": settings.keystore_url,
        "BILAN_SECRET_KEY": SECRET_KEY,
        "BILAN_MASTER_KEYS": MASTER_KEY,
        "BILAN_BASE_URL": "http://127.0.0.1",
        "BILAN_WORKER": "separate",
    }


class Someone(threading.Thread):
    """The counsellor, who reads, writes, and logs complaints (each has a key of its own), through any process that serves."""

    def __init__(self, world, served):
        super().__init__(daemon=True)
        self.path, self.cookie = f"/parcours/{world.home.journey.id}/messages", world.browser("counsellor").cookie()
        self.served = served
        self.written, self.faults, self.rounds = [], [], 0
        self.over, self.turn = threading.Event(), threading.Lock()

    def run(self):
        with requests.Session() as session:
            session.headers["Cookie"] = f"{COOKIE}={self.cookie}"
            while not self.over.is_set():
                with self.turn:
                    for url in list(self.served):
                        self.one(session, url)
                    self.rounds += 1
                time.sleep(0.02)

    def one(self, session, url):
        page = session.get(url + self.path, timeout=30)
        self.told("read", page.status_code, 200)
        token, text = TOKEN.search(page.text).group(1), f"Message {len(self.written)} de la rotation."
        common = {"csrf_token": token, "submission": str(uuid.uuid4())}
        sent = session.post(url + self.path, data=common | {"text": text}, timeout=30, allow_redirects=False)
        self.told("write", sent.status_code, 302)
        self.written.append(text)
        logged = POSTS["complaints.log"].data | common | {"submission": str(uuid.uuid4())}
        answer = session.post(f"{url}/reclamations/consigner", data=logged, timeout=30, allow_redirects=False)
        self.told("make a key", answer.status_code, 302)

    def told(self, what, status, wanted):
        if status != wanted:
            self.faults.append((what, status))

    def some_rounds(self):
        wanted = self.rounds + 3
        wait_until(lambda: self.rounds >= wanted or not self.is_alive())


def restart(process, someone, master_keys):
    """Take one process away from the proxy, start it again with other master keys, and give it back."""
    with someone.turn:
        someone.served.remove(process.url)
    process.stop()
    process.environment["BILAN_MASTER_KEYS"] = master_keys
    process.start()
    wait_until(process.answers)
    someone.served.append(process.url)
    someone.some_rounds()


def rotate(environment):
    words = [sys.executable, "-m", "flask", "--app", "app", "rotate-key"]
    environment = {"PATH": os.environ["PATH"], **environment, "BILAN_MASTER_KEYS": f"{NEW_KEY},{MASTER_KEY}"}
    return subprocess.run(words, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout


def test_two_processes_restart_in_turn_and_everybody_goes_on(world, environment):
    """As docs/deployment.md says: the new key second, then first, then alone; the keys are wrapped again before the last turn."""
    with running(Process(dict(environment)), Process(dict(environment))) as both:
        someone = Someone(world, [one.url for one in both])
        someone.start()
        someone.some_rounds()
        for master_keys in (f"{MASTER_KEY},{NEW_KEY}", f"{NEW_KEY},{MASTER_KEY}"):
            for process in both:
                restart(process, someone, master_keys)
        said = [rotate(environment), rotate(environment)]
        for process in both:
            restart(process, someone, NEW_KEY)
        someone.over.set()
        someone.join(30)
    assert someone.faults == []
    assert int(said[0].split("\u00a0")[0]) > 10
    assert "Rien à faire" in said[1]
    newest = Fernet(NEW_KEY)
    assert all(newest.decrypt(bytes(row.wrapped)) for row in ContentKey.select() if row.wrapped)
    app = build_app(
        Urls(environment["BILAN_DATABASE_URL"], environment["BILAN_KEYSTORE_URL"]),
        world.app.config["BILAN"].instance,
        BILAN_MASTER_KEYS=NEW_KEY,
    )
    try:
        assert {one.text for one in Message.select()} >= set(someone.written)
        assert len(someone.written) > 20
    finally:
        close_app(app)
