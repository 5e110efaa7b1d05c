"""What an HR service may know of a bilan, and nothing else."""

import datetime
import uuid
from typing import Any, NamedTuple, Self

from peewee import JOIN, SQL, ModelSelect, fn

from bilan.database import as_moment
from bilan.interviews.models import Interview
from bilan.journeys.models import Journey
from bilan.journeys.rules import Phase
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import OPEN, State


class AdministrativeFacts(NamedTuple):
    """All that an HR service may know of a bilan without the agent's agreement.

    The query selects these columns and no other: what HR may not see is not read.
    `held_minutes` leaves out the review with HR; `engaged_at` is the agent's commitment.
    """

    id: uuid.UUID
    reference: str
    agent_name: str
    state: State
    phase: Phase | None
    received_at: datetime.datetime | None
    proposed_for: datetime.datetime | None
    first_interview_at: datetime.datetime | None
    held_minutes: int | None
    engaged_at: datetime.datetime | None
    ended_at: datetime.datetime | None

    @property
    def label(self) -> str:
        """Return the state in words; what ended before the agent's commitment is "sans suite", whatever the reason."""
        if self.state in (State.ENDED, State.INTERRUPTED):
            words = "Interrompu" if self.state is State.INTERRUPTED else "Terminé"
            return words if self.engaged_at else "Sans suite"
        if self.phase is not None and self.state is State.ACCEPTED:
            return self.phase.label
        words = {State.ACCEPTED: "acceptée par l’agent"}.get(self.state, self.state.label)
        return words.capitalize()

    @property
    def clock_counts(self) -> bool:
        """Whether the 20 days still mean something: not for what ended before any interview was proposed."""
        return self.proposed_for is not None or self.state in OPEN

    @classmethod
    def listed(cls, employer_id: object, *, search: str = "", finished: bool = False) -> ModelSelect:
        """Return an employer's prescriptions going on (or finished), the newest first, those whose name or number matches."""
        over = Prescription.is_over()
        query = cls._facts().where(Prescription.employer == employer_id, over if finished else Prescription.is_still_open())
        if search:
            number = search.rsplit("-", 1)[-1]
            same_number = Prescription.number == int(number) if number.isdecimal() and len(number) < 9 else SQL("FALSE")
            query = query.where(Prescription.agent_name.contains(search) | same_number)
        return query.order_by(Prescription.received_at.desc(), Prescription.id)

    @classmethod
    def of_prescription(cls, prescription: Prescription) -> Self:
        """Return the facts of one prescription that was sent."""
        return cls._facts().where(Prescription.id == prescription.id).get()

    @classmethod
    def _facts(cls) -> ModelSelect:
        first = Interview.select(fn.MIN(Interview.starts_at)).where(Interview.journey == Prescription.id, Interview.not_cancelled())
        return (
            Prescription.select(
                Prescription.id,
                Prescription.year,
                Prescription.number,
                Prescription.agent_name,
                Prescription.state,
                Journey.phase,
                Prescription.received_at,
                Prescription.proposed_for,
                first.alias("first_interview_at"),
                Interview.held_minutes_of(Prescription.id).alias("held_minutes"),
                Journey.accompaniment_at.alias("engaged_at"),
                fn.COALESCE(Journey.closed_at, Prescription.ended_at).alias("ended_at"),
            )
            .join(Journey, JOIN.LEFT_OUTER, on=(Journey.id == Prescription.id))
            .objects(cls.of_row)
        )

    @classmethod
    def of_row(cls, **row: Any) -> Self:
        """Make the facts of a row."""
        return cls(
            id=row["id"],
            reference=f"{Prescription.letter}-{row['year']}-{row['number']:04d}",
            agent_name=row["agent_name"],
            state=State(row["state"]),
            phase=Phase(row["phase"]) if row["phase"] else None,
            received_at=row["received_at"],
            proposed_for=row["proposed_for"],
            first_interview_at=as_moment(row["first_interview_at"]),
            held_minutes=row["held_minutes"],
            engaged_at=row["engaged_at"],
            ended_at=as_moment(row["ended_at"]),
        )
