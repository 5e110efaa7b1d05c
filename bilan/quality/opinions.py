"""What the opinions are counted from: each survey's question of the whole, then its other closed questions."""

from collections import Counter, defaultdict
from typing import Any

from peewee import fn

from bilan.french import to_paris
from bilan.journeys.models import Journey
from bilan.people.models import Employer
from bilan.quality.rules import Source
from bilan.satisfaction import surveys
from bilan.satisfaction.models import Invitation, Rating, SurveyAnswer
from bilan.satisfaction.rules import AT_CLOSING, COUNSELLOR, MONTHS_LATER, OFFICER, quarter_of
from bilan.satisfaction.surveys import OVERALL, RECOMMENDATION, Kind

Marks = dict[tuple[str, str], Counter[Any]]


def opinions() -> dict[str, Source]:
    """Return the source of each indicator that counts answers to surveys, and of the response rate."""
    marks: Marks = defaultdict(Counter)
    columns = (SurveyAnswer.survey, Rating.question, SurveyAnswer.quarter, SurveyAnswer.employer_size, Rating.value)
    counted = Rating.select(*columns, fn.COUNT(Rating.id)).join(SurveyAnswer).group_by(*columns)
    for survey, question, day, size, value, count in counted.tuples():
        marks[survey, question][day, size, "", "", float(value)] += count
    asked = Counter[Any]()
    invited = Invitation.select(Invitation.created_at, Employer.size, Invitation.answered).join(Journey).join(Employer)
    for created_at, size, answered in invited.where(Invitation.survey == AT_CLOSING).tuples().iterator():
        asked[quarter_of(to_paris(created_at).date()), size, "", "", float(answered)] += 1
    # At the end of a bilan, the recommendation is an indicator of its own.
    ended = _survey(AT_CLOSING, marks)._replace(marks={})
    later, officers, counsellors = (_survey(slug, marks) for slug in (MONTHS_LATER, OFFICER, COUNSELLOR))
    return {
        "satisfaction": ended,
        "recommendation": Source(marks[AT_CLOSING, RECOMMENDATION]),
        "response": Source(asked),
        "months_later": later,
        "officers": officers,
        "counsellors": counsellors,
    }


def _survey(slug: str, marks: Marks) -> Source:
    """Return the answers to the question of the whole, and to each other closed question by its kind."""
    survey = surveys.find(slug)
    levels = {one.short: marks[slug, one.key] for one in survey.of_kind(Kind.LEVEL) if one.key != OVERALL}
    scored = {one.short: marks[slug, one.key] for one in survey.of_kind(Kind.SCORE)}
    choices = {one.short: _chosen(one, marks[slug, one.key]) for one in survey.of_kind(Kind.CHOICE)}
    return Source(marks[slug, OVERALL], questions=levels, marks=scored, choices=choices)


def _chosen(question: surveys.Question, marks: Counter[Any]) -> Counter[Any]:
    """Return the answers to a choice by their words."""
    found = Counter[Any]()
    for (day, size, phase, _, value), count in marks.items():
        found[day, size, phase, question.choices[str(int(value))], 1.0] += count
    return found
