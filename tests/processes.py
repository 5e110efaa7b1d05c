"""The server and its worker as they are started for real, in processes of their own; a real Redis, a real nginx."""

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


@contextlib.contextmanager
def nginx(folder, ports):
    """Put nginx, with the file that is shipped, before one or two processes; yield its addresses, in clear and in TLS."""
    clear, tls = free_port(), free_port()
    whole = folder / "nginx.conf"
    whole.write_text(_nginx_conf(folder, ports, clear, tls))
    words = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=bilan.example.fr -addext subjectAltName=IP:127.0.0.1"
    subprocess.run([*words.split(), "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"], check=True, capture_output=True)
    server = subprocess.Popen([program("nginx"), "-c", whole, "-g", "daemon off;"])
    try:
        wait_until((folder / "pid").exists)
        time.sleep(0.2)
        yield f"http://127.0.0.1:{clear}", f"https://127.0.0.1:{tls}"
    finally:
        server.terminate()
        server.wait(10)


def _nginx_conf(folder, ports, clear, tls):
    text = (ROOT / "deploy/nginx.conf").read_text()
    changes = {
        "listen [::]:80;\n": "\n",
        "listen [::]:443 ssl http2;\n": "\n",
        "listen 80;": f"listen 127.0.0.1:{clear};",
        "listen 443 ssl": f"listen 127.0.0.1:{tls} ssl",
        "server 127.0.0.1:8001;": f"server 127.0.0.1:{ports[0]};",
        "server 127.0.0.1:8002;": "".join(f"server 127.0.0.1:{port};" for port in ports[1:]),
        "/etc/ssl/bilan/": f"{folder}/",
        "/var/log/nginx/": f"{folder}/",
    }
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    temporary = "".join(f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    # Started by root, its workers would be somebody who cannot write in the folder of a test.
    user = "user root; " if os.geteuid() == 0 else ""
    events = "events { worker_connections 2048; }"
    return f"{user}pid {folder}/pid; error_log {folder}/error.log; {events} http {{ {temporary} {text} }}"
