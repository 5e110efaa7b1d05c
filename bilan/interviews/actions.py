"""Planning a meeting, cancelling it, saying what became of it."""

import datetime
import uuid

from flask import current_app

from bilan.agenda.models import Slot
from bilan.agenda.rules import is_in_time
from bilan.database import now, transaction
from bilan.hr_review.models import HrReview
from bilan.interviews.models import Interview, ObjectivesTouched
from bilan.interviews.rules import CANCELLED, CancelReason, InterviewKind, LogReason, Mode, Outcome
from bilan.interviews.telling import booked_mail, cancelled_mail, logged_mail, moved_mail, reminded, tell
from bilan.journal import Event, record
from bilan.journeys.models import Journey
from bilan.people.models import Person
from bilan.prescriptions.models import Prescription


class NotYetBegun(Exception):
    """An interview cannot have been held, or missed, before it begins."""


class MeetingOver(Exception):
    """The meeting has begun, or somebody has already said what became of it."""


class AlreadyThere(Exception):
    """The journey has a meeting at that moment."""


class TooLate(Exception):
    """The hour is too near: the agent calls the secretariat."""


def note_proposed(journey_id: uuid.UUID, proposed_for: datetime.datetime) -> None:
    """Note the first interview proposed, which stops the clock of the 20 days.

    It stays when the agent chooses a later one or moves it: the delay measured is the centre's.
    """
    Prescription.update(proposed_for=proposed_for).where(Prescription.id == journey_id, Prescription.proposed_for.is_null()).execute()


def take_back_proposal(journey_id: uuid.UUID) -> None:
    """Let the clock of an open prescription run again: the service itself has cancelled the interview that it had proposed."""
    Prescription.update(proposed_for=None).where(Prescription.id == journey_id, Prescription.is_still_open()).execute()


def plan_interview(
    *,
    journey: Journey,
    kind: InterviewKind,
    mode: Mode,
    starts_at: datetime.datetime,
    planned_minutes: int,
    by: Person,
    review: HrReview | None = None,
) -> Interview:
    """Plan a meeting, that of a `review` with HR when one is given; it takes its time when it is to come; raise TimeTaken."""
    with transaction():
        interview = Interview.create(
            journey=journey, kind=kind, mode=mode, starts_at=starts_at, planned_minutes=planned_minutes, reminded_at=reminded(starts_at)
        )
        if review is not None:
            HrReview.update(interview=interview).where(HrReview.id == review.id).execute()
        Slot.follow(interview, by)
        record(Event.INTERVIEW_PLANNED, person=by, journey_id=journey.id, subject_id=interview.id, detail=kind.value)
        if kind is InterviewKind.DIAGNOSTIC:
            note_proposed(journey.id, proposed_for=starts_at)
        if interview.is_coming:
            tell(booked_mail, interview, Slot.of_interview(interview))
    return interview


def log_interview(
    *, journey: Journey, kind: InterviewKind, mode: Mode, starts_at: datetime.datetime, held_minutes: int, because: LogReason, by: Person
) -> Interview:
    """Write down afterwards a meeting that was held, with the reason; the agent is told. Raise AlreadyThere for the same moment."""
    with transaction():
        # The row's lock: of the same meeting logged twice at once, the second finds the first.
        Journey.update(phase=Journey.phase).where(Journey.id == journey.id).execute()
        if Interview.is_taken(journey, starts_at):
            raise AlreadyThere
        interview = Interview.create(
            journey=journey,
            kind=kind,
            mode=mode,
            starts_at=starts_at,
            planned_minutes=held_minutes,
            held_minutes=held_minutes,
            outcome=Outcome.HELD,
            logged_because=because,
        )
        record(Event.INTERVIEW_LOGGED, person=by, journey_id=journey.id, subject_id=interview.id, detail=because.value)
        if kind is InterviewKind.DIAGNOSTIC:
            note_proposed(journey.id, proposed_for=starts_at)
        logged_mail(interview=interview)
    return interview


