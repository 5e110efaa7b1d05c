"""What a measure is and what it changes, as data and arithmetic: a length, breaks, a mode, the screen, the notices."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from bilan import french
from bilan.people.rules import Display
from bilan.wording import Worded


class Kind(Worded):
    """What a measure changes. It is kept in clear, its values are not."""

    SESSION = "session", "La durée des entretiens"
    BREAKS = "breaks", "Des pauses"
    REMOTE = "remote", "Des entretiens à distance"
    READING = "reading", "La lecture à l’écran"
    PHONE = "phone", "Les avis par téléphone"
    POST = "post", "Les avis par courrier"
    OTHER = "other", "Autre mesure"

    @property
    def acts(self) -> str:
        """Return what it changes by itself once it is in place, in words."""
        return ACTS[self]


NOTICES = {Kind.PHONE: "phone", Kind.POST: "post"}
ACTS = {
    Kind.SESSION: "Les créneaux proposés, les rendez-vous à fixer et le compte d’heures prennent cette durée.",
    Kind.BREAKS: "Les pauses sont rappelées dans la page de l’entretien et à la personne.",
    Kind.REMOTE: "Les créneaux à distance viennent en premier, et le lieu est déjà choisi dans les formulaires.",
    Kind.READING: "Les réglages d’affichage de la personne changent tout de suite. Elle peut les changer de nouveau.",
    Kind.PHONE: "Chaque e-mail qui part à la personne devient aussi un appel à passer, pour le secrétariat.",
    Kind.POST: "Chaque e-mail qui part à la personne devient aussi une lettre à envoyer, pour le secrétariat.",
    Kind.OTHER: "À mettre en place à la main.",
}
# What may be set on the screen: words, and the display preferences that they are.
READINGS: dict[str, tuple[str, dict[str, Any]]] = {
    "one_question": ("une seule question par page", {"one_question": True}),
    "plain_texts": ("des phrases courtes et simples", {"plain_texts": True}),
    "large": ("un grand texte", {"text": "large"}),
    "larger": ("un très grand texte", {"text": "larger"}),
    "spacing": ("un texte plus espacé", {"spacing": "wide"}),
    "typeface": ("une police plus lisible", {"typeface": "readable"}),
    "contrast": ("un contraste renforcé", {"contrast": "strong"}),
    "wide_targets": ("des boutons plus grands", {"wide_targets": True}),
    "no_motion": ("aucune animation", {"no_motion": True}),
}


def said(kind: Kind, values: Mapping[str, Any]) -> str:
    """Return a measure in words."""
    if kind is Kind.SESSION:
        return f"Entretiens de {french.duration(values['minutes'])}"
    if kind is Kind.BREAKS:
        return f"Une pause de {french.duration(values['pause'])} toutes les {french.duration(values['every'])}"
    if kind is Kind.REMOTE:
        return "Entretiens à distance, sauf avis contraire de la personne"
    if kind is Kind.READING:
        return f"À l’écran\u00a0: {', '.join(READINGS[one][0] for one in values['choices'])}"
    if kind in NOTICES:
        return "Chaque avis est aussi donné par téléphone" if kind is Kind.PHONE else "Chaque avis est aussi envoyé par courrier"
    return str(values["text"])


def display_with(display: Display, choices: Iterable[str]) -> Display:
    """Return display preferences with those that a measure sets."""
    for one in choices:
        display = replace(display, **READINGS[one][1])
    return display


@dataclass(frozen=True)
class Effects:
    """What the measures in place change in a bilan: a length, breaks (in minutes), a mode; nothing says why."""

    minutes: int | None = None
    every: int | None = None
    pause: int | None = None
    remote: bool = False

    @classmethod
    def of(cls, measures: Iterable[tuple[Kind, Mapping[str, Any]]]) -> Self:
        """Read the measures in the order in which they were put in place: of two of a kind, the last holds."""
        found = cls()
        for kind, values in measures:
            if kind is Kind.SESSION:
                found = replace(found, minutes=values["minutes"])
            elif kind is Kind.BREAKS:
                found = replace(found, every=values["every"], pause=values["pause"])
            elif kind is Kind.REMOTE:
                found = replace(found, remote=True)
        return found

    @property
    def meeting(self) -> dict[str, Any]:
        """Return what the form of a meeting is filled with."""
        known: dict[str, Any] = {"planned_minutes": self.minutes} if self.minutes else {}
        return known | ({"mode": "remote"} if self.remote else {})

    @property
    def breaks(self) -> str:
        """Return the breaks in words, "" without any."""
        return f"{french.duration(self.pause)} toutes les {french.duration(self.every)}" if self.every else ""

    @property
    def words(self) -> list[tuple[str, str]]:
        """Return what changes, as facts: words and value."""
        found = [("Durée à prévoir", french.duration(self.minutes))] if self.minutes else []
        found += [("Lieu à prévoir", "à distance")] if self.remote else []
        return found + ([("Pauses", self.breaks)] if self.breaks else [])
