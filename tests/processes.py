"""The server and its worker as they are started for real, in processes of their own; a real Redis."""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from smtp_server import free_port

ROOT = Path(__file__).parent.parent


def wait_until(holds, seconds=30):
    """Wait until something holds; fail when it never does."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


class Process:
    """One process of the application: the server, or what `words` say."""

    def __init__(self, environment, *words, log=None):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {"PATH": os.environ["PATH"], "BILAN_PORT": str(self.port), **environment}
        self.words = [sys.executable, *(words or ("app.py",))]
        self.log = log
        self.start()
        if not words:
            wait_until(self.answers)

    def start(self):
        out = self.log.open("ab") if self.log else subprocess.DEVNULL
        self.process = subprocess.Popen(self.words, cwd=ROOT, env=self.environment, stdout=out, stderr=out)
        if self.log:
            out.close()

    def answers(self):
        with contextlib.suppress(requests.RequestException):
            return requests.get(f"{self.url}/sante", timeout=1).ok
        return False

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


@contextlib.contextmanager
def running(*processes):
    """Stop every process at the end, whatever happens."""
    try:
        yield processes
    finally:
        for one in processes:
            one.kill()


def program(name):
    """Return where a server's program is; skip the test where it is missing, unless it must be there."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None and os.environ.get("BILAN_REQUIRE_SERVERS") == "1":
        pytest.fail(f"BILAN_REQUIRE_SERVERS=1: there is no {name}")
    return found or pytest.skip(f"there is no {name}")


@contextlib.contextmanager
def redis_server():
    """Yield the address of a Redis server of our own."""
    port = free_port()
    words = [program("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.kill()
        process.wait()
