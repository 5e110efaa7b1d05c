"""Giving work, changing it, taking it back; saying that it is done, what was found, and joining files; recalling it, once."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any

from huey import crontab
from peewee import IntegrityError

from bilan.assignments.models import Assignment, AssignmentComment, Attachment
from bilan.assignments.rules import FILES_MAX, JOURNEY_BYTES, Kind, due_on, is_near, is_past
from bilan.database import now, transaction
from bilan.french import to_paris
from bilan.interviews.models import Interview
from bilan.journal import Event, record
from bilan.journeys.models import Journey
from bilan.mail.actions import link_to, mail
from bilan.mail.models import Email
from bilan.people.models import Person
from bilan.questionnaires import actions as questionnaires
from bilan.questionnaires import instruments
from bilan.questionnaires.models import Passation
from bilan.together import way_of
from bilan.worker import in_application, queue


class WorkConflict(Exception):
    """Another tab or device has changed the work since this page was opened; `current` is what it is now."""

    def __init__(self, current: Assignment) -> None:
        super().__init__("work conflict")
        self.current = current


class AlreadyAnswered(Exception):
    """The agent has begun: what was given stays."""


class NotTicked(Exception):
    """A questionnaire is done when it is handed in."""


class TooManyFiles(Exception):
    """The work has as many files as it may, or the bilan as many bytes."""


@mail("assignment_given")
def given_mail(*, assignment: Assignment, to: Person) -> dict[str, Any]:
    """Tell the agent that work waits: a link, and nothing of it."""
    return _news(assignment, to)


@mail("assignment_due")
def due_mail(*, assignment: Assignment, to: Person, day: datetime.date) -> dict[str, Any]:
    """Recall, once and without reproach, work that is due in two days."""
    return {**_news(assignment, to), "day": day}


@mail("assignment_late")
def late_mail(*, assignment: Assignment, to: Person, day: datetime.date) -> dict[str, Any]:
    """Recall, once and without reproach, work whose day is over."""
    return {**_news(assignment, to), "day": day}


@mail("assignment_done")
def done_mail(*, assignment: Assignment, to: Person) -> dict[str, Any]:
    """Tell the counsellor that the agent says it is done."""
    return _news(assignment, to)


def _news(assignment: Assignment, to: Person) -> dict[str, Any]:
    link = link_to("assignments.show", id=assignment.id, way=way_of(to))
    return {"to": to.email, "name": to.display_name, "link": link, "subject_id": assignment.id}


def give(
    *,
    journey: Journey,
    kind: Kind,
    title: str,
    details: str,
    which: str = "",
    interview: Interview | None,
    due: datetime.date | None,
    submission: uuid.UUID,
    by: Person,
) -> Assignment:
    """Give work to the agent, who is told; `which` names the questionnaire or the page. Raise questionnaires' AlreadyAssigned.

    The same form sent twice gives one.
    """
    known = Assignment.get_or_none_by_id(submission)
    if known is not None:
        return known
    assignment = Assignment(id=submission, journey=journey, kind=kind, interview=interview, due_on=due, given_by=by)
    assignment.page = which if kind is Kind.PAGE else ""
    try:
        with transaction():
            if kind is Kind.QUESTIONNAIRE:
                title = instruments.find(which).title
                assignment.passation = questionnaires.assign(journey=journey, slug=which, due_on=due, by=by)
            assignment.content = {"title": title, "details": details}
            assignment.reminded_at = _already_near(assignment, journey)
            assignment.save(force_insert=True)
            if kind is not Kind.QUESTIONNAIRE:  # whose own e-mail has just been written
                given_mail(assignment=assignment, to=journey.agent)
            record(Event.ASSIGNMENT_GIVEN, person=by, journey_id=journey.id, subject_id=assignment.id, detail=kind.value)
    except IntegrityError:  # the same form twice at once
        return Assignment.get_by_id(submission)
    return assignment


def _already_near(assignment: Assignment, journey: Journey) -> datetime.datetime | None:
    """Return when it was recalled: what is given within the two days is recalled by its own e-mail."""
    due = due_on(assignment, Interview.of_journey(journey))
    return now() if is_near(due, to_paris(now()).date()) else None


def change(*, assignment: Assignment, title: str, details: str, due: datetime.date | None, base: int, by: Person) -> None:
    """Change the words or the day of work, written on the revision `base`; raise WorkConflict."""
    moved = due != assignment.due_on
    assignment.content = {"title": title, "details": details}
    assignment.due_on = due
    values: dict[str, Any] = {"content": Assignment.content.seal_for(assignment), "due_on": due, "revision": base + 1}
    if moved:
        values |= {"reminded_at": _already_near(assignment, assignment.journey), "recalled_at": None}
    with transaction():
        if not Assignment.update(**values).where(Assignment.id == assignment.id, Assignment.revision == base).execute():
            raise WorkConflict(Assignment.by_id_with_people(assignment.id) or assignment)
        if moved and assignment.passation_id:
            Passation.update(due_on=due).where(Passation.id == assignment.passation_id).execute()
        record(Event.ASSIGNMENT_CHANGED, person=by, journey_id=assignment.journey_id, subject_id=assignment.id)


def withdraw(*, assignment: Assignment, by: Person) -> None:
    """Take back work that the agent has not begun; raise AlreadyAnswered: nothing of hers is lost."""
    with transaction():
        fresh = Assignment.by_id_with_people(assignment.id)
        if fresh is None:
            return
        if fresh.is_answered():
            raise AlreadyAnswered
        if fresh.passation_id:
            try:
                questionnaires.withdraw(passation=fresh.passation, by=by)
            except questionnaires.AlreadyStarted:
                raise AlreadyAnswered from None
        Assignment.delete().where(Assignment.id == fresh.id).execute()
        record(Event.ASSIGNMENT_WITHDRAWN, person=by, journey_id=fresh.journey_id, subject_id=fresh.id, detail=fresh.kind.value)


def tick(*, assignment: Assignment, done: bool, by: Person) -> None:
    """Say that work is done, or that it is not; whoever accompanies the agent is told the first time only. Raise NotTicked."""
    if not assignment.is_ticked:
        raise NotTicked
    as_before = Assignment.done_at.is_null() if done else ~Assignment.done_at.is_null()
    with transaction():
        changed = Assignment.update(done_at=now() if done else None).where(Assignment.id == assignment.id, as_before)
        if not changed.execute():
            return
        event = Event.ASSIGNMENT_DONE if done else Event.ASSIGNMENT_REOPENED
        record(event, person=by, journey_id=assignment.journey_id, subject_id=assignment.id)
        told = Email.select(Email.id).where(Email.subject_id == assignment.id, Email.kind == "assignment_done").exists()
        if done and not told:
            for person in assignment.journey.accompanied_now():
                done_mail(assignment=assignment, to=person)


def answer(*, assignment: Assignment, text: str, file: dict[str, Any] | None, submission: uuid.UUID, by: Person) -> None:
    """Write about work and join a file (`name`, `media_type`, `content`), either or both; raise TooManyFiles.

    The same form sent twice writes once.
    """
    try:
        with transaction():
            if _is_known(submission):
                return
            if text:
                AssignmentComment.create(id=submission, assignment=assignment, author=by, text=text)
                record(Event.ASSIGNMENT_COMMENTED, person=by, journey_id=assignment.journey_id, subject_id=assignment.id)
            if file:
                _attach(assignment, submission, by, **file)
    except IntegrityError:  # the same form twice at once
        if not _is_known(submission):
            raise


def _is_known(submission: uuid.UUID) -> bool:
    return any(table.get_or_none_by_id(submission) is not None for table in (AssignmentComment, Attachment))


def _attach(assignment: Assignment, file_id: uuid.UUID, by: Person, *, name: str, media_type: str, content: bytes) -> None:
    size = len(content)
    # The row of the bilan is taken first: of two files that arrive at once, the second counts the first.
    Journey.update(phase=Journey.phase).where(Journey.id == assignment.journey_id).execute()
    if Attachment.count_of(assignment) >= FILES_MAX or Attachment.bytes_of(assignment.journey_id) + size > JOURNEY_BYTES:
        raise TooManyFiles
    Attachment.create(id=file_id, assignment=assignment, added_by=by, name=name, media_type=media_type, size=size, content=content)
    record(Event.ATTACHMENT_ADDED, person=by, journey_id=assignment.journey_id, subject_id=file_id)


def remove_file(*, attachment: Attachment, by: Person) -> None:
    """Remove one's own file, for good."""
    with transaction():
        if Attachment.delete().where(Attachment.id == attachment.id).execute():
            record(Event.ATTACHMENT_REMOVED, person=by, journey_id=attachment.assignment.journey_id, subject_id=attachment.id)


