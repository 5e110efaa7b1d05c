"""What was asked for and waits: an evidence file, a copy of one's data (the worker makes both), an account that two must agree on."""

import datetime
import uuid

from bilan.confirmations.actions import ask
from bilan.confirmations.rules import Change
from bilan.database import now
from bilan.evidence.actions import ask_for_evidence
from bilan.evidence.rules import Period
from bilan.exports.actions import ask_for_export
from bilan.french import to_paris
from bilan.people.models import Person, Role

YEAR = datetime.timedelta(days=365)
NEWCOMER = ("secretariat2@demo.example", "Yasmine Collet")


def ask_for_things(people: dict[str, Person]) -> None:
    """Ask for the evidence of the last twelve months, for the first agent's copy, and to let a second secretary in."""
    today = to_paris(now()).date()
    ask_for_evidence(period=Period(today - YEAR, today), submission=uuid.uuid4(), by=people["responsable@demo.example"])
    ask_for_export(by=people["agent@demo.example"])
    email, name = NEWCOMER
    secretary = people["secretariat@demo.example"]
    ask(change=Change.INVITE, person=None, by=secretary, email=email, display_name=name, role=Role.SECRETARIAT)
