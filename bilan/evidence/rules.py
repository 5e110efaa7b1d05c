"""Pure rules of the evidence file: its period, its random samples, what is too small to be shown.

Source of the numbers: Référentiel national qualité, guide de lecture V9 (08/01/2024). The titles are ours, in plain words.
"""

import datetime
import random
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bilan.french import from_paris, short_day
from bilan.quality.rules import HIDDEN_UNDER, merged
from bilan.wording import Worded

KEPT = datetime.timedelta(days=30)
# A file takes some seconds: one that still waits after this was lost with its worker.
STOPPED = datetime.timedelta(minutes=15)
LONGEST = datetime.timedelta(days=3 * 366)
SEEDS = 10**9
# As many files as somebody who checks opens; more would bring nearer to the persons, and prove no more.
SAMPLE = 10
FEW = "moins de cinq"

TITLES = {
    1: "L’information du public",
    2: "Les résultats publiés",
    4: "L’analyse du besoin",
    5: "Les objectifs",
    6: "Les contenus et les modalités, adaptés",
    9: "Les conditions de déroulement",
    10: "Le déroulement et son suivi",
    11: "L’atteinte des objectifs",
    12: "L’engagement, et la prévention des ruptures",
    17: "Les moyens humains et techniques",
    19: "Les ressources pédagogiques",
    26: "L’accueil des personnes en situation de handicap",
    30: "Les appréciations",
    31: "Les difficultés et les réclamations",
    32: "L’amélioration continue",
}


class State(Worded):
    """How far the making of a file is."""

    WAITING = "waiting", "en préparation"
    READY = "ready", "prêt"
    FAILED = "failed", "échec"


class Period(NamedTuple):
    """From a day to a day, both included, in Paris."""

    start: datetime.date
    end: datetime.date

    @property
    def moments(self) -> tuple[datetime.datetime, datetime.datetime]:
        """Return the first moment, and the first that is beyond (naive UTC)."""
        midnight, beyond = datetime.time(), self.end + datetime.timedelta(days=1)
        return from_paris(datetime.datetime.combine(self.start, midnight)), from_paris(datetime.datetime.combine(beyond, midnight))

    @property
    def years(self) -> range:
        """Return the calendar years that it touches."""
        return range(self.start.year, self.end.year + 1)

    @property
    def words(self) -> str:
        """Return "du 1er janvier 2026 au 31 décembre 2026"."""
        return f"du {short_day(self.start)} au {short_day(self.end)}"


class Table(NamedTuple):
    """A table of the file; without rows it is not joined, and `title` says what it would have been."""

    name: str
    title: str
    headers: Sequence[str]
    rows: list[list[Any]]


@dataclass(frozen=True)
class Proof:
    """What is given for one indicator of the reference: sentences, tables, texts by their title."""

    number: int
    about: str
    tables: tuple[Table, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Return what the indicator is about."""
        return TITLES[self.number]


def sample(names: Iterable[Any], seed: int, number: int) -> list[Any]:
    """Return the sample of an indicator, in a random order of its own: line 3 of two tables is not the same person.

    The same seed and the same names give the same sample. Under five there is none: whoever knows
    the few bilans of a period would recognise them.
    """
    ordered = sorted(names, key=str)
    if len(ordered) < HIDDEN_UNDER:
        return []
    return random.Random(f"{seed}:{number}").sample(ordered, min(SAMPLE, len(ordered)))


def shown(count: int) -> int | str:
    """Return a count as it may be shown."""
    return FEW if 0 < count < HIDDEN_UNDER else count


def counted(counts: Mapping[str, int]) -> list[list[Any]]:
    """Return words and counts, those under five put together with their neighbours, or left out with all the rest."""
    return [[", ".join(group), sum(counts[words] for words in group)] for group in merged(counts)]


def month(day: datetime.date | None) -> str:
    """Return "2026-03": the day itself would lead to an agenda."""
    return f"{day:%Y-%m}" if day else ""


def file_name(title: str) -> str:
    """Return "donnees-personnelles" for "Données personnelles"."""
    plain = unicodedata.normalize("NFKD", title.lower())
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).replace(" ", "-")


def yes(value: object) -> str:
    """Return "oui" or "non"."""
    return "oui" if value else "non"
