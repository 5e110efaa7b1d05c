"""One agent's bilan: its phase, its referent, its dates."""

import datetime
import uuid
from typing import Self

from peewee import JOIN, SQL, CharField, DateField, DateTimeField, Expression, ForeignKeyField, ModelSelect, fn
from playhouse.fields import EnumField

from bilan.database import BaseModel, now
from bilan.french import from_paris, to_paris
from bilan.journeys.rules import ORDER, Phase
from bilan.people.models import Employer, Person
from bilan.statements import one_row


class Journey(BaseModel):
    """An agent's bilan. Its identifier is also the name of its encryption key."""

    agent = ForeignKeyField(Person, on_delete="RESTRICT")
    counsellor = ForeignKeyField(Person, on_delete="RESTRICT")
    employer = ForeignKeyField(Employer, on_delete="RESTRICT")
    phase = EnumField(Phase, max_length=20, default=Phase.DIAGNOSTIC)
    accompaniment_at = DateTimeField(null=True)
    conclusion_at = DateTimeField(null=True)
    closed_at = DateTimeField(null=True)
    replacement = ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    replacement_until = DateField(null=True)

    class Meta:
        constraints = (
            SQL("CONSTRAINT agent_is_not_referent CHECK (agent_id <> counsellor_id)"),
            SQL("CONSTRAINT closed_has_its_date CHECK ((phase = 'closed') = (closed_at IS NOT NULL))"),
            SQL("CONSTRAINT closed_after_opened CHECK (closed_at IS NULL OR closed_at >= created_at)"),
        )
        indexes = (
            (("counsellor", "phase"), False),
            (("agent", "phase"), False),
            (("employer", "created_at"), False),
            (("phase", "counsellor"), False),
        )

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of the key that encrypts this journey's content."""
        return self.id

    @property
    def is_open(self) -> bool:
        """Whether content may still be written."""
        return self.phase is not Phase.CLOSED

    @property
    def replacement_ends_at(self) -> datetime.datetime | None:
        """Return the moment after the last day of a replacement that is not over, None when there is none."""
        if self.replacement_until is None or self.replacement_until < to_paris(now()).date():
            return None
        return from_paris(datetime.datetime.combine(self.replacement_until + datetime.timedelta(days=1), datetime.time()))

    @classmethod
    def join_people(cls, query: ModelSelect) -> ModelSelect:
        """Add to a query that has joined the journey its agent and its counsellor."""
        counsellor = Person.alias("counsellor_person")
        return (
            query.join(Person, on=cls.agent)
            .switch(cls)
            .join(counsellor, on=(cls.counsellor == counsellor.id), attr="counsellor")
            .select_extend(Person, counsellor)
        )

    @classmethod
    def with_people(cls) -> ModelSelect:
        """Return journeys with their agent, counsellor and employer, in one query."""
        return cls.join_people(cls.select(cls, Employer)).switch(cls).join(Employer)

    @one_row
    def by_id_with_people(cls, journey_id: uuid.UUID) -> ModelSelect:
        """Return one journey with its people, or None."""
        return cls.with_people().where(cls.id == journey_id)

    @one_row
    def of_agent(cls, agent: Person) -> ModelSelect:
        """Return the agent's open journey, else the newest, else None."""
        closed_last = (cls.phase == Phase.CLOSED.value), cls.created_at.desc()
        return cls.with_people().where(cls.agent == agent).order_by(*closed_last).limit(1)

    @classmethod
    def accompanied_by(cls, counsellor: Person) -> Expression:
        """Return the condition that somebody is the referent, or replaces her today."""
        # Two lists of identifiers, each found by its index: an "or" on two columns may have the database read every bilan.
        hers, replaced = cls.alias(), cls.alias()
        own = hers.select(hers.id).where(hers.counsellor == counsellor)
        lasting = (replaced.replacement == counsellor) & (replaced.replacement_until >= to_paris(now()).date())
        return cls.id.in_(own.union_all(replaced.select(replaced.id).where(lasting)))

    @classmethod
    def of_counsellor(cls, counsellor: Person, *, closed: bool, search: str) -> list[Self]:
        """Return the open (or closed) journeys that a counsellor accompanies whose agent or employer matches, by agent."""
        query = cls.with_people().where(cls.accompanied_by(counsellor))
        # "is one of the open phases" finds its rows by the index, "is not closed" would read her closed ones too.
        query = query.where(cls.phase.in_([Phase.CLOSED] if closed else ORDER))
        if search:
            query = query.where(Person.display_name.contains(search) | Employer.name.contains(search))
        return list(query.order_by(Person.display_name, cls.id))

    def accompanied_now(self) -> list[Person]:
        """Return whoever accompanies the agent today: the referent, and her replacement while it lasts."""
        return [self.counsellor, *([self.replacement] if self.replacement_id and self.replacement_ends_at else [])]

    def phase_ends(self) -> dict[Phase, datetime.datetime | None]:
        """Return the moment when each phase ended, None while it has not."""
        return {Phase.DIAGNOSTIC: self.accompaniment_at, Phase.ACCOMPANIMENT: self.conclusion_at, Phase.CONCLUSION: self.closed_at}


