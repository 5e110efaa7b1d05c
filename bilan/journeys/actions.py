"""Opening a journey and moving it from phase to phase."""

import uuid
from typing import Any

from bilan.database import now, transaction
from bilan.journal import Event, record
from bilan.journeys.models import Journey, Referral
from bilan.journeys.rules import NEXT_PHASE, Phase
from bilan.people.models import Employer, Person


class PhaseAlreadyLeft(Exception):
    """The journey is no longer in the phase that the page showed."""


def open_journey(*, journey_id: uuid.UUID, agent: Person, counsellor: Person, employer: Employer, by: Person | None = None) -> Journey:
    """Open an agent's bilan under the identifier of its prescription, whose encryption key becomes its own."""
    with transaction():
        journey = Journey.create(id=journey_id, agent=agent, counsellor=counsellor, employer=employer)
        Referral.create(journey=journey, counsellor=counsellor, since=journey.created_at)
        record(Event.JOURNEY_OPENED, person=by, journey_id=journey.id)
    return journey


def enter_next_phase(*, journey: Journey, leaving: Phase, by: Person) -> Phase:
    """Move on from the phase that the page showed; raise PhaseAlreadyLeft when somebody just did.

    Closing stays with the conclusion's own procedure: this goes no further than the conclusion.
    """
    reached = NEXT_PHASE[leaving]
    change: dict[str, Any] = {"phase": reached}
    change["accompaniment_at" if reached is Phase.ACCOMPANIMENT else "conclusion_at"] = now()
    with transaction():
        updated = Journey.update(**change).where(Journey.id == journey.id, Journey.phase == leaving)
        if not updated.execute():
            raise PhaseAlreadyLeft
        record(Event.PHASE_CHANGED, person=by, journey_id=journey.id, detail=reached.value)
    return reached
