"""The career path of one bilan: experiences, skills, and what helps or hinders a project."""

import uuid
from typing import Any, Self

from peewee import SQL, ForeignKeyField, IntegerField

from bilan.careers.rules import CONDITIONS_MAX, EXPERIENCES_MAX, SKILLS_MAX, STRENGTHS, Employment, Frequency, month_words, period_words
from bilan.events import Event
from bilan.journeys.models import Journey
from bilan.pieces.models import Piece
from bilan.vault import EncryptedTextField


class Experience(Piece):
    """A time of a career. `place` is its rank when the two have chosen an order of their own.

    `content`: position, employer, starts and ends ("2015-03" or "2015"), ongoing, status, grade,
    tasks, successes, difficulties, leaving, pleasure ("1" to "5"), proof. `occupation`: the identifier
    of the occupation that it is linked to, which says as much as a position.
    """

    maximum = EXPERIENCES_MAX
    said = "cette expérience"
    saved_event, removed_event = Event.EXPERIENCE_SAVED, Event.EXPERIENCE_REMOVED
    place = IntegerField(null=True)
    occupation = EncryptedTextField(null=True)

    class Meta:
        constraints = (SQL("CONSTRAINT placed_from_one CHECK (place >= 1)"),)

    @property
    def title(self) -> str:
        """Return how a list names it: its position and its start."""
        return f"{self.content['position']} ({month_words(self.content['starts'])})"

    @property
    def period(self) -> str:
        """Return its dates in words."""
        return period_words(self.content)

    @property
    def employment(self) -> str:
        """Return the status and the grade in words, "" when nothing was said of them."""
        status = Employment(self.content["status"]).label if self.content["status"] else ""
        return ", ".join(words for words in (status, self.content["grade"]) if words)


class Skill(Piece):
    """A skill, drawn from an experience or not, which it outlives.

    `content`: name, kind, level, frequency, again, to_develop, proof, transferable.
    """

    maximum = SKILLS_MAX
    said = "cette compétence"
    saved_event, removed_event = Event.SKILL_SAVED, Event.SKILL_REMOVED
    experience = ForeignKeyField(Experience, null=True, on_delete="SET NULL")

    @property
    def title(self) -> str:
        """Return its name."""
        return self.content["name"]

    @property
    def use(self) -> str:
        """Return how often it serves today in words, "" when it was not said."""
        return Frequency(self.content["frequency"]).label if self.content["frequency"] else ""

    def take(self, values: dict[str, Any]) -> None:
        """Take what a form gave; the experience that it offered may have been removed meanwhile."""
        super().take(values)
        if values.get("experience_id") and not Experience.select().where(Experience.id == values["experience_id"]).exists():
            self.experience_id = None

    @classmethod
    def by_experience(cls, journey: Journey) -> dict[uuid.UUID | None, list[Self]]:
        """Return the skills of a journey by the experience they are drawn from."""
        found: dict[uuid.UUID | None, list[Self]] = {}
        for skill in cls.of_journey(journey):
            found.setdefault(skill.experience_id, []).append(skill)
        return found


class Condition(Piece):
    """A motivation, a resource, a constraint or an obstacle. `content`: kind, sentence, strength ("1" to "4"), answer."""

    maximum = CONDITIONS_MAX
    said = "cet appui ou ce frein"
    saved_event, removed_event = Event.CONDITION_SAVED, Event.CONDITION_REMOVED

    @property
    def title(self) -> str:
        """Return its sentence."""
        return self.content["sentence"]

    @property
    def weight(self) -> str:
        """Return its strength in words, "" when it was not said."""
        return STRENGTHS.get(self.content["strength"], "")
