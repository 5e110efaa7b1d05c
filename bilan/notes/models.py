"""The notes taken in meetings, version after version."""

import uuid
from collections.abc import Sequence
from typing import Any, Self

from peewee import SQL, ForeignKeyField, IntegerField, ModelSelect, fn
from playhouse.fields import EnumField

from bilan.database import BaseModel
from bilan.interviews.models import Interview
from bilan.journeys.models import Journey
from bilan.notes.rules import NoteKind
from bilan.people.models import Person
from bilan.vault import EncryptedTextField


class Note(BaseModel):
    """One version of an interview's private or shared note; a version is never changed."""

    interview = ForeignKeyField(Interview, on_delete="CASCADE")
    kind = EnumField(NoteKind, max_length=10)
    number = IntegerField()
    author = ForeignKeyField(Person, on_delete="RESTRICT")
    text = EncryptedTextField()

    class Meta:
        constraints = (SQL("CONSTRAINT numbered_from_one CHECK (number >= 1)"),)
        indexes = ((("interview", "kind", "number"), True),)

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of the journey's key."""
        return self.interview.journey_id

    @classmethod
    def current(cls, interview: Interview, kind: NoteKind, reader: Person) -> Self | None:
        """Return the newest version that this reader may find, or None when nothing was written."""
        return cls.versions_query(interview, kind, reader).first()

    @classmethod
    def versions_query(cls, interview: Interview, kind: NoteKind, reader: Person) -> ModelSelect:
        """Return the versions of one note, the newest first, with the interview attached.

        A private note is found by its author only: a replacement or a later referent writes her own.
        """
        query = cls.select(cls, Interview).join(Interview).where(cls.interview == interview, cls.kind == kind)
        if kind is NoteKind.PRIVATE:
            query = query.where(cls.author == reader.id)
        return query.order_by(cls.number.desc())

    @classmethod
    def moments(cls, interview: Interview, kind: NoteKind, reader: Person) -> list[Any]:
        """Return `number`, `author_id` and `created_at` of every version that this reader finds, the newest first, without a text."""
        query = cls.versions_query(interview, kind, reader).select(cls.number, cls.author, cls.created_at)
        return list(query.namedtuples())

    @classmethod
    def numbered(cls, interview: Interview, kind: NoteKind, reader: Person, numbers: Sequence[int]) -> list[Self]:
        """Return the versions of those numbers that this reader finds, the newest first, with their authors."""
        query = cls.versions_query(interview, kind, reader).where(cls.number.in_(list(numbers)))
        return list(query.switch(cls).join(Person, on=cls.author).select_extend(Person))

    @classmethod
    def shared_before(cls, interview: Interview) -> Self | None:
        """Return the shared note of the latest earlier meeting of the journey that has one, with its interview."""
        earlier = (Interview.journey == interview.journey_id) & (Interview.starts_at < interview.starts_at)
        query = cls.select(cls, Interview).join(Interview).where(earlier, cls.kind == NoteKind.SHARED)
        return query.order_by(Interview.starts_at.desc(), cls.number.desc()).first()

    @classmethod
    def next_number(cls, interview: Interview, kind: NoteKind) -> int:
        """Return the number of the next version, whoever wrote those before."""
        return (cls.select(fn.MAX(cls.number)).where(cls.interview == interview, cls.kind == kind).scalar() or 0) + 1

    @classmethod
    def shared_interviews(cls, journey: Journey) -> set[uuid.UUID]:
        """Return the interviews of a journey that have a shared note."""
        rows = cls.select(cls.interview).join(Interview).where(Interview.journey == journey, cls.kind == NoteKind.SHARED)
        return {interview_id for (interview_id,) in rows.distinct().tuples()}
