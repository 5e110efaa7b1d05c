"""Delicate matters in a text: what a word list makes think that a note holds of health, union, politics or religion.

A list of words finds too much and too little: it only ever leads to a gentle sentence
beside the field. The words are in delicate.toml.
"""

import re
import tomllib
import unicodedata
from pathlib import Path

LIGATURES = {"œ": "oe", "æ": "ae", "’": "'"}


def matters(text: str) -> list[str]:
    """Return the words of the delicate matters that a text seems to hold, as "la santé" or "les opinions politiques"."""
    folded = fold(text)
    return [label for label, words, but in _MATTERS if words.search(but.sub(" ", folded))]


def fold(text: str) -> str:
    """Return a text without accents, capitals, ligatures, with single spaces."""
    lowered = text.lower()
    for sign, plain in LIGATURES.items():
        lowered = lowered.replace(sign, plain)
    decomposed = unicodedata.normalize("NFD", lowered)
    return " ".join("".join(one for one in decomposed if not unicodedata.combining(one)).split())


def _pattern(phrases: list[str]) -> re.Pattern[str]:
    """Return what finds any of these phrases as whole words; a star stands for any ending of a word."""
    alternatives = "|".join(re.escape(phrase).replace(r"\*", r"\w*") for phrase in sorted(phrases, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)")


def _load() -> list[tuple[str, re.Pattern[str], re.Pattern[str]]]:
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return [(one["label"], _pattern(one["words"]), _pattern(one["but"])) for one in table.values()]


_MATTERS = _load()
