"""An evidence file of the last twelve months, asked for: the worker makes it when it starts."""

import datetime
import uuid

from bilan.database import now
from bilan.evidence.actions import ask_for_evidence
from bilan.evidence.rules import Period
from bilan.french import to_paris
from bilan.people.models import Person

YEAR = datetime.timedelta(days=365)


def ask_for_proofs(manager: Person) -> None:
    """Ask for the file of the last twelve months."""
    today = to_paris(now()).date()
    ask_for_evidence(period=Period(today - YEAR, today), submission=uuid.uuid4(), by=manager)
