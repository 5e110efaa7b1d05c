"""Surveys asked, and answers that nothing leads back to whoever gave them (docs/decisions/0020-satisfaction.md)."""

import datetime
import uuid
from typing import Self

from peewee import SQL, BooleanField, CharField, DateField, ForeignKeyField, IntegerField, ModelSelect
from playhouse.fields import EnumField

from bilan.database import BaseModel, now
from bilan.followup.models import Interruption
from bilan.journeys.models import Journey
from bilan.people.models import EmployerSize, Person
from bilan.plans.rules import months_before
from bilan.satisfaction import surveys
from bilan.satisfaction.rules import MONTHS_LATER, OPEN_DAYS, PAUSE_DAYS, WINDOW_DAYS
from bilan.statements import one_row
from bilan.vault import SURVEYS_KEY, EncryptedTextField


class Invitation(BaseModel):
    """A survey asked of one person after one bilan. `answered` is a right used up: it has no date, and no answer.

    `reminded` counts the reminders sent.
    """

    journey = ForeignKeyField(Journey, on_delete="CASCADE")
    recipient = ForeignKeyField(Person, on_delete="CASCADE")
    survey = CharField(max_length=surveys.NAME_MAX)
    version = IntegerField()
    reminded = IntegerField(default=0)
    answered = BooleanField(default=False)

    class Meta:
        table_name = "survey_invitation"
        indexes = ((("journey", "survey"), True), (("recipient", "survey", "created_at"), False), (("answered", "created_at"), False))

    @property
    def definition(self) -> surveys.Survey:
        """Return the questions of this survey, in its version."""
        return surveys.find(self.survey, self.version)

    @property
    def is_open(self) -> bool:
        """Whether it may still be answered."""
        return not self.answered and self.created_at > now() - datetime.timedelta(days=OPEN_DAYS)

    @classmethod
    def sent_at(cls, journey: Journey, survey: str) -> datetime.datetime | None:
        """Return when a survey was asked after a bilan, None when it was not; never whether it was answered."""
        return cls.select(cls.created_at).where(cls.journey == journey.id, cls.survey == survey).scalar()

    @one_row
    def with_recipient(cls, invitation_id: uuid.UUID) -> ModelSelect:
        """Return one invitation with whom it was sent to and the employer of the bilan, or None."""
        query = cls.select(cls, Person, Journey).join(Person).switch(cls).join(Journey)
        return query.where(cls.id == invitation_id)

    @classmethod
    def was_asked_lately(cls, recipient: Person, survey: str) -> bool:
        """Whether that person was asked the same survey within PAUSE_DAYS, after whichever bilan."""
        since = now() - datetime.timedelta(days=PAUSE_DAYS)
        return cls.select(cls.id).where(cls.recipient == recipient, cls.survey == survey, cls.created_at > since).exists()

    @classmethod
    def unanswered(cls) -> list[Self]:
        """Return the invitations that may still be answered, with whom they were sent to."""
        since = now() - datetime.timedelta(days=OPEN_DAYS)
        query = cls.select(cls, Person).join(Person).where(~cls.answered, cls.created_at > since, Person.active)
        return list(query.order_by(cls.created_at))


def closed_months_ago(moment: datetime.datetime, months: int) -> list[Journey]:
    """Return the bilans closed so many months ago, not interrupted, whose agent was not asked again, with their people."""
    latest = months_before(moment, months)
    invited, stopped = Invitation.alias(), Interruption.alias()
    query = Journey.with_people().where(
        Journey.closed_at.between(latest - datetime.timedelta(days=WINDOW_DAYS), latest),
        Person.active,
        Journey.id.not_in(invited.select(invited.journey).where(invited.survey == MONTHS_LATER)),
        Journey.id.not_in(stopped.select(stopped.journey)),
    )
    return list(query.order_by(Journey.closed_at))


class SurveyAnswer(BaseModel):
    """One filled survey: which, in which quarter it was asked, for an employer of which size. Nothing else dates it."""

    created_at = None
    survey = CharField(max_length=surveys.NAME_MAX)
    version = IntegerField()
    quarter = DateField()
    employer_size = EnumField(EmployerSize, max_length=10)

    class Meta:
        indexes = ((("survey", "quarter", "employer_size"), False),)


class Rating(BaseModel):
    """One closed answer: a level from 1 to 4, a mark from 0 to 10, or the rank of a choice from 1."""

    created_at = None
    answer = ForeignKeyField(SurveyAnswer, on_delete="CASCADE")
    question = CharField(max_length=surveys.NAME_MAX)
    value = IntegerField()

    class Meta:
        constraints = (SQL("CONSTRAINT value_of_a_question CHECK (value BETWEEN 0 AND 10)"),)
        indexes = ((("answer", "question"), True), (("question", "value"), False))


class Verbatim(BaseModel):
    """One open answer, apart from the marks of whoever wrote it."""

    created_at = None
    key_id = SURVEYS_KEY
    survey = CharField(max_length=surveys.NAME_MAX)
    version = IntegerField()
    quarter = DateField()
    question = CharField(max_length=surveys.NAME_MAX)
    text = EncryptedTextField()

    class Meta:
        indexes = ((("quarter", "survey"), False),)