# Few bilans have a replacement: an index of all the others would tell the database that a counsellor has them all.
Journey.add_index(
    Journey.index(Journey.replacement, Journey.replacement_until, name="journey_replaced", where=SQL("replacement_id IS NOT NULL"))
)


class Referral(BaseModel):
    """The time during which a counsellor is the referent of a journey; `until` is None for the present one."""

    journey = ForeignKeyField(Journey, on_delete="CASCADE")
    counsellor = ForeignKeyField(Person, on_delete="RESTRICT")
    since = DateTimeField()
    until = DateTimeField(null=True)


class Suspension(BaseModel):
    """A time during which a bilan waits, from a day to the day before it resumes (of Paris); no reason is asked."""

    journey = ForeignKeyField(Journey, on_delete="CASCADE")
    since = DateField()
    resumes_on = DateField()
    told_at = DateTimeField(null=True)

    class Meta:
        constraints = (SQL("CONSTRAINT resumes_after CHECK (resumes_on >= since)"),)

    @classmethod
    def lasting(cls, journey_id: object, day: object = None) -> ModelSelect:
        """Return a query of the suspensions of a journey that last that day, today; `journey_id` may be another query's column."""
        today = to_paris(now()).date() if day is None else day
        return cls.select().where(cls.journey == journey_id, cls.since <= today, cls.resumes_on > today)

    @one_row
    def current_on(cls, journey_id: uuid.UUID, day: datetime.date) -> ModelSelect:
        """Return the suspension that lasts that day, or None."""
        return cls.lasting(journey_id, day).order_by(cls.resumes_on.desc()).limit(1)

    @classmethod
    def current(cls, journey_id: object) -> Self | None:
        """Return the suspension that lasts today, or None."""
        return cls.current_on(journey_id, to_paris(now()).date())

    @classmethod
    def to_tell(cls) -> list[Self]:
        """Return the suspensions that are over and of whose end nobody was told."""
        return list(cls.select().where(cls.resumes_on <= to_paris(now()).date(), cls.told_at.is_null()))

    @classmethod
    def of_journeys(cls, journeys: list[Journey]) -> dict[uuid.UUID, datetime.date]:
        """Return the day when each of these journeys that are suspended resumes."""
        today = to_paris(now()).date()
        query = cls.select(cls.journey, fn.MAX(cls.resumes_on)).where(cls.journey.in_(journeys), cls.since <= today, cls.resumes_on > today)
        return dict(query.group_by(cls.journey).tuples()) if journeys else {}


class ConflictOfInterest(BaseModel):
    """An employer whose agents, or a person whom, a counsellor declares that she cannot accompany; no reason is asked."""

    counsellor = ForeignKeyField(Person, on_delete="CASCADE")
    employer = ForeignKeyField(Employer, null=True, on_delete="CASCADE")
    person_name = CharField(max_length=120, default="")

    class Meta:
        constraints = (SQL("CONSTRAINT names_one CHECK ((employer_id IS NULL) = (person_name <> ''))"),)

    @classmethod
    def of_counsellor(cls, counsellor: Person) -> list[Self]:
        """Return what a counsellor has declared."""
        query = cls.select(cls, Employer).join(Employer, JOIN.LEFT_OUTER).where(cls.counsellor == counsellor)
        return list(query.order_by(Employer.name, cls.person_name))

    @classmethod
    def of_case(cls, employer_id: object, person_name: str) -> set[uuid.UUID]:
        """Return the counsellors who have declared that employer or that person."""
        named = fn.LOWER(cls.person_name) == person_name.strip().lower()
        return {counsellor_id for (counsellor_id,) in cls.select(cls.counsellor).where((cls.employer == employer_id) | named).tuples()}
