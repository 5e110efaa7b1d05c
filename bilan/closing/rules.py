"""Pure rules of the closing: what is to be done before it, by whom, and what may be left with a written reason.

Source: the service sheet (12 à 15 heures; synthèse remise; bilan RH si besoin) and the law
(the synthesis belongs to its agent; nothing is kept beyond the bilan without her written wish).
"""

import datetime
import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from bilan.french import duration, plural, short_day
from bilan.wording import Worded

NBSP = "\u00a0"


class Level(Worded):
    """How far an objective was reached."""

    REACHED = "reached", "Atteint"
    PARTLY = "partly", "Atteint en partie"
    MISSED = "missed", "Pas atteint"
    DROPPED = "dropped", "Objectif abandonné"


class Keep(Worded):
    """What the agent asks to be kept after her bilan."""

    NOTHING = "nothing", "Rien"
    SYNTHESIS = "synthesis", "La synthèse seulement"
    FUTURE = "future", "La synthèse, le plan d’action et les scénarios"


class Side(Worded):
    """Who says how far an objective was reached."""

    AGENT = "agent", "L’agent"
    COUNSELLOR = "counsellor", "Le conseiller ou la conseillère"


class Gate(enum.Enum):
    """What something not done does to the closing: it forbids it, asks for a written reason, or is only said."""

    FORBIDS = "forbids"
    ASKS_WHY = "asks_why"
    IS_SAID = "is_said"


class Item(NamedTuple):
    """A line of the checklist; `waits_for` is None when anybody, or nobody, may act."""

    key: str
    title: str
    words: str
    done: bool
    gate: Gate
    waits_for: Side | None = None


@dataclass(frozen=True)
class Facts:
    """What the checklist is made of. `synthesis` is a word of synthesis.rules.State, "" when there is no document."""

    in_conclusion: bool
    coming: datetime.datetime | None
    unclosed: bool
    held: int
    hours: tuple[int, int]
    synthesis: str
    handed_over_on: datetime.date | None
    steps: int
    told: bool
    nothing_told_at: datetime.datetime | None
    review: str
    no_review_at: datetime.datetime | None
    objectives: int
    assessed: dict[Side, int]
    keep: Keep
    keep_months: int | None
    keep_chosen_at: datetime.datetime | None


def checklist(facts: Facts) -> list[Item]:
    """Return the lines in the order in which one does them."""
    return [
        _phase(facts),
        _meetings(facts),
        _hours(facts),
        _synthesis(facts),
        *([_handing(facts)] if facts.synthesis == "validated" else []),
        _plan(facts),
        _told(facts),
        _review(facts),
        *([_assessed(facts, side) for side in Side] if facts.objectives else []),
        _keeping(facts),
    ]


def forbidding(items: Iterable[Item]) -> list[Item]:
    """Return what must be done before the closing."""
    return [one for one in items if not one.done and one.gate is Gate.FORBIDS]


def to_explain(items: Iterable[Item]) -> list[Item]:
    """Return what may be left undone with a written reason."""
    return [one for one in items if not one.done and one.gate is Gate.ASKS_WHY]


def left_open(items: Iterable[Item]) -> list[Item]:
    """Return what is not done and does not hold the closing back."""
    return [one for one in items if not one.done and one.gate is Gate.IS_SAID]


def waiting_for(items: Iterable[Item], side: Side) -> list[Item]:
    """Return what waits for one of the two."""
    return [one for one in items if not one.done and one.waits_for is side]


def _phase(facts: Facts) -> Item:
    words = (
        "Le bilan est dans sa dernière phase."
        if facts.in_conclusion
        else "Le bilan n’est pas encore dans la phase «\u00a0Conclusion\u00a0»."
    )
    return Item("phase", "Phase de conclusion", words, facts.in_conclusion, Gate.FORBIDS, Side.COUNSELLOR)


def _meetings(facts: Facts) -> Item:
    if facts.coming:
        words, whose = f"Un entretien est encore prévu le {short_day(facts.coming)}. Tenez-le ou annulez-le.", None
    elif facts.unclosed:
        words, whose = "Un entretien passé n’est pas clos\u00a0: dites ce qu’il en a été.", Side.COUNSELLOR
    else:
        words, whose = "Aucun entretien n’est en attente.", None
    return Item("meetings", "Dernier entretien tenu", words, not facts.coming and not facts.unclosed, Gate.FORBIDS, whose)


