"""The guides of docs/ name things that exist: settings, commands and their options, pages, files, the words of buttons."""

import re
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest
from flask import Flask

from bilan.commands import init_commands
from bilan.settings import Settings

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs").rglob("*.md"))
# Of the tests, not of the product.
OURS = {"BILAN_CHROMIUM", "BILAN_REQUIRE_BROWSER", "BILAN_REQUIRE_POSTGRES", "BILAN_REQUIRE_SPELLING", "BILAN_ROME_DIR"}
VARIABLES = {one.metadata["variable"] for one in fields(Settings)} | OURS
FOLDERS = "bilan|templates|tests|bench|deploy|docs|static"


def text_of(path):
    return path.read_text("utf-8").replace("\N{NO-BREAK SPACE}", " ").replace("’", "'")


def unknown_settings(text):
    return set(re.findall(r"\bBILAN_[A-Z_]*[A-Z]", text)) - VARIABLES


def unknown_commands(text, commands):
    """Return the `flask --app app …` of a text that are no command, or give it an option that it has not."""
    found = set()
    for line in re.findall(r"flask --app app ([^`\n#;(]+)", text):
        words = line.split()
        command = commands.get(words.pop(0))
        if words and command and hasattr(command, "commands"):
            command = command.commands.get(words.pop(0))
        options = {option for one in command.params for option in one.opts} if command else set()
        if not command or any(word.strip("[],.") not in options for word in words if word.lstrip("[").startswith("--")):
            found.add(line)
    return found


def broken_links(text, page):
    """Return the links of a page to files, and to titles of files, that are not there."""
    found = set()
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, title = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if re.match(r"https?:|mailto:", target) or (file.exists() and (not title or title in titles(file))):
            continue
        found.add(target)
    return found


def titles(path):
    """Return the anchors of a page's titles, as the forges make them."""
    found = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in found}


def missing_files(text):
    """Return the files of the project, named in backquotes, that are not there; `x/*.py` and `x/{a,b}.py` are not looked at."""
    named = re.findall(rf"`((?:{FOLDERS})/[\w./-]+)", text)
    return {one for one in named if not (ROOT / one).exists() and "<" not in one}


def missing_names(text):
    """Return what a page says is in a file, `NAME` in `path`, and is not in it."""
    said = re.findall(rf"`([A-Za-z_]+)` in `((?:{FOLDERS})/[\w./-]+)`", text)
    return {f"{name} in {path}" for name, path in said if not re.search(rf"\b{name}\b", (ROOT / path).read_text("utf-8"))}


@cache
def screens():
    """Return every text that a screen may show: the templates and the code, as they are written."""
    sources = [*(ROOT / "templates").rglob("*.*"), *(ROOT / "bilan").rglob("*.py"), *(ROOT / "bilan").rglob("*.toml")]
    sources += (ROOT / "static").glob("*.js")
    return re.sub(r"\s+", " ", " ".join(text_of(one) for one in sources).replace("\\u00a0", " "))


def unknown_words(text):
    """Return what a guide quotes as words of a screen, « … », that no screen says; « a … b » is looked for by its parts."""
    quoted = {re.sub(r"\s+", " ", one).strip() for one in re.findall(r"«([^»]+)»", text)}
    return {one for one in quoted if not all(part.strip() in screens() for part in one.split("…"))}


@pytest.fixture(scope="module")
def commands():
    app = Flask("bilan")
    init_commands(app)
    return app.cli.commands


@pytest.mark.parametrize("document", PAGES, ids=lambda one: str(one.relative_to(ROOT / "docs")))
def test_a_page_names_what_exists(document, commands):
    text = text_of(document)
    assert unknown_settings(text) == set()
    assert unknown_commands(text, commands) == set()
    assert broken_links(document.read_text("utf-8"), document) == set()


@pytest.mark.parametrize("name", ["development.md"])
def test_every_file_and_name_of_a_recipe_is_there(name):
    text = text_of(ROOT / "docs" / name)
    assert missing_files(text) == set()
    assert missing_names(text) == set()


def test_every_make_command_that_a_page_names_is_there():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert {name for page in PAGES for name in re.findall(r"`make ([a-z]+)`", text_of(page))} - targets == set()


def test_the_code_that_a_recipe_shows_is_the_code():
    shown = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "development.md").read_text("utf-8"), re.DOTALL)
    code = [re.sub(r"\s+", " ", one.read_text("utf-8")) for one in (ROOT / "bilan").rglob("*.py")]
    assert shown
    assert [one for one in shown if not any(re.sub(r"\s+", " ", one).strip() in text for text in code)] == []


@pytest.mark.parametrize("name", ["administration.md", "guide-conseil/README.md"])
def test_a_guide_quotes_the_words_of_the_screens(name):
    text = text_of(ROOT / "docs" / name)
    assert len(re.findall("«", text)) > 20, "the guide quotes nothing"
    assert unknown_words(text) == set()


def test_every_picture_is_shown_and_light():
    folder = ROOT / "docs" / "guide-conseil"
    pictures = {one.name: one.stat().st_size for one in folder.glob("*.png")}
    assert set(re.findall(r"\((\S+\.png)\)", (folder / "README.md").read_text("utf-8"))) == set(pictures)
    assert len(pictures) >= 8
    assert max(pictures.values()) <= 120_000
    assert sum(pictures.values()) <= 1_000_000


def test_every_page_of_the_docs_is_in_their_table_of_contents():
    contents = (ROOT / "docs" / "README.md").read_text("utf-8")
    linked = {(ROOT / "docs" / one).resolve() for one in re.findall(r"\]\(([^)#\s]+)", contents)}
    pages = {one for one in PAGES if one.parent == ROOT / "docs" and one.name != "README.md"}
    assert pages - linked == set()


def test_a_planted_lie_is_seen(commands):
    assert unknown_settings("Mettez BILAN_SMTP_URLS, puis BILAN_SMTP_URL et BILAN_….") == {"BILAN_SMTP_URLS"}
    assert unknown_commands("`flask --app app doctr`", commands) == {"doctr"}
    assert unknown_commands("`flask --app app purge --dry` `flask --app app journal verify --to DAY`", commands) == {"purge --dry"}
    assert unknown_commands("`flask --app app journal burn`", commands) == {"journal burn"}
    assert broken_links("[a](backup.md) [b](nothing.md) [c](backup.md#nothing)", ROOT / "docs/x.md") == {"nothing.md", "backup.md#nothing"}
    assert missing_files("`bilan/mail/rules.py` and `bilan/mail/rule.py`") == {"bilan/mail/rule.py"}
    assert missing_names("`compose` in `bilan/mail/rules.py`, `recompose` in `bilan/mail/rules.py`") == {"recompose in bilan/mail/rules.py"}
    assert unknown_words("« Clore le bilan » puis « Clore le bilan demain »") == {"Clore le bilan demain"}
