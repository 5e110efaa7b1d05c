"""What stands out when results and path are read together, in the words of the two people of a bilan."""

from peewee import DateTimeField, ForeignKeyField, IntegerField

from bilan.database import BaseModel, now
from bilan.events import Event
from bilan.journeys.models import Journey
from bilan.people.models import Person
from bilan.pieces.models import Piece
from bilan.results.rules import FINDINGS_MAX, Source
from bilan.vault import EncryptedJSONField


class Finding(Piece, BaseModel):
    """One thing that stands out. `content`: sentence, and `sources`, what it rests on."""

    maximum = FINDINGS_MAX
    saved_event, removed_event = Event.FINDING_SAVED, Event.FINDING_REMOVED
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
    def rests_on(self) -> list[str]:
        """Return what it rests on, in words."""
        return [source.label for source in Source if source.value in self.content["sources"]]
