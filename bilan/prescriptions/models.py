"""What the HR service follows of the bilans of its agents."""

import datetime
from typing import Any, NamedTuple, Self

from peewee import ModelSelect, fn

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
    def listed(cls, employer_id: object) -> ModelSelect:
        """Return an employer's bilans, the newest first, as rows of these facts."""
        first = Interview.select(fn.MIN(Interview.starts_at)).where(Interview.journey == Journey.id)
        return (
            Journey.select(
                Person.display_name,
                Journey.phase,
                Journey.created_at,
                first.alias("first_interview_at"),
                Interview.held_minutes_of(Journey.id).alias("held_minutes"),
                Journey.closed_at,
            )
            .join(Person, on=Journey.agent)
            .where(Journey.employer == employer_id)
            .order_by(Journey.created_at.desc(), Journey.id)
            .objects(cls.of_row)
        )

    @classmethod
    def of_row(cls, **row: Any) -> Self:
        """Make the facts of a row."""
        return cls(
            agent_name=row["display_name"],
            phase=Phase(row["phase"]),
            opened_at=row["created_at"],
            first_interview_at=_moment(row["first_interview_at"]),
            held_minutes=row["held_minutes"],
            closed_at=row["closed_at"],
        )


def _moment(value: object) -> datetime.datetime | None:
    """Return the moment of an aggregate, which SQLite gives as text."""
    return datetime.datetime.fromisoformat(value) if isinstance(value, str) else value  # type: ignore[return-value]
