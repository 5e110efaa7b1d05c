"""Forms of the scenarios: the idea, a mark with its sentence for each criterion, what the agent says of it."""

import uuid
from typing import Any

from wtforms import Field, RadioField, SelectField
from wtforms.validators import Optional

from bilan.fields import Form, line_field, not_empty, text_field, version_field
from bilan.pieces.forms import PieceForm
from bilan.scenarios.models import Scenario
from bilan.scenarios.rules import MARKS, Axis, Criterion, Priority, Route, lonely

TEXT_MAX, SENTENCE_MAX = 4000, 1000
MARK_CHOICES = {"": "Pas encore"} | {value: f"{value}, {words}" for value, words in MARKS.items()}


class ScenarioForm(PieceForm):
    """A scenario: its title, the rest when one has it. The two fields of each criterion are added below."""

    title = line_field("Titre du scénario", required="Donnez un titre au scénario.")
    description = text_field("À quoi cela ressemblerait", maximum=TEXT_MAX)
    origin = text_field("D’où vient ce scénario", maximum=SENTENCE_MAX)
    route = SelectField("Par quelle voie", choices={"": "Pas encore dit"} | Route.choices())
    first_step = text_field("Le premier pas", maximum=SENTENCE_MAX)
    risk = text_field("Ce qui pourrait mal tourner", maximum=TEXT_MAX)

    lead_id: uuid.UUID | None = None

    @classmethod
    def typed(cls, content: dict[str, Any]) -> dict[str, Any]:
        """Return a content with each mark and each sentence as a field."""
        said = content.get("criteria", {})
        return content | {f"{name}_{part}": value for name, parts in said.items() for part, value in parts.items()}

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse a mark without its sentence, and a sentence without its mark."""
        valid = super().validate(extra_validators)
        unexplained, unmarked = lonely(self._criteria())
        for criterion in unexplained:
            self._refuse(f"{criterion.value}_sentence", "Expliquez cette note en une phrase.")
        for criterion in unmarked:
            self._refuse(f"{criterion.value}_mark", "Choisissez une note, ou effacez la phrase.")
        return valid and not self.errors

    @property
    def axes(self) -> list[tuple[Axis, list[Field]]]:
        """Return the fields of each axis, in the order of the page."""
        own = {axis: [one for one in Criterion if one.axis is axis] for axis in Axis}
        return [
            (axis, [self[f"{one.value}_{part}"] for one in criteria for part in ("mark", "sentence")]) for axis, criteria in own.items()
        ]

    def _refuse(self, name: str, sentence: str) -> None:
        if not self[name].errors:
            self[name].errors = [sentence]

    def _criteria(self) -> dict[str, dict[str, str]]:
        return {one.value: {part: self[f"{one.value}_{part}"].data or "" for part in ("mark", "sentence")} for one in Criterion}

    def links(self) -> dict[str, Any]:
        """Return the lead that it was written from."""
        return {"lead_id": self.lead_id}

    def values(self) -> dict[str, Any]:
        """Return what `pieces.actions` take: the criteria together."""
        found = super().values()
        own = {f"{one.value}_{part}" for one in Criterion for part in ("mark", "sentence")}
        kept = {name: value for name, value in found["content"].items() if name not in own}
        return found | {"content": kept | {"criteria": self._criteria()}}


for _criterion in Criterion:
    _mark = RadioField(
        f"{_criterion.label}\u00a0: {_criterion.statement.lower()}", choices=MARK_CHOICES, default="", validators=[Optional()]
    )
    setattr(ScenarioForm, f"{_criterion.value}_mark", _mark)
    setattr(ScenarioForm, f"{_criterion.value}_sentence", text_field(f"{_criterion.label}, en une phrase", maximum=SENTENCE_MAX))


class ChoiceForm(Form):
    """What the agent says of a scenario."""

    priority = RadioField(
        "Quelle place lui donnez-vous\u00a0?", choices=Priority.choices(), validators=[not_empty("Choisissez une place.")]
    )
    words = text_field("Avec vos mots", required="Écrivez quelques mots\u00a0: ce que ce scénario vous fait.", maximum=TEXT_MAX)
    base = version_field()

    @classmethod
    def of(cls, scenario: Scenario) -> "ChoiceForm":
        """Return the form as the agent left it."""
        return cls(data={"base": scenario.own_revision, **(scenario.own or {})})
