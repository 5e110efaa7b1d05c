"""Things that break while people work: what was acknowledged is there, no e-mail leaves twice, the service comes back by itself.

The morning of bench/load.py, fewer people in more haste, on the same deployment. After each kind of fault: every
answer, version of a note and message that was acknowledged is looked for; nothing was received twice; new things are
acknowledged again without anybody's help (a supervisor starts again what has ended, as systemd does).

- kills: SIGKILL of a web process or of the worker, at random, again and again.
- power: the files of SQLite as they are at some instant (the processes frozen meanwhile), opened elsewhere.
- mail: the mail server away.
- disk: the disk full (a small file system in memory, filled; needs the right to mount).
- clock: the clock of every process jumps, forward and back (needs libfaketime).
- database: PostgreSQL restarted at once, as after its own crash.

    PYTHONPATH=.:tests python -m bench.faults [--kills 100] [--cuts 40] [--on sqlite,postgresql] [--only kills,power,…]
"""

import argparse
import contextlib
import datetime
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import requests

from bench.morning.kept import acknowledged, look, reading, sent
from bench.morning.service import Service, service
from bench.morning.world import Crowd
from bilan.mail.actions import sweep
from bilan.mail.models import Email, EmailState

CROWD, HASTE = Crowd(60, 12, 3), 3.0
CHANCE = random.Random(20_26)
JUMPS = ("+3h", "+0", "+26h", "-2h", "+0")
DISK_MEGABYTES = 200
FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"


class Verdict:
    """What each kind of fault has met, printed as a line."""

    def __init__(self, kind: str) -> None:
        self.kind, self.wrong = kind, []
        print(f"\n{kind:12}{'times':>7}{'acknowledged':>14}{'lost':>6}{'e-mails':>9}{'twice':>7}{'unsure':>8}{'back in s':>11}")

    def line(self, name: str, one: Service, times: int, back: list[float]) -> None:
        """Look for everything, and print what was found."""
        with reading(one.settings):
            drain()
            kept = acknowledged(one.log)
            lost, mail = look(kept), sent(one)
        count = len(kept.answers) + len(kept.notes) + len(kept.messages)
        twice = sum("times" in fault for fault in mail.wrong)
        slowest = f"{max(back):.1f}" if back else "–"
        print(f"{name:12}{times:7}{count:14,}{len(lost):6}{mail.received:9}{twice:7}{mail.uncertain:8}{slowest:>11}", flush=True)
        self.wrong += [f"{self.kind}, {name}: {fault}" for fault in (*lost, *mail.wrong)]


def drain(seconds: float = 150) -> None:
    """Wait until every e-mail has left; what a killed sender held is taken back here at once, by the product minutes later."""
    waiting = Email.select().where(Email.state.in_([EmailState.WAITING, EmailState.SENDING]))
    end = time.monotonic() + seconds
    while time.monotonic() < end and waiting.exists():
        time.sleep(1)
    Email.update(next_attempt_at=datetime.datetime(2000, 1, 1)).where(Email.state == EmailState.WAITING).execute()  # noqa: DTZ001 -- as stored
    sweep(datetime.timedelta(0), datetime.timedelta(0))


@contextlib.contextmanager
def at_work(one: Service) -> Iterator[None]:
    """Let people work during the block, and a little after it."""
    people = one.work(60, haste=HASTE, broken=True)
    try:
        wait_for_more(one, 60)
        yield
        wait_for_more(one, 120)
    finally:
        people.kill()
        people.wait()


def lines(one: Service) -> int:
    """Return how many things were acknowledged until now."""
    return one.log.read_text(encoding="utf-8").count('["kept"') if one.log.exists() else 0


def wait_for_more(one: Service, seconds: float, more: int = 20) -> float:
    """Wait until so many more things are acknowledged; return the seconds it took. Raises SystemExit when none is."""
    start, before = time.monotonic(), lines(one)
    while lines(one) < before + more:
        if time.monotonic() - start > seconds:
            raise SystemExit(f"nobody is answered any more after {seconds:.0f} s; see {one.folder}")
        time.sleep(0.1)
    return time.monotonic() - start


def answers(one: Service) -> bool:
    """Whether every web process answers."""
    with contextlib.suppress(requests.RequestException):
        return all(requests.get(f"{process.url}/sante", timeout=2).ok for process in one.web)
    return False


def wait_until_back(one: Service) -> float:
    """Return after how many seconds every web process answers again."""
    start = time.monotonic()
    while not answers(one):
        if time.monotonic() - start > 120:
            raise SystemExit(f"the service does not come back; see {one.folder}")
        time.sleep(0.05)
    return time.monotonic() - start


def kills(one: Service, options: argparse.Namespace, verdict: Verdict) -> None:
    """Kill a web process or the worker, and start it again."""
    back = []
    with at_work(one):
        for _ in range(options.kills):
            time.sleep(CHANCE.uniform(0.2, 2.0))
            victim = CHANCE.choice([*one.web, one.worker])
            victim.kill()
            victim.start()
            back.append(wait_until_back(one))
    verdict.line("kills", one, options.kills, back)


