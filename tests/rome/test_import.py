"""`flask import-rome`: every line accounted for, the same version twice changes nothing, a new one replaces, no identifier moves."""

import os
import shutil
from pathlib import Path

import pytest
from rome.folder import ENTRIES, MOVES, TITLES, write_version

from bilan.database import database
from bilan.occupations.models import Occupation, OccupationMove, OccupationSearch, OccupationSource, OccupationTitle, identifier
from bilan.rome.actions import import_folder
from bilan.rome.reading import COLUMNS
from bilan.rome.report import told
from bilan.rome.rules import tidy

TABLES = (Occupation, OccupationTitle, OccupationMove, OccupationSource, OccupationSearch)
PUBLISHED = Path(os.environ.get("BILAN_ROME_DIR") or Path(__file__).parents[3] / "shared" / "data" / "rome_v460")


def content():
    return [sorted(map(str, model.select().tuples())) for model in TABLES]


def rome():
    return {one.code: one for one in Occupation.select().where(~Occupation.territorial)}


def figures(report):
    return {count.label: (count.read, *count.tally, count.refused) for count in report.counts}


@pytest.fixture
def folder(tmp_path):
    return write_version(tmp_path / "rome")


@pytest.fixture
def command(app):
    return lambda folder: app.test_cli_runner().invoke(args=["import-rome", str(folder)])


def test_a_version_is_imported_and_counted(app, folder):
    report = import_folder(folder)
    found = figures(report)
    assert found["fiches"] == (3, 3, 0, 0, 0, 0)
    assert found["appellations"] == (3, 3, 0, 0, 0, 0)
    assert found["mobilités"][0] == sum(found["mobilités"][1:3]) + found["mobilités"][4] == 3
    assert found["intérêts majeurs"] == (3, 3, 0, 0, 0, 0)
    assert found["intérêts mineurs"] == (2, 2, 0, 0, 0, 0)
    one = rome()["A1203"]
    assert (one.title, one.letters, one.definition, one.access) == (
        "Agent / Agente d’entretien",
        "R",
        "L’agent tond.\nTaille.",
        "Sans diplôme.",
    )
    assert one.id == identifier("rome:A1203")
    weights = {title.text: title.weight for title in OccupationTitle.select().where(OccupationTitle.occupation == one.id)}
    assert weights == {"Agent / Agente d’entretien": 0, "Cantonnier / Cantonnière": 1}
    assert OccupationMove.select().count() == 3, "those of the catalogue have left their place"
    assert not report.problems


def test_the_same_version_again_changes_nothing_and_writes_nothing(app, folder):
    import_folder(folder)
    before, said, send = content(), [], database.obj.execute_sql
    database.obj.execute_sql = lambda sql, *others: said.append(sql) or send(sql, *others)
    report = import_folder(folder)
    del database.obj.execute_sql
    assert content() == before
    assert report.changes == 0
    assert "Rien ne change." in told(report)
    assert not [sql for sql in said if sql.startswith(("INSERT", "UPDATE", "DELETE"))]


def test_a_new_version_replaces_the_old_one_and_keeps_what_it_withdraws(app, folder, tmp_path):
    import_folder(folder)
    ids = {code: one.id for code, one in rome().items()}
    entries = {code: title for code, title in ENTRIES.items() if code != "K1701"} | {"A1299": "Botaniste"}
    titles = TITLES | {"101": ("A1208", "Cantonnier / Cantonnière"), "103": ("A1299", "Botaniste")}
    del titles["100"]
    letters = {"A1203": ("S", "R"), "A1208": ("R", ""), "A1299": ("I", "")}
    newer = write_version(tmp_path / "newer", 61, entries=entries, titles=titles, moves=(MOVES[0],), letters=letters)
    report = import_folder(newer)
    found = figures(report)
    assert found["fiches"] == (3, 1, 2, 1, 0, 0)
    assert found["appellations"] == (3, 1, 1, 1, 1, 0)
    assert found["mobilités"] == (1, 0, 0, 2, 1, 0)
    assert found["intérêts majeurs"] == (3, 1, 1, 1, 1, 0)
    assert found["intérêts mineurs"] == (1, 1, 0, 2, 0, 0)
    assert report.before == "60"
    assert {code: rome()[code].id for code in ids} == ids
    assert (rome()["K1701"].withdrawn_in, rome()["A1203"].withdrawn_in) == ("61", None)
    held = {title_id for (title_id,) in OccupationSearch.select(OccupationSearch.title_id).tuples()}
    assert held.isdisjoint(one.id for one in OccupationTitle.select().where(OccupationTitle.occupation == ids["K1701"]))
    moved = OccupationTitle.get_by_id(identifier("title:rome:101"))
    assert moved.occupation_id == ids["A1208"]
    older = import_folder(folder)
    assert "La version 60 est plus ancienne que la version 61, qu’elle remplace." in older.notes
    assert (rome()["K1701"].withdrawn_in, rome()["A1299"].withdrawn_in) == (None, "60")


