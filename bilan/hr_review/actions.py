"""The review with HR, from its proposal to its minutes: nothing of it happens without the agent.

An agreement that ends takes its meeting with it: an hour with HR does not hang over somebody
who has just said no. It cannot expire before the meeting, which is never fixed beyond it.
"""

import datetime
from typing import Any

from bilan.database import now, transaction
from bilan.disclosure.models import Disclosure
from bilan.hr_review.models import HrMinutes, HrMinutesReading, HrReview, agreement_with
from bilan.hr_review.rules import State, is_covered
from bilan.interviews import actions as interviews
from bilan.interviews.rules import InterviewKind, Mode, Outcome
from bilan.journal import Event, record
from bilan.journeys.models import Journey
from bilan.mail.actions import link_to, mail
from bilan.people.models import Person
from bilan.pieces.actions import hold
from bilan.together import way_of


class AlreadyGoing(Exception):
    """The bilan has a review that is not over."""


class NoAgreement(Exception):
    """The agent has given this HR officer no agreement that lives."""


class BeyondAgreement(Exception):
    """The agreement ends before the meeting; `until` is its last day."""

    def __init__(self, until: datetime.date) -> None:
        super().__init__("beyond the agreement")
        self.until = until


class Over(Exception):
    """The review is over, or its meeting was held."""


class NotHeld(Exception):
    """The meeting was not held: there is nothing to report."""


class MinutesFrozen(Exception):
    """The agent has agreed to the minutes: they do not change."""


class MinutesOvertaken(Exception):
    """The minutes were saved elsewhere; `current` is what was saved."""

    def __init__(self, current: HrMinutes | None) -> None:
        super().__init__("overtaken")
        self.current = current


class NoLonger(Exception):
    """HR may not read the minutes: not agreed to, or the agreement has ended, or the bilan is closed."""


def _told(review: HrReview, person: Person) -> dict[str, Any]:
    journey = review.journey
    link = link_to("hr_review.show", id=journey.id, way=way_of(person))
    return {"to": person.email, "name": person.display_name, "counsellor": journey.counsellor.display_name, "link": link}


@mail("hr_review_proposed")
def proposed_mail(*, review: HrReview) -> dict[str, Any]:
    """Tell the agent that a review is proposed, and that she decides."""
    return _told(review, review.journey.agent)


@mail("hr_review_accepted")
def accepted_mail(*, review: HrReview) -> dict[str, Any]:
    """Tell the counsellor that a date is to be fixed."""
    return _told(review, review.journey.counsellor)


@mail("hr_review_ended")
def ended_mail(*, review: HrReview) -> dict[str, Any]:
    """Tell the counsellor that there is no review; never why."""
    return _told(review, review.journey.counsellor)


@mail("hr_minutes_written")
def written_mail(*, review: HrReview) -> dict[str, Any]:
    """Tell the agent that she may read the minutes; not a word of them."""
    return _told(review, review.journey.agent)


@mail("hr_minutes_agreed")
def agreed_mail(*, review: HrReview, person: Person, link: str) -> dict[str, Any]:
    """Tell the HR officer, or the counsellor, that the minutes may be read; not a word of them."""
    return {"to": person.email, "subject_id": review.id, "name": person.display_name, "link": link}


def propose(*, journey: Journey, recipient: Person, by: Person) -> HrReview:
    """Propose a review with an HR officer; the agent's own proposal is accepted at once, and needs her agreement.

    Raises AlreadyGoing, NoAgreement, JourneyAlreadyClosed.
    """
    own = by.id == journey.agent_id
    with transaction():
        hold(journey)
        if HrReview.current(journey):
            raise AlreadyGoing
        if own and agreement_with(journey, recipient.id) is None:
            raise NoAgreement
        review = HrReview.create(journey=journey, recipient=recipient, proposed_by=by, accepted_at=now() if own else None)
        record(Event.HR_REVIEW_PROPOSED, person=by, journey_id=journey.id, subject_id=review.id)
        (accepted_mail if own else proposed_mail)(review=review)
    return review


def accept(*, review: HrReview, by: Person) -> None:
    """Let the agent accept; once more changes nothing. Raises Over, NoAgreement, JourneyAlreadyClosed."""
    with transaction():
        current = _held(review)
        if current.accepted_at is not None:
            return
        if current.agreement is None:
            raise NoAgreement
        HrReview.update(accepted_at=now()).where(HrReview.id == review.id).execute()
        record(Event.HR_REVIEW_ACCEPTED, person=by, journey_id=review.journey_id, subject_id=review.id)
        accepted_mail(review=current)


def decline(*, review: HrReview, by: Person) -> None:
    """Let the agent refuse, or change her mind until the meeting is held; no reason is asked. Raises Over."""
    with transaction():
        current = _held(review)
        if current.state is State.PLANNED and not current.interview.is_coming:
            raise Over
        _end(current, by)


