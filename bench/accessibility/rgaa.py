"""The criteria of the RGAA, answered by what a run has found: pure functions of data."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

CRITERIA = tomllib.loads(Path(__file__).with_name("criteria.toml").read_text(encoding="utf-8"))
KINDS = CRITERIA["kinds"]
PASSED, FAILED, PERSON, ABSENT = "réussi", "échoué", "à vérifier par une personne", "sans objet"
# Checks that are neither axe's rules nor in checks.js: see checks.py, looks.py and report.py.
OTHER_CHECKS = {"focus-ring", "focus-hidden", "focus-order", "focus-trap", "valid-html", "unique-title"}
PAGES_SHOWN = 4


@dataclass(frozen=True)
class Answer:
    """One criterion: how it was answered, what the checks found or what a person must look at, and where."""

    number: str
    kind: str
    result: str
    sentence: str
    faults: int
    pages: tuple


def answers(found, *, complete=True):
    """Return the answer of each criterion; `found` are the visits of a run, as dictionaries.

    A run that was stopped before its end proves the absence of nothing.
    """
    faults = {}
    for one in found:
        for _, _, check, _ in one["faults"]:
            faults[check] = faults.get(check, 0) + 1
    return [answer(number, criterion, found, faults, complete=complete) for number, criterion in CRITERIA["criteria"].items()]


def answer(number, criterion, found, faults, *, complete):
    """Return the answer of one criterion; `faults` says how many each check found."""
    kind, wrong = criterion["kind"], sum(faults.get(check, 0) for check in criterion.get("checks", ()))
    holding = pages_with(criterion["pages"], found)
    result = PERSON
    if wrong:
        result = FAILED
    elif kind == "automatic":
        result = PASSED
    elif not holding and complete:
        result = ABSENT
    sentence = criterion.get("sentence", f"Aucune page ne contient d’élément {KINDS[criterion['pages']]}.")
    if kind == "absent" and holding:
        sentence = "Des pages en contiennent désormais : les regarder."
    elif kind == "absent" and not complete:
        sentence = "Aucune page regardée n’en contient, mais l’essai a été arrêté avant sa fin."
    return Answer(number, kind, result, sentence, wrong, tuple(holding[:PAGES_SHOWN]))


def pages_with(kind, found):
    """Return the endpoints whose pages hold elements of a kind, those that hold the most first."""
    most = {}
    for one in found:
        if one["counts"].get(kind):
            most[one["endpoint"]] = max(most.get(one["endpoint"], 0), one["counts"][kind])
    return sorted(most, key=lambda endpoint: (-most[endpoint], endpoint))
