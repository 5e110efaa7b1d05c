"""Pure rules of the open answers: when they may be read, what is looked for, how a name is hidden."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from bilan.quality.rules import batches, quarter_name
from bilan.wording import Worded

HIDDEN = "[…]"
NAME_MAX = 80


class Period(NamedTuple):
    """Quarters that are read together, from their first days `first` to `last`."""

    first: datetime.date
    last: datetime.date

    @property
    def name(self) -> str:
        """Return "T1 2026", or "T1 2026 à T3 2026"."""
        return quarter_name(self.first) if self.first == self.last else f"{quarter_name(self.first)} à {quarter_name(self.last)}"

    @property
    def key(self) -> str:
        """Return how an address names it."""
        return f"{self.first}.{self.last}"


def periods(counts: Mapping[tuple[str, datetime.date], int], today: datetime.date) -> dict[tuple[str, datetime.date], Period]:
    """Return, of the answers counted by survey and quarter, those whose texts may be read, with the period that says when.

    As for figures (docs/decisions/0021): the surveys are closed, and five people at least have answered the same one.
    """
    found: dict[tuple[str, datetime.date], Period] = {}
    for survey in {survey for survey, _ in counts}:
        own = {quarter: count for (name, quarter), count in counts.items() if name == survey}
        for run in batches(own, today):
            found |= {(survey, quarter): Period(run[0], run[-1]) for quarter in run}
    return found


class Standing(Worded):
    """Whether a text has a theme."""

    TO_SORT = "a-trier", "à trier"
    SORTED = "tries", "triés"


@dataclass(frozen=True)
class Wanted:
    """What the list is asked for; a word that is none is no filter."""

    survey: str = ""
    question: str = ""
    period: str = ""
    theme: str = ""
    standing: Standing | None = None
    search: str = ""

    @classmethod
    def read(cls, asked: Mapping[str, str], search: str) -> Self:
        """Read the words of an address; `search` is cleaned by the caller."""
        standing = next((one for one in Standing if one.value == asked.get("etat")), None)
        typed = (asked.get(name, "")[:NAME_MAX] for name in ("enquete", "question", "periode", "theme"))
        # What no keyboard types is in no name, and PostgreSQL refuses some of it.
        survey, question, period, theme = ("".join(sign for sign in one if sign.isprintable()) for one in typed)
        return cls(survey, question, period, theme, standing, search)

    @property
    def query(self) -> dict[str, Any]:
        """Return the same words, for the address of another page."""
        words = zip(
            ("enquete", "question", "periode", "theme", "etat", "q"),
            (self.survey, self.question, self.period, self.theme, self.standing and self.standing.value, self.search),
            strict=True,
        )
        return {name: value for name, value in words if value}


def hide(text: str, words: str) -> str:
    """Return the text with the words replaced by HIDDEN wherever they stand alone, whatever their capitals."""
    return re.sub(rf"(?<!\w){re.escape(words)}(?!\w)", HIDDEN, text, flags=re.IGNORECASE)
