"""The server as it is started for real: `python app.py`, its worker inline, killed without warning."""

import contextlib
import re
import socket
import sqlite3
import time

import pytest
import requests
from processes import Process, running, wait_until
from smtp_server import Server

COMPLAINT = {"name": "Paul", "email": "paul@exemple.fr", "link": "agent", "happened": "Un rendez-vous déplacé, l’été."}


def complain(url):
    with requests.Session() as session:
        page = session.get(f"{url}/reclamations", timeout=5).text
        token, proof = (re.search(rf'name="{name}"[^>]* value="([^"]+)"', page).group(1) for name in ("csrf_token", "proof"))
        time.sleep(3.1)  # sooner, it would be a robot
        return session.post(f"{url}/reclamations", data={**COMPLAINT, "csrf_token": token, "proof": proof}, timeout=5)


def outbox(instance):
    """Return the state of each e-mail and how often it was tried, read beside the process."""
    with contextlib.closing(sqlite3.connect(f"file:{instance}/bilan.db?mode=ro", uri=True)) as database:
        return database.execute("SELECT state, attempts FROM email ORDER BY state, attempts").fetchall()


@pytest.fixture
def server():
    one = Server()
    yield one
    one.stop()


def test_a_complaint_reaches_the_mailbox_through_the_running_worker_and_a_kill(tmp_path, server):
    process = Process({"BILAN_INSTANCE": str(tmp_path), "BILAN_SMTP_URL": server.url})
    try:
        page = complain(process.url)
        assert "R-" in page.text
        # The mail server is down: once tried, both e-mails wait on disk. Killed sooner, a sender is waited for three minutes.
        wait_until(lambda: outbox(tmp_path) == [("waiting", 1), ("waiting", 1)])
        process.kill()
        server.start()
        process.start()
        wait_until(process.answers)
        wait_until(lambda: len(server.mailbox.messages) == 2, seconds=240)  # the second try comes after a minute
        subjects = sorted(message["Subject"] for _, message in server.mailbox.messages)
        assert subjects[0].startswith("Réclamation R-")
        assert subjects[1].startswith("Votre réclamation R-")
    finally:
        process.kill()


def test_many_kept_connections_shut_nobody_out(tmp_path):
    process = Process({"BILAN_INSTANCE": str(tmp_path), "BILAN_WORKER": "separate"})
    with running(process), contextlib.ExitStack() as stack:
        for _ in range(300):
            stack.enter_context(socket.create_connection(("127.0.0.1", process.port), timeout=5))
        assert requests.get(f"{process.url}/aide", timeout=10).status_code == 200
