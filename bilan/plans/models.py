"""The steps of the plan. Their days and states are in clear, for they say nothing of what is to be done."""

import datetime

from peewee import DateField, DateTimeField, ForeignKeyField, IntegerField
from playhouse.fields import EnumField

from bilan.database import BaseModel, now
from bilan.events import Event
from bilan.followup.models import Interruption
from bilan.french import to_paris
from bilan.journeys.models import Journey
from bilan.people.models import Person
from bilan.pieces.models import Piece
from bilan.plans.rules import REVIEW_WINDOW_DAYS, STEPS_MAX, Answer, State, is_late, months_before
from bilan.scenarios.models import Scenario
from bilan.vault import EncryptedJSONField


class Step(Piece):
    """Something to do: it outlives its scenario.

    `content`: action, objective, indicator, who, support, obstacle, answer. `review`: what became
    of it once the bilan is over, the agent's own ("done" is a value of Answer, "why" her words).
    """

    maximum = STEPS_MAX
    said = "cette étape"
    saved_event, removed_event = Event.STEP_SAVED, Event.STEP_REMOVED
    scenario = ForeignKeyField(Scenario, null=True, on_delete="SET NULL")
    due_on = DateField(null=True)
    state = EnumField(State, max_length=10, default=State.TODO)
    done_at = DateTimeField(null=True)
    review = EncryptedJSONField(null=True)
    review_revision = IntegerField(default=0)
    reviewed_at = DateTimeField(null=True)

    @property
    def title(self) -> str:
        """Return what is to be done."""
        return self.content["action"]

    @property
    def is_late(self) -> bool:
        """Whether its day is past and it is still to be done."""
        return is_late(self.due_on, self.state, to_paris(now()).date())

    @property
    def answer(self) -> Answer | None:
        """Return what the agent says became of it, None before she does."""
        return Answer(self.review["done"]) if self.review else None

    @property
    def why(self) -> str:
        """Return her reason."""
        return self.review["why"] if self.review else ""


class ReviewAsked(BaseModel):
    """The review of a plan was asked by e-mail: once per bilan, whatever the number of workers."""

    journey = ForeignKeyField(Journey, on_delete="CASCADE", unique=True)

    @classmethod
    def waiting(cls, moment: datetime.datetime, months: int) -> list[Journey]:
        """Return the bilans that came to their end so many months ago, have a plan and were not asked, with their people.

        A bilan that was interrupted is not asked about: its plan was never agreed on as its end.
        """
        latest = months_before(moment, months)
        earliest = latest - datetime.timedelta(days=REVIEW_WINDOW_DAYS)
        planned, asked = Step.alias(), cls.alias()
        query = Journey.with_people().where(
            Journey.closed_at.between(earliest, latest),
            Person.active,
            Journey.id.in_(planned.select(planned.journey)),
            Journey.id.not_in(Interruption.select(Interruption.journey)),
            Journey.id.not_in(asked.select(asked.journey)),
        )
        return list(query.order_by(Journey.closed_at))

    @classmethod
    def claim(cls, journey: Journey) -> bool:
        """Whether it is for the caller to ask: nobody else has."""
        return bool(cls.insert(journey=journey.id).on_conflict_ignore().as_rowcount().execute())
