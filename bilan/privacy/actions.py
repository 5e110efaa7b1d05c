"""The nightly destruction, its certificates and the warning before what is kept goes."""

import datetime
import logging
from collections.abc import Iterator
from typing import Any

from huey import crontab

from bilan import vault
from bilan.agenda.models import Slot
from bilan.closing.models import Closing
from bilan.closing.rules import Keep
from bilan.database import now, transaction
from bilan.french import from_paris, to_paris
from bilan.journal import Event, record
from bilan.journeys.models import Journey
from bilan.mail.actions import link_to, mail
from bilan.mail.models import Email, EmailState
from bilan.people.models import Person
from bilan.privacy import clearing
from bilan.privacy.models import Certificate, Due, EndTold, dues, terms
from bilan.privacy.rules import ONE_DAY, WARNED_DAYS, Kind, Method, Terms, older_than
from bilan.quality import actions as quality
from bilan.seals import actions as seals
from bilan.worker import in_application, queue

logger = logging.getLogger("bilan.privacy")
# What is counted of a bilan is counted for the last time when its years are this far behind.
SETTLED_YEARS = 1


@mail("content_destroyed")
def destroyed_mail(*, person: Person, certificate: Certificate) -> dict[str, Any]:
    """Tell an agent that her certificate of destruction is ready."""
    return {"to": person.email, "name": person.display_name, "link": link_to("privacy.certificate", id=certificate.id), "relayed": False}


@mail("keeping_ends")
def keeping_ends_mail(*, person: Person, last: datetime.date) -> dict[str, Any]:
    """Tell an agent that what she has asked to be kept goes soon, and that she may take it with her."""
    return {"to": person.email, "name": person.display_name, "last": last, "link": link_to("privacy.mine"), "relayed": False}


@queue.periodic_task(crontab(hour="23", minute="20"))
@in_application
def purge_task() -> None:
    """Each night, soon after midnight in Paris and before the backup: destroy what has had its time."""
    purge()


def purge() -> list[Due]:
    """End what was begun, destroy what has had its time, warn of what goes soon; return what was destroyed. Again changes nothing."""
    known, today = terms(), to_paris(now()).date()
    for unfinished in Certificate.unfinished():
        _finish(unfinished)
    clearing.end_adaptations()
    done = []
    for due in list(_going(known, today)):
        try:
            _destroy(due, today)
        except Exception:  # one that fails holds nobody else back; it is tried again the next night
            logger.exception("destruction failed: %s %s", due.kind, due.subject_id)
        else:
            done.append(due)
    clearing.end_data_requests()
    _sweep(known, today)
    _warn(known, today)
    return done


def _going(known: Terms, today: datetime.date) -> Iterator[Due]:
    for due in dues(known):
        if due.last < today:
            yield due


def _destroy(due: Due, today: datetime.date) -> None:
    if due.kind in (Kind.CONTENT, Kind.KEPT):
        _finish(clearing.destroy_content(due.subject_id, due.kind, _still_kept(due, today)))
        return
    if due.kind in (Kind.ADMINISTRATIVE, Kind.COMPLAINT, Kind.ADAPTATION_FACTS):
        quality.freeze(today.year - SETTLED_YEARS)
    clearing.GOING[due.kind](due.subject_id)


def _still_kept(due: Due, today: datetime.date) -> Keep:
    """Return what an agent has chosen, nothing once it has had its time too."""
    later = [one for one in dues(terms()) if one.subject_id == due.subject_id and one.kind is Kind.KEPT and one.last >= today]
    return Closing.get(Closing.journey == due.subject_id).keep if later and due.kind is Kind.CONTENT else Keep.NOTHING


def _finish(certificate: Certificate) -> None:
    """Let the key give way where something is kept, then tell the agent."""
    if certificate.completed_at is not None or certificate.journey_id is None:
        return
    if certificate.method is Method.RENEWED:
        vault.end_renewal(certificate.journey_id)
    with transaction():
        waiting = (Certificate.id == certificate.id) & Certificate.completed_at.is_null()
        if not Certificate.update(completed_at=now()).where(waiting).execute():
            return
        person = Person.get_or_none(Person.id == certificate.agent_id, Person.active)
        if person is not None:
            destroyed_mail(person=person, certificate=certificate)


def _sweep(known: Terms, today: datetime.date) -> None:
    """Delete the e-mails that left, the hours of the agenda and the days of the journal that have had their time."""
    with transaction():
        on_their_way = [EmailState.WAITING, EmailState.SENDING]
        Email.delete().where(Email.created_at < _end_of(older_than(today, known.mails)), Email.state.not_in(on_their_way)).execute()
        free = Slot.interview.is_null() & (Slot.starts_at < _end_of(older_than(today, known.administrative)))
        Slot.delete().where(free).execute()
    seals.empty(older_than(today, known.journal))


def _end_of(day: datetime.date) -> datetime.datetime:
    return from_paris(datetime.datetime.combine(day + ONE_DAY, datetime.time()))


def _warn(known: Terms, today: datetime.date) -> None:
    """Tell each agent once, WARNED_DAYS before, that what is kept goes."""
    for due in dues(known):
        if due.kind is not Kind.KEPT or not today <= due.last <= today + datetime.timedelta(days=WARNED_DAYS):
            continue
        with transaction():
            journey = Journey.by_id_with_people(due.subject_id)
            if journey is None or not journey.agent.active or EndTold.get_or_none(EndTold.journey_id == journey.id):
                continue
            EndTold.create(journey_id=journey.id)
            keeping_ends_mail(person=journey.agent, last=due.last)
            record(Event.END_OF_KEEPING_TOLD, journey_id=journey.id)


def stop_keeping(*, journey: Journey, by: Person) -> bool:
    """Let an agent give up what is kept of a closed bilan: it is destroyed in the night. False when nothing is kept."""
    with transaction():
        kept = (Closing.journey == journey.id) & (Closing.keep != Keep.NOTHING)
        change = {"keep": Keep.NOTHING, "keep_months": None, "keep_chosen_at": now(), "revision": Closing.revision + 1}
        if not Closing.update(**change).where(kept).execute():
            return False
        record(Event.KEEPING_CHOSEN, person=by, journey_id=journey.id, detail=Keep.NOTHING.value)
        return True


def forecast(days: int) -> list[Due]:
    """Return what goes within so many days, in order: what `purge` will do on those nights, as things are today."""
    last = to_paris(now()).date() + datetime.timedelta(days=days)
    return [one for one in dues(terms()) if one.last < last]
