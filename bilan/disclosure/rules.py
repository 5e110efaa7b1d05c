"""Pure rules of what HR is told: the blocks, what of a scenario and of a plan they say, and the hash of what is shown."""

import datetime
import hashlib
import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from bilan.french import NBSP, short_day
from bilan.wording import Worded

STATEMENTS_MAX = 10
DAYS_DEFAULT, DAYS_MAX = 30, 180


class Subject(Worded):
    """What a text written for HR is about."""

    CONCLUSION = "conclusion", "Conclusion du bilan"
    TRAINING = "training", "Besoins de formation"
    CONDITIONS = "conditions", "Conditions souhaitées"


class Block(NamedTuple):
    """What may be told or not: its key, its title, its paragraphs."""

    key: str
    title: str
    lines: list[str]


def blocks_of(statements: Iterable[Any], scenarios: Iterable[Any], steps: Iterable[Any]) -> list[Block]:
    """Return all that the agent may choose from: texts written for HR, scenarios without what is hers alone, the plan.

    Of a scenario: what it would look like, the statutory route, the first step; never the marks,
    their sentences, the risk, nor her own words. Of a step: what, when, by whom, with what help.
    """
    found = [Block(f"text-{one.id}", one.subject.label, one.content["text"].splitlines()) for one in statements]
    for one in scenarios:
        told = [one.content["description"], f"Voie{NBSP}: {one.route}." if one.route else "", one.content["first_step"]]
        lines = [line for text in told if text for line in text.splitlines()]
        found.append(Block(f"scenario-{one.id}", f"Scénario{NBSP}: {one.title}", lines))
    planned = [_step(one) for one in steps]
    return [*found, Block("plan", "Plan d’action", planned)] if planned else found


def _step(step: Any) -> str:
    parts = [step.title]
    if step.due_on:
        parts.append(f"pour le {short_day(step.due_on)}")
    parts += [
        f"{words}{NBSP}: {step.content[name]}" for name, words in (("who", "qui"), ("support", "avec l’aide de")) if step.content[name]
    ]
    return ", ".join(parts)


def snapshot(blocks: Iterable[Block], chosen: Iterable[str]) -> list[dict[str, Any]]:
    """Return the chosen blocks as they are kept, in their order; what is not known is not told."""
    wanted = set(chosen)
    return [one._asdict() for one in blocks if one.key in wanted]


def digest(shown: list[dict[str, Any]], *, recipient: str, purpose: str, until: datetime.date) -> str:
    """Return the SHA-256, in hexadecimal, of what is shown, to whom, for what and until when: canonical JSON, keys sorted, UTF-8."""
    told = {"blocks": shown, "recipient": recipient, "purpose": purpose, "until": until.isoformat()}
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
