"""The shipped catalogue, line by line: its form, its typography, and its facts against the ROME when it is at hand."""

import csv
import os
import re
from pathlib import Path

import pytest

from bilan.occupations.actions import CATALOGUE, MOVES
from bilan.occupations.rules import FIELDS, fold, read_catalogue, read_moves
from bilan.rome.rules import tidy

ROOT = Path(__file__).parents[2]
PUBLISHED = Path(os.environ.get("BILAN_ROME_DIR") or ROOT.parent / "shared" / "data" / "rome_v460")
ENTRIES = read_catalogue(CATALOGUE.read_text(encoding="utf-8"))
with_rome = pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the ROME files are not here: BILAN_ROME_DIR says where they are")
# Nouns of people in one gender only, where the sentence should speak of everybody.
ONE_GENDER = re.compile(
    r"\b(habitants|usagers|citoyens|élus|clients|patients|administrés|riverains|commerçants|artisans|tous|chacun)\b", re.IGNORECASE
)


def rows(name):
    (path,) = PUBLISHED.glob(f"unix_{name}_v*_utf8.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_there_are_enough_in_every_field():
    assert len(ENTRIES) >= 120
    assert {one.field for one in ENTRIES} == set(FIELDS)
    assert len({fold(one.title) for one in ENTRIES}) == len(ENTRIES)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.slug)
def test_a_line_is_well_written(entry):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", entry.slug)
    assert re.fullmatch(r"[A-Z]\d{4}", entry.code)
    assert re.fullmatch(r"[RIASEC]{1,2}", entry.letters)
    assert len(set(entry.letters)) == len(entry.letters)
    assert 30 <= len(entry.sentence) <= 160
    assert entry.sentence[0].isupper()
    assert entry.sentence.endswith(".")
    for text in (entry.title, entry.sentence, *entry.also):
        assert not re.search(r"['\"]|  |(?<!\u00a0)[:;?!»]|«(?!\u00a0)", text), text
        assert text == text.strip()
    without_both = re.sub(r"\btous les (contrôles|bâtiments)\b", "", entry.sentence)
    assert not ONE_GENDER.search(without_both), entry.sentence
    assert not re.search(r"\b(est chargé|assure|est responsable de)\b", entry.sentence), "what one does, in a plain verb"


def test_other_names_are_not_its_title_again():
    for entry in ENTRIES:
        assert fold(entry.title) not in {fold(name) for name in entry.also}, entry.slug
        assert len(set(entry.also)) == len(entry.also)


def test_each_line_is_in_the_table_of_the_review():
    table = (ROOT / "docs" / "occupations.md").read_text(encoding="utf-8")
    for entry in ENTRIES:
        assert re.search(rf"^\| {re.escape(entry.title)} \| {entry.code} \| .+ \| {entry.letters} \| .+ \|$", table, re.MULTILINE), (
            entry.slug
        )
    assert len(re.findall(r"^\| .+ \| [A-Z]\d{4} \|", table, re.MULTILINE)) == len(ENTRIES)
    assert f" {len(ENTRIES)} occupations" in table


@with_rome
def test_codes_and_letters_are_those_of_the_rome():
    letters = {row["code_rome"]: row["riasec_majeur"] + row["riasec_mineur"] for row in rows("referentiel_code_rome_riasec")}
    assert {entry.slug: entry.letters for entry in ENTRIES} == {entry.slug: letters.get(entry.code) for entry in ENTRIES}


@with_rome
def test_the_table_names_the_entries_of_the_rome():
    titles = {row["code_rome"]: tidy(row["libelle_rome"]) for row in rows("referentiel_code_rome")}
    table = (ROOT / "docs" / "occupations.md").read_text(encoding="utf-8")
    for entry in ENTRIES:
        assert f"| {entry.title} | {entry.code} | {titles[entry.code]} |" in table


@with_rome
def test_the_shipped_moves_are_the_published_ones():
    codes = {entry.code for entry in ENTRIES}
    published = {
        (row["code_rome"], row["code_rome_cible"], int(row["numero_ordre"]))
        for row in rows("rubrique_mobilite")
        if {row["code_rome"], row["code_rome_cible"]} <= codes
    }
    assert set(read_moves(MOVES.read_text(encoding="utf-8"))) == published
