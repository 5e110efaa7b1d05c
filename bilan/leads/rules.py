"""Pure rules of the leads: where they come from, what the agent says of them, in which order they are read."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from bilan.occupations.rules import Ground
from bilan.wording import Worded

LEADS_MAX, SURVEYS_MAX, KEPT_MAX = 60, 120, 5


class Origin(Worded):
    """Where a lead comes from."""

    INTERESTS = "interests", "les intérêts"
    MOVES = "moves", "l’expérience"
    AGENT = "agent", "une idée de l’agent"
    COUNSELLOR = "counsellor", "une idée du conseiller ou de la conseillère"


class Choice(Worded):
    """What the agent says of a lead."""

    INTERESTED = "interested", "M’intéresse"
    EXPLORE = "explore", "À creuser"
    NO = "no", "Non"


class Contact(Worded):
    """How somebody found out about a job."""

    INTERVIEW = "interview", "Entretien avec une personne du métier"
    PHONE = "phone", "Appel"
    VISIT = "visit", "Visite, observation ou stage"
    EVENT = "event", "Salon, forum, réunion"
    READING = "reading", "Lecture, vidéo, fiche métier"


class Suggestion(NamedTuple):
    """An occupation that could be looked at, with the sentences that explain it."""

    occupation: Any
    why: list[str]
    origin: Origin
    known: bool


def ranked(occupations: Iterable[Any], ground: Ground) -> list[Any]:
    """Return every occupation, none left out: from an experience first, then by congruence, then in the alphabet."""
    return sorted(occupations, key=lambda one: (*(-value for value in ground.nearness(one.code, one.letters)), one.sorting))


def origin_of(occupation: Any, ground: Ground, *, other: Origin) -> Origin:
    """Return where a suggestion comes from: an experience, shared interests, else whoever chooses it."""
    lived, near = ground.nearness(occupation.code, occupation.letters)
    if lived:
        return Origin.MOVES
    return Origin.INTERESTS if near > 0 else other


class Group(NamedTuple):
    """The leads of which the same is said."""

    label: str
    leads: list[Any]


def grouped(leads: Iterable[Any]) -> list[Group]:
    """Return the leads by what is done of them: kept, then by the agent's choice, those to sort first; no empty group."""
    found = list(leads)
    groups = [
        Group("Gardées pour les scénarios", [one for one in found if one.kept_at]),
        Group("À trier", [one for one in found if not one.kept_at and one.choice is None]),
        *(Group(choice.label, [one for one in found if not one.kept_at and one.choice is choice]) for choice in Choice),
    ]
    return [group for group in groups if group.leads]
