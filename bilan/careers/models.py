"""The career path of one bilan: experiences, skills, and what helps or hinders a project.

Dates, employers and levels tell as much as sentences: all that was written is encrypted
together. A bilan has some dozens of each, which are sorted once they are read.
"""

import uuid
from typing import Any, ClassVar, Self

from peewee import SQL, DateTimeField, ForeignKeyField, IntegerField

from bilan.careers.rules import CONDITIONS_MAX, EXPERIENCES_MAX, SKILLS_MAX, STRENGTHS, Employment, Frequency, month_words, period_words
from bilan.database import BaseModel, now
from bilan.journeys.models import Journey
from bilan.people.models import Person
from bilan.vault import EncryptedJSONField, EncryptedTextField, cipher


class Piece:
    """What the two people of a bilan write piece by piece, and `maximum` of them at most.

    `revision` counts the savings: a saving names the one that it was written on. `saved_by`
    wrote last, `written_by` first.
    """

    id: Any
    content: Any
    revision: Any
    written_by: Any
    saved_by: Any
    journey: Any
    journey_id: uuid.UUID
    maximum: ClassVar[int]

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of the journey's key."""
        return self.journey_id

    @classmethod
    def by_id_with_people(cls, piece_id: uuid.UUID) -> Self | None:
        """Return one piece with its journey and its two people, or None."""
        query = cls.select(cls, Journey).join(Journey)  # type: ignore[attr-defined]
        return Journey.join_people(query).where(cls.id == piece_id).first()

    @classmethod
    def of_journey(cls, journey: Journey) -> list[Self]:
        """Return the pieces of a journey with their authors, the oldest first, decrypted under a key that is read once."""
        author, saver = Person.alias("author"), Person.alias("saver")
        query = cls.select(cls, author, saver).join(author, on=(cls.written_by == author.id), attr="written_by")  # type: ignore[attr-defined]
        query = query.switch(cls).join(saver, on=(cls.saved_by == saver.id), attr="saved_by")
        pieces = list(query.where(cls.journey == journey.id).order_by(cls.created_at))  # type: ignore[attr-defined]
        if not pieces:
            return []
        opened = cipher(journey.key_id)
        sealed = [one for one in cls._meta.sorted_fields if isinstance(one, EncryptedTextField)]  # type: ignore[attr-defined]
        for piece in pieces:
            for one in sealed:
                held = piece.__data__[one.name]
                setattr(piece, one.name, None if held is None else one.unseal(opened, held))
        return pieces

    @classmethod
    def count_of(cls, journey: Journey) -> int:
        """Return how many a journey has."""
        return cls.select().where(cls.journey == journey.id).count()  # type: ignore[attr-defined]


class Experience(Piece, BaseModel):
    """A time of a career. `place` is its rank when the two have chosen an order of their own.

    `content`: position, employer, starts and ends ("2015-03" or "2015"), ongoing, status, grade,
    tasks, successes, difficulties, leaving, pleasure ("1" to "5"), proof. `occupation`: the identifier
    of the occupation that it is linked to, which says as much as a position.
    """

    maximum = EXPERIENCES_MAX
    journey = ForeignKeyField(Journey, on_delete="RESTRICT")
    place = IntegerField(null=True)
    content = EncryptedJSONField()
    occupation = EncryptedTextField(null=True)
    revision = IntegerField(default=1)
    written_by = ForeignKeyField(Person, on_delete="RESTRICT")
    saved_by = ForeignKeyField(Person, on_delete="RESTRICT")
    saved_at = DateTimeField(default=now)

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


class Skill(Piece, BaseModel):
    """A skill, drawn from an experience or not, which it outlives.

    `content`: name, kind, level, frequency, again, to_develop, proof, transferable.
    """

    maximum = SKILLS_MAX
    journey = ForeignKeyField(Journey, on_delete="RESTRICT")
    experience = ForeignKeyField(Experience, null=True, on_delete="SET NULL")
    content = EncryptedJSONField()
    revision = IntegerField(default=1)
    written_by = ForeignKeyField(Person, on_delete="RESTRICT")
    saved_by = ForeignKeyField(Person, on_delete="RESTRICT")
    saved_at = DateTimeField(default=now)

    @property
    def title(self) -> str:
        """Return its name."""
        return self.content["name"]

    @property
    def use(self) -> str:
        """Return how often it serves today in words, "" when it was not said."""
        return Frequency(self.content["frequency"]).label if self.content["frequency"] else ""

    @classmethod
    def by_experience(cls, journey: Journey) -> dict[uuid.UUID | None, list[Self]]:
        """Return the skills of a journey by the experience they are drawn from."""
        found: dict[uuid.UUID | None, list[Self]] = {}
        for skill in cls.of_journey(journey):
            found.setdefault(skill.experience_id, []).append(skill)
        return found


class Condition(Piece, BaseModel):
    """A motivation, a resource, a constraint or an obstacle. `content`: kind, sentence, strength ("1" to "4"), answer."""

    maximum = CONDITIONS_MAX
    journey = ForeignKeyField(Journey, on_delete="RESTRICT")
    content = EncryptedJSONField()
    revision = IntegerField(default=1)
    written_by = ForeignKeyField(Person, on_delete="RESTRICT")
    saved_by = ForeignKeyField(Person, on_delete="RESTRICT")
    saved_at = DateTimeField(default=now)

    @property
    def title(self) -> str:
        """Return its sentence."""
        return self.content["sentence"]

    @property
    def weight(self) -> str:
        """Return its strength in words, "" when it was not said."""
        return STRENGTHS.get(self.content["strength"], "")