@queue.periodic_task(crontab(hour="7", minute="41"))
@in_application
def recall_task() -> None:
    """Each morning: recall the work due within two days, and what its day has passed by."""
    recall()


def recall() -> int:
    """Recall each piece of work once when its day is near, and once when it is over; return how many e-mails were written."""
    today, waiting = to_paris(now()).date(), Assignment.unfinished()
    meetings: dict[Any, list[Interview]] = {}
    for interview in Interview.of_journeys(list({one.journey_id: one.journey for one in waiting}.values())):
        meetings.setdefault(interview.journey_id, []).append(interview)
    count = 0
    for assignment in waiting:
        due = due_on(assignment, meetings.get(assignment.journey_id, []))
        if is_near(due, today):
            count += _say_once(assignment, Assignment.reminded_at, due_mail, due)
        elif is_past(due, today):
            count += _say_once(assignment, Assignment.recalled_at, late_mail, due)
    return count


def _say_once(assignment: Assignment, mark: Any, post: Callable[..., Email], due: datetime.date | None) -> bool:
    """Write one e-mail to the agent; of two workers, the one that sets the mark writes it."""
    with transaction():
        mine = Assignment.update({mark: now()}).where(Assignment.id == assignment.id, mark.is_null(), Assignment.done_at.is_null())
        if not mine.execute():
            return False
        post(assignment=assignment, to=Person.get_by_id(assignment.journey.agent_id), day=due)
    return True
