"""The departure of somebody of the team: all that she held passes on, and her account closes, at once or not at all."""

import contextlib
import uuid

from bilan.agenda import actions as agenda
from bilan.agenda.models import Slot, TimeTaken
from bilan.complaints.models import Complaint
from bilan.database import database, now, transaction
from bilan.departures.models import Holding, is_taken, met_by
from bilan.improvement import actions as improvement
from bilan.interviews import actions as interviews
from bilan.interviews.models import Interview
from bilan.interviews.rules import Mode, Outcome
from bilan.interviews.telling import booked_mail, cancelled_mail, moved_mail, tell
from bilan.journal import Event, record
from bilan.journeys import actions as journeys
from bilan.people import actions as people
from bilan.people.models import Person
from bilan.reception import actions as reception
from bilan.treatment import actions as treatment


class Overtaken(Exception):
    """Somebody has just closed one of the accounts, or entrusted another bilan to her."""


def leave(*, person: Person, heirs: dict[uuid.UUID, Person], successor: Person | None, by: Person) -> None:
    """Pass on what somebody holds, and close her account.

    `heirs` names the next referent of each of her prescriptions, `successor` who treats her
    complaints and actions: nobody yet, if she has left too. Raises Overtaken, and reception's
    ConflictDeclared.
    """
    with transaction():
        _hold({person.id, *(heir.id for heir in heirs.values())})
        held = Holding.of(person)
        if any(case.id not in heirs for case in held.cases):
            raise Overtaken
        for case in held.cases:
            reception.name_referent(prescription=case, counsellor=heirs[case.id], by=by)
        for journey in held.replacements:
            journeys.end_replacement(journey=journey, by=by)
        for slot in held.meetings:
            _pass_on(slot, by)
        offered = Slot.delete().where(Slot.counsellor == person, Slot.interview.is_null(), Slot.starts_at > now()).execute()
        if offered:
            record(Event.SLOT_WITHDRAWN, person=by, subject_id=person.id, detail=str(offered))
        agenda.close_subscription(counsellor=person, by=by)
        _entrust(held, successor if successor and Person.hold(successor.id) else None, by)
        people.suspend(person=person, by=by)
        record(Event.ACCOUNT_LEFT, person=by, subject_id=person.id, detail=str(len(held.cases)))


def _hold(people_ids: set[uuid.UUID]) -> None:
    """Lock these accounts, in the same order for everybody: of two departures at once, none names somebody who leaves."""
    for person_id in sorted(people_ids):
        if not Person.hold(person_id):
            raise Overtaken


def _pass_on(slot: Slot, by: Person) -> None:
    """Give a meeting to the referent of its journey at the same hour; cancel it when that hour is taken.

    A free slot of the next referent gives way. The link of a remote meeting was the former's: it goes.
    """
    interview = Interview.by_id_with_people(slot.interview_id)
    if interview is None:
        return
    heir, former = interview.journey.counsellor, slot.counsellor
    remote = slot.mode is Mode.REMOTE
    if is_taken(slot, heir):
        _cancel(interview, by)
        return
    try:
        with database.atomic():
            Slot.delete().where(Slot.id.in_(list(met_by(slot, heir))), Slot.interview.is_null()).execute()
            slot.relocate(counsellor=heir.id, starts_at=slot.starts_at, minutes=slot.minutes, place="" if remote else slot.place)
    except TimeTaken:
        _cancel(interview, by)
        return
    Interview.update(sequence=Interview.sequence + 1).where(Interview.id == interview.id).execute()
    record(Event.INTERVIEW_CHANGED, person=by, journey_id=interview.journey_id, subject_id=interview.id)
    fresh, taken = Interview.by_id_with_people(interview.id), Slot.of_interview(interview)
    if remote:
        tell(moved_mail, interview, taken)
    else:
        booked_mail(interview=fresh, slot=taken, to=heir)
    cancelled_mail(interview=fresh, slot=taken, to=former)


def _cancel(interview: Interview, by: Person) -> None:
    with contextlib.suppress(interviews.MeetingOver):
        interviews.cancel_interview(interview=interview, outcome=Outcome.CANCELLED_BY_SERVICE, reason=None, by=by)


def _entrust(held: Holding, successor: Person | None, by: Person) -> None:
    """Give complaints and actions to whoever goes on; a complaint that concerns that person waits for somebody else."""
    for complaint in held.complaints:
        owner = None if successor and complaint.about_id == successor.id else successor
        fresh = Complaint.by_id_with_people(complaint.id)
        if fresh is not None:
            treatment.qualify(complaint=fresh, kind=fresh.kind, about=fresh.about, owner=owner, by=by)
    for one in held.improvements:
        improvement.entrust(improvement=one, owner=successor, by=by)
