"""Moving a step from one state to another, reviewing it once the bilan is over, asking for that review."""

from typing import Any

from flask import current_app
from huey import crontab

from bilan.database import now, transaction
from bilan.journal import Event, record
from bilan.journeys.models import Journey
from bilan.mail.actions import link_to, mail
from bilan.people.models import Person
from bilan.pieces.actions import Gone, Overtaken, hold
from bilan.plans.models import ReviewAsked, Step
from bilan.plans.rules import Answer, State
from bilan.satisfaction import actions as satisfaction
from bilan.together import AGENT_WAY
from bilan.vault import opens
from bilan.worker import in_application, queue


@mail("plan_review")
def review_mail(*, journey: Journey, survey: str) -> dict[str, Any]:
    """Ask the agent, months after her bilan, how far she is, and her opinion at the address `survey`; not a word of what she had planned."""
    return {
        "to": journey.agent.email,
        "name": journey.agent.display_name,
        "counsellor": journey.counsellor.display_name,
        "months": current_app.config["BILAN"].plan_review_months,
        "link": link_to("plans.review", id=journey.id, way=AGENT_WAY),
        "survey": survey,
        "personal_links": [survey] if survey else [],
    }


def move(*, step: Step, state: State, by: Person) -> None:
    """Say where a step is; raise Gone or JourneyAlreadyClosed. What somebody writes of it meanwhile is not touched."""
    with transaction():
        hold(step.journey)
        current = Step.get_or_none_by_id(step.id)
        if current is None:
            raise Gone
        if current.state is state:
            return
        Step.update(state=state, done_at=now() if state is State.DONE else None).where(Step.id == step.id).execute()
        record(Event.STEP_MOVED, person=by, journey_id=step.journey_id, subject_id=step.id, detail=state.value)


def review(*, step: Step, done: Answer, why: str, base: int, by: Person) -> None:
    """Let the agent say what became of a step, on her version `base`, though the bilan is closed; raise Overtaken."""
    wanted = {"done": done.value, "why": why}
    with transaction():
        # The row is held before it is read: two savings at once do not both find the version that they were written on.
        Step.update(review_revision=Step.review_revision).where(Step.id == step.id).execute()
        current: Any = Step.by_id_with_people(step.id)
        if current.review == wanted:
            return
        if current.review_revision != base:
            raise Overtaken(current)
        current.review, current.review_revision, current.reviewed_at = wanted, base + 1, now()
        current.save()
        record(Event.PLAN_REVIEWED, person=by, journey_id=step.journey_id, subject_id=step.id, detail=done.value)


@queue.periodic_task(crontab(hour="6", minute="40"))
@in_application
def ask_reviews_task() -> None:
    """Each morning: ask the agents whose bilan ended some months ago how far they are."""
    ask_reviews()


def ask_reviews() -> int:
    """Ask for each review once; return how many were asked."""
    count = 0
    for journey in ReviewAsked.waiting(now(), current_app.config["BILAN"].plan_review_months):
        with transaction():
            # Two workers may see it at once: the one that writes the row asks.
            if opens(journey.key_id) and ReviewAsked.claim(journey):
                invitation = satisfaction.ask_months_later(journey=journey)
                review_mail(journey=journey, survey=satisfaction.address_of(invitation) if invitation else "")
                record(Event.PLAN_REVIEW_ASKED, journey_id=journey.id)
                count += 1
    return count
