"""Opening a journey, moving it from phase to phase, closing it; who accompanies it."""

import datetime
import uuid
from typing import Any

from bilan import french
from bilan.database import now, transaction
from bilan.journal import Event, record
from bilan.journeys.models import ConflictOfInterest, Journey, Referral
from bilan.journeys.rules import NEXT_PHASE, Phase
from bilan.mail.actions import link_to, mail
from bilan.people.models import Employer, Person


class PhaseAlreadyLeft(Exception):
    """The journey is no longer in the phase that the page showed."""


class JourneyAlreadyClosed(Exception):
    """Nothing is done to a closed journey."""


@mail("journey_entrusted")
def entrusted_mail(*, journey: Journey, to: Person) -> dict[str, Any]:
    """Tell a counsellor that she accompanies an agent; the name and the rest are on the page."""
    return {"to": to.email, "name": to.display_name, "link": link_to("journeys.show", id=journey.id)}


@mail("journey_handed_over")
def handed_over_mail(*, to: Person, day: str) -> dict[str, Any]:
    """Tell a counsellor that she accompanies an agent no more."""
    return {"to": to.email, "name": to.display_name, "day": day, "link": link_to("journeys.index")}


@mail("referent_named")
def referent_mail(*, agent: Person, counsellor: Person, first: bool) -> dict[str, Any]:
    """Tell the agent who accompanies her, from the beginning or from now on."""
    return {
        "to": agent.email,
        "name": agent.display_name,
        "counsellor": counsellor.display_name,
        "first": first,
        "link": link_to("journeys.mine"),
    }


@mail("replacement_opened")
def replacement_mail(*, to: Person, replacement: Person, until: str, link: str) -> dict[str, Any]:
    """Announce a replacement, and until when, to the agent and to the two counsellors."""
    return {"to": to.email, "name": to.display_name, "replacement": replacement.display_name, "until": until, "link": link}


def open_journey(*, journey_id: uuid.UUID, agent: Person, counsellor: Person, employer: Employer, by: Person | None = None) -> Journey:
    """Open an agent's bilan under the identifier of its prescription, whose encryption key becomes its own."""
    with transaction():
        journey = Journey.create(id=journey_id, agent=agent, counsellor=counsellor, employer=employer)
        Referral.create(journey=journey, counsellor=counsellor, since=journey.created_at)
        entrusted_mail(journey=journey, to=counsellor)
        referent_mail(agent=agent, counsellor=counsellor, first=True)
        record(Event.JOURNEY_OPENED, person=by, journey_id=journey.id)
    return journey


def change_referent(*, journey: Journey, counsellor: Person, by: Person) -> None:
    """Hand a journey over to another counsellor from now on; the agent and both counsellors are told."""
    if not journey.is_open:
        raise JourneyAlreadyClosed
    if counsellor.id == journey.counsellor_id:
        return
    moment, former = now(), journey.counsellor
    with transaction():
        Referral.update(until=moment).where(Referral.journey == journey.id, Referral.until.is_null()).execute()
        Referral.create(journey=journey.id, counsellor=counsellor, since=moment)
        Journey.update(counsellor=counsellor, replacement=None, replacement_until=None).where(Journey.id == journey.id).execute()
        entrusted_mail(journey=journey, to=counsellor)
        handed_over_mail(to=former, day=french.short_day(moment))
        referent_mail(agent=journey.agent, counsellor=counsellor, first=False)
        record(Event.REFERENT_NAMED, person=by, journey_id=journey.id, subject_id=counsellor.id)


def open_replacement(*, journey: Journey, counsellor: Person, until: datetime.date, by: Person) -> None:
    """Let another counsellor into the journey through that day; the agent and both counsellors are told."""
    if not journey.is_open:
        raise JourneyAlreadyClosed
    with transaction():
        Journey.update(replacement=counsellor, replacement_until=until).where(Journey.id == journey.id).execute()
        page = link_to("journeys.show", id=journey.id)
        for to, link in ((journey.agent, link_to("journeys.mine")), (journey.counsellor, page), (counsellor, page)):
            replacement_mail(to=to, replacement=counsellor, until=french.short_day(until), link=link)
        record(Event.REPLACEMENT_OPENED, person=by, journey_id=journey.id, subject_id=counsellor.id, detail=until.isoformat())


def end_replacement(*, journey: Journey, by: Person) -> None:
    """Close the journey to the replacement before the announced day."""
    with transaction():
        Journey.update(replacement=None, replacement_until=None).where(Journey.id == journey.id).execute()
        record(Event.REPLACEMENT_ENDED, person=by, journey_id=journey.id)


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


def close_journey(*, journey: Journey, by: Person) -> None:
    """Close a journey; its prescription is the caller's. Raise JourneyAlreadyClosed."""
    moment = now()
    with transaction():
        open_one = (Journey.id == journey.id) & (Journey.phase != Phase.CLOSED)
        if not Journey.update(phase=Phase.CLOSED, closed_at=moment).where(open_one).execute():
            raise JourneyAlreadyClosed
        Referral.update(until=moment).where(Referral.journey == journey.id, Referral.until.is_null()).execute()
        record(Event.JOURNEY_CLOSED, person=by, journey_id=journey.id)


def declare_conflict(*, counsellor: Person, employer: Employer | None, person_name: str) -> None:
    """Declare an employer or a person that a counsellor cannot accompany."""
    with transaction():
        ConflictOfInterest.get_or_create(counsellor=counsellor, employer=employer, person_name=person_name)
        record(Event.CONFLICT_DECLARED, person=counsellor)


def lift_conflict(*, counsellor: Person, conflict_id: uuid.UUID) -> bool:
    """Take a declaration back; False when there is none of that counsellor."""
    own = (ConflictOfInterest.id == conflict_id) & (ConflictOfInterest.counsellor == counsellor)
    with transaction():
        if not ConflictOfInterest.delete().where(own).execute():
            return False
        record(Event.CONFLICT_LIFTED, person=counsellor)
    return True
