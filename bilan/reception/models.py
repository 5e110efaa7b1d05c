"""What the secretariat reads at its reception: lines of prescriptions, the load of the counsellors."""

import datetime
import re
import uuid
from collections import defaultdict
from functools import lru_cache
from typing import NamedTuple, Self

from peewee import SQL, Expression, Model, ModelSelect, NodeList, SqliteDatabase, TextField, UUIDField, Value, fn

from bilan.agenda.models import Slot
from bilan.database import database, now
from bilan.french import folded, to_paris
from bilan.interviews.models import Interview
from bilan.journeys.models import ConflictOfInterest, Journey
from bilan.journeys.rules import ORDER
from bilan.people.models import Employer, Person, Role
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import AccessDelay, Clock, access_delay, clock
from bilan.reception.rules import Next, next_step

# Employers that a search may name one by one.
FEW = 100
SHOWN_TODAY, SHOWN_TEAM = 30, 40
# Prescriptions of a year: ten centres have so many.
MANY = 1_000
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


class Today(NamedTuple):
    """The interviews of today; of too many to be read, the next ones."""

    interviews: list[Interview]
    total: int

    @classmethod
    def read(cls) -> Self:
        """Read them, the first one first."""
        query = Interview.of_today()
        found = list(query.limit(SHOWN_TODAY + 1))
        if len(found) <= SHOWN_TODAY:
            return cls(found, len(found))
        coming = query.where(Interview.starts_at > now() - datetime.timedelta(hours=1))
        return cls(list(coming.limit(SHOWN_TODAY)), Interview.select().where(Interview.is_today()).count())


def _proposed_after(days: int) -> Expression:
    """Return a condition that holds whenever more days of Paris than that lie between a prescription and the first interview proposed."""
    # At least so many times twenty-four hours, but for the hour by which a day is shorter in March.
    hours = 24 * days - 1
    if isinstance(database.obj, SqliteDatabase):
        return Prescription.proposed_for >= fn.DATETIME(Prescription.received_at, f"+{hours} hours")
    return Prescription.proposed_for >= Prescription.received_at + SQL(f"INTERVAL '{hours} hours'")


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
    def query(cls, *, search: str, over: bool) -> tuple[ModelSelect, ModelSelect]:
        """Return the prescriptions going on, those without an interview proposed first, the oldest before; or those over, the newest first.

        Then the same to be counted, without their employers.
        """
        wanted = Prescription.is_over() if over else Prescription.is_still_open()
        wanted = wanted & _among(searched(search)) if search else wanted
        order = (Prescription.received_at.desc(),) if over else (~Prescription.proposed_for.is_null(), Prescription.received_at)
        query = Prescription.select(*COLUMNS).join(Employer).where(wanted).order_by(*order, Prescription.id)
        return query, Prescription.select().where(wanted)

    @classmethod
    def ours(cls, days: int) -> list[Self]:
        """Return the lines where the secretariat has something to do, the shortest delay first."""
        since = now() - datetime.timedelta(days=365)
        late = Prescription.delay_reason.is_null() & (Prescription.received_at > since) & _proposed_after(days)
        waiting = Prescription.proposed_for.is_null() | Prescription.counsellor.is_null() | late
        query = Prescription.select(*COLUMNS).join(Employer).where(Prescription.is_still_open(), waiting)
        # The order of their index, which has all that is asked.
        query = query.order_by(~Prescription.proposed_for.is_null(), Prescription.received_at, Prescription.id)
        lines = [cls.of(prescription, days) for prescription in query]
        return sorted(
            (line for line in lines if line.next.is_ours), key=lambda line: (not line.clock.is_running, line.prescription.received_at)
        )


def running() -> list[Prescription]:
    """Return the open prescriptions without an interview proposed: what their clocks need, and no more."""
    columns = (Prescription.id, Prescription.year, Prescription.number, Prescription.received_at, Prescription.reminded_days)
    query = Prescription.select(*columns).where(Prescription.is_still_open(), Prescription.proposed_for.is_null())
    return list(query.order_by(Prescription.received_at))


def year_of_delays(days: int) -> AccessDelay:
    """Return the indicator of the prescriptions received in the last 365 days, to the hour.

    Of MANY of them, it is computed again when one more is there, or the hour has passed.
    """
    since = now().replace(minute=0, second=0, microsecond=0) - datetime.timedelta(days=365)
    facts = fn.COUNT(Prescription.received_at), fn.MAX(Prescription.received_at), fn.MAX(Prescription.proposed_for)
    count, *newest = Prescription.select(*facts).where(_proposed_since(since)).tuples().get()
    return (_delays_of_many if count > MANY else _delays)(days, since, count, *newest)


def _proposed_since(moment: datetime.datetime) -> Expression:
    """Return the condition that it was received since then, and a first interview was proposed."""
    return (Prescription.received_at >= moment) & ~Prescription.proposed_for.is_null()


def _delays(days: int, since: datetime.datetime, *_known: object) -> AccessDelay:
    rows = Prescription.select(Prescription.received_at, Prescription.proposed_for).where(_proposed_since(since)).tuples()
    return access_delay([clock(received_at, proposed_for, now(), days) for received_at, proposed_for in rows])


_delays_of_many = lru_cache(2)(_delays)


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

    @classmethod
    def shown(cls, team: list[Self], search: str, chosen: str | None) -> list[Self]:
        """Return whom a page shows of a large team: the first whose name matches, and whoever is chosen."""
        words = folded(search)
        matching = [one for one in team if words in folded(one.counsellor.display_name)] if words else team
        found = matching[:SHOWN_TEAM]
        return found + [one for one in team if str(one.counsellor.id) == chosen and one not in found]


def _free_slots() -> dict[uuid.UUID, list[datetime.datetime]]:
    """Return the next free slots of each counsellor, the soonest first."""
    horizon = now() + datetime.timedelta(days=60)
    query = Slot.select(Slot.counsellor, Slot.starts_at).where(Slot.interview.is_null(), Slot.starts_at.between(now(), horizon))
    found = defaultdict(list)
    for counsellor_id, starts_at in query.order_by(Slot.starts_at).tuples():
        found[counsellor_id].append(starts_at)
    return found
