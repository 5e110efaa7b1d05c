"""What agents ask about their data, invented: a correction that waits, an erasure that has its answer."""

import datetime
import uuid

from bilan.closing.models import Closing
from bilan.closing.rules import Keep
from bilan.data_requests import actions
from bilan.data_requests.holdings import held_of
from bilan.data_requests.models import DataRequest, today
from bilan.data_requests.rules import Choice, Datum, Kind
from bilan.database import now
from bilan.journeys.models import Journey
from bilan.people.models import Person

CORRECTION = "Mon numéro a changé\u00a0: le 06 00 00 00 21 remplace l’ancien."
ERASURE = "Je change de région. J’ai enregistré ma synthèse chez moi, vous pouvez effacer ce que vous gardez."
ANSWER = (
    "C’est accepté\u00a0: ce que vous aviez fait garder est détruit cette nuit. "
    "Les heures et les dates restent trois ans\u00a0: le centre doit pouvoir les montrer en cas de contrôle."
)


def ask_about_data(people: dict[str, Person]) -> None:
    """Let agent@demo.example ask for a correction, and an agent whose bilan is closed for the erasure of what she kept."""
    first = people["agent@demo.example"]
    waiting = actions.ask(kind=Kind.RECTIFY, datum=Datum.PHONE, words=CORRECTION, submission=uuid.uuid4(), by=first)
    _date(waiting, 24)
    kept = Closing.select(Closing, Journey).join(Journey).where(Closing.keep != Keep.NOTHING).order_by(Journey.closed_at.desc()).first()
    if kept is None:
        return
    agent = Person.get_by_id(kept.journey.agent_id)
    asked = actions.ask(kind=Kind.ERASE, words=ERASURE, submission=uuid.uuid4(), by=agent)
    desk = people["secretariat@demo.example"]
    shown = [one for one in held_of(agent) if one.may_go and not one.hidden_from(str(desk.id))]
    choices = {one.subject_id: Choice.DESTROY for one in shown}
    actions.answer_erasure(request=asked, choices=choices, answer=ANSWER, by=desk)
    _date(asked, 9)


def _date(request: DataRequest, days: int) -> None:
    """Give a request the date of so many days ago."""
    change = {"asked_on": today() - datetime.timedelta(days=days), "answer_by": today() + datetime.timedelta(days=30 - days)}
    change["created_at"] = now() - datetime.timedelta(days=days)
    DataRequest.update(**change).where(DataRequest.id == request.id).execute()
