"""The last run of the accessibility bench, as the statement shows it: pure functions."""

import datetime
import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Trial:
    """What `make accessibility` looked at, and what it found."""

    day: datetime.date
    tools: str
    complete: bool
    endpoints: int
    pages: int
    roles: int
    preferences: int
    axe_runs: int
    keyboard: int
    faults: int
    passed: int
    failed: int
    person: int
    absent: int


CRITERIA = ("passed", "failed", "person", "absent")
COUNTS = ("endpoints", "pages", "roles", "preferences", "axe_runs", "keyboard", "faults")


def read_trial(written: str) -> Trial | None:
    """Return the run that a file tells, or None when the file is not what the bench writes."""
    try:
        held = json.loads(written)
        day, tools = datetime.date.fromisoformat(held["day"]), held["tools"]
        complete = held["complete"] is True
        numbers = {name: held[name] for name in COUNTS} | {name: held["criteria"][name] for name in CRITERIA}
    except (ValueError, TypeError, KeyError):
        return None
    if not isinstance(tools, str) or not all(type(number) is int and number >= 0 for number in numbers.values()):
        return None
    return Trial(day=day, tools=tools, complete=complete, **numbers)
