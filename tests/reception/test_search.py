"""The secretariat finds an agent by the beginnings of her names, or a town; a name that is corrected or erased is found no more."""

import pytest
from factories import make_employer, make_prescription

from bilan.database import database
from bilan.prescriptions.models import Prescription
from bilan.reception.models import Line, searched

HOSTILE = ('"', "* OR zzz", "x AND", "'", "(", "NEAR(x y)", "x:y", "-x", "^x", "&|!", "\\", "ﷺ", "a" * 100)


@pytest.fixture
def named(app):
    with app.test_request_context():
        town = make_employer(name="Commune de Renaison")
        for name in ("Camille Roux", "Zoé Œillet", "Jean-Pierre D’Ambert"):
            one = make_prescription(employer=town)
            Prescription.update(agent_name=name).where(Prescription.id == one.id).execute()
        yield town


def found(search):
    return sorted(one.agent_name for one in Line.query(search=search, over=False)[0])


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("rou", ["Camille Roux"]),
        ("CAMILLE r", ["Camille Roux"]),
        ("roux camille", ["Camille Roux"]),
        ("pierre", ["Jean-Pierre D’Ambert"]),
        ("ambert", ["Jean-Pierre D’Ambert"]),
        ("oux", []),
        ("renais", ["Camille Roux", "Jean-Pierre D’Ambert", "Zoé Œillet"]),
        ("personne", []),
    ],
)
def test_words_that_begin_a_name_find_it(named, search, names):
    assert found(search) == names


@pytest.mark.parametrize("search", HOSTILE)
def test_what_is_no_word_finds_nobody_and_breaks_nothing(named, search):
    assert found(search) in ([], ["Camille Roux", "Jean-Pierre D’Ambert", "Zoé Œillet"])


def test_a_corrected_name_is_found_and_the_one_before_is_not_and_an_end_leaves_nothing(named):
    Prescription.update(agent_name="Camille Berger").where(Prescription.id.in_(searched("roux"))).execute()
    assert (found("roux"), found("berg")) == ([], ["Camille Berger"])
    Prescription.delete().where(Prescription.id.in_(searched("berger"))).execute()
    assert found("camille") == []
    if database.obj.__class__.__name__ == "PooledSqliteDatabase":
        assert database.execute_sql("SELECT COUNT(*) FROM prescription_search").fetchone() == (2,)
