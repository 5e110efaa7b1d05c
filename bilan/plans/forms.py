"""Forms of the plan: a step, and what became of it."""

import datetime
import uuid
from typing import Any

from wtforms import DateField, Field, RadioField, SelectField, ValidationError
from wtforms.validators import Optional

from bilan import french
from bilan.database import now
from bilan.fields import Form, line_field, not_empty, text_field, version_field
from bilan.journeys.models import Journey
from bilan.pieces.forms import PieceForm
from bilan.plans.models import Step
from bilan.plans.rules import YEARS_AHEAD, Answer
from bilan.scenarios.models import Scenario

TEXT_MAX = 4000


class StepForm(PieceForm):
    """A step: what is to be done, the rest when one has it."""

    outside = {"base", "scenario", "due_on"}

    action = line_field("Ce qu’il y a à faire", required="Dites ce qu’il y a à faire.")
    scenario = SelectField("Pour quel scénario", choices={})
    due_on = DateField("Pour quand", validators=[Optional()])
    objective = text_field("Pour arriver à quoi", maximum=TEXT_MAX)
    indicator = text_field("À quoi verra-t-on que c’est fait", maximum=TEXT_MAX)
    who = line_field("Qui s’en occupe")
    support = line_field("Avec quelle aide")
    obstacle = text_field("Ce qui pourrait bloquer", maximum=TEXT_MAX)
    answer = text_field("Ce que l’on ferait alors", maximum=TEXT_MAX)

    # The day that is already kept: it may stay, though it is past.
    kept: datetime.date | None = None

    @classmethod
    def beside(cls, piece: Step) -> dict[str, Any]:
        """Return the scenario and the day of a step."""
        return {"scenario": str(piece.scenario_id or ""), "due_on": piece.due_on}

    def offer(self, journey: Journey) -> None:
        """Offer the scenarios of the journey."""
        scenarios = Scenario.of_journey(journey)
        self.scenario.choices = {"": "Aucun en particulier"} | {str(one.id): one.title for one in scenarios}

    def validate_due_on(self, field: Field) -> None:
        """Refuse a day before today, unless it is the one already kept, and one too far."""
        today = french.to_paris(now()).date()
        if field.data is None or field.data == self.kept:
            return
        if field.data < today:
            raise ValidationError("Choisissez un jour à partir d’aujourd’hui.")
        if (field.data.year - YEARS_AHEAD, field.data.month, field.data.day) > (today.year, today.month, today.day):
            raise ValidationError(f"Choisissez un jour dans les {YEARS_AHEAD} ans.")

    def links(self) -> dict[str, Any]:
        """Return its scenario and its day."""
        return {"scenario_id": uuid.UUID(self.scenario.data) if self.scenario.data else None, "due_on": self.due_on.data}


class ReviewForm(Form):
    """What became of a step, and why when it is not done."""

    done = RadioField("Est-ce fait\u00a0?", choices=Answer.choices(), validators=[not_empty("Choisissez une réponse.")])
    why = text_field("Sinon, pourquoi\u00a0?", maximum=TEXT_MAX)
    base = version_field()

    @classmethod
    def of(cls, step: Step) -> "ReviewForm":
        """Return the form as the agent left it."""
        return cls(data={"base": step.review_revision, **(step.review or {})})

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask why when it is not all done."""
        valid = super().validate(extra_validators)
        if self.done.data in (Answer.PARTLY.value, Answer.NO.value) and not self.why.data and not self.why.errors:
            self.why.errors = ["Dites pourquoi en quelques mots, sans vous justifier."]
        return valid and not self.errors
