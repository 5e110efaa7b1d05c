"""The product as docs/deployment.md deploys it: nginx with TLS, one or two web processes, a worker beside them, a mail server."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from processes import ROOT, Process, nginx
from smtp_server import Server as MailServer

from bench.morning.world import Crowd
from bench.sizes import PostgresSizes, SqliteSizes

NAME = "https://bilan.example.fr"
WEB = {"sqlite": 1, "postgresql": 2}
ARRIVALS = 2  # people a second, who each sign in: five keep both cores busy with their passwords


class Service:
    """What runs, on one kind of database, in a folder of its own."""

    def __init__(self, folder: Path, kind: str, crowd: Crowd, around: dict[str, str]) -> None:
        self.folder, self.kind, self.around = folder, kind, around
        self.databases = (SqliteSizes if kind == "sqlite" else PostgresSizes)(folder)
        self.mail = MailServer()
        self.mail.start()
        self.settings = {
            "BILAN_INSTANCE": str(folder),
            "BILAN_SECRET_KEY": secrets.token_hex(32),
            "BILAN_MASTER_KEYS": Fernet.generate_key().decode(),
            "BILAN_BASE_URL": NAME,
            "BILAN_PROXY_COUNT": "1",
            "BILAN_SECOND_FACTOR": "facultatif",
            "BILAN_SMTP_URL": self.mail.url,
            "BILAN_WORKER": "separate",
            **self.databases.addresses,
        }
        password = secrets.token_urlsafe(12)
        words = [sys.executable, "-m", "bench.morning.world", *map(str, crowd)]
        told = subprocess.run(words, cwd=ROOT, env=self.environment(), input=password, text=True, check=True, stdout=subprocess.PIPE)
        self.people = {"password": password, **json.loads(told.stdout)}

    def environment(self) -> dict[str, str]:
        """Return the environment of a command of the product."""
        return {"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}", **self.settings}

    def start(self, stack: ExitStack) -> None:
        """Start everything; `stack` ends it."""
        self.web = [self._process(stack, f"web{rank}") for rank in range(WEB[self.kind])]
        self.worker = self._process(stack, "worker", "-m", "flask", "--app", "app", "worker")
        proxy = self.folder / "nginx"
        proxy.mkdir()
        _, self.address = stack.enter_context(nginx(proxy, [one.port for one in self.web]))

    def _process(self, stack: ExitStack, name: str, *words: str) -> Process:
        process = Process({**self.environment(), "MALLOC_ARENA_MAX": "2", **self.around}, *words, log=self.folder / f"{name}.log")
        stack.callback(process.kill)
        return process

    def stop(self) -> None:
        """Stop what is not of the product."""
        self.mail.stop()
        self.databases.stop()

    def work(self, minutes: float, *, haste: float = 1, broken: bool = False) -> subprocess.Popen[bytes]:
        """Let everybody work for so long; `results` says what came of it. `broken`: failures are expected."""
        (self.folder / "people.json").write_text(json.dumps(self.people), encoding="utf-8")
        crowd = sum(len(of) for trade, of in self.people.items() if trade != "password")
        words = [sys.executable, "-m", "locust", "-f", str(ROOT / "bench/morning/people.py"), "--headless", "--host", self.address]
        # What is measured begins when everybody has arrived.
        seconds = round(minutes * 60 + crowd / ARRIVALS)
        words += [
            "--users",
            str(crowd),
            "--spawn-rate",
            str(ARRIVALS),
            "--reset-stats",
            "--run-time",
            f"{seconds}s",
            "--stop-timeout",
            "20",
        ]
        words += ["--loglevel", "ERROR", "--only-summary", "--exit-code-on-error", "0"]
        told = {"BENCH_FOLDER": str(self.folder), "BENCH_NAME": NAME, "BENCH_HASTE": str(haste), "BENCH_BROKEN": "yes" if broken else ""}
        log = (self.folder / "locust.log").open("wb")
        return subprocess.Popen(words, cwd=ROOT, env={**self.environment(), **told}, stdout=log, stderr=log)

    def results(self) -> dict[str, Any]:
        """Return what the people met: the figures of each request, the faults."""
        return json.loads((self.folder / "results.json").read_text(encoding="utf-8"))

    @property
    def log(self) -> Path:
        """Return where each thing that was sent or acknowledged has a line."""
        return self.folder / "log.jsonl"


@contextmanager
def service(kind: str, crowd: Crowd, folder: Path, **around: str) -> Iterator[Service]:
    """Run the product in that folder; `around` is more of the environment of its processes."""
    folder.mkdir(exist_ok=True)
    # PostgreSQL has its files beside, and an account of its own.
    folder.parent.chmod(0o711)
    with ExitStack() as stack:
        one = Service(folder, kind, crowd, around)
        stack.callback(one.stop)
        one.start(stack)
        yield one


def resident(pid: int) -> float:
    """Return the resident memory of a process, in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024
