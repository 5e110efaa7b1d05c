"""Treating a complaint: acknowledging it, entrusting it, noting steps, writing to the complainant, closing it; the reminders."""

import datetime
import uuid
from typing import Any

from flask import current_app
from huey import crontab

from bilan.complaints.actions import follow_up_link, write_entry
from bilan.complaints.models import Complaint, ComplaintReminder
from bilan.complaints.rules import EntryKind, Kind, Reason, State
from bilan.database import now, transaction
from bilan.french import to_paris
from bilan.journal import Event, record
from bilan.mail.actions import link_to, mail
from bilan.people.models import Person
from bilan.treatment.models import Line, running
from bilan.treatment.rules import Clock, stage
from bilan.worker import in_application, queue

# What moves to "en traitement" when somebody begins.
BEFORE = (State.RECEIVED, State.ACKNOWLEDGED, State.REOPENED)


class AlreadyClosed(Exception):
    """Somebody has closed it meanwhile."""


class AlreadyAcknowledged(Exception):
    """Its receipt was acknowledged."""


class NotHers(Exception):
    """It concerns the person to whom it would be entrusted."""


@mail("complaint_reply")
def reply_mail(*, complaint: Complaint, is_answer: bool) -> dict[str, Any]:
    """Tell the complainant that the service has written: the private address, and nothing of it."""
    link = follow_up_link(complaint)
    return {
        "to": complaint.content["email"],
        "key_id": complaint.key_id,
        "subject_id": complaint.id,
        "personal_links": [link] if link else [],
        "title": complaint.title,
        "name": complaint.content["name"],
        "is_answer": is_answer,
        "link": link,
    }


@mail("complaint_entrusted")
def entrusted_mail(*, complaint: Complaint) -> dict[str, Any]:
    """Tell its owner that a complaint is in her hands."""
    page = link_to("treatment.show", id=complaint.id)
    return {
        "to": complaint.owner.email,
        "name": complaint.owner.display_name,
        "subject_id": complaint.id,
        "title": complaint.title,
        "page": page,
    }


@mail("complaint_reminder")
def reminder_mail(*, complaint: Complaint, clock: Clock, to: str) -> dict[str, Any]:
    """Remind its owner, or the secretariat, of a last day."""
    page = link_to("treatment.show", id=complaint.id)
    return {"to": to, "subject_id": complaint.id, "title": complaint.title, "clock": clock, "page": page}


def acknowledge(*, complaint: Complaint, text: str, file: dict[str, Any] | None, submission: uuid.UUID, by: Person) -> None:
    """Note how the receipt was acknowledged otherwise than by the automatic e-mail. Raise AlreadyAcknowledged."""
    words: dict[str, Any] = {"kind": EntryKind.ACKNOWLEDGEMENT, "detail": "manual", "content": {"text": text}}
    with transaction():
        if not write_entry(complaint=complaint, author=by, submission=submission, file=file, **words):
            return
        change = Complaint.update(acknowledged_at=now()).where(Complaint.id == complaint.id, Complaint.acknowledged_at.is_null())
        if not change.execute():
            raise AlreadyAcknowledged
        Complaint.update(state=State.ACKNOWLEDGED).where(Complaint.id == complaint.id, Complaint.state == State.RECEIVED).execute()
        record(Event.COMPLAINT_ACKNOWLEDGED, person=by, subject_id=complaint.id, detail="manual")


def qualify(*, complaint: Complaint, kind: Kind, about: Person | None, owner: Person | None, by: Person) -> None:
    """Say what it is, whom it concerns and who treats it, who is told. Raise NotHers."""
    if about and owner and about.id == owner.id:
        raise NotHers
    with transaction():
        before = complaint.owner_id
        Complaint.update(kind=kind, about=about, owner=owner).where(Complaint.id == complaint.id).execute()
        complaint.kind, complaint.about, complaint.owner = kind, about, owner
        record(Event.COMPLAINT_QUALIFIED, person=by, subject_id=complaint.id, detail=kind.value)
        if owner and owner.id != before:
            _begin(complaint)
            record(Event.COMPLAINT_ENTRUSTED, person=by, subject_id=complaint.id)
            if owner.id != by.id:
                entrusted_mail(complaint=complaint)


