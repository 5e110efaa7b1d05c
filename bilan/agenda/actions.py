"""Agenda."""

from bilan.journeys.models import Journey
from bilan.people.models import Person


def cancel_coming(*, journey: Journey, by: Person) -> None:
    """Cancel what is to come."""