def follow_agreement(*, journey: Journey, recipient: Person, by: Person) -> None:
    """End the review whose meeting no agreement covers any more, in the transaction of what has changed the agreement."""
    review = HrReview.current(journey)
    if review is None or review.recipient_id != recipient.id or review.interview is None or not review.interview.is_coming:
        return
    agreement = agreement_with(journey, recipient.id)
    if agreement is None or not is_covered(review.interview.starts_at, agreement.until):
        _end(review, by)


def _end(review: HrReview, by: Person) -> None:
    HrReview.update(ended_at=now()).where(HrReview.id == review.id).execute()
    if review.state is State.PLANNED:
        review.interview.journey = review.journey
        interviews.cancel_interview(interview=review.interview, outcome=Outcome.CANCELLED, reason=None, by=by)
    record(Event.HR_REVIEW_ENDED, person=by, journey_id=review.journey_id, subject_id=review.id)
    ended_mail(review=review)


def plan(*, review: HrReview, mode: Mode, starts_at: datetime.datetime, planned_minutes: int, place: str, by: Person) -> None:
    """Fix the meeting, or move it; the three are told.

    Raises NoAgreement, BeyondAgreement, Over, TimeTaken, JourneyAlreadyClosed.
    """
    meeting: dict[str, Any] = {"mode": mode, "starts_at": starts_at, "planned_minutes": planned_minutes}
    with transaction():
        current = _held(review)
        if current.accepted_at is None or current.agreement is None:
            raise NoAgreement
        if not is_covered(starts_at, current.agreement.until):
            raise BeyondAgreement(current.agreement.until)
        HrReview.update(place=place).where(HrReview.id == review.id).execute()
        if current.state is not State.PLANNED:
            kind = InterviewKind.HR_REVIEW
            interviews.plan_interview(journey=current.journey, kind=kind, review=current, by=by, **meeting)
            return
        elsewhere = place != current.place
        interviews.change_interview(interview=current.interview, kind=InterviewKind.HR_REVIEW, elsewhere=elsewhere, by=by, **meeting)


def write_minutes(*, review: HrReview, text: str, base: int, by: Person) -> None:
    """Save the minutes as the version after `base` (0: nothing was there); the agent is told the first time.

    Raises NotHeld, MinutesFrozen, MinutesOvertaken, JourneyAlreadyClosed.
    """
    with transaction():
        hold(review.journey)
        current = HrReview.by_id_with_people(review.id)
        if current is None or current.state is not State.HELD:
            raise NotHeld
        known = current.minutes
        if known and known.agreed_at is not None:
            raise MinutesFrozen
        if known and known.text == text:
            return
        if (known.revision if known else 0) != base:
            raise MinutesOvertaken(known)
        if known is None:
            HrMinutes.create(review=current, text=text, saved_by=by)
            written_mail(review=current)
        else:
            known.text, known.revision, known.saved_by, known.saved_at = text, base + 1, by, now()
            known.save()
        record(Event.HR_MINUTES_SAVED, person=by, journey_id=review.journey_id, subject_id=review.id)


def agree_minutes(*, review: HrReview, base: int, by: Person) -> None:
    """Let the agent agree to the minutes that she has read: HR may read them from then on. Once more changes nothing.

    Raises MinutesOvertaken, JourneyAlreadyClosed.
    """
    with transaction():
        hold(review.journey)
        minutes = review.minutes
        if minutes is None or (minutes.agreed_at is None and minutes.revision != base):
            raise MinutesOvertaken(minutes)
        if minutes.agreed_at is not None:
            return
        HrMinutes.update(agreed_at=now()).where(HrMinutes.id == minutes.id).execute()
        record(Event.HR_MINUTES_AGREED, person=by, journey_id=review.journey_id, subject_id=review.id)
        counsellor = review.journey.counsellor
        agreed_mail(review=review, person=counsellor, link=link_to("hr_review.show", id=review.journey_id, way=way_of(counsellor)))
        if review.agreement:
            agreed_mail(review=review, person=review.recipient, link=link_to("hr_review.meet", id=review.id))


def read_minutes(*, review: HrReview, by: Person) -> HrMinutes:
    """Note that HR reads the minutes, and return them; raise NoLonger.

    The agreements are held until the reading is noted: a revocation comes before it, or after.
    """
    with transaction():
        between = (Disclosure.journey == review.journey_id) & (Disclosure.recipient == review.recipient_id)
        Disclosure.update(digest=Disclosure.digest).where(between).execute()
        current = HrReview.by_id_with_people(review.id)
        if current is None or not current.is_readable_by_hr:
            raise NoLonger
        minutes = current.minutes
        assert minutes is not None  # noqa: S101 -- they are readable
        HrMinutesReading.create(minutes=minutes)
        record(Event.HR_MINUTES_READ, person=by, journey_id=current.journey_id, subject_id=current.id)
    return minutes


def _held(review: HrReview) -> HrReview:
    """Return the review as it stands, which nobody else changes before the end of the transaction; raise Over."""
    hold(review.journey)
    current = HrReview.by_id_with_people(review.id)
    if current is None or current.state in (State.OVER, State.HELD):
        raise Over
    return current
