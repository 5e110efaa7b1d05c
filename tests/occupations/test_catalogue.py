"""The shipped catalogue: loaded once, followed when it changes, reviewed line by line."""

import pytest

from bilan.database import database
from bilan.occupations import actions
from bilan.occupations.models import Occupation, OccupationMove, OccupationSearch, OccupationSource, OccupationTitle, identifier
from bilan.occupations.rules import CatalogueInvalid, read_catalogue
from bilan.preparation import prepare

TABLES = (Occupation, OccupationTitle, OccupationMove, OccupationSource, OccupationSearch)
LINE = '{{ slug = "{0}", code = "A1203", letters = "RS", title = "{1}", sentence = "{2}.", also = ["{3}"] }},'


def catalogue(*lines, field="espaces-verts"):
    return f"[{field}]\nmetiers = [\n" + "\n".join(LINE.format(*line) for line in lines) + "\n]\n"


def content():
    return [sorted(map(str, model.select().tuples())) for model in TABLES]


@pytest.fixture
def shipped(app, tmp_path, monkeypatch):
    """What loads another catalogue in the place of the shipped one."""
    path = tmp_path / "catalogue.toml"
    monkeypatch.setattr(actions, "CATALOGUE", path)

    def load(*lines):
        path.write_text(catalogue(*lines), encoding="utf-8")
        actions.load_catalogue()

    return load


def test_the_catalogue_is_there_as_soon_as_the_database_is(app):
    entries = read_catalogue(actions.CATALOGUE.read_text(encoding="utf-8"))
    assert {one.key for one in Occupation.select()} == {one.key for one in entries}
    assert OccupationSearch.select().count() == OccupationTitle.select().count() >= len(entries)
    assert {one.id for one in Occupation.select()} == {identifier(one.key) for one in entries}


def test_loading_it_again_writes_nothing(app):
    before, said = content(), []
    send = database.obj.execute_sql
    database.obj.execute_sql = lambda sql, *others: said.append(sql) or send(sql, *others)
    prepare()
    del database.obj.execute_sql
    assert content() == before
    assert not [sql for sql in said if sql.startswith(("INSERT", "UPDATE", "DELETE", "BEGIN"))]


def test_a_new_catalogue_keeps_the_identifiers_and_withdraws_what_is_gone(shipped):
    shipped(("un", "Premier", "Fait ceci", "Autre nom"), ("deux", "Second", "Fait cela", "Encore"))
    first = {one.key: one.id for one in Occupation.select()}
    shipped(("deux", "Second / Seconde", "Fait cela", "Encore"), ("trois", "Tiers", "Fait tout", "Plus"))
    found = {one.key: one for one in Occupation.select()}
    assert {key: found[key].id for key in first} == first
    assert found["territorial:deux"].title == "Second / Seconde"
    assert {key: one.withdrawn_in for key, one in found.items() if one.withdrawn_in} == dict.fromkeys(
        [key for key in first if key != "territorial:deux"], "catalogue"
    )
    titles = {text for (text,) in OccupationTitle.select(OccupationTitle.text).tuples()}
    assert titles == {"Second / Seconde", "Encore", "Tiers", "Plus"}
    shipped(("un", "Premier", "Fait ceci", "Autre nom"))
    assert Occupation.get(Occupation.key == "territorial:un").withdrawn_in is None


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (catalogue(("un", "T", "S", "A"), field="ailleurs"), "ailleurs"),
        (catalogue(("un", "T", "S", "A"), ("un", "U", "S", "A")), "slug deux fois : un"),
        (catalogue(("un", "T", "S", "A"), ("deux", "T", "S", "A")), "title deux fois : T"),
        ('[voirie]\nmetiers = [{ slug = "un", code = "A1203" }]\n', "voirie, un"),
    ],
)
def test_a_wrong_catalogue_says_where(text, where):
    with pytest.raises(CatalogueInvalid, match=where):
        read_catalogue(text)
