"""Work given between two interviews, what was said of it, and its files."""

import datetime
import uuid
from typing import Any, Self

from peewee import JOIN, SQL, CharField, DateField, DateTimeField, ForeignKeyField, IntegerField, ModelSelect, fn
from playhouse.fields import EnumField

from bilan.assignments.rules import PAGES, Kind
from bilan.database import BaseModel
from bilan.interviews.models import Interview
from bilan.journeys.models import Journey, Suspension
from bilan.journeys.rules import Phase
from bilan.people.models import Person
from bilan.questionnaires.models import Passation
from bilan.statements import all_rows, one_row
from bilan.vault import EncryptedBytesField, EncryptedJSONField, EncryptedTextField


class Assignment(BaseModel):
    """A piece of work. `content` holds `title` and `details`; `revision` counts its changes.

    Its identifier is the number of the form that gave it, so that a double click gives one.
    A questionnaire is done when its passation is handed in: it is never ticked. The agent is
    reminded once before its day (`reminded_at`) and once after it (`recalled_at`).
    """

    journey = ForeignKeyField(Journey, on_delete="RESTRICT")
    interview = ForeignKeyField(Interview, null=True, on_delete="SET NULL")
    given_by = ForeignKeyField(Person, on_delete="RESTRICT")
    kind = EnumField(Kind, max_length=20)
    content = EncryptedJSONField()
    passation = ForeignKeyField(Passation, null=True, on_delete="SET NULL")
    page = CharField(max_length=30, default="")
    due_on = DateField(null=True)
    done_at = DateTimeField(null=True)
    reminded_at = DateTimeField(null=True)
    recalled_at = DateTimeField(null=True)
    revision = IntegerField(default=0)

    class Meta:
        constraints = (
            SQL("CONSTRAINT names_its_page CHECK ((kind = 'page') = (page <> ''))"),
            SQL("CONSTRAINT passation_of_a_questionnaire CHECK (kind = 'questionnaire' OR passation_id IS NULL)"),
            SQL("CONSTRAINT questionnaire_is_not_ticked CHECK (kind <> 'questionnaire' OR done_at IS NULL)"),
        )
        indexes = ((("journey", "created_at"), False),)

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of the journey's key."""
        return self.journey_id

    @property
    def title(self) -> str:
        """Return what it is called: the counsellor's words, else those of the questionnaire or of the page."""
        if self.kind is Kind.PAGE and self.page in PAGES:
            return self.content["title"] or PAGES[self.page].title
        return self.content["title"]

    @property
    def is_withdrawn(self) -> bool:
        """Whether its questionnaire was taken back."""
        return self.kind is Kind.QUESTIONNAIRE and self.passation_id is None

    @property
    def is_ticked(self) -> bool:
        """Whether the agent says herself that it is done: anything but a questionnaire."""
        return self.kind is not Kind.QUESTIONNAIRE

    @property
    def finished_at(self) -> datetime.datetime | None:
        """Return when it was done, None as long as it is not."""
        if self.kind is Kind.QUESTIONNAIRE:
            return self.passation.submitted_at if self.passation_id else None
        return self.done_at

    @property
    def session_starts_at(self) -> datetime.datetime | None:
        """Return when the session where it was given begins, None outside a session."""
        return self.interview.starts_at if self.interview_id else None

    @classmethod
    def _joined(cls, *others: Any) -> Any:
        """Return a query of assignments with their session, what is told of their passation, and their author."""
        giver = Person.alias("giver")
        passation = (Passation.id, Passation.journey, Passation.slug, Passation.version, Passation.started_at, Passation.submitted_at)
        return (
            cls.select(cls, Interview, *passation, giver, *others)
            .join(Interview, JOIN.LEFT_OUTER)
            .switch(cls)
            .join(Passation, JOIN.LEFT_OUTER)
            .switch(cls)
            .join(giver, on=(cls.given_by == giver.id), attr="given_by")
            .switch(cls)
        )

    @classmethod
    def _counted(cls) -> Any:
        """Return a query of assignments, each with how many `comments` and `files` it has."""
        comments = AssignmentComment.select(fn.COUNT(AssignmentComment.id)).where(AssignmentComment.assignment == cls.id)
        files = Attachment.select(fn.COUNT(Attachment.id)).where(Attachment.assignment == cls.id)
        return cls._joined(comments.alias("comments"), files.alias("files"))

    @one_row
    def by_id_with_people(cls, assignment_id: uuid.UUID) -> ModelSelect:
        """Return one assignment with its journey, its two people, its session and its passation."""
        query = cls._joined(Journey).join(Journey, on=cls.journey)
        return Journey.join_people(query).where(cls.id == assignment_id)

    @all_rows
    def of_journey(cls, journey: Journey) -> ModelSelect:
        """Return the work of a journey, the oldest first, in one query.

        Each has `comments` and `files`, how many there are, never their content.
        """
        return cls._counted().where(cls.journey == journey).order_by(cls.created_at)

    @all_rows
    def of_interview(cls, interview: Interview) -> ModelSelect:
        """Return the work given in a session, the oldest first, in one query; each has `comments` and `files`."""
        return cls._counted().where(cls.interview == interview).order_by(cls.created_at)

    @classmethod
    def done_and_given(cls, journey: Journey) -> tuple[int, int]:
        """Return how many pieces of work of a journey are done, and how many were given, those withdrawn apart."""
        rows = cls.select(cls.kind, cls.done_at, cls.passation, Passation.id, Passation.submitted_at).join(Passation, JOIN.LEFT_OUTER)
        given = [one for one in rows.where(cls.journey == journey.id) if not one.is_withdrawn]
        return sum(one.finished_at is not None for one in given), len(given)

    @classmethod
    def unfinished(cls) -> list[Self]:
        """Return the work not done of open journeys that are not suspended, of which something is still to be said."""
        query = cls._joined(Journey).join(Journey, on=cls.journey)
        goes_on = (Journey.phase != Phase.CLOSED) & ~fn.EXISTS(Suspension.lasting(Journey.id))
        unsaid = cls.reminded_at.is_null() | cls.recalled_at.is_null()
        unfinished = (cls.kind != Kind.QUESTIONNAIRE) | (~Passation.id.is_null() & Passation.submitted_at.is_null())
        return list(query.where(goes_on, unsaid, cls.done_at.is_null(), unfinished).order_by(cls.created_at))

    def is_answered(self) -> bool:
        """Whether something was written or attached to it, or it was done or begun."""
        begun = self.passation.started_at if self.passation_id else None
        if self.finished_at or begun:
            return True
        written = AssignmentComment.select(AssignmentComment.id).where(AssignmentComment.assignment == self.id).exists()
        return written or Attachment.select(Attachment.id).where(Attachment.assignment == self.id).exists()


