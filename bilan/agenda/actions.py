"""Offering slots, booking and moving meetings, reminding of them, and the address that calendars follow."""

import datetime
import uuid
from dataclasses import dataclass

from flask import current_app
from huey import crontab

from bilan import french
from bilan.agenda.models import BusyCell, Slot, Subscription, TimeTaken
from bilan.agenda.rules import NOTICE, REMINDER, Series, cells
from bilan.database import now, transaction
from bilan.interviews.actions import MeetingOver, note_proposed, refuse_late
from bilan.interviews.models import Interview
from bilan.interviews.rules import CancelReason, InterviewKind, Mode
from bilan.interviews.telling import booked_mail, cancelled_mail, moved_mail, reminded, reminder_mail, tell
from bilan.journal import Event, record
from bilan.journeys.models import Journey
from bilan.journeys.rules import Phase
from bilan.measures.models import effects_of
from bilan.people.models import Person
from bilan.people.rules import new_token
from bilan.worker import in_application, queue

KIND_OF_PHASE = {
    Phase.DIAGNOSTIC: InterviewKind.DIAGNOSTIC,
    Phase.ACCOMPANIMENT: InterviewKind.ACCOMPANIMENT,
    Phase.CONCLUSION: InterviewKind.RESTITUTION,
}
CELL_LIFE = datetime.timedelta(days=1)


class SlotTaken(Exception):
    """Somebody else has just taken the slot, or it is no longer offered."""


class SlotPast(Exception):
    """The slot has begun, or begins too soon."""


class AlreadyBooked(Exception):
    """The agent has a meeting to come; `interview` is that one."""

    def __init__(self, interview: Interview) -> None:
        super().__init__("already booked")
        self.interview = interview


@dataclass(frozen=True)
class Published:
    """What became of a series: the slots offered, the days left out, and how many slots would have met another."""

    slots: list[Slot]
    left_out: tuple[tuple[datetime.date, str], ...]
    met: int

    @property
    def sentence(self) -> str:
        """Return what the screens say of it."""
        words = [french.plural(len(self.slots), "créneau publié", "créneaux publiés")]
        words += [f"laissé de côté\u00a0: {french.day(day)} ({reason})" for day, reason in self.left_out]
        if self.met:
            words.append(f"{french.plural(self.met, 'créneau laissé', 'créneaux laissés')} de côté, l’heure étant déjà prise")
        return "\u00a0; ".join(words) + "."


def publish_slots(
    *, counsellor: Person, series: Series, minutes: int, mode: Mode, place: str, access_notes: str, repeats: bool
) -> Published:
    """Offer the slots of a series without those that overlap; raise TimeTaken when none is left."""
    series_id = uuid.uuid4() if repeats else None
    slots, refused = [], None
    with transaction():
        for moment in series.moments:
            try:
                slot = Slot.reserve(
                    counsellor=counsellor.id,
                    starts_at=moment,
                    minutes=minutes,
                    mode=mode,
                    place=place,
                    access_notes=access_notes,
                    series_id=series_id,
                )
            except TimeTaken as taken:
                refused = refused or taken
            else:
                slots.append(slot)
        if refused and not slots:
            raise refused
        record(Event.SLOTS_OFFERED, person=counsellor, subject_id=series_id or slots[0].id, detail=str(len(slots)))
    return Published(slots, series.left_out, len(series.moments) - len(slots))


def withdraw_slot(*, slot: Slot, whole_series: bool, by: Person) -> int:
    """Withdraw a free slot, or every free slot to come of its series; return how many. Raise SlotTaken when it is booked."""
    wanted = Slot.id == slot.id
    if whole_series and slot.series_id:
        wanted |= (Slot.series_id == slot.series_id) & (Slot.starts_at > now()) & (Slot.counsellor == slot.counsellor_id)
    with transaction():
        count = Slot.delete().where(wanted, Slot.free()).execute()
        if not count:
            raise SlotTaken
        record(Event.SLOT_WITHDRAWN, person=by, subject_id=slot.id, detail=str(count))
    return count


def minutes_needed(kind: InterviewKind) -> int:
    """Return the least length of a slot for this kind of meeting."""
    return current_app.config["BILAN"].diagnostic_minutes if kind is InterviewKind.DIAGNOSTIC else 0


def open_slots(journey: Journey, kind: InterviewKind, by: Person) -> list[Slot]:
    """Return the slots that may be taken now for a meeting of this journey: an agent takes none of the next two hours.

    A length decided for her replaces the usual one: shorter slots are not offered, of a longer one she takes that length.
    """
    after = now() + (NOTICE if by.id == journey.agent_id else datetime.timedelta())
    hers = effects_of(journey.id).minutes
    found = Slot.offered(journey, minutes=hers or minutes_needed(kind), after=after)
    for one in found:
        one.minutes = min(one.minutes, hers or one.minutes)
    return found


