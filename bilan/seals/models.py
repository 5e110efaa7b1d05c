"""The seals, the entries of a day, and what the manager reads of the journal.

Guarantee: the query of the manager's page asks for a moment, an event, a role and the name
of a member of the team; never for an agent's or an HR officer's name, nor for an identifier.
"""

import datetime
from collections.abc import Iterator
from typing import Self

from peewee import JOIN, Case, CharField, DateField, DateTimeField, IntegerField, ModelSelect, fn

from bilan import french
from bilan.complaints.models import Complaint
from bilan.database import BaseModel, as_moment
from bilan.journal import JournalEntry
from bilan.people.models import Person, Role
from bilan.seals.rules import Line, Wanted, bounds
from bilan.seals.words import FAMILIES, Family

# Whose name the manager reads: her own team's.
TEAM = (Role.COUNSELLOR, Role.SECRETARIAT, Role.DISABILITY_REFERENT, Role.MANAGER)


class JournalSeal(BaseModel):
    """A day of Paris: how many entries, their digest (`content`), and `digest`, which holds on to the day before.

    Once its entries had their time they are deleted together: `emptied_from` and `emptied_until` are then the moments between
    which the database lets them go (migration 0021), and the count and the digests stay.
    """

    day = DateField(unique=True)
    count = IntegerField()
    content = CharField(max_length=64)
    digest = CharField(max_length=64)
    emptied_from = DateTimeField(null=True)
    emptied_until = DateTimeField(null=True)

    @property
    def is_emptied(self) -> bool:
        """Whether its entries had their time."""
        return self.emptied_from is not None

    @classmethod
    def full_until(cls, day: datetime.date) -> list[Self]:
        """Return the seals of the days until that one whose entries are still there, in order."""
        return list(cls.select().where(cls.day <= day, cls.emptied_from.is_null()).order_by(cls.day))

    @classmethod
    def last(cls) -> Self | None:
        """Return the newest seal."""
        return cls.select().order_by(cls.day.desc()).first()

    @classmethod
    def before(cls, day: datetime.date) -> Self | None:
        """Return the newest seal of an earlier day."""
        return cls.select().where(cls.day < day).order_by(cls.day.desc()).first()

    @classmethod
    def between(cls, since: datetime.date, until: datetime.date) -> list[Self]:
        """Return the seals of these days, in order."""
        return list(cls.select().where(cls.day.between(since, until)).order_by(cls.day))

    @classmethod
    def is_known(cls, digest: str) -> bool:
        """Whether a digest is that of a day."""
        return cls.select().where(cls.digest == digest).exists()


def first_day() -> datetime.date | None:
    """Return the day of the oldest entry, None of an empty journal."""
    oldest = as_moment(JournalEntry.select(fn.MIN(JournalEntry.created_at)).scalar())
    return french.to_paris(oldest).date() if oldest else None


def lines(day: datetime.date) -> Iterator[Line]:
    """Return the entries of a day, in the order of the digest."""
    start, beyond = bounds(day, day)
    named = (JournalEntry.person, JournalEntry.journey_id, JournalEntry.subject_id, JournalEntry.detail)
    # The event as it is written, whatever it says: a word that is none is a change to be found.
    query = JournalEntry.select(JournalEntry.id, JournalEntry.created_at, JournalEntry.event.cast("TEXT").alias("said"), *named)
    query = query.where(JournalEntry.created_at >= start, JournalEntry.created_at < beyond)
    for row in query.order_by(JournalEntry.created_at, JournalEntry.id).tuples().iterator():
        yield Line(*row)


def listed(reader: Person, wanted: Wanted) -> tuple[ModelSelect, ModelSelect]:
    """Return what happened, the newest first: `created_at`, `event`, `role` and `name`, both None without an account; then the same to be counted.

    What happened to a complaint that concerns the reader is left out.
    """
    start, beyond = bounds(wanted.since, wanted.until)
    # By their identifiers, found once by their events: of all others only the moment is looked at, which its index holds.
    about = JournalEntry.alias()
    about_her = about.event.in_(list(FAMILIES[Family.COMPLAINTS])) & about.subject_id.in_(Complaint.hidden_from(reader))
    about_her &= (about.created_at >= start) & (about.created_at < beyond)
    found = (JournalEntry.created_at >= start) & (JournalEntry.created_at < beyond)
    found &= JournalEntry.id.not_in(about.select(about.id).where(about_her))
    if wanted.family:
        found &= JournalEntry.event.in_(list(FAMILIES[wanted.family]))
    named = Case(None, ((Person.role.in_(TEAM), Person.display_name),), None)
    query = JournalEntry.select(JournalEntry.created_at, JournalEntry.event, Person.role.alias("role"), named.alias("name"))
    query = query.join(Person, JOIN.LEFT_OUTER).where(found).order_by(JournalEntry.created_at.desc(), JournalEntry.id)
    return query.objects(), JournalEntry.select().where(found)
