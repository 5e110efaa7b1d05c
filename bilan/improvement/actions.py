"""Keeping the plan: starting an action, changing it, publishing what it changed, telling whoever asked, reminding its owner."""

import datetime
import uuid
from typing import Any

from flask import current_app
from huey import crontab

from bilan.complaints.actions import follow_up_link
from bilan.complaints.models import Complaint
from bilan.database import now, transaction
from bilan.french import to_paris
from bilan.improvement.models import Improvement, ImprovementReminder
from bilan.improvement.rules import AFTER, State, stage
from bilan.journal import Event, record
from bilan.mail.actions import link_to, mail
from bilan.people.models import Person
from bilan.vault import ContentDestroyed
from bilan.worker import in_application, queue


class Overtaken(Exception):
    """The action was saved elsewhere since this form was opened; `current` is what was saved."""

    def __init__(self, current: Any) -> None:
        super().__init__("overtaken")
        self.current = current


class StillPublished(Exception):
    """Its sentence is published: it stays done until the sentence is withdrawn."""


class NotDone(Exception):
    """Nothing is published of an action that is not done."""


@mail("improvement_told")
def told_mail(*, complaint: Complaint, link: str) -> dict[str, Any]:
    """Tell whoever complained that it led to something: her private address, and nothing of it."""
    return {
        "to": complaint.content["email"],
        "key_id": complaint.key_id,
        "subject_id": complaint.id,
        "personal_links": [link],
        "title": complaint.title,
        "name": complaint.content["name"],
        "link": link,
    }


@mail("improvement_reminder")
def reminder_mail(*, improvement: Improvement, to: str, is_late: bool) -> dict[str, Any]:
    """Remind of the day of an action."""
    page = link_to("improvement.show", id=improvement.id)
    return {"to": to, "subject_id": improvement.id, "improvement": improvement, "is_late": is_late, "page": page}


def start(*, submission: uuid.UUID, values: dict[str, Any], complaint: Complaint | None = None, by: Person) -> Improvement:
    """Add an action to the plan; the same form sent twice adds one."""
    with transaction():
        row = {"id": submission, "created_at": now(), "state": State.TODO, "complaint": complaint, "revision": 1}
        row |= {"observed": "", "reason": "", "effect": "", "sentence": ""} | values
        if Improvement.insert(row).on_conflict_ignore().as_rowcount().execute():
            record(Event.IMPROVEMENT_STARTED, person=by, subject_id=submission)
    return Improvement.get_by_id(submission)


def change(*, improvement: Improvement, values: dict[str, Any], base: int, by: Person) -> None:
    """Save an action as the version after `base`; raise Overtaken or StillPublished."""
    with transaction():
        same = Improvement.update(revision=base + 1, **values).where(Improvement.id == improvement.id, Improvement.revision == base)
        if improvement.published_at and values["state"] is not State.DONE:
            raise StillPublished
        if not same.execute():
            raise Overtaken(Improvement.by_id_with_people(improvement.id))
        record(Event.IMPROVEMENT_CHANGED, person=by, subject_id=improvement.id, detail=values["state"].value)


def entrust(*, improvement: Improvement, owner: Person | None, by: Person) -> None:
    """Entrust an action to somebody else, or to nobody yet: whoever had it leaves."""
    with transaction():
        row = Improvement.id == improvement.id
        Improvement.update(owner=owner, revision=Improvement.revision + 1).where(row).execute()
        record(Event.IMPROVEMENT_CHANGED, person=by, subject_id=improvement.id, detail=improvement.state.value)


def publish(*, improvement: Improvement, sentence: str, by: Person) -> None:
    """Publish the sentence of an action that is done; whoever asked is told, once. Raise NotDone."""
    with transaction():
        values = {"sentence": sentence, "published_at": now(), "revision": Improvement.revision + 1}
        done = (Improvement.id == improvement.id) & (Improvement.state == State.DONE)
        if not Improvement.update(**values).where(done, Improvement.published_at.is_null()).execute():
            if Improvement.select().where(done).exists():
                return  # published a moment ago: the same press twice
            raise NotDone
        record(Event.IMPROVEMENT_PUBLISHED, person=by, subject_id=improvement.id)
        _tell(improvement)


def _tell(improvement: Improvement) -> None:
    complaint = Complaint.get_or_none_by_id(improvement.complaint_id) if improvement.complaint_id else None
    if complaint is None:
        return
    try:
        address, link = complaint.content["email"], follow_up_link(complaint)
    except ContentDestroyed:
        return
    untold = (Improvement.id == improvement.id) & Improvement.told_at.is_null()
    if address and link and Improvement.update(told_at=now()).where(untold).execute():
        told_mail(complaint=complaint, link=link)
        record(Event.IMPROVEMENT_TOLD, subject_id=improvement.id)


def withdraw(*, improvement: Improvement, by: Person) -> None:
    """Take the sentence back from the public page; it stays in the plan."""
    with transaction():
        shown = (Improvement.id == improvement.id) & Improvement.published_at.is_null(is_null=False)
        if Improvement.update(published_at=None, revision=Improvement.revision + 1).where(shown).execute():
            record(Event.IMPROVEMENT_WITHDRAWN, person=by, subject_id=improvement.id)


@queue.periodic_task(crontab(hour="6", minute="30"))
@in_application
def remind_task() -> None:
    """Each morning: send the reminders that are due."""
    remind()


def remind(moment: datetime.datetime | None = None) -> int:
    """Remind the owners of the days to come and past, each stage once; return how many were told."""
    day = to_paris(moment or now()).date()
    return sum(_remind(one, day) for one in Improvement.running())


def _remind(improvement: Improvement, day: datetime.date) -> bool:
    reached = stage(improvement.state, improvement.due_on, day)
    if reached is None:
        return False
    with transaction():
        # Two workers may see it at once: the one that writes the row tells.
        told = ImprovementReminder.insert(improvement=improvement.id, due_on=improvement.due_on, stage=reached)
        if not told.on_conflict_ignore().as_rowcount().execute():
            return False
        owner = improvement.owner if improvement.owner_id and improvement.owner.active else None
        to = owner.email if owner else current_app.config["BILAN"].secretariat_email
        reminder_mail(improvement=improvement, to=to, is_late=reached == AFTER)
        record(Event.IMPROVEMENT_REMINDED, subject_id=improvement.id, detail=str(reached))
    return True
