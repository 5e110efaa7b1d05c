"""The server as it is started for real: `python app.py`, its worker inline, killed without warning."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from smtp_server import Server, free_port

ROOT = Path(__file__).parent.parent
COMPLAINT = {"name": "Paul", "email": "paul@exemple.fr", "link": "agent", "happened": "Un rendez-vous déplacé, l’été."}


class Process:
    """One `python app.py` on its own instance folder."""

    def __init__(self, instance, smtp_url):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            "PATH": os.environ["PATH"],
            "BILAN_INSTANCE": str(instance),
            "BILAN_PORT": str(self.port),
            "BILAN_SMTP_URL": smtp_url,
        }
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, "app.py"], cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_until(self.answers)

    def answers(self):
        try:
            return requests.get(f"{self.url}/sante", timeout=1).ok
        except requests.RequestException:
            return False

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def complain(self):
        with requests.Session() as session:
            page = session.get(f"{self.url}/reclamations", timeout=5).text
            token, proof = (re.search(rf'name="{name}"[^>]* value="([^"]+)"', page).group(1) for name in ("csrf_token", "proof"))
            time.sleep(3.1)  # sooner, it would be a robot
            return session.post(f"{self.url}/reclamations", data={**COMPLAINT, "csrf_token": token, "proof": proof}, timeout=5)


def wait_until(holds, seconds=20):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


@pytest.fixture
def server():
    one = Server()
    yield one
    one.stop()


def test_a_complaint_reaches_the_mailbox_through_the_running_worker_and_a_kill(tmp_path, server):
    process = Process(tmp_path, server.url)
    try:
        page = process.complain()
        assert "R-" in page.text
        process.kill()  # the mail server is down: both e-mails wait on disk
        server.start()
        process.start()
        wait_until(lambda: len(server.mailbox.messages) == 2, seconds=240)  # a second try comes after a minute, a third later
        subjects = sorted(message["Subject"] for _, message in server.mailbox.messages)
        assert subjects[0].startswith("Réclamation R-")
        assert subjects[1].startswith("Votre réclamation R-")
    finally:
        process.kill()
