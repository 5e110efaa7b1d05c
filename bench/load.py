"""A working morning on the production server: agents, counsellors and HR officers at once, e-mails leaving, papers being set.

nginx with TLS in front, `python app.py` behind (one process on SQLite, two on PostgreSQL), a worker beside; everything,
locust included, on the same machine. What is measured begins when the last of them, two a second, has
signed in. What was acknowledged is looked for afterwards. Asked: no error, an answer saved within 250 ms for 99 of 100,
each process under 150 MB at the end.

    PYTHONPATH=.:tests python -m bench.load [--minutes 10] [--on sqlite,postgresql] [--agents 300 --counsellors 40 --officers 10]
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.morning.kept import acknowledged, look, reading, sent
from bench.morning.service import Service, resident, service
from bench.morning.world import Crowd
from bilan.mail.models import Email, EmailState

SAVE, P99_MS, MEGABYTES = "answer save", 250, 150


def show(kind: str, results: dict[str, Any]) -> None:
    """Print the table."""
    print(f"\n{kind:22}{'requests':>9}{'per s':>7}{'failed':>8}{'p50 ms':>8}{'p95':>7}{'p99':>7}{'most':>8}{'bytes':>9}")
    for name, one in sorted(results["figures"].items(), key=lambda pair: -pair[1]["requests"]):
        times = f"{one['p50']:8.0f}{one['p95']:7.0f}{one['p99']:7.0f}{one['most']:8.0f}"
        print(f"{name:22}{one['requests']:9,}{one['per_second']:7.1f}{one['failures']:8}{times}{one['bytes']:9,.0f}")


def morning(one: Service, minutes: float) -> list[str]:
    """Let everybody work; return what is wrong, in sentences."""
    people = one.work(minutes)
    sizes = [[resident(process.process.pid)] for process in (*one.web, one.worker)]
    while people.poll() is None:
        time.sleep(5)
        for kept, process in zip(sizes, (*one.web, one.worker), strict=True):
            kept.append(resident(process.process.pid))
    results = one.results()
    if SAVE not in results["figures"]:
        return [f"{one.kind}: nobody answered.\n" + (one.folder / "locust.log").read_text(encoding="utf-8")[-3000:]]
    show(one.kind, results)
    # At the start, at each quarter of the time, at the end.
    steps = ("  ".join(f"{kept[len(kept) * quarter // 4 - (quarter == 4)]:.0f}" for quarter in range(5)) for kept in sizes)
    print("MB of each web process, then of the worker, at each quarter of the time: " + ", ".join(steps))
    wrong = [f"{one.kind}: {fault}, {times} times" for fault, times in results["faults"].items()]
    p99 = results["figures"][SAVE]["p99"]
    if p99 >= P99_MS:
        wrong.append(f"{one.kind}: an answer is saved in {p99:.0f} ms at p99 (asked: less than {P99_MS})")
    after = max(kept[-1] for kept in sizes)
    if after >= MEGABYTES:
        wrong.append(f"{one.kind}: {after:.0f} MB after the load (asked: less than {MEGABYTES})")
    with reading(one.settings):
        until = time.monotonic() + 60
        while time.monotonic() < until and Email.select().where(Email.state == EmailState.WAITING).exists():
            time.sleep(1)
        kept = acknowledged(one.log)
        lost, mail = look(kept), sent(one)
    print(f"found again: {kept}; lost: {len(lost)}")
    print(f"e-mails: {mail.written} written, {mail.received} received once, {mail.uncertain} uncertain")
    return [*wrong, *lost, *mail.wrong]


def main() -> None:
    """Print the tables; end with what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--on", default="sqlite,postgresql")
    for trade, count in zip(Crowd._fields, (300, 40, 10), strict=True):
        parser.add_argument(f"--{trade}", type=int, default=count)
    options = parser.parse_args()
    crowd = Crowd(options.agents, options.counsellors, options.officers)
    print(
        f"{options.agents} agents, {options.counsellors} counsellors, {options.officers} HR, {options.minutes:g} min, {os.cpu_count()} cores"
    )
    wrong = []
    for kind in options.on.split(","):
        with tempfile.TemporaryDirectory() as name, service(kind, crowd, Path(name) / "instance") as one:
            wrong += morning(one, options.minutes)
    sys.exit("\n".join(wrong) or None)


if __name__ == "__main__":
    main()