def book_slot(*, journey: Journey, slot_id: uuid.UUID, by: Person) -> Interview:
    """Book a slot of the referent; raise SlotTaken, SlotPast, or AlreadyBooked: an agent has one meeting to come at a time."""
    kind = KIND_OF_PHASE[journey.phase]
    with transaction():
        # The row's lock: two bookings of the same agent at once queue here.
        Journey.update(phase=Journey.phase).where(Journey.id == journey.id).execute()
        coming = Interview.coming_of(journey)
        if coming and by.id == journey.agent_id:
            raise AlreadyBooked(coming)
        open_now = open_slots(journey, kind, by)
        slot = _offered(slot_id, open_now)
        interview = Interview.create(
            journey=journey,
            kind=kind,
            mode=slot.mode,
            starts_at=slot.starts_at,
            planned_minutes=slot.minutes,
            reminded_at=reminded(slot.starts_at),
        )
        _take(slot, interview)
        record(Event.INTERVIEW_BOOKED, person=by, journey_id=journey.id, subject_id=interview.id, detail=kind.value)
        if kind is InterviewKind.DIAGNOSTIC:
            proposed = open_now[0] if by.id == journey.agent_id else slot
            note_proposed(journey.id, proposed_for=proposed.starts_at)
        tell(booked_mail, interview, Slot.of_interview(interview))
    return interview


def move_interview(*, interview: Interview, slot_id: uuid.UUID, by: Person, reason: CancelReason | None = None) -> Slot:
    """Move a meeting to another slot of the referent, and return it; raise SlotTaken, SlotPast, TooLate (by the agent) or MeetingOver."""
    held = Slot.of_interview(interview)
    if held and held.id == slot_id:  # the same choice sent twice
        return held
    refuse_late(interview, by)
    with transaction():
        slot = _offered(slot_id, open_slots(interview.journey, interview.kind, by))
        change = {"mode": slot.mode, "starts_at": slot.starts_at, "planned_minutes": slot.minutes, "reminded_at": reminded(slot.starts_at)}
        change["reason"] = reason
        movable = (Interview.id == interview.id) & Interview.pending() & (Interview.starts_at > now())
        if not Interview.update(sequence=Interview.sequence + 1, **change).where(movable).execute():
            raise MeetingOver
        Slot.leave(interview)
        _take(slot, interview)
        record(Event.INTERVIEW_MOVED, person=by, journey_id=interview.journey_id, subject_id=interview.id)
        tell(moved_mail, interview, Slot.of_interview(interview))
        if held and held.counsellor_id != slot.counsellor_id:  # the referent has changed since: the one before is told that it is off
            interview.sequence += 1
            cancelled_mail(interview=interview, slot=held, to=held.counsellor)
    return slot


def _offered(slot_id: uuid.UUID, open_now: list[Slot]) -> Slot:
    found = next((one for one in open_now if one.id == slot_id), None)
    if found is None:
        slot = Slot.get_or_none_by_id(slot_id)
        raise SlotPast if slot and slot.interview_id is None and slot.starts_at <= now() + NOTICE else SlotTaken
    return found


def _take(slot: Slot, interview: Interview) -> None:
    """Take the slot by one conditional update: of two at once, one meets SlotTaken."""
    if not Slot.update(interview=interview.id).where(Slot.id == slot.id, Slot.free()).execute():
        raise SlotTaken


@queue.periodic_task(crontab(minute="7"))
@in_application
def remind_task() -> None:
    """Each hour: remind the agents whose meeting begins within two days."""
    remind()


def remind() -> int:
    """Remind of each meeting once; return how many reminders were written."""
    count = 0
    for interview in Interview.to_remind(now() + REMINDER):
        with transaction():
            mine = Interview.update(reminded_at=now()).where(
                Interview.id == interview.id,
                Interview.pending(),
                Interview.reminded_at.is_null(),
                Interview.starts_at == interview.starts_at,
            )
            fresh = Interview.by_id_with_people(interview.id) if mine.execute() else None
            if fresh is not None:
                reminder_mail(interview=fresh, slot=Slot.of_interview(fresh), to=fresh.journey.agent)
                count += 1
    return count


@queue.periodic_task(crontab(hour="3", minute="21"))
@in_application
def forget_task() -> None:
    """Each night: forget the cells of times that are over."""
    forget_past_cells()


def forget_past_cells() -> int:
    """Delete the cells older than a day; return how many."""
    return BusyCell.delete().where(BusyCell.cell < cells(now() - CELL_LIFE, 5).start).execute()


def open_subscription(*, counsellor: Person) -> str:
    """Return the token of a new private address; the one before, if any, no longer answers."""
    token, digest = new_token()
    with transaction():
        given = Subscription.insert(counsellor=counsellor.id, digest=digest)
        given.on_conflict(conflict_target=[Subscription.counsellor], update={Subscription.digest: digest}).execute()
        record(Event.CALENDAR_OPENED, person=counsellor)
    return token


def close_subscription(*, counsellor: Person, by: Person | None = None) -> None:
    """Revoke the private address, oneself or by the secretariat."""
    with transaction():
        if Subscription.delete().where(Subscription.counsellor == counsellor.id).execute():
            record(Event.CALENDAR_CLOSED, person=by or counsellor, subject_id=counsellor.id)
