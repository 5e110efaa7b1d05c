"""The grid of the diagnostic interview, its decision."""

from typing import Any

from flask import current_app
from wtforms import DateField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from bilan import french
from bilan.database import now
from bilan.diagnostics.rules import INFORMED, READINESS, TEXTS, Decision, Rhythm, planned_hours
from bilan.fields import Form, not_empty, text_field, version_field
from bilan.prescriptions.rules import MOTIVES

TEXT_MAX = 8000
UNKNOWN = {"": "Pas encore dit"}
TWO_YEARS = 730


class GridForm(Form):
    """The grid, and the version on which it was written. Nothing is mandatory: it is filled while talking."""

    demand = text_field(TEXTS["demand"][0], maximum=TEXT_MAX)
    motive = SelectField("Motif, selon la personne", choices=UNKNOWN | MOTIVES)
    context = text_field(TEXTS["context"][0], maximum=TEXT_MAX)
    expectations = text_field(TEXTS["expectations"][0], maximum=TEXT_MAX)
    constraints = text_field(TEXTS["constraints"][0], maximum=TEXT_MAX)
    adaptations = text_field(TEXTS["adaptations"][0], maximum=TEXT_MAX)
    informed = SelectMultipleField(
        "Ce qui a été expliqué", choices=INFORMED, option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )
    relevance = text_field(TEXTS["relevance"][0], maximum=TEXT_MAX)
    readiness = SelectField("La personne est prête à s’engager", choices=UNKNOWN | READINESS)
    objectives = text_field(TEXTS["objectives"][0], maximum=TEXT_MAX)
    base = version_field()

    def content(self) -> dict[str, Any]:
        """Return the grid as it is kept."""
        names = (*TEXTS, "motive", "readiness")
        return {name: self[name].data or "" for name in names} | {"informed": sorted(self.informed.data or [])}


class DecisionForm(Form):
    """How the interview ends; what is asked depends on the decision, and is checked here."""

    decision = RadioField(
        "Décision",
        choices=Decision.choices(),
        validators=[not_empty("Choisissez une décision.")],
    )
    planned_minutes = SelectField("Durée prévue du bilan", coerce=int, choices={})
    rhythm = SelectField("Rythme", choices=Rhythm.choices(), default="fortnightly")
    starts_on = DateField("Début", validators=[Optional()])
    ends_on = DateField("Fin prévue", validators=[Optional()])
    reconsider_on = DateField("Date à laquelle en reparler", validators=[Optional()])

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        settings = current_app.config["BILAN"]
        self.planned_minutes.choices = planned_hours(settings.hours_min, settings.hours_max)

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for the dates of a programme, or for the day when to talk again."""
        valid = super().validate(extra_validators)
        today = french.to_paris(now()).date()
        if self.decision.data == Decision.ENGAGED.value:
            for field in (self.starts_on, self.ends_on):
                if not field.errors and not field.data:
                    field.errors = ["Indiquez cette date."]
                elif field.data and abs((field.data - today).days) > TWO_YEARS:
                    field.errors = ["Vérifiez l’année de cette date."]
            if self.starts_on.data and self.ends_on.data and self.ends_on.data <= self.starts_on.data:
                self.ends_on.errors = ["La fin vient après le début."]
        far = self.reconsider_on.data and not 0 < (self.reconsider_on.data - today).days <= TWO_YEARS
        if self.decision.data == Decision.RECONSIDER.value and (far or not self.reconsider_on.data):
            self.reconsider_on.errors = self.reconsider_on.errors or ["Indiquez une date à partir de demain."]
        return valid and not self.errors

    def programme(self) -> dict[str, Any]:
        """Return what `decide` keeps of the decision's details."""
        if self.decision.data == Decision.ENGAGED.value:
            return {name: self[name].data for name in ("planned_minutes", "rhythm", "starts_on", "ends_on")}
        return {"reconsider_on": self.reconsider_on.data} if self.decision.data == Decision.RECONSIDER.value else {}