def change_interview(
    *,
    interview: Interview,
    kind: InterviewKind,
    mode: Mode,
    starts_at: datetime.datetime,
    planned_minutes: int,
    by: Person,
    elsewhere: bool = False,
) -> None:
    """Move a meeting or correct it (`elsewhere`: its place has changed); raise TimeTaken, or MeetingOver when it was cancelled."""
    moment = {"mode": mode, "starts_at": starts_at, "planned_minutes": planned_minutes}
    moves = interview.is_pending and (elsewhere or any(getattr(interview, name) != value for name, value in moment.items()))
    counted = {"sequence": Interview.sequence + 1, "reminded_at": reminded(starts_at)} if moves else {}
    with transaction():
        if not Interview.update(kind=kind, **moment, **counted).where(Interview.id == interview.id, Interview.not_cancelled()).execute():
            raise MeetingOver
        record(Event.INTERVIEW_CHANGED, person=by, journey_id=interview.journey_id, subject_id=interview.id)
        if moves:
            Slot.follow(Interview.get_by_id(interview.id), by)
        if moves and max(starts_at, interview.starts_at) > now():
            tell(moved_mail, interview, Slot.of_interview(interview))


def cancel_interview(*, interview: Interview, outcome: Outcome, reason: CancelReason | None, by: Person) -> None:
    """Cancel a meeting, give its time back and tell its agent and counsellor; raise TooLate (by the agent) or MeetingOver."""
    refuse_late(interview, by)
    change = {"outcome": outcome, "reason": reason, "held_minutes": None, "sequence": Interview.sequence + 1}
    with transaction():
        slot = Slot.of_interview(interview)
        if not Interview.update(**change).where(Interview.id == interview.id, Interview.not_cancelled()).execute():
            raise MeetingOver
        Slot.leave(interview)
        record(Event.INTERVIEW_CANCELLED, person=by, journey_id=interview.journey_id, subject_id=interview.id, detail=outcome.value)
        if outcome is Outcome.CANCELLED_BY_SERVICE and interview.kind is InterviewKind.DIAGNOSTIC:
            take_back_proposal(interview.journey_id)
        tell(cancelled_mail, interview, slot)


def cancel_coming(*, journey: Journey, by: Person) -> None:
    """Cancel every meeting to come of a journey that ends: by the service, since nobody asked for another date."""
    for interview in Interview.coming_with_people(journey):
        cancel_interview(interview=interview, outcome=Outcome.CANCELLED_BY_SERVICE, reason=None, by=by)


def refuse_late(interview: Interview, by: Person) -> None:
    """Raise TooLate when the agent may no longer move or cancel by herself; a review with HR is hers to give up until it begins."""
    hours = current_app.config["BILAN"].cancel_hours
    if (
        interview.kind is not InterviewKind.HR_REVIEW
        and by.id == interview.journey.agent_id
        and not is_in_time(interview.starts_at, now(), hours)
    ):
        raise TooLate


def close_interview(*, interview: Interview, outcome: Outcome, held_minutes: int | None, by: Person) -> None:
    """Say what became of a meeting (`held_minutes` when it was held), or correct it; raise NotYetBegun or MeetingOver."""
    if outcome in CANCELLED:
        cancel_interview(interview=interview, outcome=outcome, reason=None, by=by)
        return
    if interview.is_cancelled:
        raise MeetingOver
    if interview.starts_at > now():
        raise NotYetBegun
    minutes = held_minutes if outcome is Outcome.HELD else None
    with transaction():
        closed = Interview.update(outcome=outcome, held_minutes=minutes).where(Interview.id == interview.id, Interview.not_cancelled())
        if not closed.execute():
            raise MeetingOver
        record(Event.INTERVIEW_CLOSED, person=by, journey_id=interview.journey_id, subject_id=interview.id, detail=outcome.value)


def touch_objectives(*, interview: Interview, objectives: list[str], by: Person) -> None:
    """Say which objectives of the bilan the meeting has worked on; the last saying holds."""
    sealed = ObjectivesTouched.objectives.seal_for(ObjectivesTouched(interview=interview, objectives=objectives))
    said = ObjectivesTouched.insert(interview=interview.id, objectives=sealed)
    with transaction():
        said.on_conflict(conflict_target=[ObjectivesTouched.interview], update={ObjectivesTouched.objectives: sealed}).execute()
        record(Event.OBJECTIVES_TOUCHED, person=by, journey_id=interview.journey_id, subject_id=interview.id)
