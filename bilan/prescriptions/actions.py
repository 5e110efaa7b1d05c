"""A prescription's life: drafted, sent, corrected, withdrawn; the first interview proposed."""

import datetime
import uuid

from bilan.prescriptions.models import Prescription


def note_proposed(*, prescription_id: uuid.UUID, proposed_for: datetime.datetime) -> None:
    """Note the moment of the first interview proposed, in the transaction of what proposes it.

    It stays when the agent chooses a later one or moves it: the delay measured is the centre's.
    """
    Prescription.update(proposed_for=proposed_for).where(Prescription.id == prescription_id, Prescription.proposed_for.is_null()).execute()


def take_back_proposal(*, prescription_id: uuid.UUID) -> None:
    """Let the clock run again: the service itself has cancelled the interview that it had proposed."""
    Prescription.update(proposed_for=None).where(Prescription.id == prescription_id).execute()
