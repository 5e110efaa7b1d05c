"""Pure rules of the scenarios: what they are weighed by, when an axis is complete, what it gives.

Two axes that are never added up: what one wants, and what can be done.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Self

from bilan.french import plural, points
from bilan.wording import Worded

SCENARIOS_MAX = 4
MARKS = {"1": "pas du tout", "2": "un peu", "3": "plutôt", "4": "tout à fait"}
MARK_MIN, MARK_MAX = 1, 4


class Axis(Worded):
    """The two ways in which a scenario is weighed."""

    RELEVANCE = "relevance", "Pertinence"
    REALISM = "realism", "Réalisme"


class Criterion(Worded):
    """What a scenario is weighed by. `statement` is what the mark agrees with, from 1 to 4."""

    axis: Axis
    statement: str

    def __new__(cls, value: str, label: str, axis: Axis, statement: str) -> Self:
        """Make a member of its value, its words, its axis and what is marked."""
        member = str.__new__(cls, value)
        member._value_, member.label, member.axis, member.statement = value, label, axis, statement
        return member

    INTERESTS = "interests", "Intérêts", Axis.RELEVANCE, "Les activités attirent"
    VALUES = "values", "Valeurs", Axis.RELEVANCE, "Ce qui compte y trouve sa place"
    SKILLS = "skills", "Compétences", Axis.RELEVANCE, "Les compétences y servent"
    MEANING = "meaning", "Sens", Axis.RELEVANCE, "Ce travail a du sens"
    ROUTE = "route", "Voie statutaire", Axis.REALISM, "La voie statutaire est ouverte"
    POSTS = "posts", "Postes", Axis.REALISM, "Des postes existent par ici"
    TRAINING = "training", "Formation", Axis.REALISM, "La formation et son financement sont trouvables"
    DELAY = "delay", "Délai", Axis.REALISM, "Le délai convient"
    TRAVEL = "travel", "Trajets", Axis.REALISM, "Les trajets conviennent"
    PAY = "pay", "Rémunération", Axis.REALISM, "La rémunération convient"


class Route(Worded):
    """The statutory ways from one post to another."""

    INTERNAL = "internal", "Changement d’affectation, dans la même collectivité"
    TRANSFER = "transfer", "Mutation"
    SECONDMENT = "secondment", "Détachement"
    INTEGRATION = "integration", "Intégration directe"
    COMPETITION = "competition", "Concours ou examen professionnel"
    RECLASSIFICATION = "reclassification", "Reclassement"
    OTHER = "other", "Une autre voie"


class Priority(Worded):
    """The agent's own order."""

    FIRST = "A", "A, mon premier choix"
    SECOND = "B", "B, ma solution de repli"
    LATER = "C", "C, pour plus tard"


class Weighed(NamedTuple):
    """A criterion of a scenario: its mark in words and figures, "" while it has none, and its sentence."""

    criterion: Criterion
    mark: str
    sentence: str

    @property
    def words(self) -> str:
        """Return the mark as it is read."""
        return f"{self.mark}\u00a0sur\u00a0{MARK_MAX}, {MARKS[self.mark]}" if self.mark else "pas encore pesé"


class Weight(NamedTuple):
    """An axis of a scenario: its criteria, and their mean from 1 to 4 once all are weighed."""

    axis: Axis
    weighed: list[Weighed]
    mean: float | None

    @property
    def words(self) -> str:
        """Return the mean as it is read, else how many criteria are left."""
        if self.mean is not None:
            return f"{points(int(self.mean * 10 + 0.5) / 10)}\u00a0sur\u00a0{MARK_MAX}"
        return plural(sum(not one.mark for one in self.weighed), "critère à peser", "critères à peser")


Marked = Mapping[str, Mapping[str, Any]]


def weigh(criteria: Marked) -> list[Weighed]:
    """Return every criterion with what is said of it."""
    found = []
    for one in Criterion:
        said = criteria.get(one.value, {})
        found.append(Weighed(one, str(said.get("mark", "")), str(said.get("sentence", ""))))
    return found


def weights(criteria: Marked) -> list[Weight]:
    """Return the two axes, each with its mean once all of its criteria have a mark."""
    found = []
    for axis in Axis:
        weighed = [one for one in weigh(criteria) if one.criterion.axis is axis]
        marks = [int(one.mark) for one in weighed if one.mark]
        found.append(Weight(axis, weighed, sum(marks) / len(marks) if len(marks) == len(weighed) else None))
    return found


def lonely(criteria: Marked) -> tuple[set[Criterion], set[Criterion]]:
    """Return the criteria whose mark has no sentence, and those whose sentence has no mark."""
    weighed = weigh(criteria)
    return {one.criterion for one in weighed if one.mark and not one.sentence}, {
        one.criterion for one in weighed if one.sentence and not one.mark
    }


def unwritten(leads: Iterable[Any], scenarios: Iterable[Any]) -> list[Any]:
    """Return the kept leads that have no scenario yet."""
    written = {one.lead_id for one in scenarios}
    return [one for one in leads if one.kept_at and one.id not in written]
