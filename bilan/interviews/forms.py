"""Forms of meetings."""

import datetime
from typing import Any

from wtforms import DateField, Field, HiddenField, RadioField, SelectField, TimeField, ValidationError

from bilan import french
from bilan.agenda.rules import instant
from bilan.database import now
from bilan.fields import DURATIONS, Form, not_empty
from bilan.interviews.rules import InterviewKind, LogReason, Mode, Outcome

YEARS = range(2000, 2101)


class MeetingForm(Form):
    """What a meeting is: its kind, its moment on the clock of Paris, its place."""

    kind = SelectField(
        "Type d’entretien",
        # A review with HR is accepted by the agent first: it has its own pages (hr_review).
        choices={kind.value: kind.label for kind in InterviewKind if kind is not InterviewKind.HR_REVIEW},
        validators=[not_empty("Choisissez le type d’entretien.")],
    )
    date = DateField("Date", validators=[not_empty("Indiquez la date.")])
    time = TimeField("Heure de début", validators=[not_empty("Indiquez l’heure de début.")])
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

    @property
    def starts_at(self) -> datetime.datetime:
        """Return the beginning (naive UTC)."""
        return french.from_paris(datetime.datetime.combine(self.date.data, self.time.data))

    def values(self) -> dict[str, Any]:
        """Return what the actions take."""
        return {"kind": InterviewKind(self.kind.data), "mode": Mode(self.mode.data), "starts_at": self.starts_at}


class InterviewForm(MeetingForm):
    """Corrects a meeting; `despite` is given once the warnings on the hours were read."""

    planned_minutes = SelectField("Durée prévue", coerce=int, choices=DURATIONS, default=90)
    despite = HiddenField()

    def values(self) -> dict[str, Any]:
        """Return what `plan_interview` and `change_interview` take."""
        return {**super().values(), "planned_minutes": self.planned_minutes.data}


class PlanForm(InterviewForm):
    """Plans a meeting to come."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse a moment that is past: what was held is logged on its own page, with a reason."""
        valid = super().validate(extra_validators)
        if valid and self.starts_at <= now():
            self.date.errors = ["Cette date est passée. Pour un entretien déjà tenu, utilisez « Noter un entretien déjà tenu »."]
        return not self.errors


class LogForm(MeetingForm):
    """Writes down a meeting that was held, and why afterwards."""

    held_minutes = SelectField("Durée tenue", coerce=int, choices=DURATIONS, default=90)
    because = RadioField(
        "Pourquoi est-il noté après coup ?",
        choices=LogReason.choices(),
        validators=[not_empty("Dites pourquoi il est noté après coup.")],
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse a meeting that is not over."""
        valid = super().validate(extra_validators)
        if valid and self.starts_at + datetime.timedelta(minutes=self.held_minutes.data) > now():
            self.date.errors = ["Cet entretien n’est pas encore terminé. Vérifiez la date, l’heure et la durée."]
        return not self.errors

    def values(self) -> dict[str, Any]:
        """Return what `log_interview` takes."""
        return {**super().values(), "held_minutes": self.held_minutes.data, "because": LogReason(self.because.data)}


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
