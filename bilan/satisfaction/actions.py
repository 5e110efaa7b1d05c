"""Asking for an opinion, reminding, taking the answer without keeping whose it is."""

from collections.abc import Mapping
from typing import Any

from flask import current_app
from huey import crontab

from bilan.database import now, transaction
from bilan.french import to_paris
from bilan.journal import Event, record
from bilan.journeys.models import Journey
from bilan.mail.actions import link_to, mail
from bilan.people.models import Person
from bilan.prescriptions.models import Prescription
from bilan.satisfaction import surveys
from bilan.satisfaction.models import Invitation, Rating, SurveyAnswer, Verbatim, closed_months_ago
from bilan.satisfaction.rules import AT_CLOSING, COUNSELLOR, MONTHS_LATER, OFFICER, OPEN_DAYS, quarter_of, reminders_due, sign
from bilan.worker import in_application, queue


class AlreadyAnswered(Exception):
    """The survey was answered: an answer is given once."""


def address_of(invitation: Invitation) -> str:
    """Return the personal address where a survey is answered, without signing in."""
    token = sign(current_app.config["SECRET_KEY"], str(invitation.id))
    return link_to("satisfaction.fill", token=token)


def _to(invitation: Invitation, to: Person) -> dict[str, Any]:
    link = address_of(invitation)
    survey = invitation.definition
    return {
        "to": to.email,
        "name": to.display_name,
        "link": link,
        "personal_links": [link],
        "minutes": survey.minutes,
        "days": OPEN_DAYS,
        "title": survey.title,
    }


@mail("survey_agent")
def agent_mail(*, invitation: Invitation, to: Person) -> dict[str, Any]:
    """Ask the agent for her opinion when her bilan ends."""
    return _to(invitation, to)


@mail("survey_months_later")
def months_later_mail(*, invitation: Invitation, to: Person) -> dict[str, Any]:
    """Ask the agent for her opinion months later, when she has no plan to review."""
    return {**_to(invitation, to), "months": current_app.config["BILAN"].plan_review_months}


@mail("survey_officer")
def officer_mail(*, invitation: Invitation, to: Person) -> dict[str, Any]:
    """Ask the HR officer who prescribed for her opinion of the service; no bilan is named."""
    return _to(invitation, to)


@mail("survey_counsellor")
def counsellor_mail(*, invitation: Invitation, to: Person) -> dict[str, Any]:
    """Ask the counsellor for her opinion of her means; no bilan is named."""
    return _to(invitation, to)


@mail("survey_reminder")
def reminder_mail(*, invitation: Invitation, to: Person) -> dict[str, Any]:
    """Remind of a survey, without insisting."""
    return _to(invitation, to)


def ask_at_closing(*, journey: Journey) -> None:
    """Ask the agent, whoever prescribed, and the counsellor; the last two not again within rules.PAUSE_DAYS."""
    with transaction():
        asked = _invite(journey, journey.agent, AT_CLOSING)
        if asked:
            agent_mail(invitation=asked, to=journey.agent)
        prescription = Prescription.select(Prescription, Person).join(Person, on=Prescription.author).where(Prescription.id == journey.id)
        found = prescription.first()
        others = [(journey.counsellor, COUNSELLOR, counsellor_mail)]
        if found and found.author.active:
            others.append((found.author, OFFICER, officer_mail))
        for person, survey, post in others:
            asked = None if Invitation.was_asked_lately(person, survey) else _invite(journey, person, survey)
            if asked:
                post(invitation=asked, to=person)


def ask_months_later(*, journey: Journey) -> Invitation | None:
    """Return the invitation to the survey that follows a bilan, for the e-mail of its caller; None when she was asked already."""
    return _invite(journey, journey.agent, MONTHS_LATER)


def _invite(journey: Journey, person: Person, slug: str) -> Invitation | None:
    with transaction():
        invitation = Invitation(journey=journey.id, recipient=person, survey=slug, version=surveys.find(slug).version)
        # Two workers may see it at once: the one that writes the row asks.
        if not Invitation.insert(invitation.__data__).on_conflict_ignore().as_rowcount().execute():
            return None
        record(Event.SURVEY_ASKED, journey_id=journey.id, subject_id=invitation.id, detail=slug)
    return invitation


@queue.periodic_task(crontab(hour="6", minute="50"))
@in_application
def ask_task() -> None:
    """Each morning, after the plans' reviews: ask those who have no plan, and remind."""
    ask_those_without_plan()
    remind()


def ask_those_without_plan() -> int:
    """Ask the agents whose bilan ended months ago and whom the review of a plan did not ask; return how many."""
    count = 0
    for journey in closed_months_ago(now(), current_app.config["BILAN"].plan_review_months):
        with transaction():
            invitation = ask_months_later(journey=journey)
            if invitation:
                months_later_mail(invitation=invitation, to=journey.agent)
                count += 1
    return count


def remind() -> int:
    """Remind of the surveys that wait; a worker that slept sends one reminder, not two. Return how many were sent."""
    today, count = to_paris(now()).date(), 0
    for invitation in Invitation.unanswered():
        due = reminders_due(to_paris(invitation.created_at).date(), today)
        with transaction():
            late = (Invitation.id == invitation.id) & (Invitation.reminded < due) & ~Invitation.answered
            if Invitation.update(reminded=due).where(late).execute():
                reminder_mail(invitation=invitation, to=invitation.recipient)
                count += 1
    return count


def answer(*, invitation: Invitation, ratings: Mapping[str, int], texts: Mapping[str, str]) -> None:
    """Keep an answer, and that the right to give it is used up; raise AlreadyAnswered.

    Nothing of what is kept says whose it is: neither the journal, nor a date, nor an identifier. The
    marks of one person stay together, her open answers stand alone.
    """
    survey = invitation.definition
    quarter = quarter_of(to_paris(invitation.created_at).date())
    with transaction():
        mine = Invitation.update(answered=True).where(Invitation.id == invitation.id, ~Invitation.answered)
        if not mine.execute():
            raise AlreadyAnswered
        kept = SurveyAnswer.create(
            survey=survey.slug, version=survey.version, quarter=quarter, employer_size=invitation.journey.employer.size
        )
        for question, value in ratings.items():
            Rating.create(answer=kept, question=question, value=value)
        for question, text in texts.items():
            Verbatim.create(survey=survey.slug, version=survey.version, quarter=quarter, question=question, text=text)