def power(one: Service, options: argparse.Namespace, verdict: Verdict) -> None:
    """Copy the files of an instant; open each copy and look for what had been acknowledged by then."""
    lost, whole = [], 0
    with at_work(one), tempfile.TemporaryDirectory() as name:
        for rank in range(options.cuts):
            time.sleep(CHANCE.uniform(0.1, 1.5))
            copy = Path(name) / str(rank)
            with frozen(one):
                until = one.log.read_bytes()
                shutil.copytree(one.folder, copy, ignore=shutil.ignore_patterns("nginx", "*.log", "mail"))
            (copy / "log.jsonl").write_bytes(until)
            told = {**one.settings, "BILAN_INSTANCE": str(copy), "BILAN_DATABASE_URL": f"sqlite:///{copy}/bilan.db"}
            with reading(told):
                lost += look(acknowledged(copy / "log.jsonl"))
                whole += is_whole()
            shutil.rmtree(copy)
    verdict.wrong += lost
    if whole < options.cuts:
        verdict.wrong.append(f"{options.cuts - whole} copies are damaged")
    verdict.line("power", one, options.cuts, [])


def is_whole() -> bool:
    """Whether SQLite finds both files whole."""
    from bilan.database import database, keystore  # noqa: PLC0415

    return all(one.execute_sql("PRAGMA integrity_check").fetchone()[0] == "ok" for one in (database, keystore))


@contextlib.contextmanager
def frozen(one: Service) -> Iterator[None]:
    """Stop the processes of the product between two instructions."""
    processes = [process.process for process in (*one.web, one.worker)]
    for process in processes:
        process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            process.send_signal(signal.SIGCONT)


def mail(one: Service, _options: argparse.Namespace, verdict: Verdict) -> None:
    """Stop the mail server for a while, three times."""
    back = []
    with at_work(one):
        for _ in range(3):
            one.mail.stop()
            time.sleep(15)
            one.mail.start()
            back.append(wait_for_more(one, 60))
    verdict.line("mail", one, 3, back)


def disk(one: Service, _options: argparse.Namespace, verdict: Verdict) -> None:
    """Fill the disk, and give room again."""
    back, ballast = [], one.folder.parent / "ballast"
    with at_work(one):
        for _ in range(3):
            fill(ballast)
            time.sleep(8)
            ballast.unlink()
            back.append(wait_for_more(one, 120))
    verdict.line("disk", one, 3, back)


def fill(ballast: Path) -> None:
    """Write until there is no room."""
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 65_536)


def clock(one: Service, _options: argparse.Namespace, verdict: Verdict) -> None:
    """Set the clock of every process forward and back."""
    back = []
    with at_work(one):
        for jump in JUMPS:
            (one.folder.parent / "clock").write_text(jump, encoding="utf-8")
            back.append(wait_for_more(one, 120, more=150))
    verdict.line("clock", one, len(JUMPS), back)


def database(one: Service, _options: argparse.Namespace, verdict: Verdict) -> None:
    """Restart PostgreSQL at once: it recovers from its log, as after a crash of its own."""
    back = []
    with at_work(one):
        for _ in range(5):
            time.sleep(CHANCE.uniform(2, 5))
            one.databases.restart()
            back.append(wait_for_more(one, 120))
    verdict.line("database", one, 5, back)


FAULTS: dict[str, Callable[[Service, argparse.Namespace, Verdict], None]] = {
    "kills": kills, "power": power, "mail": mail, "disk": disk, "clock": clock, "database": database,
}  # fmt: skip
ONE_KIND = {"power": "sqlite", "disk": "sqlite", "database": "postgresql"}


@contextlib.contextmanager
def prepared(name: str, kind: str) -> Iterator[Service]:
    """Run the product where that fault can happen."""
    with contextlib.ExitStack() as stack:
        folder, around = Path(stack.enter_context(tempfile.TemporaryDirectory())), {}
        if name == "disk":
            subprocess.run(["/usr/bin/mount", "-t", "tmpfs", "-o", f"size={DISK_MEGABYTES}m", "bilan", folder], check=True)
            stack.callback(subprocess.run, ["/usr/bin/umount", "--lazy", folder], check=False)
        if name == "clock":
            (folder / "clock").write_text("+0", encoding="utf-8")
            around = {
                "LD_PRELOAD": FAKETIME,
                "FAKETIME_TIMESTAMP_FILE": f"{folder}/clock",
                "FAKETIME_NO_CACHE": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            }
        yield stack.enter_context(service(kind, CROWD, folder / "instance", **around))


def main() -> None:
    """Print the report; end with what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--cuts", type=int, default=40)
    parser.add_argument("--on", default="sqlite,postgresql")
    parser.add_argument("--only", default=",".join(FAULTS))
    options = parser.parse_args()
    wrong = []
    for kind in options.on.split(","):
        verdict = Verdict(kind)
        for name in options.only.split(","):
            if ONE_KIND.get(name, kind) != kind:
                continue
            if name == "clock" and not Path(FAKETIME).exists():
                print("clock: not tried, libfaketime is missing (Debian: faketime)")
                continue
            with prepared(name, kind) as one:
                FAULTS[name](one, options, verdict)
        wrong += verdict.wrong
    sys.exit("\n".join(wrong) or None)


if __name__ == "__main__":
    main()
