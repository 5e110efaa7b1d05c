"""What the HR service follows of the bilans of its agents."""

import datetime
from typing import NamedTuple, Self

from peewee import fn

from bilan.interviews.models import Interview
from bilan.journeys.models import Journey
from bilan.journeys.rules import Phase
from bilan.people.models import Person


class AdministrativeFacts(NamedTuple):
    """All that an HR service may know of a bilan without the agent's agreement.

    The query selects these columns and no other: what HR may not see is not read.
    `held_minutes` leaves out the review with HR.
    """

    agent_name: str
    phase: Phase
    opened_at: datetime.datetime
    first_interview_at: datetime.datetime | None
    held_minutes: int | None
    closed_at: datetime.datetime | None

    @classmethod
    def page(cls, employer_id: object, page: int, size: int) -> tuple[list[Self], int]:
        """Return one page of an employer's bilans, the newest first, and the number of pages."""
        pages = max(-(-Journey.select().where(Journey.employer == employer_id).count() // size), 1)
        first = Interview.select(fn.MIN(Interview.starts_at)).where(Interview.journey == Journey.id)
        held = Interview.held_minutes_of(Journey.id)
        rows = (
            Journey.select(
                Person.display_name,
                Journey.phase,
                Journey.created_at,
                first.alias("first_interview_at"),
                held.alias("held"),
                Journey.closed_at,
            )
            .join(Person, on=Journey.agent)
            .where(Journey.employer == employer_id)
            .order_by(Journey.created_at.desc(), Journey.id)
            .paginate(min(page, pages), size)
            .tuples()
        )
        return [
            cls(name, Phase(phase), opened, _moment(start), minutes, closed) for name, phase, opened, start, minutes, closed in rows
        ], pages


def _moment(value: object) -> datetime.datetime | None:
    """Return the moment of an aggregate, which SQLite gives as text."""
    return datetime.datetime.fromisoformat(value) if isinstance(value, str) else value  # type: ignore[return-value]
