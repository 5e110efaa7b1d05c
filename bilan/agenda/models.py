"""What counsellors offer: slots, the time they take, and the address by which a calendar follows them."""

import datetime
import uuid
from collections.abc import Sequence
from typing import Any, NamedTuple, Self

from peewee import (
    JOIN,
    SQL,
    CharField,
    CompositeKey,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    IntegrityError,
    ModelSelect,
    UUIDField,
)
from playhouse.fields import EnumField

from bilan import french
from bilan.agenda.rules import cells
from bilan.database import BaseModel, database, now
from bilan.interviews.models import Interview
from bilan.interviews.rules import Mode, Outcome
from bilan.journeys.models import Journey
from bilan.people.models import Person, Role


class TimeTaken(Exception):
    """The counsellor is not free at that time; `slot` is what is met there (None: it has just gone)."""

    def __init__(self, slot: "Slot | None") -> None:
        super().__init__("time taken")
        self.slot = slot

    @property
    def sentence(self) -> str:
        """Return what the screens say of it."""
        if self.slot is None:
            return "Cette heure vient d’être prise. Choisissez-en une autre."
        kind = "un créneau libre" if self.slot.interview_id is None else "un entretien"
        hours = f"de {french.clock(self.slot.starts_at)} à {french.clock(self.slot.ends_at)}"
        return f"Vous avez déjà {kind} {french.day(self.slot.starts_at)}, {hours}. Choisissez une autre heure."


class Slot(BaseModel):
    """A time that a counsellor offers, free as long as no interview has taken it.

    `place` is an address on site, a link for a remote meeting; it is empty when the time was
    never offered: a meeting planned directly takes it. The slots published together carry the
    same `series_id`.
    """

    counsellor = ForeignKeyField(Person, on_delete="RESTRICT")
    starts_at = DateTimeField()
    minutes = IntegerField()
    mode = EnumField(Mode, max_length=10)
    place = CharField(max_length=300, default="")
    access_notes = CharField(max_length=500, default="")
    series_id = UUIDField(null=True, index=True)
    interview = ForeignKeyField(Interview, null=True, unique=True, on_delete="SET NULL")

    class Meta:
        constraints = (SQL("CONSTRAINT slot_within_a_day CHECK (minutes BETWEEN 15 AND 480)"),)
        indexes = ((("counsellor", "starts_at"), False), (("starts_at",), False))

    @property
    def ends_at(self) -> datetime.datetime:
        """Return its end (naive UTC)."""
        return self.starts_at + datetime.timedelta(minutes=self.minutes)

    @classmethod
    def reserve(cls, **values: Any) -> Self:
        """Create a slot with the time it takes; raise TimeTaken."""
        try:
            with database.atomic():
                slot = cls.create(**values)
                BusyCell.take(slot)
        except IntegrityError:
            raise TimeTaken(cls.met(values["counsellor"], values["starts_at"], values["minutes"])) from None
        return slot

    def relocate(self, **values: Any) -> None:
        """Give a slot another time, within a transaction; raise TimeTaken."""
        try:
            with database.atomic():
                BusyCell.delete().where(BusyCell.slot == self.id).execute()
                Slot.update(**values).where(Slot.id == self.id).execute()
                BusyCell.take(Slot.get_by_id(self.id))
        except IntegrityError:
            raise TimeTaken(Slot.met(self.counsellor_id, values["starts_at"], values["minutes"], but=self.id)) from None

    @classmethod
    def met(cls, counsellor: object, starts_at: datetime.datetime, minutes: int, but: uuid.UUID | None = None) -> Self | None:
        """Return the first slot of a counsellor that a time would meet, or None."""
        taken = cells(starts_at, minutes)
        found = cls.select().join(BusyCell, on=(BusyCell.slot == cls.id)).where(BusyCell.counsellor == counsellor)
        found = found.where(BusyCell.cell.between(taken.start, taken.stop - 1))
        return (found if but is None else found.where(cls.id != but)).order_by(cls.starts_at).first()

    @classmethod
    def free(cls) -> Any:
        """Return the condition that it is still offered."""
        return cls.interview.is_null() & (cls.place != "")

    @classmethod
    def offered(cls, journey: Journey, *, minutes: int, after: datetime.datetime) -> list[Self]:
        """Return the free slots for a journey at least that long, which begin after that moment, the first one first.

        They are those of the referent, and those of the replacement as long as she replaces.
        """
        whose = cls.counsellor == journey.counsellor_id
        if ends := journey.replacement_ends_at:
            whose |= (cls.counsellor == journey.replacement_id) & (cls.starts_at < ends)
        query = cls.select(cls, Person).join(Person).where(whose, cls.free(), cls.minutes >= minutes, cls.starts_at >= after)
        return list(query.order_by(cls.starts_at, cls.id))

    @classmethod
    def of_interview(cls, interview: Interview) -> Self | None:
        """Return the slot that an interview holds, with its counsellor."""
        return cls.select(cls, Person).join(Person).where(cls.interview == interview.id).first()

    @classmethod
    def leave(cls, interview: Interview) -> None:
        """Take an interview off its slot: offered again while it is to come, else gone."""
        held = cls.interview == interview.id
        cls.delete().where(held, (cls.place == "") | (cls.starts_at <= now())).execute()
        cls.update(interview=None).where(held).execute()

    @classmethod
    def follow(cls, interview: Interview, counsellor: Person) -> None:
        """Make the time taken that of an interview which a counsellor has just planned or changed; raise TimeTaken."""
        slot = cls.of_interview(interview)
        values = {"starts_at": interview.starts_at, "minutes": interview.planned_minutes, "mode": interview.mode}
        if interview.starts_at <= now():
            cls.leave(interview)
        elif slot is None:
            cls.reserve(counsellor=counsellor, interview=interview, **values)
        else:
            same = slot.mode is interview.mode
            slot.relocate(place=slot.place if same else "", access_notes=slot.access_notes if same else "", **values)


