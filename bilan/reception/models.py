"""What the secretariat reads at its reception: lines of prescriptions, the load of the counsellors."""

import datetime
import re
import uuid
from collections import defaultdict
from typing import NamedTuple, Self

from peewee import SQL, Expression, Model, ModelSelect, NodeList, SqliteDatabase, TextField, UUIDField, Value, fn

from bilan.agenda.models import Slot
from bilan.database import database, now
from bilan.french import to_paris
from bilan.journeys.models import ConflictOfInterest, Journey
from bilan.journeys.rules import ORDER
from bilan.people.models import Employer, Person, Role
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import AccessDelay, Clock, State, access_delay, clock
from bilan.reception.rules import Next, next_step

# Employers that a search may name one by one.
FEW = 100
# The columns of a line: no motive, nobody's expectations, nothing encrypted.
COLUMNS = (
    Prescription.id,
    Prescription.year,
    Prescription.number,
    Prescription.state,
    Prescription.agent_name,
    Prescription.counsellor,
    Prescription.received_at,
    Prescription.proposed_for,
    Prescription.delay_reason,
    Employer.id,
    Employer.name,
    Employer.agreement_until,
)


class PrescriptionSearch(Model):
    """The words of the names: an FTS5 table on SQLite, which folds accents; an expression of the prescription's index on PostgreSQL."""

    prescription_id = UUIDField()
    words = TextField()

    class Meta:
        database = database
        table_name = "prescription_search"
        primary_key = False


def searched(search: str) -> ModelSelect:
    """Return the identifiers of the prescriptions of an agent whose name has words that begin so, or of an employer whose name holds that.

    One search after the other, each by its index: joined by OR, PostgreSQL would read every prescription.
    """
    of_employers = Prescription.select(Prescription.id).where(Prescription.employer.in_(_employers(search)))
    words = re.findall(r"\w+", search)
    if not words:
        return of_employers
    if isinstance(database.obj, SqliteDatabase):
        asked = " ".join(f'"{word}" *' for word in words)
        match = NodeList((PrescriptionSearch.words, SQL("MATCH"), Value(asked)))
        return of_employers | PrescriptionSearch.select(PrescriptionSearch.prescription_id).where(match)
    asked = " & ".join(f"{word}:*" for word in words)
    match = NodeList((fn.to_tsvector(SQL("'simple'"), Prescription.agent_name), SQL("@@"), fn.to_tsquery(SQL("'simple'"), asked)))
    return of_employers | Prescription.select(Prescription.id).where(match)


def _employers(search: str) -> list[uuid.UUID] | ModelSelect:
    """Return the employers whose name holds that: read once, for the count of a list and for its page, unless there are many."""
    query = Employer.select(Employer.id).where(Employer.name.contains(search))
    found = [one for (one,) in query.limit(FEW + 1).tuples()]
    return found if len(found) <= FEW else query


def _among(ids: ModelSelect) -> Expression:
    """Return the condition to be one of these, a few.

    PostgreSQL plans a query that comes often without its values: it does not know any more that they are few, and would
    read every prescription beside them. Of an array it expects ten, and looks for each.
    """
    return Prescription.id.in_(ids) if isinstance(database.obj, SqliteDatabase) else Prescription.id == fn.ANY(fn.ARRAY(ids))


class Line(NamedTuple):
    """A prescription in the secretariat's list."""

    prescription: Prescription
    clock: Clock
    next: Next

    @classmethod
    def of(cls, prescription: Prescription, days: int) -> Self:
        """Make the line of a prescription that was sent; `days` is the delay promised."""
        moment = now()
        found = clock(prescription.received_at, prescription.proposed_for, moment, days)
        step = Next.NOTHING
        if prescription.is_open or prescription.proposed_for:
            step = next_step(
                state=prescription.state,
                clock=found,
                has_counsellor=prescription.counsellor_id is not None,
                needs_quote=not prescription.employer.has_agreement(to_paris(moment).date()),
                delay_reason=prescription.delay_reason,
            )
        return cls(prescription, found, step)

    @classmethod
    def query(cls, *, search: str, over: bool) -> ModelSelect:
        """Return the prescriptions going on, those without an interview proposed first, the oldest before; or those over, the newest first."""
        query = Prescription.select(*COLUMNS).join(Employer)
        if search:
            query = query.where(_among(searched(search)))
        if over:
            query = query.where(Prescription.state.not_in([State.DRAFT]), ~Prescription.is_still_open())
            return query.order_by(Prescription.received_at.desc(), Prescription.id)
        query = query.where(Prescription.is_still_open())
        return query.order_by(~Prescription.proposed_for.is_null(), Prescription.received_at, Prescription.id)

    @classmethod
    def ours(cls, days: int) -> list[Self]:
        """Return the lines where the secretariat has something to do, the shortest delay first."""
        since = now() - datetime.timedelta(days=365)
        waiting = Prescription.is_still_open() & (Prescription.proposed_for.is_null() | (Prescription.received_at > since))
        query = Prescription.select(*COLUMNS).join(Employer).where(waiting).order_by(Prescription.received_at)
        lines = [cls.of(prescription, days) for prescription in query]
        return sorted((line for line in lines if line.next.is_ours), key=lambda line: (not line.clock.is_running, line.clock.deadline))


def running() -> list[Prescription]:
    """Return the open prescriptions without an interview proposed: what their clocks need, and no more."""
    columns = (Prescription.id, Prescription.year, Prescription.number, Prescription.received_at, Prescription.reminded_days)
    query = Prescription.select(*columns).where(Prescription.is_still_open(), Prescription.proposed_for.is_null())
    return list(query.order_by(Prescription.received_at))


def year_of_delays(days: int) -> AccessDelay:
    """Return the indicator of the prescriptions received in the last 365 days."""
    received = (Prescription.received_at >= now() - datetime.timedelta(days=365)) & ~Prescription.proposed_for.is_null()
    rows = Prescription.select(Prescription.received_at, Prescription.proposed_for).where(received).tuples()
    return access_delay([clock(received_at, proposed_for, now(), days) for received_at, proposed_for in rows])


class Load(NamedTuple):
    """A counsellor who may be named: how many open journeys, the next free slots, a conflict declared."""

    counsellor: Person
    journeys: int
    free: list[datetime.datetime]
    has_conflict: bool

    @classmethod
    def listed(cls, prescription: Prescription, slots: int = 3) -> list[Self]:
        """Return the active counsellors for a prescription, without conflict first, then the least loaded."""
        people = list(Person.select().where(Person.role == Role.COUNSELLOR, Person.active).order_by(Person.display_name))
        counts = Journey.select(Journey.counsellor, fn.COUNT(Journey.id)).where(Journey.phase.in_(ORDER)).group_by(Journey.counsellor)
        journeys = dict(counts.tuples())
        free = _free_slots()
        conflicts = ConflictOfInterest.of_case(prescription.employer_id, prescription.agent_name)
        found = [cls(one, journeys.get(one.id, 0), free[one.id][:slots], one.id in conflicts) for one in people]
        return sorted(found, key=lambda load: (load.has_conflict, load.journeys))


def _free_slots() -> dict[uuid.UUID, list[datetime.datetime]]:
    """Return the next free slots of each counsellor, the soonest first."""
    horizon = now() + datetime.timedelta(days=60)
    query = Slot.select(Slot.counsellor, Slot.starts_at).where(Slot.interview.is_null(), Slot.starts_at.between(now(), horizon))
    found = defaultdict(list)
    for counsellor_id, starts_at in query.order_by(Slot.starts_at).tuples():
        found[counsellor_id].append(starts_at)
    return found
