"""What the secretariat does with a prescription: names the referent, explains a delay; the reminders of the 20 days."""

import datetime
from typing import Any

from flask import current_app
from huey import crontab

from bilan.database import now, transaction
from bilan.journal import Event, record
from bilan.journeys import actions as journeys
from bilan.journeys.models import ConflictOfInterest, Journey
from bilan.mail.actions import link_to, mail
from bilan.people.models import Person
from bilan.prescriptions import actions as prescriptions
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import Clock, DelayReason, clock, reminder_due
from bilan.reception.models import running
from bilan.worker import in_application, queue


class ConflictDeclared(Exception):
    """The counsellor has declared that she cannot accompany this agent."""


class CounsellorGone(Exception):
    """Her account has just been closed."""


class PrescriptionOver(Exception):
    """Nothing is done to a prescription that is over."""


@mail("delay_reminder")
def reminder_mail(*, prescription: Prescription, one: Clock) -> dict[str, Any]:
    """Remind the secretariat that no first interview is proposed."""
    return {
        "to": current_app.config["BILAN"].secretariat_email,
        "subject_id": prescription.id,
        "reference": prescription.reference,
        "elapsed": one.elapsed,
        "words": one.words,
        "link": link_to("reception.show", id=prescription.id),
    }


def name_referent(*, prescription: Prescription, counsellor: Person, by: Person) -> None:
    """Name the counsellor, or another one; the journey opens when the agent has accepted.

    Raises PrescriptionOver, ConflictDeclared, CounsellorGone.
    """
    if not prescription.is_open:
        raise PrescriptionOver
    if counsellor.id in ConflictOfInterest.of_case(prescription.employer_id, prescription.agent_name):
        raise ConflictDeclared
    journey = Journey.by_id_with_people(prescription.id)
    with transaction():
        if not Person.hold(counsellor.id):
            raise CounsellorGone
        Prescription.update(counsellor=counsellor).where(Prescription.id == prescription.id).execute()
        prescription.counsellor = counsellor
        if journey is not None:
            journeys.change_referent(journey=journey, counsellor=counsellor, by=by)
        else:
            record(Event.REFERENT_NAMED, person=by, subject_id=counsellor.id)
            prescriptions.open_if_ready(prescription=prescription, by=by)


def explain_delay(*, prescription: Prescription, reason: DelayReason, note: str, by: Person) -> None:
    """Say why the first interview could not be proposed in time."""
    with transaction():
        prescription.delay_reason, prescription.delay_note = reason, note
        prescription.save(only=[Prescription.delay_reason, Prescription.delay_note])
        record(Event.DELAY_EXPLAINED, person=by, subject_id=prescription.id, detail=reason.value)


@queue.periodic_task(crontab(minute="40"))
@in_application
def remind_task() -> None:
    """Each hour: send the reminders that are due."""
    remind()


def remind(moment: datetime.datetime | None = None) -> int:
    """Send the secretariat a reminder at 10, 15 and 18 days without an interview proposed; return how many left."""
    days = current_app.config["BILAN"].first_interview_days
    sent = 0
    for prescription in running():
        one = clock(prescription.received_at, None, moment or now(), days)
        reached = reminder_due(one, prescription.reminded_days)
        if reached is None:
            continue
        with transaction():
            # Two workers may see it at once: the one that moves the mark sends.
            mark = (Prescription.id == prescription.id) & (Prescription.reminded_days < reached)
            if Prescription.update(reminded_days=reached).where(mark).execute():
                reminder_mail(prescription=prescription, one=one)
                sent += 1
    return sent
