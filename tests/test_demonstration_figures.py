"""The indicators of the demonstration, as it is on a Monday of November, against counts made by hand on its rows."""

import datetime

import pytest
import time_machine

from bilan.demonstration import load
from bilan.preparation import prepare
from bilan.quality.models import QualityReport

MONDAY = datetime.datetime(2026, 11, 23, 9, tzinfo=datetime.UTC)
# Days between the reception of each prescription and its first meeting, read on the rows, the oldest first:
#   received in June and July   19, 19, 19, 19, 19, 19, 20
#   in August                   19, 19, 19, 21, 21, 21, 19
#   in September                20, 19, 21
#   in October                  19, 19, 19, 21, 19, 19, 21, 19, 19
#   in November                 21, 20, 26, 29
# Nine others wait for a meeting, were withdrawn or declined; one is a draft.
DELAYS = {"de 11 à 20 jours": 21, "de 21 à 30 jours": 9}
# Seven bilans were to end in October: three came to their end, an agent with a new post stopped each of the four others.
# Levels given at the end of a bilan, from the best to the least (4, 3, 2), by quarter; the third one of 2026 is open until the 29th.
LEVELS = {
    2025: {"T1": (4, 3, 1), "T2": (3, 5, 2), "T3": (3, 2, 2), "T4": (5, 3, 2)},
    2026: {"T1": (3, 4, 1), "T2": (4, 2, 1)},
}


@pytest.fixture
def databases(sqlite_databases):
    """Once, on SQLite: what is computed is compared elsewhere."""
    return sqlite_databases


@pytest.fixture
def figures(new_app, migrated):
    with time_machine.travel(MONDAY, tick=False):
        app = new_app(migrated, BILAN_DEMO_PASSWORD="une phrase de démonstration")
        prepare()
        with app.test_request_context():
            list(load())
            yield {year: QualityReport.of_year(year).figures for year in (2025, 2026)}


def test_the_figures_of_the_demonstration_are_those_counted_by_hand(figures):
    found = figures[2026]
    assert found["delay"]["whole"] == [30, 21, 70.0]
    assert dict(found["delay"]["parts"]) == DELAYS
    assert found["delay_median"]["whole"] == [30, None, 19.0]
    assert found["completion"]["whole"][:2] == [7, 3]
    assert round(found["completion"]["whole"][2], 1) == 42.9
    assert found["interruption"]["whole"][:2] == [7, 4]
    assert [words for words, _ in found["interruption"]["rows"]["phases"]] == ["Conclusion"]
    assert found["hours"]["whole"] is None, "three bilans came to their end: too few to be shown"
    for year, quarters in LEVELS.items():
        seen = figures[year]["satisfaction"]
        rows = {f"{name}\u00a0{year}": [best + good + poor, best + good] for name, (best, good, poor) in quarters.items()}
        assert {words: figure[:2] for words, figure in seen["rows"]["trimestres"]} == rows
    assert figures[2025]["satisfaction"]["whole"] == [35, 28, 80.0]
    assert figures[2026]["satisfaction"]["whole"][:2] == [15, 13]
