"""A new questionnaire is a TOML file and nothing else: the guide's own example is given, filled, read and printed."""

import dataclasses
import io
import json
import re
import tomllib
from pathlib import Path

import pytest
from flask.cli import FlaskGroup
from pages import words
from pypdf import PdfReader
from questionnaires.test_instruments import french_texts, typographic_faults

from bilan.questionnaires import instruments
from bilan.questionnaires.instruments import SINGLE, Instrument, definition, load, parse
from bilan.questionnaires.instruments.questions import Item, Level, Part
from bilan.questionnaires.models import Passation

GUIDE = Path(__file__).parents[2] / "docs" / "instruments.md"
TEXT = GUIDE.read_text(encoding="utf-8")
EXAMPLE, *VARIANTS = re.findall(r"^```toml\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
# Every form of the file, and what the application works out itself.
KINDS = (Instrument, *(getattr(definition, name) for name in ("Scale", "Scoring", "Code", "Gap", "Ranking", "Landmark")), Item, Part, Level)
WORKED_OUT = {"lowest", "highest"}


def named(text):
    """Return the fields that a guide names between backticks."""
    return {name for quoted in re.findall(r"`([^`\n]+)`", text) for name in re.findall(r"[a-z_]+", quoted)}


def missing_fields(text):
    return {f.name for kind in KINDS for f in dataclasses.fields(kind)} - WORKED_OUT - named(text)


@pytest.fixture
def databases(sqlite_databases):
    return sqlite_databases


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The published questionnaires in a folder of the test, which the application reads; as before at the end."""
    catalogue = tmp_path / "instruments"
    catalogue.mkdir()
    for path in instruments.FOLDER.glob("*.toml"):
        (catalogue / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(instruments, "FOLDER", catalogue)
    instruments._catalogue.cache_clear()
    yield catalogue
    monkeypatch.undo()
    instruments._catalogue.cache_clear()


@pytest.fixture
def example(folder):
    table = tomllib.loads(EXAMPLE)
    path = folder / f"{table['slug']}-1.toml"
    path.write_text(EXAMPLE, encoding="utf-8")
    return load(path)


def test_the_guide_names_every_field_of_a_file():
    assert missing_fields(TEXT) == set()


def test_the_check_of_the_fields_sees_one_that_is_not_named():
    assert missing_fields(TEXT.replace("`mirrored`", "mirrored")) == {"mirrored"}


def test_the_example_keeps_to_the_rules_of_the_guide(example):
    assert "non étalonnée" in example.adaptation
    assert "pas un diagnostic" in example.notice
    assert [text for text in french_texts(example) if typographic_faults(text)] == []
    for item in example.items:
        assert 0 < len(item.text) <= 80
        assert 0 < len(item.plain) <= 60
        assert not re.search(r"\b(?:ne|pas|jamais|sans|aucune?|rien|ni|non)\b|\b[nN]’|\(e\)|·", f"{item.text} {item.plain}")
    assert [item.scale for item in example.items] == ["P", "V"] * 4
    assert [item.id for item in example.items if item.reversed] == ["V3"]


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: re.search(r"\w+", variant)[0])
def test_each_variant_of_the_guide_fits_the_example(variant):
    table, added = tomllib.loads(EXAMPLE), tomllib.loads(variant)
    if "parts" in added:
        table = {name: value for name, value in table.items() if name not in SINGLE}
    if added.get("together"):
        del table["scoring"]
    if "code" in added:  # which has its six letters: the example has two
        assert added["code"] == tomllib.loads((instruments.FOLDER / "interets-2.toml").read_text(encoding="utf-8"))["code"]
        return
    instrument = parse(table | added)
    assert [text for text in french_texts(instrument) if typographic_faults(text)] == []


def test_the_scores_that_the_guide_says_are_those_of_the_command(app, example, tmp_path):
    (answers,) = re.findall(r"^```json\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    path = tmp_path / "reponses.json"
    path.write_text(answers, encoding="utf-8")
    printed = app.test_cli_runner().invoke(FlaskGroup(create_app=lambda: app), ["score", example.slug, str(path)])
    assert json.loads(printed.output)["scores"] == {"P": 18.67, "V": 6}
    assert "P\u00a0: 18,67" in TEXT
    assert "V\u00a0: 6 " in TEXT


def fill(agent, page, levels):
    """Answer the pages one after the other, as far as they lead."""
    while page.path.rpartition("/")[0].endswith("/page"):
        items = dict.fromkeys(one["name"] for one in page.form().find_all("input", type="radio"))
        page = agent.submit(page, {item: str(levels[item]) for item in items})
    return page


def printed_words(answer):
    assert answer.response.mimetype == "application/pdf"
    return words(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.response.data)).pages))


def test_the_example_is_given_filled_read_and_printed(world, example):
    counsellor, agent, journey = world.browser("counsellor"), world.browser("agent"), world.home.journey
    page = counsellor.submit(counsellor.get(f"/parcours/{journey.id}/questionnaires/nouveau"), {"slug": "rythmes"})
    page.has("Vos façons de travailler", "pas commencé")
    passation = Passation.get(Passation.slug == "rythmes")
    paper = printed_words(counsellor.get(f"/parcours/questionnaires/{passation.id}/a-remplir.pdf"))
    assert "J’avance mieux quand nous sommes plusieurs" in paper

    path = f"/mon-bilan/questionnaires/{passation.id}"
    agent.get(path).has("8 questions, environ 3 minutes", "Voici 8 phrases sur la façon de travailler.")
    levels = {"P1": 5, "P2": 5, "P3": 4, "P4": 5, "V1": 1, "V2": 2, "V3": 5, "V4": 1}
    page = fill(agent, agent.get(f"{path}/page/1"), levels)
    page.has("8 réponses sur 8", "J’aime finir une tâche avant d’en prendre une autre", "Tout à fait exact")
    agent.submit(page).has("Les réponses sont envoyées")
    agent.get(f"{path}/resultat", status=404)

    result = f"/parcours/questionnaires/{passation.id}/resultat"
    page = counsellor.get(result)
    page.has("Travail à plusieurs", "2 échelles, de 4 à 20 points", "Vous dites souvent avancer avec les autres et partager vos idées.")
    page.has("Vous dites souvent aimer la régularité", "Grille d’exploration du centre", "La marge de la mesure n’est pas connue")
    points = [words(cell.text) for cell in page.soup.find_all("td", attrs={"data-label": "Points"})]
    assert points == ["19", "5"]
    assert "Variété : 5 sur 20" in words(page.soup.find("svg").desc.text)
    assert "Vous dites souvent aimer la régularité" in printed_words(counsellor.get(f"{result}.pdf"))
    crossing = counsellor.get(f"/parcours/{journey.id}/lecture-croisee")
    crossing.has("Vos façons de travailler", "Vous dites souvent aimer la régularité et les tâches menées jusqu’au bout.")

    counsellor.submit(counsellor.get(result), form="/ouvrir")
    agent.get(f"{path}/resultat").has("Travail à plusieurs")


def test_the_plain_wording_of_the_example_is_read_by_who_chooses_it(world, example):
    counsellor, agent = world.browser("counsellor"), world.browser("agent")
    counsellor.submit(counsellor.get(f"/parcours/{world.home.journey.id}/questionnaires/nouveau"), {"slug": "rythmes"})
    passation = Passation.get(Passation.slug == "rythmes")
    agent.submit(agent.get("/affichage"), {"plain_texts": True})
    page = agent.get(f"/mon-bilan/questionnaires/{passation.id}/page/1")
    page.has("Est-ce vrai pour vous ?", "Je finis d’abord ce que j’ai commencé")
    page.lacks("J’aime finir une tâche avant d’en prendre une autre")


def test_without_the_file_nobody_knows_the_questionnaire(world):
    page = world.browser("counsellor").get(f"/parcours/{world.home.journey.id}/questionnaires/nouveau")
    assert "rythmes" not in page.html