def note(*, complaint: Complaint, kind: EntryKind, text: str, file: dict[str, Any] | None, submission: uuid.UUID, by: Person) -> None:
    """Write a note that the service alone reads, or what the person said by phone or letter; raise complaints' TooManyFiles."""
    with transaction():
        if write_entry(complaint=complaint, kind=kind, content={"text": text}, submission=submission, author=by, file=file):
            _begin(complaint)
            record(Event.COMPLAINT_NOTED, person=by, subject_id=complaint.id, detail=kind.value)


def reply(*, complaint: Complaint, text: str, file: dict[str, Any] | None, submission: uuid.UUID, by: Person) -> None:
    """Write to the complainant without closing: a question, where it stands. Without an address, it is a letter to print."""
    with transaction():
        if write_entry(complaint=complaint, kind=EntryKind.REPLY, content={"text": text}, submission=submission, author=by, file=file):
            _begin(complaint)
            # What was written to her tells her that it was received.
            Complaint.update(acknowledged_at=now()).where(Complaint.id == complaint.id, Complaint.acknowledged_at.is_null()).execute()
            record(Event.COMPLAINT_REPLIED, person=by, subject_id=complaint.id)
            if complaint.content["email"]:
                reply_mail(complaint=complaint, is_answer=False)


def _begin(complaint: Complaint) -> None:
    Complaint.update(state=State.TREATMENT).where(Complaint.id == complaint.id, Complaint.state.in_(list(BEFORE))).execute()


def close(
    *, complaint: Complaint, answer: str, reason: Reason, measure_taken: bool, measure: str, submission: uuid.UUID, by: Person
) -> None:
    """Close it with the written answer, the reason and the measure; the complainant is told that an answer waits.

    The second closing, after it was reopened, is for good. Raise AlreadyClosed.
    """
    moment = now()
    content = {"text": answer, "measure": measure}
    with transaction():
        if not write_entry(
            complaint=complaint, kind=EntryKind.ANSWER, content=content, submission=submission, author=by, detail=reason.value
        ):
            return
        fresh = Complaint.get_by_id(complaint.id)
        values = {
            "reason": reason,
            "measure_taken": measure_taken,
            "closed_at": moment,
            "answered_at": fresh.answered_at or moment,
            "state": State.CLOSED if fresh.reopened_at else State.ANSWERED,
            # A written answer tells that it was received.
            "acknowledged_at": fresh.acknowledged_at or moment,
        }
        if not Complaint.update(**values).where(Complaint.id == complaint.id, Complaint.closed_at.is_null()).execute():
            raise AlreadyClosed
        record(Event.COMPLAINT_CLOSED, person=by, subject_id=complaint.id, detail=reason.value)
        if complaint.content["email"]:
            reply_mail(complaint=complaint, is_answer=True)


@queue.periodic_task(crontab(hour="6", minute="20"))
@in_application
def remind_task() -> None:
    """Each morning: send the reminders that are due."""
    remind()


def remind(moment: datetime.datetime | None = None) -> int:
    """Remind of the last days to come and past, each stage once; return how many reminders were told."""
    day = to_paris(moment or now()).date()
    return sum(
        _remind(complaint, clock)
        for complaint in running()
        for clock in (Line.of(complaint, day).acknowledgement, Line.of(complaint, day).answer)
    )


def _remind(complaint: Complaint, clock: Clock) -> bool:
    reached = stage(clock)
    if reached is None:
        return False
    with transaction():
        # Two workers may see it at once: the one that writes the row tells.
        told = ComplaintReminder.insert(complaint=complaint.id, clock=clock.name, deadline=clock.deadline, stage=reached)
        if not told.on_conflict_ignore().as_rowcount().execute():
            return False
        for address in _told(complaint, clock):
            reminder_mail(complaint=complaint, clock=clock, to=address)
        record(Event.COMPLAINT_REMINDED, subject_id=complaint.id, detail=f"{clock.name} {reached}")
    return True


def _told(complaint: Complaint, clock: Clock) -> list[str]:
    """Return the owner's address, or the secretariat's when there is none; once late, both."""
    secretariat = current_app.config["BILAN"].secretariat_email
    owner = complaint.owner if complaint.owner_id and complaint.owner_id != complaint.about_id else None
    if owner is None or not owner.active:
        return [secretariat]
    return [owner.email, secretariat] if clock.is_late else [owner.email]
