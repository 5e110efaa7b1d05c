"""How easy each page of an agent reads: the public pages, then every page that the links of her bilan lead to, on the demonstration.

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

from bilan import create_app
from bilan.settings import load

REPORT = Path(__file__).parents[1] / "docs" / "accessibility" / "lecture.md"
PUBLIC = (
    "/",
    "/aide",
    "/donnees-personnelles",
    "/accessibilite",
    "/reclamations",
    "/indicateurs",
    "/ameliorations",
    "/affichage",
    "/connexion",
)
BLOCKS = ["h1", "h2", "h3", "p", "li", "dt", "dd", "legend", "label", "caption", "td", "th", "summary"]
OF_MACHINES = re.compile(r"\.(pdf|ics|csv|ods)$|/fichiers/")
IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
AGENT, PASSWORD = "agent@demo.example", "une phrase facile à lire"


class Reading(NamedTuple):
    """One page: where, its title, its words, its ease."""

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


def read(path: str, html: str) -> Reading:
    """Return the reading of a page."""
    soup = BeautifulSoup(html, "html.parser")
    text = " ".join(sentences(soup.main))
    return Reading(path, " ".join(soup.h1.text.split()), len(text.split()), textstat.flesch_reading_ease(text))


def walk(browser: Browser) -> Iterator[Reading]:
    """Yield the public pages, then what the links of the bilan lead to; of pages of one shape of address, the first."""
    waiting, seen = [*PUBLIC, "/mon-bilan"], set()
    while waiting:
        path = waiting.pop(0).split("#")[0].split("?")[0]
        shape = IDENTIFIER.sub("…", path)
        if shape in seen or OF_MACHINES.search(path):
            continue
        seen.add(shape)
        answer = browser.client.get(path, follow_redirects=True)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        yield read(shape, answer.text)
        links = [one["href"] for one in BeautifulSoup(answer.text, "html.parser").main.find_all("a", href=True)]
        waiting += [href for href in links if href.startswith("/mon-bilan")]


def report(readings: list[Reading], *, plain: bool) -> str:
    """Return the table, the hardest page first."""
    total = sum(one.words for one in readings)
    mean = sum(one.ease * one.words for one in readings) / total
    lines = [
        "# Facilité de lecture des pages de l’agent",
        "",
        "Indice de Kandel et Moles (1958) : 100 se lit sans effort, 60 est le français courant, 30 est difficile.",
        f"Écrit par `bench/reading.py` sur les données de démonstration{', avec les textes simples' if plain else ''}.",
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
    logging.disable(logging.INFO)
    textstat.set_lang("fr")
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(load({"BILAN_INSTANCE": folder, "BILAN_DEMO_PASSWORD": PASSWORD, "BILAN_BASE_URL": "http://localhost"}))
        with app.app_context():
            app.test_cli_runner().invoke(args=["demo"], catch_exceptions=False)
        browser = Browser(app)
        browser.client.post("/connexion", data={"email": AGENT, "password": PASSWORD, "csrf_token": browser.csrf_token()})
        if arguments.plain:
            browser.client.set_cookie("affichage", '{"plain_texts":true}')
        table = report(list(walk(browser)), plain=arguments.plain)
    print(table)
    if not arguments.plain:
        REPORT.parent.mkdir(exist_ok=True)
        REPORT.write_text(table, encoding="utf-8")


if __name__ == "__main__":
    main()