def _hours(facts: Facts) -> Item:
    low, high = facts.hours
    usual = f"L’usage est de {duration(low)} à {duration(high)}."
    words = f"{duration(facts.held)} tenues." if low <= facts.held <= high else f"{duration(facts.held)} tenues. {usual}"
    return Item("hours", "Heures", words, low <= facts.held <= high, Gate.IS_SAID)


def _synthesis(facts: Facts) -> Item:
    words = {
        "": "Le document n’est pas encore assemblé.",
        "draft": "Le document est en rédaction.",
        "proposed": "Le document est proposé\u00a0: il attend d’être validé par les deux.",
        "validated": "Le document est validé par les deux.",
    }[facts.synthesis]
    whose = None if facts.synthesis == "proposed" else Side.COUNSELLOR
    return Item("synthesis", "Synthèse validée", words, facts.synthesis == "validated", Gate.ASKS_WHY, whose)


def _handing(facts: Facts) -> Item:
    day = facts.handed_over_on
    words = f"Remise à l’agent le {short_day(day)}." if day else "Dites quel jour elle a été remise à l’agent."
    return Item("handing", "Synthèse remise", words, day is not None, Gate.FORBIDS, Side.COUNSELLOR)


def _plan(facts: Facts) -> Item:
    words = f"{plural(facts.steps, 'étape', 'étapes')} dans le plan." if facts.steps else "Le plan n’a encore aucune étape."
    return Item("plan", "Plan d’action", words, bool(facts.steps), Gate.ASKS_WHY)


def _told(facts: Facts) -> Item:
    if facts.told:
        words = "Un accord a été donné."
    elif facts.nothing_told_at:
        words = f"Rien n’est communiqué\u00a0: dit le {short_day(facts.nothing_told_at)}."
    else:
        words = "Pas encore décidé. Sans choix, rien n’est communiqué."
    return Item("told", "Communication au service RH", words, facts.told or facts.nothing_told_at is not None, Gate.IS_SAID, Side.AGENT)


def _review(facts: Facts) -> Item:
    said = {"held": "Il a été tenu.", "going": "Il est en préparation. S’il n’est pas tenu avant la clôture, il n’aura pas lieu."}
    done = facts.review == "held" or (facts.no_review_at is not None and facts.review != "going")
    words = said.get(facts.review) or "Facultatif. Pas encore décidé\u00a0: sans choix, il n’a pas lieu."
    if done and facts.review != "held" and facts.no_review_at:
        words = f"Pas souhaité\u00a0: dit le {short_day(facts.no_review_at)}."
    return Item("review", "Bilan avec le service RH", words, done, Gate.IS_SAID, Side.AGENT)


def _assessed(facts: Facts, side: Side) -> Item:
    """Return a line of the objectives: the counsellor owes each of them, the agent says what she wants to."""
    given = min(facts.assessed.get(side, 0), facts.objectives)
    title = "Objectifs\u00a0: l’avis de l’agent" if side is Side.AGENT else "Objectifs\u00a0: l’avis du conseiller ou de la conseillère"
    words = f"{given} sur {plural(facts.objectives, 'objectif', 'objectifs')}."
    gate = Gate.IS_SAID if side is Side.AGENT else Gate.FORBIDS
    return Item(f"objectives-{side.value}", title, words, given == facts.objectives, gate, side)


def _keeping(facts: Facts) -> Item:
    words = kept_words(facts.keep, facts.keep_months) if facts.keep_chosen_at else "Pas encore décidé. Sans choix, rien n’est gardé."
    return Item("keeping", "Ce qui est gardé ensuite", words, facts.keep_chosen_at is not None, Gate.IS_SAID, Side.AGENT)


def kept_words(keep: Keep, months: int | None) -> str:
    """Return the agent's choice in words."""
    if keep is Keep.NOTHING or months is None:
        return "Rien n’est gardé."
    return f"{keep.label}, {months}{NBSP}mois au plus."