BROKEN = (
    ("referentiel_code_rome", b'"A1","1","Trop court"\n"A1203","1","Encore"\n"A1210","1",""\n"A1211","1"\n', 4),
    ("referentiel_code_rome_riasec", b'"K1701","Z",""\n"K1701","R","R"\n"K1701","",""\n"Z9999","R",""\n"K1701","C","S"\n', 5),
    ("referentiel_appellation", b'"104","\xff\xfe","x","A1203"\n"105","","","A1203"\n"106","a","a","Z9999"\n"102","b","b","A1203"\n', 4),
    ("referentiel_appellation", b'"107","' + b"x" * 251 + b'","a","A1203"\n"x","a","a","A1203"\n"108","a\x00b","a","A1203"\n', 3),
    ("cr_gd_dp", b'"A1203","t","B","Arts","B11","Autre"\n"A1203","t","A","","A12","Vide"\n', 2),
    ("texte", b'"A1203","3","definition","x","Rang."\n"A1203","3","definition","3",""\n', 2),
    ("texte", b'"A1203","3","definition","4","' + b"x" * 140_000 + b'"\n"A1203","3","definition","5",""\n', 2),
    ("rubrique_mobilite", b'"A1203","A1203","1"\n"A1203","Z9999","1"\n"A1203","K1701",""\n"A1203","A1208","7"\n', 4),
    ("rubrique_mobilite", b'"A1203","K1701,"4"\n"K1701","A1208","9"\n', 1),
)


@pytest.mark.parametrize(("name", "lines", "refused"), BROKEN)
def test_a_malformed_line_is_listed_and_the_rest_is_imported(app, tmp_path, name, lines, refused):
    whole = import_folder(write_version(tmp_path / "whole"))
    report = import_folder(write_version(tmp_path / "broken", extra=[(name, lines)]))
    assert len(report.problems) == refused
    assert all(one.file == f"unix_{name}_v460_utf8.csv" and one.number > 1 and one.reason for one in report.problems)
    assert {figure[3] for label, figure in figures(report).items()} == {0}, "nothing of what was there is withdrawn"
    assert sum(count.tally.added + count.tally.changed for count in report.counts) == (1 if b'K1701,"4' in lines else 0)
    assert len(told(report)) == len(told(whole)) + 1 + refused
    assert all(f"ligne {one.number}" in "\n".join(told(report)) for one in report.problems)


def test_columns_may_be_in_another_order(app, folder):
    path = folder / "unix_rubrique_mobilite_v460_utf8.csv"
    lines = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_text("\n".join(",".join(['"x"', *reversed(line)]) for line in lines), encoding="utf-8-sig")
    assert figures(import_folder(folder))["mobilités"][0] == 3
    assert {(one.source, one.target, one.rank) for one in OccupationMove.select()} == set(MOVES)


@pytest.mark.parametrize("name", [*COLUMNS, "version"])
def test_a_folder_that_is_not_whole_changes_nothing(app, command, folder, name):
    before = content()
    path = folder / "version.txt" if name == "version" else folder / f"unix_{name}_v460_utf8.csv"
    text = path.read_text(encoding="utf-8")
    path.unlink()
    answer = command(folder)
    assert (answer.exit_code, "manque dans" in answer.output, "Rien n’a changé." in answer.output) == (1, True, True)
    path.write_text(text.replace("code_rome", "code").replace("Numero", "Titre"), encoding="utf-8")
    answer = command(folder)
    assert (answer.exit_code, "Rien n’a changé." in answer.output) == (1, True)
    assert content() == before


def test_two_versions_in_a_folder_or_none_are_refused(app, command, folder, tmp_path):
    shutil.copy(folder / "unix_texte_v460_utf8.csv", folder / "unix_texte_v461_utf8.csv")
    assert "en plusieurs versions" in command(folder).output
    assert "n’existe pas" in command(tmp_path / "ailleurs").output
    empty = write_version(tmp_path / "empty", entries={})
    assert "Aucune fiche" in command(empty).output
    assert not rome()


def test_an_import_that_fails_half_way_leaves_the_version_before(app, folder, tmp_path, monkeypatch):
    import_folder(folder)
    before = content()
    monkeypatch.setattr("bilan.rome.actions.rebuild_search", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        import_folder(write_version(tmp_path / "newer", 61, entries=dict(list(ENTRIES.items())[:1])))
    assert content() == before


def test_the_catalogue_that_contradicts_the_rome_is_said(app, command, folder):
    answer = command(folder)
    assert "du catalogue livré" in answer.output
    assert answer.exit_code == 0


@pytest.mark.parametrize(("published", "said"), [("L''agent  d'État", "L’agent d’État"), (" a\n b ", "a b")])
def test_published_texts_are_set_as_french_sets_them(published, said):
    assert tidy(published) == said


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the published files are not here: BILAN_ROME_DIR says where they are")
def test_the_published_version_is_imported_whole(app):
    report = import_folder(PUBLISHED)
    lines = {name: sum(1 for _ in _records(name)) - 1 for name in COLUMNS}
    found = figures(report)
    assert not report.problems
    assert found["fiches"][0] == lines["referentiel_code_rome"] == len(rome())
    assert found["appellations"][0] == lines["referentiel_appellation"]
    assert OccupationTitle.select().join(Occupation).where(~Occupation.territorial).count() == lines["referentiel_appellation"]
    assert found["mobilités"][0] == lines["rubrique_mobilite"] == OccupationMove.select().count()
    assert found["intérêts majeurs"][0] == lines["referentiel_code_rome_riasec"]
    assert report.sentences == lines["texte"]
    assert not [note for note in report.notes if "du catalogue livré" in note]


def _records(name):
    import csv

    (path,) = PUBLISHED.glob(f"unix_{name}_v*_utf8.csv")
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.reader(file)
