"""What stands out when results and path are read together, in the words of the two people of a bilan."""

from bilan.events import Event
from bilan.pieces.models import Piece
from bilan.results.rules import FINDINGS_MAX, Source


class Finding(Piece):
    """One thing that stands out. `content`: sentence, and `sources`, what it rests on."""

    maximum = FINDINGS_MAX
    said = "ce qui ressort"
    saved_event, removed_event = Event.FINDING_SAVED, Event.FINDING_REMOVED

    @property
    def title(self) -> str:
        """Return its sentence."""
        return self.content["sentence"]

    @property
    def rests_on(self) -> list[str]:
        """Return what it rests on, in words."""
        return [source.label for source in Source if source.value in self.content["sources"]]