class AssignmentComment(BaseModel):
    """What the agent or her counsellor wrote about a piece of work; its identifier is the number of its form."""

    assignment = ForeignKeyField(Assignment, on_delete="CASCADE")
    author = ForeignKeyField(Person, on_delete="RESTRICT")
    text = EncryptedTextField()

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of the journey's key."""
        return self.assignment.journey_id

    @classmethod
    def of_assignment(cls, assignment: Assignment) -> list[Self]:
        """Return what was written about a piece of work, with its authors, the oldest first."""
        found = list(cls.select(cls, Person).join(Person).where(cls.assignment == assignment.id).order_by(cls.created_at, cls.id))
        for one in found:
            one.assignment = assignment
        return found


class Attachment(BaseModel):
    """A file of a piece of work: its name and its content are encrypted; `media_type` is what its content was found to be."""

    assignment = ForeignKeyField(Assignment, on_delete="CASCADE")
    added_by = ForeignKeyField(Person, on_delete="RESTRICT")
    name = EncryptedTextField()
    media_type = CharField(max_length=100)
    size = IntegerField()
    content = EncryptedBytesField()

    class Meta:
        constraints = (SQL("CONSTRAINT file_is_not_empty CHECK (size > 0)"),)

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of the journey's key."""
        return self.assignment.journey_id

    @property
    def journey(self) -> Journey:
        """Return the bilan that it belongs to."""
        return self.assignment.journey

    @classmethod
    def _without_content(cls) -> list[Any]:
        return [field for field in cls._meta.sorted_fields if field is not cls.content]

    @one_row
    def by_id_with_people(cls, attachment_id: uuid.UUID) -> ModelSelect:
        """Return one file, without its content, with its journey and its two people."""
        query = cls.select(*cls._without_content(), Assignment, Journey).join(Assignment).join(Journey)
        return Journey.join_people(query).where(cls.id == attachment_id)

    @classmethod
    def of_assignment(cls, assignment: Assignment) -> list[Self]:
        """Return the files of a piece of work, without their content, with who added them, the oldest first."""
        query = cls.select(*cls._without_content(), Person).join(Person).where(cls.assignment == assignment.id)
        found = list(query.order_by(cls.created_at, cls.id))
        for one in found:
            one.assignment = assignment
        return found

    @classmethod
    def count_of(cls, assignment: Assignment) -> int:
        """Return how many files a piece of work has."""
        return cls.select(cls.id).where(cls.assignment == assignment.id).count()

    @classmethod
    def bytes_of(cls, journey_id: uuid.UUID) -> int:
        """Return how many bytes the files of a journey take, before encryption."""
        return cls.select(fn.SUM(cls.size)).join(Assignment).where(Assignment.journey == journey_id).scalar() or 0

    def read(self) -> bytes:
        """Return the content of a file that was loaded without it."""
        fresh = Attachment.select(Attachment.content).where(Attachment.id == self.id).get()
        fresh.assignment = self.assignment
        return fresh.content
