"""Offering a bilan to an agent."""

import uuid

from bilan.database import now, transaction
from bilan.people.models import Person
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import State


def invite_agent(*, prescription_id: uuid.UUID, by: Person | None) -> None:  # noqa: ARG001 -- for the journal
    """Offer the bilan to the agent."""
    with transaction():
        Prescription.update(state=State.INVITED, invited_at=now()).where(Prescription.id == prescription_id).execute()
