"""Suspending a bilan, resuming it, interrupting it; the mid-way evaluation; telling a silence."""

import datetime
from typing import Any

from flask import current_app
from huey import crontab
from peewee import IntegrityError

from bilan import french
from bilan.database import now, transaction
from bilan.followup.models import Interruption, MidwayReview, SilenceTold, asleep, inactivity_thresholds, last_activity
from bilan.followup.rules import Origin, Reason, Silence, silence
from bilan.interviews import actions as interviews
from bilan.interviews.models import Interview
from bilan.interviews.rules import Outcome
from bilan.journal import Event, record
from bilan.journeys import actions as journeys
from bilan.journeys.models import Journey, Suspension
from bilan.mail.actions import link_to, mail
from bilan.people.models import Person
from bilan.prescriptions import actions as prescriptions
from bilan.worker import in_application, queue


class AlreadySuspended(Exception):
    """The bilan waits already."""


class ReviewConflict(Exception):
    """Another tab or device has saved since this page was opened; `current` is what it saved."""

    def __init__(self, current: MidwayReview | None) -> None:
        super().__init__("review conflict")
        self.current = current


def _to(person: Person, **others: Any) -> dict[str, Any]:
    return {"to": person.email, "name": person.display_name, **others}


@mail("journey_suspended")
def suspended_mail(*, journey: Journey, resumes_on: datetime.date) -> dict[str, Any]:
    """Tell the agent that the bilan waits, and until when."""
    return _to(journey.agent, until=french.day(resumes_on), link=link_to("journeys.mine"))


@mail("journey_resumes")
def resumes_mail(*, to: Person, link: str) -> dict[str, Any]:
    """Tell the agent or her counsellor that the bilan goes on."""
    return _to(to, link=link)


@mail("journey_interrupted")
def interrupted_mail(*, journey: Journey) -> dict[str, Any]:
    """Tell the agent that the bilan stops there."""
    return _to(journey.agent, link=link_to("journeys.mine"))


@mail("midway_written")
def midway_mail(*, journey: Journey) -> dict[str, Any]:
    """Tell the counsellor that the agent has written what she finds useful, and what to adjust."""
    return _to(journey.counsellor, link=link_to("followup.midway", id=journey.id, way="parcours"))


@mail("inactivity_agent")
def silence_to_agent(*, journey: Journey) -> dict[str, Any]:
    """Ask the agent, without blame, whether she needs something."""
    return _to(journey.agent, counsellor=journey.counsellor.display_name, link=link_to("journeys.mine"))


@mail("inactivity_counsellor")
def silence_to_counsellor(*, journey: Journey, days: int) -> dict[str, Any]:
    """Tell the counsellor that nothing has happened for some days."""
    return _to(journey.counsellor, days=days, link=link_to("journeys.show", id=journey.id))


@mail("inactivity_secretariat")
def silence_to_secretariat(*, journey: Journey, days: int) -> dict[str, Any]:
    """Tell the secretariat that a bilan sleeps."""
    link = link_to("reception.show", id=journey.id)
    return {"to": current_app.config["BILAN"].secretariat_email, "days": days, "link": link}


def suspend(*, journey: Journey, resumes_on: datetime.date, by: Person) -> int:
    """Let a bilan wait from today until that day; return how many meetings of that time are cancelled. Raise AlreadySuspended."""
    today = french.to_paris(now()).date()
    with transaction():
        # The row's lock: two suspensions at once queue here.
        Journey.update(phase=Journey.phase).where(Journey.id == journey.id).execute()
        if Suspension.current(journey.id):
            raise AlreadySuspended
        Suspension.create(journey=journey.id, since=today, resumes_on=resumes_on)
        within = [one for one in Interview.coming_with_people(journey) if french.to_paris(one.starts_at).date() < resumes_on]
        for interview in within:
            interviews.cancel_interview(interview=interview, outcome=Outcome.CANCELLED_BY_SERVICE, reason=None, by=by)
        suspended_mail(journey=journey, resumes_on=resumes_on)
        record(Event.JOURNEY_SUSPENDED, person=by, journey_id=journey.id, detail=resumes_on.isoformat())
    return len(within)


def resume(*, journey: Journey, by: Person) -> bool:
    """End a suspension today; False when there was none."""
    today = french.to_paris(now()).date()
    with transaction():
        lasting = (Suspension.journey == journey.id) & (Suspension.since <= today) & (Suspension.resumes_on > today)
        if not Suspension.update(resumes_on=today, told_at=now()).where(lasting).execute():
            return False
        resumes_mail(to=journey.agent, link=link_to("journeys.mine"))
        record(Event.JOURNEY_RESUMED, person=by, journey_id=journey.id)
    return True


