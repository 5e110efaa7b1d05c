"""Look at every page, as every person, in every display, at every width; write what was found criterion by criterion.

    PYTHONPATH=.:tests python -m bench.accessibility [--every] [--only results.show access] [--kept FILE] [--rgaa FILE] [--dry]

A run looks at each page as each person in the ordinary display, and at the fullest page of each endpoint in each
preference; with all of them at once, by the keyboard too. `--every` looks at everything in everything (hours: the
number of looks is printed first). What was found is kept line by line in `--kept`: a page that has not changed since,
nor its stylesheet, is not opened again. It ends with 1 when a page was forgotten, when something was found, or when
`--minutes` ended it.
"""

import argparse
import datetime
import hashlib
import json
import multiprocessing
import re
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from browser.chromium import ARGUMENTS, find_chromium
from browser.looking import AXE
from browser.server import listening_socket, serving
from browser.test_accessibility import NOT_PAGES
from playwright.sync_api import sync_playwright
from walk import get_endpoints

from bench.accessibility import looks
from bench.accessibility.extra import make_world
from bench.accessibility.plan import forgotten, plan
from bench.accessibility.report import Run, criteria_page, figures_file, read_titles, run_page, titles_alike
from bench.accessibility.rgaa import KINDS, answers

ROOT = Path(__file__).parents[2]
RGAA = ROOT.parent / "shared/data/rgaa/criteres_rgaa_4.1.2.json"
PROCESSES = 2
# What says that a page was not looked at to the end: it is opened again.
UNFINISHED = {"broken", "status", "console"}


def options():
    """Return what was asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", action="store_true")
    parser.add_argument("--only", nargs="+", default=[""], help="the endpoints that begin so; no report is written")
    parser.add_argument("--kept", type=Path, default=Path(tempfile.gettempdir()) / "bilan-accessibility.jsonl")
    parser.add_argument("--rgaa", type=Path, default=RGAA)
    parser.add_argument("--minutes", type=int, default=24 * 60, help="stop after so long; the next run goes on")
    parser.add_argument("--dry", action="store_true", help="write no report")
    return parser.parse_args()


def digest():
    """Return what says that the pages are looked at as they were the last time."""
    files = [*sorted((ROOT / "static").iterdir()), *sorted((ROOT / "tests/browser").glob("checks.*")), Path(looks.__file__)]
    return hashlib.sha256(b"".join(one.read_bytes() for one in files)).hexdigest()


def kept(path, mark):
    """Return what was seen already by the same looks with the same stylesheet: a page that has not changed since is not opened."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    if not lines or lines[0] != mark:
        path.write_text(f"{mark}\n", encoding="utf-8")
        return {}
    read = [json.loads(line) for line in lines[1:]]
    return {one["key"]: one for one in read}


def look(world, address, visits, path, *, seen, until):
    """Look at the visits in processes of their own, keeping each line; return all that was found."""
    context = multiprocessing.get_context("spawn")
    tasks, results = context.Queue(), context.Queue()
    left = [one for one in visits if one.key not in seen]
    for one in [*left, *[None] * PROCESSES]:
        tasks.put(one)
    workers = [
        context.Process(target=looks.work, args=(tasks, results, until, address, world.cookies, KINDS), daemon=True)
        for _ in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    found = []
    with path.open("a", encoding="utf-8") as file:
        for one in arriving(results, len(left)):
            found.append(asdict(one))
            if not any(check in UNFINISHED for _, _, check, _ in one.faults):
                file.write(json.dumps(found[-1], ensure_ascii=False) + "\n")
                file.flush()
    tasks.cancel_join_thread()
    for worker in workers:
        worker.join()
    return [seen[one.key] for one in visits if one.key in seen] + found


def arriving(results, wanted):
    """Yield what the workers find until each has ended, and say how far one is."""
    running, count, start = PROCESSES, 0, time.monotonic()
    while running:
        one = results.get()
        if one is None:
            running -= 1
            continue
        count += 1
        for preference, width, check, detail in one.faults:
            print(f"{one.path} ({one.person}, {preference}, {width}) {check}: {detail[:300]}", flush=True)
        if count % 50 == 0:
            print(f"… {count} / {wanted}, {time.monotonic() - start:.0f} s", flush=True)
        yield one


def addresses_of(app):
    """Return the address of each endpoint, as a person reads it."""
    return {rule.endpoint: re.sub(r"<(?:[^:>]+:)?([^>]+)>", r"{\1}", rule.rule) for rule in app.url_map.iter_rules()}


def write(run, addresses, rgaa):
    """Write the reports, and the figures that the application shows."""
    answered = answers(run.found, complete=run.complete)
    folder = ROOT / "docs/accessibility"
    folder.mkdir(exist_ok=True)
    (folder / "criteres.md").write_text(criteria_page(run, answered, *read_titles(rgaa), addresses), encoding="utf-8")
    (folder / "essais.md").write_text(run_page(run, KINDS, addresses), encoding="utf-8")
    (ROOT / "bilan/public/accessibility.json").write_text(figures_file(run, answered), encoding="utf-8")


def tools():
    """Return what the pages were looked at with."""
    version = re.search(r"axe v([\d.]+)", AXE.axe_script)[1]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(playwright.chromium.executable_path), args=ARGUMENTS)
        chromium = browser.version
        browser.close()
    return f"Chromium {chromium.split('.')[0]}, axe-core {version}"


def main():
    """Run, write, say."""
    asked = options()
    with tempfile.TemporaryDirectory() as name, listening_socket() as listening:
        world = make_world(Path(name))
        visits = plan(world, every=asked.every, only=tuple(asked.only))
        part = asked.only != [""]
        missed = [] if part else forgotten(world, visits)
        wanted = sum(len(shown.widths) for one in visits for shown in one.shown)
        print(f"{len(visits)} visits, {wanted} looks; forgotten: {missed or 'nothing'}", flush=True)
        with serving(world.app, listening) as address:
            seen, until = kept(asked.kept, digest()), time.time() + 60 * asked.minutes
            found = look(world, address, visits, asked.kept, seen=seen, until=until)
        addresses, endpoints = addresses_of(world.app), get_endpoints(world.app)
    found[0]["faults"] += titles_alike(found)
    minutes = round(sum(one["seconds"] for one in found) / PROCESSES / 60)  # those of an interrupted run included
    not_pages = {name: reason for name, reason in NOT_PAGES.items() if name not in world.extra}
    run = Run(
        str(datetime.datetime.now(tz=datetime.UTC).date()), minutes, tools(), found, not_pages, len(endpoints), asked.every, len(visits)
    )
    if not (asked.dry or part):
        write(run, addresses, asked.rgaa)
    print(json.dumps(run.figures, ensure_ascii=False), f"{minutes} min")
    return 1 if missed or run.figures["faults"] or len(found) < len(visits) else 0


if __name__ == "__main__":
    sys.exit(main())
