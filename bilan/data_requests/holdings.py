"""What is held of an agent, and what of it may go: counts, kinds and days, never what was written."""

import datetime
from collections.abc import Iterator
from typing import Any

from bilan.adaptations.models import AdaptationRequest
from bilan.adaptations.rules import OVER
from bilan.adaptations.rules import State as AdaptationState
from bilan.closing.models import Closing
from bilan.closing.rules import Keep
from bilan.complaints.models import Complaint
from bilan.complaints.rules import State
from bilan.data_requests.models import today
from bilan.data_requests.rules import Held, Holding, is_settled
from bilan.french import to_paris
from bilan.journeys.models import Journey
from bilan.people.models import Person
from bilan.prescriptions.models import Prescription
from bilan.privacy.models import Due, dues, ended_bilans, terms
from bilan.privacy.rules import Kind
from bilan.quotes.models import Quote
from bilan.vault import opens

LAW = "Le centre doit justifier ce qui a été fait, en cas de contrôle."
ALONE = "Se détruit sans rien demander, la nuit qui suit ce jour."
TONIGHT = "Se détruit cette nuit."
RUNNING = "Se détruit à la fin du bilan, ou s’il s’interrompt. Pour l’interrompre, il suffit de le dire à la personne qui accompagne."
PAID = "Des pièces comptables de l’employeur et du centre. Elles ne disent rien du bilan."
NOT_FINAL = "Gardée tant qu’elle n’est pas finie. Elle pourra partir ensuite."
SERVES = "Gardée tant qu’elle sert à votre bilan. Vous pouvez la reprendre, puis demander."
ASKED = "Gardée tant qu’elle est en cours. Vous pouvez la reprendre, puis demander."


def held_of(agent: Person) -> list[Holding]:
    """Return what is held of an agent, what may go first."""
    due = dues(terms(), agent=agent)
    found = [*_complaints(agent, due), *_adaptations(agent, due), *_bilans(agent, due), *_quotes(agent)]
    return sorted(found, key=lambda one: (not one.may_go, list(Held).index(one.kind), str(one.day)))


def _bilans(agent: Person, dues_of_agent: list[Due]) -> Iterator[Holding]:
    for journey in Journey.select(Journey.id, Journey.created_at).where(Journey.agent == agent.id, Journey.closed_at.is_null()):
        yield Holding(Held.RUNNING, str(journey.id), _day(journey.created_at), None, RUNNING)
    chosen = Closing.select(Closing.journey).join(Journey).where(Journey.agent == agent.id, Closing.keep != Keep.NOTHING)
    kept = {one for (one,) in chosen.tuples()}
    for due in dues_of_agent:
        common: dict[str, Any] = {"subject_id": str(due.subject_id), "day": None, "last": due.last}
        if due.kind is Kind.ADMINISTRATIVE:
            yield Holding(Held.ADMINISTRATIVE, why=LAW, **common)
        elif due.kind is Kind.CONTENT:
            late = due.last < today()
            yield Holding(Held.CONTENT, why=TONIGHT if late else ALONE, **{**common, "last": None if late else due.last})
        elif due.kind is Kind.KEPT:
            free = due.subject_id in kept
            yield Holding(Held.KEPT, why="" if free else TONIGHT, may_go=free, **{**common, "last": due.last if free else None})


def _complaints(agent: Person, dues_of_agent: list[Due]) -> Iterator[Holding]:
    last = {due.subject_id: due.last for due in dues_of_agent if due.kind is Kind.COMPLAINT}
    for one in Complaint.select().where(Complaint.person == agent.id).order_by(Complaint.received_on, Complaint.id):
        answered = to_paris(one.closed_at).date() if one.closed_at else None
        free = is_settled(closed=one.state is State.CLOSED, answered_on=answered, today=today())
        yield Holding(
            Held.COMPLAINT,
            str(one.id),
            one.received_on,
            last.get(one.id),
            "" if free else NOT_FINAL,
            may_go=free and opens(one.id),
            about=str(one.about_id or ""),
        )


def _adaptations(agent: Person, dues_of_agent: list[Due]) -> Iterator[Holding]:
    """Return her requests for an adaptation: the secretariat knows of none, and meets none here."""
    last = {due.subject_id: due.last for due in dues_of_agent if due.kind is Kind.ADAPTATION}
    ended = {one for one, _ in ended_bilans(agent)}
    for one in AdaptationRequest.of_agent(agent):
        serves = one.state is AdaptationState.CHECKED and one.journey_id is not None and one.journey_id not in ended
        free = one.state in OVER and not serves
        why = "" if free else SERVES if serves else ASKED
        until = last.get(one.id) if free else None
        yield Holding(Held.ADAPTATION, str(one.id), one.received_on, until, why, may_go=free and opens(one.id), discreet=True)


def _quotes(agent: Person) -> Iterator[Holding]:
    query = Prescription.select(Prescription.id, Prescription.received_at).join(Quote).where(Prescription.agent == agent.id).distinct()
    for one in query:
        yield Holding(Held.QUOTES, str(one.id), _day(one.received_at), None, PAID)


def _day(moment: datetime.datetime | None) -> datetime.date | None:
    return to_paris(moment).date() if moment else None
