"""The diagnostic interview: its grid, its decision, the programme and the agent's commitment."""

import uuid
from typing import Self

from peewee import SQL, DateField, DateTimeField, ForeignKeyField, IntegerField, ModelSelect
from playhouse.fields import EnumField

from bilan.database import BaseModel
from bilan.diagnostics.rules import Decision, Rhythm
from bilan.journeys.models import Journey
from bilan.people.models import Person
from bilan.statements import one_row
from bilan.vault import EncryptedJSONField


class Diagnostic(BaseModel):
    """The grid of a journey's first interview. `content`: a text or a list of words by field of the grid.

    `revision` counts the savings: a saving names the one that it was written on.
    The programme: `planned_minutes` of bilan, a rhythm, two dates.
    """

    journey = ForeignKeyField(Journey, unique=True, on_delete="RESTRICT")
    content = EncryptedJSONField()
    revision = IntegerField(default=0)
    saved_at = DateTimeField(null=True)
    saved_by = ForeignKeyField(Person, null=True, on_delete="SET NULL")
    decision = EnumField(Decision, max_length=20, null=True)
    decided_at = DateTimeField(null=True)
    reconsider_on = DateField(null=True)
    planned_minutes = IntegerField(null=True)
    rhythm = EnumField(Rhythm, max_length=20, null=True)
    starts_on = DateField(null=True)
    ends_on = DateField(null=True)
    committed_at = DateTimeField(null=True)

    class Meta:
        constraints = (
            SQL("CONSTRAINT decided_with_its_date CHECK ((decision IS NULL) = (decided_at IS NULL))"),
            SQL("CONSTRAINT commits_to_a_programme CHECK (committed_at IS NULL OR (decision = 'engaged' AND planned_minutes IS NOT NULL))"),
            SQL("CONSTRAINT ends_after_it_starts CHECK (ends_on IS NULL OR ends_on > starts_on)"),
        )

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of the journey's key."""
        return self.journey_id

    @classmethod
    def of_journey(cls, journey: Journey) -> Self | None:
        """Return the diagnostic of a journey, or None."""
        return cls.get_or_none(cls.journey == journey.id)

    @one_row
    def committed(cls, journey_id: uuid.UUID) -> ModelSelect:
        """Return the programme that the agent has committed herself to, and no word of the grid, or None."""
        columns = (cls.id, cls.planned_minutes, cls.rhythm, cls.starts_on, cls.ends_on)
        return cls.select(*columns).where(cls.journey == journey_id, ~cls.committed_at.is_null())

    @classmethod
    def of_journeys(cls, journeys: list[Journey]) -> dict[uuid.UUID, Self]:
        """Return the diagnostics of several journeys by journey: their decisions and dates, not their content."""
        columns = [field for field in cls._meta.sorted_fields if field is not cls.content]
        query = cls.select(*columns).where(cls.journey.in_(journeys)) if journeys else []
        return {one.journey_id: one for one in query}
