"""Pure rules of the improvement plan: its states, its drafts, its reminders, what its list is asked for."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from bilan.complaints.rules import Kind, Reason
from bilan.events import Event
from bilan.wording import Worded

# Days before the due date, and after it, when the owner is reminded: each once.
BEFORE, AFTER = -7, 1
DRAFT_DAYS = 60
TITLE_MAX, SENTENCE_MAX = 200, 400
HISTORY = {
    Event.IMPROVEMENT_STARTED: "Action créée",
    Event.IMPROVEMENT_CHANGED: "Action modifiée",
    Event.IMPROVEMENT_PUBLISHED: "Phrase publiée",
    Event.IMPROVEMENT_WITHDRAWN: "Publication retirée",
    Event.IMPROVEMENT_TOLD: "Dit à la personne qui avait demandé",
    Event.IMPROVEMENT_REMINDED: "Échéance rappelée",
}


class State(Worded):
    """Where an action stands."""

    TODO = "todo", "à faire"
    DOING = "doing", "en cours"
    DONE = "done", "faite"
    DROPPED = "dropped", "abandonnée"

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do."""
        return self in (State.DONE, State.DROPPED)

    @property
    def tag(self) -> str:
        """Return the kind of tag that shows it: see components/status.html."""
        return {State.TODO: "todo", State.DOING: "info", State.DONE: "done", State.DROPPED: "place"}[self]


class Origin(Worded):
    """What led to it."""

    COMPLAINT = "complaint", "Une réclamation"
    OPINIONS = "opinions", "Les avis des enquêtes"
    INTERRUPTION = "interruption", "Des bilans interrompus"
    AUDIT = "audit", "Un audit"
    OTHER = "other", "Autre"


def is_late(state: State, due_on: datetime.date, today: datetime.date) -> bool:
    """Whether its day is past and something is left to do."""
    return not state.is_over and due_on < today


def stage(state: State, due_on: datetime.date, today: datetime.date) -> int | None:
    """Return the reminder that the day calls for, BEFORE or AFTER; None when there is none.

    A worker that slept tells the last one reached; an action that is over is reminded no more.
    """
    if state.is_over:
        return None
    if today > due_on:
        return AFTER
    return BEFORE if (due_on - today).days <= -BEFORE else None


def draft_of_complaint(kind: Kind, reason: Reason | None) -> dict[str, str]:
    """Return the first words of an action born of a complaint: its kind and its reason, never anything that was written."""
    why = f", {reason.label.lower()}" if reason else ""
    return {"title": f"{kind.noun}{why}", "origin": Origin.COMPLAINT.value}


def draft_of_opinions(subject: str, count: int = 0) -> dict[str, str]:
    """Return the first words of an action born of opinions: their theme or their question, and how many; never a text."""
    seen = f"{count} avis portent sur ce thème." if count > 1 else ""
    return {"title": subject, "observed": seen, "origin": Origin.OPINIONS.value}


@dataclass(frozen=True)
class Wanted:
    """What the plan is asked for; a word that is none is no filter."""

    state: State | None = None
    origin: Origin | None = None
    late: bool = False
    search: str = ""

    @classmethod
    def read(cls, asked: Mapping[str, str], search: str) -> Self:
        """Read the words of an address; `search` is cleaned by the caller."""
        return cls(
            state=next((one for one in State if one.value == asked.get("etat")), None),
            origin=next((one for one in Origin if one.value == asked.get("origine")), None),
            late=asked.get("retard") == "oui",
            search=search,
        )

    @property
    def query(self) -> dict[str, Any]:
        """Return the same words, for the address of another page or of the export."""
        found = {
            "etat": self.state and self.state.value,
            "origine": self.origin and self.origin.value,
            "retard": self.late and "oui",
            "q": self.search,
        }
        return {name: value for name, value in found.items() if value}
