"""What an agent of the demonstration tells her HR service, and when it was read."""

import datetime

from bilan.database import now
from bilan.disclosure.actions import shown
from bilan.disclosure.models import Disclosure, DisclosureReading, Statement, recipients_of
from bilan.disclosure.rules import Subject
from bilan.french import to_paris
from bilan.journeys.models import Journey

RANK = 1
TRAINING = "Une préparation au concours d’animateur, et le BAFD directeur.\nLes deux peuvent se suivre sur le temps de travail."
PURPOSE = "préparer l’entretien professionnel de décembre"


def tell_hr(journey: Journey, rank: int) -> None:
    """Let the second agent tell what she needs to learn; nobody else tells anything."""
    if rank != RANK:
        return
    moment = now() - datetime.timedelta(days=4)
    authors = {"written_by": journey.counsellor, "saved_by": journey.agent, "created_at": moment, "saved_at": moment}
    statement = Statement.create(journey=journey, content={"subject": Subject.TRAINING.value, "text": TRAINING}, **authors)
    until = to_paris(now()).date() + datetime.timedelta(days=26)
    for recipient in recipients_of(journey)[:1]:
        told, digest = shown(journey, recipient=recipient, chosen=[f"text-{statement.id}"], purpose=PURPOSE, until=until)
        content = {"blocks": told, "purpose": PURPOSE}
        disclosure = Disclosure.create(journey=journey, recipient=recipient, content=content, digest=digest, until=until, created_at=moment)
        DisclosureReading.create(disclosure=disclosure, created_at=now() - datetime.timedelta(days=1, hours=5))
