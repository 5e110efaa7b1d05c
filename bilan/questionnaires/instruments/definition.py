"""What a questionnaire is made of, as its file tells it. No Flask, no database here."""

import math
from dataclasses import dataclass
from functools import cached_property

from bilan.questionnaires.instruments.questions import LEVELS, RANK, RANKS, Item, Part, Question


@dataclass(frozen=True, slots=True)
class Scale:
    """What a group of items measures, with a sentence for each third of its possible range.

    `lowest` and `highest`, in points, bound its score: they follow from the items and the levels.
    `mirrored`: the key counts the contrary of what the screens show, which is lowest + highest −
    score; name and sentences are those of what is shown. Published figures are those of the
    `Landmark`, in the direction of the key: `published_mean` of one answer in levels,
    `published_sd` of the score in points, `alpha` its reliability. `condition` is the sort of
    support or obstacle that an answer of this scale becomes in the career path.
    """

    letter: str
    name: str
    description: str
    high: str = ""
    middle: str = ""
    low: str = ""
    mirrored: bool = False
    published_mean: float | None = None
    published_sd: float | None = None
    alpha: float | None = None
    condition: str = ""
    lowest: int = 0
    highest: int = 0

    @property
    def standard_error(self) -> float | None:
        """Return the standard error of measurement in points, SD·√(1 − alpha) (classical test theory), None when unpublished."""
        if self.published_sd is None or self.alpha is None:
            return None
        return self.published_sd * math.sqrt(1 - self.alpha)


@dataclass(frozen=True, slots=True)
class Scoring:
    """How a scale is scored; `min_share_answered` is the share of its items needed, 0 to 1."""

    method: str
    items_per_scale: int
    min_share_answered: float


@dataclass(frozen=True, slots=True)
class Code:
    """The Holland code: letters round the hexagon, and when a profile is called differentiated.

    `differentiation_threshold` is in points of the scale scores (highest minus lowest).
    """

    hexagon: str
    max_letters: int
    differentiation_threshold: int


@dataclass(frozen=True, slots=True)
class Gap:
    """The gap between two parts, and what is said when the first exceeds the second, equals it, or stays under it."""

    of: str
    minus: str
    lacking: str
    met: str
    beyond: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """The scales that come first, put in order by the person: `count` of them."""

    count: int
    title: str
    question: str
    plain_question: str = ""


@dataclass(frozen=True, slots=True)
class Landmark:
    """Where the scales' published figures come from, and the sentence to show with a result."""

    sample: str
    sample_size: int
    sentence: str


@dataclass(frozen=True)
class Instrument:
    """One version of one questionnaire; `items` are in the order of presentation.

    Without `scoring` it is a guided grid: its answers are shown as they were given. `together`:
    the parts of an item follow each other; else each part is asked of all the items in its turn.
    """

    slug: str
    version: int
    title: str
    introduction: str
    minutes: int
    source: str
    licence: str
    adaptation: str
    notice: str
    parts: tuple[Part, ...]
    scales: tuple[Scale, ...]
    items: tuple[Item, ...]
    plain_introduction: str = ""
    together: bool = False
    scoring: Scoring | None = None
    code: Code | None = None
    gap: Gap | None = None
    ranking: Ranking | None = None
    landmark: Landmark | None = None

    @property
    def length(self) -> str:
        """Return how long it takes, in words."""
        count = len(self.items) if self.together else len(self.questions)
        return f"{count} questions, environ {self.minutes} minutes"

    def introduced(self, *, plain: bool) -> str:
        """Return the introduction, in one of the two wordings."""
        return (plain and self.plain_introduction) or self.introduction

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Return every answer to give, in the order of presentation."""
        pairs = (
            [(part, item) for item in self.items for part in self.parts]
            if self.together
            else [(part, item) for part in self.parts for item in self.items]
        )
        return (*(self._question(part, item) for part, item in pairs), *self.ranks)

    def _question(self, part: Part, item: Item) -> Question:
        name = f"{item.id}-{part.key}" if part.key else item.id
        choices = tuple((str(level.value), level.label) for level in part.levels)
        return Question(name, item.scale, item.text, item.plain, part, choices, item, again=self.together and part is not self.parts[0])

    @cached_property
    def ranks(self) -> tuple[Question, ...]:
        """Return the places of the ranking, none when there is none."""
        if self.ranking is None:
            return ()
        asked = self.ranking
        part = Part("rang", asked.question, asked.plain_question, asked.title, kind=RANK)
        choices = tuple((scale.letter, scale.name) for scale in self.scales)
        return tuple(Question(f"rang-{place}", "", RANKS[place - 1], "", part, choices) for place in range(1, asked.count + 1))

    @cached_property
    def by_id(self) -> dict[str, Question]:
        """Return the questions by their identifiers."""
        return {question.id: question for question in self.questions}

    @cached_property
    def scored_parts(self) -> tuple[Part, ...]:
        """Return the parts whose levels make scores."""
        return tuple(part for part in self.parts if part.kind == LEVELS) if self.scoring else ()

    def scale(self, letter: str) -> Scale:
        """Return the scale of this letter."""
        return next(scale for scale in self.scales if scale.letter == letter)

    def questions_of(self, letter: str, part: Part) -> tuple[Question, ...]:
        """Return the questions of one scale in one part, in the order of presentation."""
        return tuple(question for question in self.questions if question.scale == letter and question.part is part)
