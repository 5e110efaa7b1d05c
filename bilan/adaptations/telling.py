"""What is told of an adaptation: e-mails without content, and the reminders of the two clocks."""

from typing import Any

from flask import current_app
from huey import crontab

from bilan.adaptations.models import AdaptationReminder, AdaptationRequest
from bilan.adaptations.rules import stage
from bilan.database import transaction
from bilan.journal import Event, record
from bilan.mail.actions import link_to, mail
from bilan.people.models import Person, Role
from bilan.treatment.rules import Clock
from bilan.worker import in_application, queue


@mail("adaptation_news")
def news_mail(*, request: AdaptationRequest, to: str, what: str) -> dict[str, Any]:
    """Tell the referent that something waits: what happened and a link, never who nor what she needs."""
    return {"to": to, "subject_id": request.id, "what": what, "page": link_to("measures.show", id=request.id)}


@mail("adaptation_reminder")
def reminder_mail(*, request: AdaptationRequest, to: str, clock: Clock) -> dict[str, Any]:
    """Remind the referent of a last day."""
    return {"to": to, "subject_id": request.id, "clock": clock, "page": link_to("measures.show", id=request.id)}


@mail("to_read")
def to_read_mail(*, request: AdaptationRequest, agent: Person) -> dict[str, Any]:
    """Tell the agent that something waits for her: the secretariat, who reads the outbox, learns nothing from it."""
    link = link_to("adaptations.read", id=request.id)
    return {"to": agent.email, "name": agent.display_name, "personal_links": [link], "link": link}


def tell_agent(request: AdaptationRequest) -> None:
    """Tell the agent that something waits for her; whoever asked on the public page is told outside."""
    if request.agent_id is not None:
        to_read_mail(request=request, agent=Person.get_by_id(request.agent_id))


def tell_referents(request: AdaptationRequest, what: str) -> None:
    """Tell every disability referent."""
    for address in _referents():
        news_mail(request=request, to=address, what=what)


def _referents() -> list[str]:
    """Return the addresses of the disability referents; without an account of theirs, the one of the sheet."""
    found = [one.email for one in Person.active_of(Role.DISABILITY_REFERENT)]
    return found or [current_app.config["BILAN"].disability_email]


@queue.periodic_task(crontab(hour="6", minute="40"))
@in_application
def remind_task() -> None:
    """Each morning: send the reminders that are due."""
    remind()


def remind() -> int:
    """Remind the referents of the days to come and past, each stage once; return how many were told."""
    return sum(_remind(one) for one in AdaptationRequest.running())


def _remind(request: AdaptationRequest) -> bool:
    clock = request.presses
    reached = stage(clock) if clock else None
    if clock is None or reached is None:
        return False
    with transaction():
        # Two workers may see it at once: the one that writes the row tells.
        told = AdaptationReminder.insert(request=request.id, clock=clock.name, deadline=clock.deadline, stage=reached)
        if not told.on_conflict_ignore().as_rowcount().execute():
            return False
        for address in _referents():
            reminder_mail(request=request, to=address, clock=clock)
        record(Event.ADAPTATION_REMINDED, subject_id=request.id, detail=f"{clock.name} {reached}")
    return True