class BusyCell(BaseModel):
    """Five minutes of a counsellor, taken by one slot: the key makes an overlap impossible in either database.

    `cell` counts the five minutes since 1970.
    """

    id = None
    created_at = None
    counsellor = ForeignKeyField(Person, on_delete="CASCADE")
    cell = IntegerField()
    slot = ForeignKeyField(Slot, on_delete="CASCADE")

    class Meta:
        primary_key = CompositeKey("counsellor", "cell")

    @classmethod
    def take(cls, slot: Slot) -> None:
        """Take the time of a slot; the database refuses what is already taken (IntegrityError)."""
        rows = [{"counsellor": slot.counsellor_id, "cell": cell, "slot": slot.id} for cell in cells(slot.starts_at, slot.minutes)]
        cls.insert_many(rows).execute()


class Subscription(BaseModel):
    """The private address by which a counsellor's own calendar follows the agenda; only its digest is kept."""

    counsellor = ForeignKeyField(Person, unique=True, on_delete="CASCADE")
    digest = CharField(max_length=64, unique=True)

    @classmethod
    def reader(cls, digest: str) -> Person | None:
        """Return the counsellor whom an address serves, while the account is open."""
        query = Person.select().join(cls, on=(cls.counsellor == Person.id))
        return query.where(cls.digest == digest, Person.active, Person.role == Role.COUNSELLOR).first()


class Entry(NamedTuple):
    """A line of the agenda: a slot, free or booked, or an interview without a slot (cancelled, or noted afterwards)."""

    starts_at: datetime.datetime
    minutes: int
    mode: Mode
    counsellor: Person
    slot: Slot | None
    interview: Interview | None

    @property
    def ends_at(self) -> datetime.datetime:
        """Return its end (naive UTC)."""
        return self.starts_at + datetime.timedelta(minutes=self.minutes)

    @property
    def is_coming(self) -> bool:
        """Whether it has not begun."""
        return self.starts_at > now()

    @property
    def state(self) -> tuple[str, str]:
        """Return its state in words and the kind of tag that shows it: see components/status.html."""
        if self.interview is None:
            return "libre", "todo"
        outcome = self.interview.outcome
        if outcome is None:
            return "réservé", "info"
        return outcome.label, "done" if outcome is Outcome.HELD else "attention"


def agenda(counsellors: Sequence[Person], start: datetime.datetime, end: datetime.datetime) -> list[Entry]:
    """Return the lines of these counsellors between two moments, in two queries: the slots, then the interviews without one."""
    named = {one.id: one for one in counsellors}
    slots = _with_agent(Slot.select(Slot, Interview, Journey, Person).join(Interview, JOIN.LEFT_OUTER))
    slots = slots.where(Slot.counsellor.in_(list(named)), Slot.starts_at >= start, Slot.starts_at < end)
    alone = meetings().where(
        Slot.id.is_null(), Journey.counsellor.in_(list(named)), Interview.starts_at >= start, Interview.starts_at < end
    )
    found = [Entry(one.starts_at, one.minutes, one.mode, named[one.counsellor_id], one, one.interview) for one in slots]
    found += [Entry(one.starts_at, one.planned_minutes, one.mode, named[one.journey.counsellor_id], None, one) for one in alone]
    return sorted(found, key=lambda entry: (entry.starts_at, entry.counsellor.display_name))


def meetings() -> ModelSelect:
    """Return interviews with their journey and agent, joined to their slot where there is one."""
    query = _with_agent(Interview.select(Interview, Journey, Person))
    return query.switch(Interview).join(Slot, JOIN.LEFT_OUTER, on=(Slot.interview == Interview.id))


def followed(counsellor: Person, since: datetime.datetime) -> list[Interview]:
    """Return the interviews of a counsellor from that moment on, planned or held, the first one first."""
    hers = (Slot.counsellor == counsellor.id) | (Slot.id.is_null() & (Journey.counsellor == counsellor.id))
    wanted = Interview.pending() | (Interview.outcome == Outcome.HELD)
    return list(meetings().where(hers, wanted, Interview.starts_at >= since).order_by(Interview.starts_at))


def counsellors_seen_by(person: Person) -> list[Person]:
    """Return whose agenda a person reads: a counsellor her own, the secretariat everybody's, by name."""
    if person.role is Role.COUNSELLOR:
        return [person]
    return list(Person.select().where(Person.role == Role.COUNSELLOR, Person.active).order_by(Person.display_name, Person.id))


def _with_agent(query: ModelSelect) -> ModelSelect:
    return query.join(Journey, JOIN.LEFT_OUTER).join(Person, JOIN.LEFT_OUTER, on=Journey.agent)
