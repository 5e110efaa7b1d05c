"""The accessibility statement: its imposed order, its honest label, and the results of the last run of the bench."""

import json

import pytest

from bilan.public import views
from bilan.public.rules import COUNTS, CRITERIA, read_trial

ORDER = (
    "engagement",
    "conformite",
    "resultats",
    "non-accessibles",
    "etablissement",
    "contact",
    "recours",
    "locaux",
    "referent",
    "affichage",
)
TRIAL = {"day": "2026-11-23", "tools": "Chromium 150, axe-core 4.10.2", "complete": True, **dict.fromkeys(COUNTS, 1234)}
TRIAL["criteria"] = dict(zip(CRITERIA, (31, 0, 47, 28), strict=True))


@pytest.fixture
def told(monkeypatch, tmp_path):
    """Put a file in the place of the last run's."""

    def tell(written):
        path = tmp_path / "trial.json"
        monkeypatch.setattr(views, "TRIAL", path)
        if written is not None:
            path.write_bytes(written.encode() if isinstance(written, str) else written)

    return tell


def test_the_statement_is_in_the_imposed_order_and_calls_itself_what_it_is(visitor):
    page = visitor.get("/accessibilite")
    assert tuple(one["id"] for one in page.soup.main.find_all("section")) == ORDER
    assert [one["href"] for one in page.soup.find("nav", class_="contents").find_all("a")] == [f"#{name}" for name in ORDER]
    page.has("est non conforme avec le référentiel", "aucune personne n’a encore mené d’audit")
    page.has("09 69 39 00 00", "Libre réponse 71120", "Parkings payants à proximité", "Laurent MONON, référent handicap")


def test_the_results_are_those_of_the_last_run(visitor, told):
    told(json.dumps(TRIAL | {"faults": 0}))
    page = visitor.get("/accessibilite")
    page.has("23 novembre 2026", "1 234 analyses par axe-core", "Ces tests n’ont relevé aucun défaut", "Chromium 150 sous Linux")
    rows = [row.find("td").text for row in page.soup.find("table").find_all("tr")[1:]]
    assert rows == ["31", "0", "47", "28"]
    page.lacks("arrêté avant sa fin")
    told(json.dumps(TRIAL | {"faults": 2, "complete": False, "preferences": 0}))
    page = visitor.get("/accessibilite")
    page.has("Ces tests ont relevé 2 défauts", "L’essai a été arrêté avant sa fin")
    page.lacks("réglages d’affichage différents")


@pytest.mark.parametrize(
    "written", [None, "", "{", "[]", b"\xff\xfe", json.dumps(TRIAL | {"pages": "beaucoup"}), json.dumps({"day": "hier"})]
)
def test_without_a_run_that_can_be_read_the_statement_says_so(visitor, told, written):
    told(written)
    visitor.get("/accessibilite").has("Pas encore d’essai")


def test_the_committed_run_can_be_read():
    assert read_trial(views.TRIAL.read_text(encoding="utf-8"))
