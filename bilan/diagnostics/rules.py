"""Pure rules of the diagnostic interview: its decision, the rhythm of a programme."""

import re
from collections.abc import Mapping
from typing import Any

from bilan import french
from bilan.wording import Worded


class Decision(Worded):
    """How the diagnostic interview ends."""

    ENGAGED = "engaged", "Le bilan s’engage"
    NOT_RELEVANT = "not_relevant", "Un bilan ne répond pas à la demande"
    RECONSIDER = "reconsider", "À revoir à une date"
    NOT_READY = "not_ready", "La personne n’est pas prête à s’engager"


class Rhythm(Worded):
    """How often the two meet."""

    WEEKLY = "weekly", "un entretien par semaine"
    FORTNIGHTLY = "fortnightly", "un entretien toutes les deux semaines"
    THREE_WEEKLY = "three_weekly", "un entretien toutes les trois semaines"
    FREE = "free", "des dates fixées au fur et à mesure"


# How many days there are between two meetings of a rhythm; none when the dates are fixed as one goes.
RHYTHM_DAYS = {Rhythm.WEEKLY: 7, Rhythm.FORTNIGHTLY: 14, Rhythm.THREE_WEEKLY: 21, Rhythm.FREE: None}

# The grid of the diagnostic interview: its texts, and who reads each.
TEXTS = {
    "demand": ("La demande, avec les mots de la personne", False),
    "context": ("Le contexte", False),
    "expectations": ("Ce que la personne attend du bilan", False),
    "constraints": ("Contraintes à respecter", False),
    "adaptations": ("Souhaits d’adaptation", False),
    "relevance": ("Pertinence de la demande", False),
    "objectives": ("Objectifs définis ensemble", True),
}
# What the agent must have been told.
INFORMED = {
    "phases": "Les trois phases",
    "duration": "La durée et le rythme",
    "tools": "Les outils et les questionnaires",
    "confidentiality": "Le secret professionnel",
    "readers": "Qui voit quoi",
    "complaints": "Comment réclamer",
}
READINESS = {"yes": "Oui, prête à s’engager", "no": "Non", "later": "À revoir plus tard"}


def readable_by_agent(content: Mapping[str, Any]) -> dict[str, str]:
    """Return the texts of a grid that the agent reads."""
    return {name: content.get(name, "") for name, (_, shared) in TEXTS.items() if shared}


def planned_hours(minimum: int, maximum: int) -> dict[int, str]:
    """Return the choices of a programme's length, in minutes, by half hours between two bounds in hours, included."""
    return {minutes: french.duration(minutes) for minutes in range(minimum * 60, maximum * 60 + 1, 30)}


def objectives_of(content: Mapping[str, Any]) -> list[str]:
    """Return the objectives of a grid one by one: a line each, without the dash or the number before it."""
    lines = (re.sub(r"^\s*(?:[-–—•*]|\d{1,2}[.)])\s+", "", line).strip() for line in content.get("objectives", "").splitlines())
    return list(dict.fromkeys(line for line in lines if line))
