"""Pure rules of the career path: its words, months as people type them, orders, groups and filters."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from bilan.french import NBSP, plural
from bilan.wording import Worded

YEARS = range(1940, 2101)
MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre")
NEVER = "9999"
EXPERIENCES_MAX, SKILLS_MAX, CONDITIONS_MAX = 60, 200, 60


class Employment(Worded):
    """As what somebody worked."""

    TENURED = "tenured", "Titulaire de la fonction publique"
    CONTRACT = "contract", "Contractuel ou contractuelle de la fonction publique"
    EMPLOYEE = "employee", "Salarié ou salariée du privé"
    SELF_EMPLOYED = "self_employed", "À son compte"
    LEARNING = "learning", "Stage, apprentissage, service civique"
    VOLUNTEER = "volunteer", "Bénévolat"
    PRIVATE_LIFE = "private_life", "Vie personnelle\u00a0: un proche, une maison, une passion"


PLEASURES = {"1": "pas du tout", "2": "un peu", "3": "assez", "4": "beaucoup", "5": "énormément"}


class SkillKind(Worded):
    """What sort of thing one knows."""

    KNOWLEDGE = "knowledge", "Savoirs"
    KNOW_HOW = "know_how", "Savoir-faire"
    SOFT = "soft", "Savoir-être"


class Level(Worded):
    """How well one knows it, the highest first."""

    EXPERT = "expert", "Expertise"
    ADVANCED = "advanced", "Maîtrise"
    USUAL = "usual", "Pratique courante"
    BEGINNER = "beginner", "Notions"


class Frequency(Worded):
    """How often it serves today."""

    DAILY = "daily", "tous les jours ou presque"
    MONTHLY = "monthly", "de temps en temps"
    RARELY = "rarely", "rarement"
    FORMERLY = "formerly", "plus maintenant"


class Again(Worded):
    """Whether one wishes to use it again."""

    YES = "yes", "Oui"
    MAYBE = "maybe", "Peut-être"
    NO = "no", "Non"


class ConditionKind(Worded):
    """What weighs on a project, for or against it."""

    MOTIVATION = "motivation", "Motivations"
    RESOURCE = "resource", "Ressources"
    CONSTRAINT = "constraint", "Contraintes"
    OBSTACLE = "obstacle", "Obstacles"


STRENGTHS = {"1": "un peu", "2": "assez", "3": "beaucoup", "4": "énormément"}


class TiedToDates(Protocol):
    """What has a time in a career; `place` is the rank that was chosen by hand, None when none was."""

    place: int | None
    content: Any


class Named(Protocol):
    """What has a content and may come from an experience."""

    content: Any
    experience_id: Any


Dated = TypeVar("Dated", bound=TiedToDates)
Skilled = TypeVar("Skilled", bound=Named)
Sorted = TypeVar("Sorted")


def plain(text: str) -> str:
    """Return a text without accents nor capitals, to compare and to sort."""
    return "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one)).casefold()


def read_month(typed: str) -> str:
    """Return "2015-03" of "mars 2015", "mars2015", "03/2015" or "2015-03", "2015" of a year alone; raise ValueError."""
    words = plain("".join(typed.split()))
    if found := re.fullmatch(r"([0-9]{4})(?:[-/.]([0-9]{1,2}))?", words):
        year, number = found[1], found[2] or ""
    elif found := re.fullmatch(r"([a-z]+)\.?([0-9]{4})", words):
        named = [rank for rank, name in enumerate(MONTHS, 1) if len(found[1]) >= 3 and plain(name).startswith(found[1])]
        number, year = str(named[0]) if len(named) == 1 else "0", found[2]
    elif found := re.fullmatch(r"([0-9]{1,2})[-/.]?([0-9]{4})", words):
        number, year = found[1], found[2]
    else:
        raise ValueError(typed)
    if int(year) not in YEARS or (number and not 1 <= int(number) <= len(MONTHS)):
        raise ValueError(typed)
    return f"{year}-{int(number):02d}" if number else year


def month_words(kept: str) -> str:
    """Return "mars 2015" of "2015-03", "2015" of "2015"."""
    year, _, number = kept.partition("-")
    return f"{MONTHS[int(number) - 1]}{NBSP}{year}" if number else year


def period_words(content: dict[str, Any]) -> str:
    """Return "de mars 2015 à juin 2019", "depuis mars 2015", or "à partir de mars 2015" when nobody has said the end."""
    starts = month_words(content["starts"])
    if content["ongoing"]:
        return f"depuis {starts}"
    if content["ends"] == content["starts"]:
        return starts
    since = f"d’{starts}" if starts[0] in "ao" else f"de {starts}"
    return f"{since} à {month_words(content['ends'])}" if content["ends"] else f"à partir {since}"


def length_words(content: dict[str, Any], this_month: str) -> str:
    """Return "4 ans et 4 mois", both months included; "" when a month is not known. `this_month` ends what is ongoing."""
    ends = this_month if content["ongoing"] else content["ends"]
    if "-" not in content["starts"] or "-" not in ends or ends < content["starts"]:
        return ""
    (year, month), (last_year, last_month) = ([int(part) for part in one.split("-")] for one in (content["starts"], ends))
    years, months = divmod((last_year - year) * 12 + last_month - month + 1, 12)
    said = [plural(years, "an", "ans")] * bool(years) + [f"{months}{NBSP}mois"] * bool(months)
    return " et ".join(said)


def by_dates(experiences: Iterable[Dated]) -> list[Dated]:
    """Return experiences from the newest to the oldest: what goes on first, then by the end, then by the start."""

    def key(one: Dated) -> tuple[str, str]:
        content = one.content
        # A year alone ends with the year: "2015" comes after "2015-03".
        ends = NEVER if content["ongoing"] else content["ends"] or content["starts"]
        return (ends if "-" in ends else f"{ends}-13", content["starts"])

    return sorted(experiences, key=key, reverse=True)


def in_order(experiences: Iterable[Dated]) -> list[Dated]:
    """Return experiences in the order chosen by hand, else in the order of the dates; the ones without a place first."""
    return sorted(by_dates(experiences), key=lambda one: one.place or 0)


def moved(ranked: Sequence[Sorted], one: Sorted, *, up: bool) -> list[Sorted]:
    """Return the same things with one of them a place higher or lower; the first stays first, the last stays last."""
    others = [other for other in ranked if other != one]
    place = ranked.index(one) + (-1 if up else 1)
    others.insert(max(0, place), one)
    return others


@dataclass(frozen=True)
class Filter:
    """What is looked for among the skills; an empty value looks for all."""

    kind: str = ""
    level: str = ""
    experience: str = ""
    to_develop: bool = False
    again: bool = False
    search: str = ""

    def keeps(self, skill: Named) -> bool:
        """Whether a skill is one of those looked for."""
        content = skill.content
        return (
            self.kind in ("", content["kind"])
            and self.level in ("", content["level"])
            and self.experience in ("", str(skill.experience_id))
            and (content["to_develop"] or not self.to_develop)
            and (content["again"] == Again.YES.value or not self.again)
            and plain(self.search) in plain(" ".join((content["name"], content["proof"], content["transferable"])))
        )


def grouped(skills: Iterable[Skilled]) -> list[tuple[SkillKind, list[tuple[Level | None, list[Skilled]]]]]:
    """Return skills by kind, then by level from the highest (None last: not yet said), then by name; no empty group."""
    named = sorted(skills, key=lambda one: plain(one.content["name"]))
    found = []
    for kind in SkillKind:
        levels = [
            (level, [one for one in named if one.content["kind"] == kind.value and one.content["level"] == (level.value if level else "")])
            for level in (*Level, None)
        ]
        if kept := [(level, ones) for level, ones in levels if ones]:
            found.append((kind, kept))
    return found


def by_kind(conditions: Iterable[Any]) -> list[tuple[ConditionKind, list[Any]]]:
    """Return what helps and hinders by kind, the strongest first, the empty kinds included."""
    ranked = sorted(conditions, key=lambda one: one.content["strength"], reverse=True)
    return [(kind, [one for one in ranked if one.content["kind"] == kind.value]) for kind in ConditionKind]
