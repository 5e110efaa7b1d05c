"""What is told of a meeting to whom it concerns: e-mails and calendar files."""

import datetime
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from bilan.agenda.models import Slot
from bilan.agenda.rules import REMINDER, Meeting, calendar_of, initials
from bilan.database import now
from bilan.hr_review.models import HrReview
from bilan.interviews.models import Interview
from bilan.interviews.rules import Mode
from bilan.mail.actions import link_to, mail
from bilan.mail.models import Email
from bilan.people.models import Person, Role


def meeting_of(interview: Interview, slot: Slot | None, reader: Person) -> Meeting:
    """Return what a calendar says of a meeting to whom it concerns: never a kind that tells more."""
    settings = current_app.config["BILAN"]
    review = HrReview.of_interview(interview)
    is_agent = reader.id == interview.journey.agent_id
    place = f"{settings.address}, {settings.postcode_city}" if interview.mode is Mode.ON_SITE else "à distance"
    return Meeting(
        uid=f"{interview.id}@{urlsplit(settings.base_url).hostname}",
        starts_at=interview.starts_at,
        minutes=interview.planned_minutes,
        sequence=interview.sequence,
        summary="Entretien – Bilan professionnel" if is_agent else f"Entretien {initials(interview.journey.agent.display_name)}",
        location=(review.place if review else "") or (slot.place if slot else "") or place,
        cancelled=interview.is_cancelled,
    )


def calendar_file(meetings: list[Meeting], *, method: str, attendee: str = "") -> str:
    """Return a calendar file organised by the centre."""
    settings = current_app.config["BILAN"]
    organizer = (settings.centre_name, settings.mail_from)
    return calendar_of(meetings, method=method, stamp=now(), organizer=organizer, attendee=attendee).decode()


def _page(interview: Interview, to: Person) -> str:
    """Return the address of a meeting's page for whoever is told of it."""
    if to.role is Role.HR:
        review = HrReview.of_interview(interview)
        assert review is not None  # noqa: S101 -- an HR officer is told of a review only
        return link_to("hr_review.meet", id=review.id)
    return link_to("interviews.read" if to.id == interview.journey.agent_id else "interviews.show", id=interview.id)


def _news(interview: Interview, slot: Slot | None, to: Person, method: str) -> dict[str, Any]:
    is_agent = to.id == interview.journey.agent_id
    meeting = replace(meeting_of(interview, slot, to), cancelled=method == "CANCEL")
    return {
        "to": to.email,
        "subject_id": interview.id,
        "name": to.display_name,
        "interview": interview,
        # The link of a remote meeting stays in the calendar file and on the page: the outbox shows this text.
        "where": meeting.location if interview.mode is Mode.ON_SITE else "à distance",
        "agent_initials": "" if is_agent else initials(interview.journey.agent.display_name),
        "link": _page(interview, to),
        "calendar": {"method": method, "text": calendar_file([meeting], method=method, attendee=to.email)},
    }


@mail("interview_booked")
def booked_mail(*, interview: Interview, slot: Slot | None, to: Person) -> dict[str, Any]:
    """Tell the agent, or the counsellor, that a meeting is fixed."""
    return _news(interview, slot, to, "REQUEST")


@mail("interview_moved")
def moved_mail(*, interview: Interview, slot: Slot | None, to: Person) -> dict[str, Any]:
    """Tell the agent, or the counsellor, that a meeting has another time or place."""
    return _news(interview, slot, to, "REQUEST")


@mail("interview_cancelled")
def cancelled_mail(*, interview: Interview, slot: Slot | None, to: Person) -> dict[str, Any]:
    """Tell the agent, or the counsellor, that a meeting is cancelled."""
    return _news(interview, slot, to, "CANCEL")


@mail("interview_reminder")
def reminder_mail(*, interview: Interview, slot: Slot | None, to: Person) -> dict[str, Any]:
    """Remind the agent of a meeting two days before."""
    return {**_news(interview, slot, to, "REQUEST"), "calendar": None}


@mail("interview_logged")
def logged_mail(*, interview: Interview) -> dict[str, Any]:
    """Tell the agent that a meeting was written down as held."""
    agent = interview.journey.agent
    link = link_to("interviews.read", id=interview.id)
    return {"to": agent.email, "name": agent.display_name, "interview": interview, "link": link}


def tell(post: Callable[..., Email], interview: Interview, slot: Slot | None) -> None:
    """Write an e-mail about a meeting to its agent and to its counsellor, as the meeting is now; of a review with HR, to the three."""
    fresh = Interview.by_id_with_people(interview.id)
    if fresh is not None:
        review = HrReview.of_interview(fresh)
        people = [fresh.journey.agent, slot.counsellor if slot else fresh.journey.counsellor]
        for person in [*people, *([review.recipient] if review else [])]:
            post(interview=fresh, slot=slot, to=person)


def reminded(starts_at: datetime.datetime) -> datetime.datetime | None:
    """Return when the reminder was given: its confirmation is the reminder of a meeting fixed within the two days."""
    return now() if starts_at <= now() + REMINDER else None
