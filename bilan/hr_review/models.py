"""Reviews with HR, their minutes, and each reading of these by the HR officer."""

import uuid
from typing import Any, Self

from peewee import JOIN, SQL, CharField, DateTimeField, ForeignKeyField, IntegerField, ModelSelect

from bilan.database import BaseModel, now
from bilan.disclosure.models import Disclosure
from bilan.french import to_paris
from bilan.hr_review.rules import State, state_of
from bilan.interviews.models import Interview
from bilan.interviews.rules import InterviewKind
from bilan.journeys.models import Journey
from bilan.people.models import Person
from bilan.statements import one_row
from bilan.vault import EncryptedTextField

PLACE_MAX = 300


class HrReview(BaseModel):
    """A review with one HR officer: proposed, accepted by the agent, then planned as an interview; `place` where it is."""

    journey = ForeignKeyField(Journey, on_delete="RESTRICT")
    recipient = ForeignKeyField(Person, on_delete="RESTRICT")
    proposed_by = ForeignKeyField(Person, on_delete="RESTRICT")
    accepted_at = DateTimeField(null=True)
    ended_at = DateTimeField(null=True)
    interview = ForeignKeyField(Interview, null=True, unique=True, on_delete="RESTRICT")
    place = CharField(max_length=PLACE_MAX, default="")

    class Meta:
        constraints = (SQL("CONSTRAINT planned_once_accepted CHECK (interview_id IS NULL OR accepted_at IS NOT NULL)"),)

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of the journey's key."""
        return self.journey_id

    @property
    def state(self) -> State:
        """Return where it stands."""
        meeting = self.interview
        return state_of(
            accepted=self.accepted_at is not None,
            ended=self.ended_at is not None,
            pending=meeting is not None and meeting.is_pending,
            held=meeting is not None and meeting.is_held,
        )

    @property
    def agreement(self) -> Disclosure | None:
        """Return the agent's live agreement to tell its HR officer something, or None."""
        if not self.journey.is_open:
            return None
        return agreement_with(self.journey, self.recipient_id)

    @property
    def agenda(self) -> list[str]:
        """Return the titles of what the agent's agreement allows: nothing without one."""
        agreement = self.agreement
        return [block["title"] for block in agreement.content["blocks"]] if agreement else []

    @property
    def minutes(self) -> "HrMinutes | None":
        """Return its minutes, or None."""
        found = HrMinutes.get_or_none(HrMinutes.review == self.id)
        if found is not None:
            found.review = self
        return found

    @property
    def is_readable_by_hr(self) -> bool:
        """Whether HR may read its minutes: the agent has agreed to them, her agreement lives, the bilan is not closed."""
        minutes = HrMinutes.select(HrMinutes.agreed_at).where(HrMinutes.review == self.id, ~HrMinutes.agreed_at.is_null())
        return minutes.exists() and self.agreement is not None

    @classmethod
    def _with_people(cls) -> ModelSelect:
        officer, proposer = Person.alias("officer"), Person.alias("proposer")
        query = Journey.join_people(cls.select(cls, Journey, Interview, officer, proposer).join(Journey)).switch(cls)
        query = query.join(officer, on=(cls.recipient == officer.id), attr="recipient").switch(cls)
        query = query.join(proposer, on=(cls.proposed_by == proposer.id), attr="proposed_by").switch(cls)
        return query.join(Interview, JOIN.LEFT_OUTER, on=(cls.interview == Interview.id), attr="interview")

    @one_row
    def by_id_with_people(cls, review_id: uuid.UUID) -> ModelSelect:
        """Return one review with its journey, its people and its meeting, or None."""
        return cls._with_people().where(cls.id == review_id)

    @classmethod
    def of_journey(cls, journey: Journey) -> list[Self]:
        """Return the reviews of a journey with their people and meetings, the newest first."""
        return list(cls._with_people().where(cls.journey == journey.id).order_by(cls.created_at.desc()))

    @classmethod
    def current(cls, journey: Journey) -> Self | None:
        """Return the review of a journey that is not over, or None."""
        return cls._with_people().where(cls.journey == journey.id, cls.ended_at.is_null()).first()

    @classmethod
    def of_interview(cls, interview: Interview) -> Self | None:
        """Return the review of which an interview is the meeting, or None; other kinds of meetings ask nothing."""
        if interview.kind is not InterviewKind.HR_REVIEW:
            return None
        return cls._with_people().where(cls.interview == interview.id).first()

    @classmethod
    def meeting(cls, person: Person) -> list[Self]:
        """Return the reviews with a date to which an HR officer is invited, the newest first."""
        query = cls._with_people().where(cls.recipient == person, ~cls.interview.is_null())
        return list(query.order_by(Interview.starts_at.desc()))


class HrMinutes(BaseModel):
    """What was said in a review, written by the counsellor; HR may read it once the agent has agreed, and it then never changes."""

    review = ForeignKeyField(HrReview, unique=True, on_delete="RESTRICT")
    text = EncryptedTextField()
    revision = IntegerField(default=1)
    saved_by = ForeignKeyField(Person, on_delete="RESTRICT")
    saved_at = DateTimeField(default=now)
    agreed_at = DateTimeField(null=True)

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of the journey's key."""
        return self.review.journey_id

    def readings(self) -> list[Any]:
        """Return the moments when HR has read it, the oldest first."""
        query = HrMinutesReading.select(HrMinutesReading.created_at).where(HrMinutesReading.minutes == self.id)
        return [moment for (moment,) in query.order_by(HrMinutesReading.created_at).tuples()]


class HrMinutesReading(BaseModel):
    """A reading by the HR officer: the agent sees each of them."""

    minutes = ForeignKeyField(HrMinutes, on_delete="CASCADE")


def agreement_with(journey: Journey, recipient_id: object) -> Disclosure | None:
    """Return the agent's agreement with an HR officer that lives today, or None."""
    today = to_paris(now()).date()
    query = Disclosure.select().where(
        Disclosure.journey == journey.id, Disclosure.recipient == recipient_id, Disclosure.revoked_at.is_null()
    )
    found = query.where(Disclosure.until >= today).order_by(Disclosure.created_at.desc()).first()
    if found is not None:
        found.journey = journey
    return found
