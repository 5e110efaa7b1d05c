"""How easy each page reads that an agent or a visitor may open: every page that the links lead to, on the demonstration.

The pages that no link leads to there (a proposal, a page at the end of a personal link…) are read in the populated
application of the tests, without the words written in it.

The ease is that of Kandel and Moles (1958), 207 − 1.015 × words a sentence − 73.6 × syllables a word: 100 is very
easy, 60 is everyday French, 30 is hard. What people have written themselves counts as it stands; a label or a cell counts
as a sentence and syllables are counted by where a word may be cut, so that the figures are generous: they compare pages.
The table goes to docs/accessibility/lecture.md; `--plain` asks for the pages with plain texts.

    PYTHONPATH=.:tests python bench/reading.py [--plain]
"""

import argparse
import logging
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import textstat
from bs4 import BeautifulSoup, Tag
from client import Browser
from flask import Flask
from walk import addresses, get_endpoints
from werkzeug.test import TestResponse

from bench.accessibility.extra import make_world
from bilan import create_app
from bilan.people.rules import Display
from bilan.settings import load

REPORT = Path(__file__).parents[1] / "docs" / "accessibility" / "lecture.md"
BLOCKS = ["h1", "h2", "h3", "p", "li", "dt", "dd", "legend", "label", "caption", "td", "th", "summary"]
OF_MACHINES = re.compile(r"\.(pdf|ics|csv|ods)$|/fichiers/")
IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)[\w.-]{32,}")
PLAIN = Display(plain_texts=True).dump()
MARKER = re.compile(r"MARQUEUR-[\w-]+")
AGENTS, PASSWORD = ("agent@demo.example", "agent2@demo.example"), "une phrase facile à lire"
# Who reads the pages of the tests: an agent in each state of a bilan, a visitor, somebody who is half-way through the sign-in.
READERS = ("agent", "new_agent", "proposed", "under_way", "come_back", "anonymous", "code_awaited", "key_awaited")


class Reading(NamedTuple):
    """One page: its endpoint, where, its title, its words, its ease."""

    endpoint: str
    path: str
    title: str
    words: int
    ease: float


def sentences(main: Tag) -> list[str]:
    """Return what a page says, one string a block, each ended as a sentence."""
    for one in main.select("script, svg, nav, .visually-hidden"):
        one.decompose()
    blocks = [one for one in main.find_all(BLOCKS) if not one.find(BLOCKS)]
    said = [" ".join(one.get_text(" ").split()) for one in blocks]
    return [text if text.endswith((".", "?", "!")) else f"{text}." for text in said if re.search(r"[a-zà-ÿ]{3}", text)]


def shape_of(path: str) -> str:
    """Return an address without its identifiers and tokens, as an agent's browser shows it."""
    return re.sub("^/parcours(?=/)", "/mon-bilan", IDENTIFIER.sub("…", path))


def read(answer: TestResponse, app: Flask) -> Reading | None:
    """Return the reading of what was answered, None when it is no page."""
    if answer.status_code != 200 or answer.mimetype != "text/html":
        return None
    soup = BeautifulSoup(MARKER.sub("", answer.text), "html.parser")
    text = " ".join(sentences(soup.main))
    title, endpoint = " ".join(soup.h1.text.split()), app.url_map.bind("localhost").match(answer.request.path)[0]
    return Reading(endpoint, shape_of(answer.request.path), title, len(text.split()), textstat.flesch_reading_ease(text))


def walk(browser: Browser, known: set[str]) -> Iterator[Reading]:
    """Yield what the links lead to, wherever they stand in a page, and is not known; of pages of one shape of address, the first."""
    waiting, seen = ["/", "/accueil"], set()
    while waiting:
        path = waiting.pop(0).split("#")[0].split("?")[0]
        if shape_of(path) in seen or OF_MACHINES.search(path):
            continue
        answer = browser.client.get(path)
        if answer.status_code == 302:
            waiting.append(answer.location)
        reading = read(answer, browser.client.application)
        if reading is None:
            continue
        seen.add(reading.path)
        if reading.path not in known:
            yield reading
        waiting += [one["href"] for one in BeautifulSoup(answer.text, "html.parser").find_all("a", href=re.compile("^/"))]


def walk_demonstration(folder: str, *, plain: bool) -> list[Reading]:
    """Return what a visitor, then two agents, are led to."""
    app = create_app(load({"BILAN_INSTANCE": folder, "BILAN_DEMO_PASSWORD": PASSWORD, "BILAN_BASE_URL": "http://localhost"}))
    with app.app_context():
        app.test_cli_runner().invoke(args=["demo"], catch_exceptions=False)
    found: list[Reading] = []
    for email in (None, *AGENTS):
        browser = Browser(app)
        if email:
            browser.client.post("/connexion", data={"email": email, "password": PASSWORD, "csrf_token": browser.csrf_token()})
        if plain:
            browser.client.set_cookie("affichage", PLAIN)
        found += list(walk(browser, {one.path for one in found}))
    return found


def left(folder: str, reached: set[str], *, plain: bool) -> Iterator[Reading]:
    """Yield, of each endpoint that was not reached, the fullest page that one of the readers opens in the populated application."""
    world = make_world(Path(folder))
    browsers = [world.browser(name) for name in READERS]
    for browser in browsers if plain else ():
        browser.client.set_cookie("affichage", PLAIN)
    for endpoint in sorted(set(get_endpoints(world.app)) - reached):
        where = {one.path for one in [*addresses(world, endpoint), *world.extra.get(endpoint, ())]}
        pages = [page for path in sorted(where) for browser in browsers if (page := read(browser.client.get(path), world.app))]
        if pages:
            yield max(pages, key=lambda page: page.words)


def report(readings: list[Reading], *, plain: bool) -> str:
    """Return the table, the hardest page first."""
    total = sum(one.words for one in readings)
    mean = sum(one.ease * one.words for one in readings) / total
    lines = [
        "# Facilité de lecture des pages de l’agent et des pages publiques",
        "",
        "Indice de Kandel et Moles (1958) : 100 se lit sans effort, 60 est le français courant, 30 est difficile.",
        f"Écrit par `bench/reading.py` sur les données de démonstration{', avec les textes simples' if plain else ''}.",
        "Les pages auxquelles aucun lien ne mène sont lues sur les données des essais, sans les textes qu’elles contiennent.",
        "Les mots écrits par les personnes comptent comme ils sont. Une étiquette ou une cellule compte pour une phrase,",
        "et les syllabes sont comptées par les coupures possibles : l’indice est généreux. Il sert à comparer les pages ;",
        "il ne dit pas si une page est comprise.",
        "",
        f"{len(readings)} pages, {total} mots ; indice moyen, pondéré par les mots : {mean:.0f}.",
        "",
        "| Page | Adresse | Mots | Indice |",
        "| --- | --- | ---: | ---: |",
    ]
    lines += [f"| {one.title} | `{one.path}` | {one.words} | {one.ease:.0f} |" for one in sorted(readings, key=lambda one: one.ease)]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Make the demonstration in a folder of its own, read it, print and keep the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plain", action="store_true", help="with the plain texts of the questionnaires")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    textstat.set_lang("fr")
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        found = walk_demonstration(first, plain=arguments.plain)
        found += left(second, {one.endpoint for one in found}, plain=arguments.plain)
    table = report(found, plain=arguments.plain)
    print(table)
    if not arguments.plain:
        REPORT.parent.mkdir(exist_ok=True)
        REPORT.write_text(table, encoding="utf-8")


if __name__ == "__main__":
    main()
