"""The actions of the plan, what is published of them, their reminders."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Self

from peewee import JOIN, SQL, Case, CharField, DateField, DateTimeField, ForeignKeyField, IntegerField, ModelSelect, TextField
from playhouse.fields import EnumField

from bilan.complaints.models import Complaint
from bilan.database import BaseModel, now
from bilan.french import to_paris
from bilan.improvement.rules import HISTORY, TITLE_MAX, Origin, State, Wanted, is_late
from bilan.journal import JournalEntry
from bilan.people.models import Person
from bilan.statements import one_row
from bilan.verbatims.models import Theme

HEADERS = (
    "Action",
    "Origine",
    "Thème",
    "Constat",
    "Confiée à",
    "Échéance",
    "État",
    "Motif d’abandon",
    "Effet constaté",
    "Le",
    "Publiée le",
)
OVER = (State.DONE, State.DROPPED)


def today() -> datetime.date:
    """Return the day in Paris."""
    return to_paris(now()).date()


class Improvement(BaseModel):
    """An action; its identifier is the number of its form. Nothing in it is anybody's: it is written to be read by the team.

    `observed` is what was seen before, `effect` what is seen since, on `effect_on`; `reason` why it was dropped;
    `sentence` what the public reads once `published_at`. `complaint` gives its reference to whoever may read that one.
    """

    title = CharField(max_length=TITLE_MAX)
    observed = TextField(default="")
    origin = EnumField(Origin, max_length=20)
    complaint = ForeignKeyField(Complaint, null=True, on_delete="SET NULL")
    theme = ForeignKeyField(Theme, null=True, on_delete="SET NULL")
    owner = ForeignKeyField(Person, null=True, on_delete="SET NULL")
    due_on = DateField()
    state = EnumField(State, max_length=20, default=State.TODO)
    reason = TextField(default="")
    effect = TextField(default="")
    effect_on = DateField(null=True)
    sentence = TextField(default="")
    published_at = DateTimeField(null=True)
    told_at = DateTimeField(null=True)
    revision = IntegerField(default=1)

    class Meta:
        constraints = (
            SQL("CONSTRAINT dropped_with_a_reason CHECK (state <> 'dropped' OR reason <> '')"),
            SQL("CONSTRAINT effect_with_its_day CHECK ((effect = '') = (effect_on IS NULL))"),
            SQL("CONSTRAINT published_once_done CHECK (published_at IS NULL OR (state = 'done' AND sentence <> ''))"),
        )
        indexes = ((("state", "due_on"), False),)

    @property
    def is_late(self) -> bool:
        """Whether its day is past and something is left to do."""
        return is_late(self.state, self.due_on, today())

    def reference_for(self, reader: Person) -> str:
        """Return the reference of its complaint; empty without one, and for whom that complaint concerns."""
        seen = self.complaint is not None and self.complaint.about_id != reader.id
        return self.complaint.reference if seen else ""

    def history(self) -> list[tuple[JournalEntry, str]]:
        """Return what happened to it, with the words, the newest first."""
        query = JournalEntry.select(JournalEntry, Person).join(Person, JOIN.LEFT_OUTER).where(JournalEntry.subject_id == self.id)
        rows = query.where(JournalEntry.event.in_(list(HISTORY))).order_by(JournalEntry.created_at.desc())
        return [(one, HISTORY[one.event]) for one in rows]

    @classmethod
    def with_people(cls) -> ModelSelect:
        """Return the actions with their owner, their theme and their complaint (its reference, and whom it concerns)."""
        kept = (Complaint.id, Complaint.year, Complaint.number, Complaint.about)
        query = cls.select(cls, Person, Theme, *kept).join(Person, JOIN.LEFT_OUTER, on=cls.owner)
        return query.switch(cls).join(Theme, JOIN.LEFT_OUTER).switch(cls).join(Complaint, JOIN.LEFT_OUTER)

    @one_row
    def by_id_with_people(cls, improvement_id: uuid.UUID) -> ModelSelect:
        """Return one action with those that it names."""
        return cls.with_people().where(cls.id == improvement_id)

    @classmethod
    def listed(cls, wanted: Wanted) -> ModelSelect:
        """Return the plan: what is late first, then by day; what is over comes last, the newest before."""
        query = cls.with_people()
        if wanted.state:
            query = query.where(cls.state == wanted.state)
        if wanted.origin:
            query = query.where(cls.origin == wanted.origin)
        if wanted.late:
            query = query.where(cls.state.not_in(list(OVER)), cls.due_on < today())
        if wanted.search:
            query = query.where(
                cls.title.contains(wanted.search) | cls.observed.contains(wanted.search) | cls.effect.contains(wanted.search)
            )
        over = Case(None, ((cls.state.in_(list(OVER)), 1),), 0)
        running_day = Case(None, ((cls.state.in_(list(OVER)), datetime.date(2200, 1, 1)),), cls.due_on)
        return query.order_by(over, running_day, cls.due_on.desc(), cls.id)

    @classmethod
    def of_complaint(cls, complaint: Complaint) -> list[Self]:
        """Return the actions that a complaint led to."""
        return list(cls.select().where(cls.complaint == complaint.id).order_by(cls.created_at))

    @classmethod
    def told_to(cls, complaint: Complaint) -> list[str]:
        """Return what a complainant reads on her page: the published sentences that her complaint led to."""
        return [one.sentence for one in cls.of_complaint(complaint) if one.published_at]

    @classmethod
    def published(cls) -> dict[int, list[Self]]:
        """Return what is published by year, the newest first: the sentence and its day, nothing else is read."""
        found: dict[int, list[Self]] = defaultdict(list)
        query = cls.select(cls.sentence, cls.published_at).where(cls.published_at.is_null(is_null=False))
        for one in query.order_by(cls.published_at.desc()):
            found[to_paris(one.published_at).year].append(one)
        return dict(found)

    @classmethod
    def running(cls) -> list[Self]:
        """Return the actions that are not over, with their owners."""
        return list(cls.select(cls, Person).join(Person, JOIN.LEFT_OUTER).where(cls.state.not_in(list(OVER))))


class ImprovementReminder(BaseModel):
    """A reminder told: for which day, at which stage in days from it. Whoever writes the row tells."""

    improvement = ForeignKeyField(Improvement, on_delete="CASCADE")
    due_on = DateField()
    stage = IntegerField()

    class Meta:
        indexes = ((("improvement", "due_on", "stage"), True),)


def rows(found: Iterable[Improvement]) -> Iterator[list[object]]:
    """Yield the lines of the export; no reference of a complaint leaves with it."""
    for one in found:
        yield [
            one.title,
            one.origin.label,
            one.theme.name if one.theme else None,
            one.observed,
            one.owner.display_name if one.owner else None,
            one.due_on,
            one.state.label,
            one.reason or None,
            one.effect or None,
            one.effect_on,
            to_paris(one.published_at).date() if one.published_at else None,
        ]
