"""What somebody of the team holds on the day she leaves."""

import uuid
from typing import NamedTuple, Self

from peewee import JOIN, ModelSelect

from bilan.agenda.models import BusyCell, Slot, Subscription
from bilan.agenda.rules import cells
from bilan.complaints.models import KEEPERS, Complaint
from bilan.database import now
from bilan.french import to_paris
from bilan.improvement.models import OVER, Improvement
from bilan.interviews.models import Interview
from bilan.journeys.models import Journey
from bilan.journeys.rules import Phase
from bilan.people.models import Employer, Person
from bilan.prescriptions.models import Prescription


class Holding(NamedTuple):
    """What passes to others: the bilans that go on, the replacements, the free slots, the meetings to come, what she treats."""

    cases: list[Prescription]
    replacements: list[Journey]
    free: int
    meetings: list[Slot]
    complaints: list[Complaint]
    improvements: list[Improvement]
    has_calendar: bool

    @classmethod
    def of(cls, person: Person) -> Self:
        """Return what this person holds now."""
        offered = Slot.select().where(Slot.counsellor == person, Slot.interview.is_null(), Slot.starts_at > now())
        return cls(
            cases=list(_cases(person)),
            replacements=_replacements(person),
            free=offered.count(),
            meetings=list(_meetings(person)),
            complaints=list(Complaint.select().where(Complaint.owner == person, Complaint.closed_at.is_null())),
            improvements=list(Improvement.select().where(Improvement.owner == person, Improvement.state.not_in(list(OVER)))),
            has_calendar=Subscription.select().where(Subscription.counsellor == person).exists(),
        )

    def complaints_for(self, reader: Person) -> int:
        """Return how many complaints there are for a reader: none of those that concern her."""
        return sum(one.about_id != reader.id for one in self.complaints)

    def to_cancel(self, heirs: dict[uuid.UUID, Person]) -> list[Slot]:
        """Return the meetings whose hour the next referent has already given to somebody else."""
        return [slot for slot in self.meetings if is_taken(slot, heirs.get(slot.interview.journey_id, slot.interview.journey.counsellor))]


def may_leave(person: Person, by: Person) -> bool:
    """Whether somebody may note this departure: an open account of the team, but one's own."""
    return person.is_team and person.active and person.id != by.id


def may_treat(person: Person) -> bool:
    """Whether complaints and actions may be entrusted to that role."""
    return person.role in KEEPERS


def is_taken(slot: Slot, heir: Person) -> bool:
    """Whether a counsellor has another meeting at the hour of that slot."""
    return met_by(slot, heir).where(Slot.interview.is_null(is_null=False)).exists()


def met_by(slot: Slot, heir: Person) -> ModelSelect:
    """Return a query of the slots of a counsellor that the hour of that slot meets."""
    taken = cells(slot.starts_at, slot.minutes)
    found = Slot.select(Slot.id).join(BusyCell, on=(BusyCell.slot == Slot.id))
    return found.where(BusyCell.counsellor == heir, BusyCell.cell.between(taken.start, taken.stop - 1), Slot.id != slot.id)


def _cases(person: Person) -> ModelSelect:
    """Return the prescriptions that she accompanies, or would: the bilan goes on, or the agent has not answered yet."""
    going = (Journey.counsellor == person) & (Journey.phase != Phase.CLOSED)
    named = (Prescription.counsellor == person) & Prescription.is_still_open() & Journey.id.is_null()
    query = Prescription.select(Prescription, Employer).join(Employer).switch(Prescription)
    query = query.join(Journey, JOIN.LEFT_OUTER, on=(Journey.id == Prescription.id))
    return query.where(going | named).order_by(Prescription.agent_name, Prescription.id)


def _replacements(person: Person) -> list[Journey]:
    lasting = (Journey.replacement == person) & (Journey.replacement_until >= to_paris(now()).date())
    return list(Journey.with_people().where(lasting, Journey.phase != Phase.CLOSED).order_by(Person.display_name, Journey.id))


def _meetings(person: Person) -> ModelSelect:
    query = Slot.select(Slot, Interview, Journey).join(Interview).join(Journey)
    query = Journey.join_people(query)
    return query.where(Slot.counsellor == person, Interview.pending(), Slot.starts_at > now()).order_by(Slot.starts_at)
