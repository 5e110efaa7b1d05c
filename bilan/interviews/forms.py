"""Forms of meetings and their notes."""

import datetime
from typing import Any

from wtforms import DateField, Field, IntegerField, RadioField, SelectField, TimeField, ValidationError
from wtforms.validators import NumberRange

from bilan import french
from bilan.agenda.rules import instant
from bilan.fields import DURATIONS, Form, not_empty, text_field
from bilan.interviews.rules import InterviewKind, Mode, Outcome

NOTE_MAX = 50_000
YEARS = range(2000, 2101)


class InterviewForm(Form):
    """Plans a meeting or corrects it; the hour is the one of Paris."""

    kind = SelectField(
        "Type d’entretien",
        choices=InterviewKind.choices(),
        validators=[not_empty("Choisissez le type d’entretien.")],
    )
    date = DateField("Date", validators=[not_empty("Indiquez la date.")])
    time = TimeField("Heure de début", validators=[not_empty("Indiquez l’heure de début.")])
    planned_minutes = SelectField("Durée prévue", coerce=int, choices=DURATIONS, default=90)
    mode = RadioField(
        "Lieu",
        choices={Mode.ON_SITE.value: "Sur place", Mode.REMOTE.value: "À distance"},
        default=Mode.ON_SITE.value,
        validators=[not_empty("Choisissez le lieu.")],
    )

    def validate_date(self, field: Field) -> None:
        """Refuse a year that can only be a slip."""
        if field.data and field.data.year not in YEARS:
            raise ValidationError("Vérifiez l’année de cette date.")

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse an hour that the clocks jump over."""
        valid = super().validate(extra_validators)
        if valid and instant(self.date.data, self.time.data) is None:
            self.time.errors = ["Cette heure n’existe pas ce jour-là\u00a0: les horloges avancent d’une heure dans la nuit."]
        return not self.errors

    def values(self) -> dict[str, Any]:
        """Return what `plan_interview` and `change_interview` take."""
        local = datetime.datetime.combine(self.date.data, self.time.data)
        return {
            "kind": InterviewKind(self.kind.data),
            "mode": Mode(self.mode.data),
            "starts_at": french.from_paris(local),
            "planned_minutes": self.planned_minutes.data,
        }


class OutcomeForm(Form):
    """Says what became of a meeting, and how long it lasted when it was held."""

    outcome = RadioField(
        "Ce qu’il en a été",
        choices={
            Outcome.HELD.value: "L’entretien a été tenu",
            Outcome.EXCUSED.value: "L’agent était absent et a prévenu",
            Outcome.NO_SHOW.value: "L’agent était absent sans prévenir",
            Outcome.CANCELLED_BY_SERVICE.value: "Le service a annulé",
        },
        validators=[not_empty("Dites ce qu’il en a été.")],
    )
    held_minutes = SelectField("Durée tenue", coerce=int, choices=DURATIONS)

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for the duration only of a meeting that was held."""
        valid = super().validate(extra_validators)
        if self.outcome.data != Outcome.HELD.value:
            self.held_minutes.errors = []
        return valid or not self.errors

    def values(self) -> dict[str, Any]:
        """Return what `close_interview` takes."""
        outcome = Outcome(self.outcome.data)
        return {"outcome": outcome, "held_minutes": self.held_minutes.data if outcome is Outcome.HELD else None}


class NoteForm(Form):
    """A note and the version on which it was written."""

    text = text_field("Note", maximum=NOTE_MAX)
    base = IntegerField(
        "Version",
        default=0,
        validators=[NumberRange(min=0, max=1_000_000, message="Rechargez la page, puis réessayez.")],
    )
