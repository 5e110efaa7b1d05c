"""What HR is told, for the world and for its own tests."""

import datetime
import uuid

from bilan.database import now
from bilan.disclosure import actions
from bilan.disclosure.models import Disclosure, Statement
from bilan.pieces import actions as pieces

PURPOSE = "Préparer une mobilité"


def make_statement(journey, *, by=None, subject="conclusion", text="Le bilan va vers l’accueil."):
    """Write a text for HR."""
    values = {"content": {"subject": subject, "text": text}}
    return pieces.add(model=Statement, journey=journey, values=values, submission=uuid.uuid4(), by=by or journey.agent)


def tell(journey, recipient, *chosen, purpose=PURPOSE, days=30):
    """Agree to tell these blocks to somebody; return the agreement."""
    until = now().date() + datetime.timedelta(days=days)
    _, seen = actions.shown(journey, recipient=recipient, chosen=chosen, purpose=purpose, until=until)
    made = actions.agree(journey=journey, recipient=recipient, chosen=list(chosen), purpose=purpose, until=until, seen=seen)
    return Disclosure.by_id_with_people(made.id)


def tell_hr(prefix, journey, recipient, marker):
    """Return a text for HR and an agreement to tell it: HR reads it by a press of a button only, so that no GET shows it."""
    both = ("agent", "counsellor")
    statement = make_statement(journey, text=marker(f"{prefix}texte-pour-rh", *both))
    disclosure = tell(journey, recipient, f"text-{statement.id}", purpose=marker(f"{prefix}communication-pour", *both))
    return {f"{prefix}statement": statement, f"{prefix}disclosure": disclosure}
