"""The published surveys, read from the TOML files of this folder. No Flask, no database here.

One file per survey and version, named `<slug>-<version>.toml`. A published file is never edited: an
answer keeps the version that it was given to. A wrong file stops with `SurveyInvalid`.
"""

import enum
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
# Kept with each answer and each open answer, under these lengths.
NAME_MAX = 30
OVERALL, RECOMMENDATION = "ensemble", "recommandation"


class Kind(enum.StrEnum):
    """What is asked: a level of satisfaction, a mark from 0 to 10, one of some answers, a text."""

    LEVEL = "level"
    SCORE = "score"
    CHOICE = "choice"
    TEXT = "text"


# The best two of the four count as satisfied; 0 says that one is not concerned, and is not kept.
LEVELS = {4: "Très satisfaisant", 3: "Satisfaisant", 2: "Peu satisfaisant", 1: "Pas du tout satisfaisant"}
NOT_CONCERNED = 0
SCORES = range(11)


class SurveyInvalid(ValueError):
    """A file that breaks the schema; the message says which and why."""


class SurveyUnknown(LookupError):
    """No published survey has this slug, or this version of it."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question; `short` names it in a table, `answers` are those of a choice, from 1."""

    key: str
    kind: Kind
    text: str
    short: str
    hint: str = ""
    required: bool = False
    answers: tuple[str, ...] = ()

    @property
    def choices(self) -> dict[str, str]:
        """Return the words of each answer by its value."""
        if self.kind is Kind.LEVEL:
            others = {} if self.required else {str(NOT_CONCERNED): "Je ne suis pas concerné ou concernée"}
            return {str(value): words for value, words in LEVELS.items()} | others
        if self.kind is Kind.SCORE:
            return {str(value): str(value) for value in SCORES}
        return {str(rank): words for rank, words in enumerate(self.answers, start=1)}


@dataclass(frozen=True)
class Survey:
    """One version of one survey; `minutes` is what it takes."""

    slug: str
    version: int
    title: str
    introduction: str
    minutes: int
    questions: tuple[Question, ...]

    @cached_property
    def by_key(self) -> dict[str, Question]:
        """Return the questions by their key."""
        return {question.key: question for question in self.questions}

    def of_kind(self, kind: Kind) -> list[Question]:
        """Return the questions of a kind, in order."""
        return [question for question in self.questions if question.kind is kind]


def find(slug: str, version: int | None = None) -> Survey:
    """Return the survey with this slug, in this version or else the newest; `SurveyUnknown`."""
    versions = {one.version: one for one in _catalogue() if one.slug == slug}
    if not versions or (version is not None and version not in versions):
        raise SurveyUnknown(f"L’enquête «\u00a0{slug}\u00a0» n’existe pas dans cette version.")
    return versions[max(versions) if version is None else version]


@cache
def _catalogue() -> tuple[Survey, ...]:
    return tuple(load(path) for path in sorted(FOLDER.glob("*.toml")))


def load(path: Path) -> Survey:
    """Return the survey of a file, checked."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        survey = Survey(questions=tuple(_question(one) for one in raw.pop("questions")), **raw)
    except (KeyError, TypeError, ValueError) as error:
        raise SurveyInvalid(f"{path.name}\u00a0: {error}") from error
    if path.stem != f"{survey.slug}-{survey.version}":
        raise SurveyInvalid(f"{path.name}\u00a0: le nom du fichier n’est pas {survey.slug}-{survey.version}.toml.")
    if len(survey.by_key) != len(survey.questions):
        raise SurveyInvalid(f"{path.name}\u00a0: deux questions portent la même clé.")
    return survey


def _question(raw: dict[str, Any]) -> Question:
    question = Question(**{**raw, "kind": Kind(raw["kind"]), "answers": tuple(raw.get("answers", ()))})
    if len(question.key) > NAME_MAX or not question.key.isidentifier():
        raise ValueError(f"la clé «\u00a0{question.key}\u00a0» n’est pas un nom court.")
    if (question.kind is Kind.CHOICE) != bool(question.answers):
        raise ValueError(f"«\u00a0{question.key}\u00a0»\u00a0: des réponses proposées vont avec un choix, et avec lui seul.")
    return question
