"""Forms of the review with HR: with whom, when and where, the minutes."""

import datetime
from typing import Any

from wtforms import DateField, Field, RadioField, SelectField, TimeField, ValidationError

from bilan import french
from bilan.agenda.rules import instant
from bilan.database import now
from bilan.disclosure.models import recipients_of
from bilan.fields import DURATIONS, Form, line_field, not_empty, text_field, version_field
from bilan.hr_review.models import PLACE_MAX, HrReview, agreement_with
from bilan.interviews.rules import Mode
from bilan.journeys.models import Journey
from bilan.people.models import Person

MINUTES_MAX = 20_000


class ProposeForm(Form):
    """With whom: the agent names somebody who has her agreement, her counsellor anybody of the HR service."""

    recipient = SelectField("Avec qui", validators=[not_empty("Choisissez une personne.")])

    @classmethod
    def of(cls, journey: Journey, by: Person) -> "ProposeForm":
        """Return the form with whom may be named."""
        form, own = cls(), by.id == journey.agent_id
        officers = [one for one in recipients_of(journey) if not own or agreement_with(journey, one.id)]
        form.recipient.choices = {"": "Choisissez"} | {str(one.id): one.display_name for one in officers}
        return form

    @property
    def is_empty(self) -> bool:
        """Whether nobody may be named."""
        return len(self.recipient.choices) == 1


class PlanForm(Form):
    """When and where."""

    date = DateField("Date", validators=[not_empty("Indiquez la date.")])
    time = TimeField("Heure de début", validators=[not_empty("Indiquez l’heure de début.")])
    planned_minutes = SelectField("Durée prévue", coerce=int, choices=DURATIONS)
    mode = RadioField(
        "Lieu",
        choices={Mode.ON_SITE.value: "Sur place", Mode.REMOTE.value: "À distance"},
        validators=[not_empty("Choisissez le lieu.")],
    )
    place = line_field("Adresse, ou lien de la visioconférence", maximum=PLACE_MAX)

    @classmethod
    def of(cls, review: HrReview, *, minutes: int) -> "PlanForm":
        """Return the form as the meeting stands; `minutes` is the usual length."""
        known: dict[str, Any] = {"planned_minutes": minutes, "mode": Mode.ON_SITE.value, "place": review.place}
        if review.interview is not None and review.interview.is_pending:
            local = french.to_paris(review.interview.starts_at)
            known |= {"date": local.date(), "time": local.time(), "mode": review.interview.mode.value}
            known["planned_minutes"] = review.interview.planned_minutes
        return cls(data=known)

    def validate_place(self, field: Field) -> None:
        """Refuse a link that no browser opens."""
        if self.mode.data == Mode.REMOTE.value and field.data and not field.data.startswith("https://"):
            raise ValidationError("Indiquez un lien qui commence par https://, ou laissez vide.")

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse an hour that is past, or that the clocks jump over."""
        valid = super().validate(extra_validators)
        if valid and instant(self.date.data, self.time.data) is None:
            self.time.errors = ["Cette heure n’existe pas ce jour-là\u00a0: les horloges avancent d’une heure dans la nuit."]
        elif valid and not now() < self.starts_at < now() + datetime.timedelta(days=730):
            self.date.errors = ["Choisissez une date à venir, dans les deux ans."]
        return not self.errors

    @property
    def starts_at(self) -> datetime.datetime:
        """Return the beginning (naive UTC)."""
        return french.from_paris(datetime.datetime.combine(self.date.data, self.time.data))

    def values(self) -> dict[str, Any]:
        """Return what `plan` takes."""
        values = {"planned_minutes": self.planned_minutes.data, "place": self.place.data or ""}
        return {"mode": Mode(self.mode.data), "starts_at": self.starts_at, **values}


class MinutesForm(Form):
    """The minutes, and the version on which they were written."""

    base = version_field()
    text = text_field("Compte rendu", required="Écrivez le compte rendu.", maximum=MINUTES_MAX)


class ReadForm(Form):
    """The version of the minutes that was read."""

    base = version_field()