def interrupt(*, journey: Journey, origin: Origin, reason: Reason, detail: str, by: Person) -> None:
    """Stop a bilan before its end: meetings to come are cancelled, HR is told that it stops, never why.

    Raise JourneyAlreadyClosed.
    """
    today = french.to_paris(now()).date()
    with transaction():
        interviews.cancel_coming(journey=journey, by=by)
        journeys.close_journey(journey=journey, by=by)
        Suspension.update(resumes_on=today).where(Suspension.journey == journey.id, Suspension.resumes_on > today).execute()
        Interruption.create(journey=journey, origin=origin, reason=reason, detail=detail, by=by)
        record(Event.JOURNEY_INTERRUPTED, person=by, journey_id=journey.id, detail=origin.value)
        prescriptions.interrupt(prescription_id=journey.id)
        interrupted_mail(journey=journey)


def write_midway(*, journey: Journey, content: dict[str, str], base: int, by: Person) -> MidwayReview:
    """Save the mid-way review as the next version after `base` (0: nothing was there); raise ReviewConflict.

    The counsellor is told the first time.
    """
    try:
        with transaction():
            known = MidwayReview.of_journey(journey)
            if known and known.content == content:
                return known
            if (known.revision if known else 0) != base:
                raise ReviewConflict(known)
            if known is None:
                known = MidwayReview.create(journey=journey, content=content, revision=1)
                midway_mail(journey=journey)
            else:
                known.content, known.revision, known.saved_at = content, base + 1, now()
                change = MidwayReview.update(content=MidwayReview.content.seal_for(known), revision=base + 1, saved_at=known.saved_at)
                if not change.where(MidwayReview.id == known.id, MidwayReview.revision == base).execute():
                    raise ReviewConflict(MidwayReview.get_by_id(known.id))
            record(Event.MIDWAY_WRITTEN, person=by, journey_id=journey.id, subject_id=known.id)
    except IntegrityError:  # two first savings at once
        raise ReviewConflict(MidwayReview.of_journey(journey)) from None
    return known


@queue.periodic_task(crontab(hour="6", minute="10"))
@in_application
def follow_task() -> None:
    """Each morning: tell the silences, and the bilans that resume."""
    tell_silences()
    tell_resumptions()


def tell_silences(moment: datetime.datetime | None = None) -> int:
    """Tell each silence once per threshold; return how many were told.

    At the first threshold the agent and her counsellor hear of it, at the second the counsellor and the secretariat.
    """
    moment, thresholds = moment or now(), inactivity_thresholds()
    sleeping = asleep(moment - datetime.timedelta(days=min(thresholds)))
    last = last_activity(sleeping)
    told = 0
    for journey in sleeping:
        since = last.get(journey.id, journey.created_at)
        found = silence(since, moment, thresholds)
        if found is not None:
            told += _tell_silence(journey, since, found, is_long=found.threshold == max(thresholds))
    return told


def _tell_silence(journey: Journey, since: datetime.datetime, found: Silence, *, is_long: bool) -> bool:
    with transaction():
        # Two workers may see it at once: the one that writes the row tells.
        told = SilenceTold.insert(journey=journey.id, since=since, days=found.threshold).on_conflict_ignore()
        if not told.as_rowcount().execute():
            return False
        silence_to_counsellor(journey=journey, days=found.days)
        if is_long:
            silence_to_secretariat(journey=journey, days=found.days)
        else:
            silence_to_agent(journey=journey)
        record(Event.INACTIVITY_TOLD, journey_id=journey.id, detail=str(found.threshold))
    return True


def tell_resumptions() -> int:
    """Tell the agent and her counsellor, once, that a bilan resumes today; return how many were told."""
    count = 0
    for suspension in Suspension.to_tell():
        with transaction():
            mine = Suspension.update(told_at=now()).where(Suspension.id == suspension.id, Suspension.told_at.is_null())
            journey = Journey.by_id_with_people(suspension.journey_id) if mine.execute() else None
            if journey is not None and journey.is_open:
                resumes_mail(to=journey.agent, link=link_to("journeys.mine"))
                resumes_mail(to=journey.counsellor, link=link_to("journeys.show", id=journey.id))
                record(Event.JOURNEY_RESUMED, journey_id=journey.id)
                count += 1
    return count
