"""What a closing keeps: the decisions of a bilan's end, how far its objectives were reached, and the facts of its checklist."""

import uuid
from typing import Any, Self

from flask import current_app
from peewee import SQL, DateField, DateTimeField, ForeignKeyField, IntegerField
from playhouse.fields import EnumField

from bilan.closing.rules import Facts, Item, Keep, Side, checklist
from bilan.database import BaseModel, now
from bilan.diagnostics.models import Diagnostic
from bilan.diagnostics.rules import objectives_of
from bilan.disclosure.models import Disclosure
from bilan.hr_review.models import HrReview
from bilan.hr_review.rules import State
from bilan.interviews.models import Interview
from bilan.journeys.models import Journey
from bilan.journeys.rules import Phase
from bilan.people.models import Person
from bilan.plans.models import Step
from bilan.synthesis.models import Synthesis
from bilan.vault import EncryptedJSONField, EncryptedTextField


class Closing(BaseModel):
    """The decisions of a bilan's end. `reasons`: why something was left undone, by the key of its line.

    `keep`, for how many months and for which need are the agent's own; `revision` counts her savings.
    """

    journey = ForeignKeyField(Journey, unique=True, on_delete="RESTRICT")
    handed_over_on = DateField(null=True)
    nothing_told_at = DateTimeField(null=True)
    no_review_at = DateTimeField(null=True)
    reasons = EncryptedJSONField(null=True)
    keep = EnumField(Keep, max_length=10, default=Keep.NOTHING)
    keep_months = IntegerField(null=True)
    need = EncryptedTextField(null=True)
    keep_chosen_at = DateTimeField(null=True)
    revision = IntegerField(default=0)

    class Meta:
        constraints = (SQL("CONSTRAINT kept_for_some_months CHECK ((keep = 'nothing') = (keep_months IS NULL))"),)

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of the journey's key."""
        return self.journey_id

    @classmethod
    def of_journey(cls, journey: Journey) -> Self:
        """Return the decisions of a journey, as they begin when none was taken."""
        return cls.get_or_none(cls.journey == journey.id) or cls(journey=journey)


class Attainment(BaseModel):
    """How far the objectives were reached, as one of the two says it: neither writes over the other.

    `content`: the level (a word of Level) and the sentence, by objective in its words.
    """

    journey = ForeignKeyField(Journey, on_delete="RESTRICT")
    side = EnumField(Side, max_length=10)
    content = EncryptedJSONField()
    revision = IntegerField(default=1)
    saved_by = ForeignKeyField(Person, on_delete="RESTRICT")
    saved_at = DateTimeField(default=now)

    class Meta:
        indexes = ((("journey", "side"), True),)

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of the journey's key."""
        return self.journey_id

    @classmethod
    def of_journey(cls, journey: Journey) -> dict[Side, Self]:
        """Return what each of the two has said."""
        return {one.side: one for one in cls.select(cls, Person).join(Person).where(cls.journey == journey.id)}


def side_of(journey: Journey, person: Person) -> Side:
    """Return on which side of a bilan one of its people is."""
    return Side.AGENT if person.id == journey.agent_id else Side.COUNSELLOR


def objectives_in(journey: Journey) -> list[str]:
    """Return the objectives of a bilan, in their words."""
    diagnostic = Diagnostic.of_journey(journey)
    return objectives_of(diagnostic.content) if diagnostic else []


def items_of(journey: Journey) -> list[Item]:
    """Return the checklist of a journey."""
    return checklist(facts_of(journey))


def facts_of(journey: Journey) -> Facts:
    """Return what the checklist is made of, as it is now."""
    closing, synthesis, sheet = Closing.of_journey(journey), Synthesis.of_journey(journey), current_app.config["BILAN"]
    interviews, objectives = Interview.of_journey(journey), objectives_in(journey)
    return Facts(
        in_conclusion=journey.phase is Phase.CONCLUSION,
        coming=min((one.starts_at for one in interviews if one.is_coming), default=None),
        unclosed=any(one.is_pending and not one.is_coming for one in interviews),
        held=Interview.held_minutes_of(journey.id).scalar() or 0,
        hours=(sheet.hours_min * 60, sheet.hours_max * 60),
        synthesis=synthesis.state.value if synthesis else "",
        handed_over_on=closing.handed_over_on,
        steps=Step.count_of(journey),
        told=Disclosure.select(Disclosure.id).where(Disclosure.journey == journey.id).exists(),
        nothing_told_at=closing.nothing_told_at,
        review=_review_of(journey),
        no_review_at=closing.no_review_at,
        objectives=len(objectives),
        assessed={side: _said(one.content, objectives) for side, one in Attainment.of_journey(journey).items()},
        keep=closing.keep,
        keep_months=closing.keep_months,
        keep_chosen_at=closing.keep_chosen_at,
    )


def _review_of(journey: Journey) -> str:
    states = {one.state for one in HrReview.of_journey(journey)}
    if State.HELD in states:
        return "held"
    return "going" if states - {State.OVER} else ""


def _said(content: dict[str, Any], objectives: list[str]) -> int:
    return sum(objective in content for objective in objectives)
