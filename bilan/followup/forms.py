"""Forms of the follow-up."""

import datetime
from typing import Any

from wtforms import DateField, Field, RadioField, ValidationError

from bilan import french
from bilan.database import now
from bilan.fields import Form, not_empty, text_field, version_field
from bilan.followup.rules import Origin, Pace, Reason

YEAR = datetime.timedelta(days=366)
DETAIL_MAX = 4000


class SuspendForm(Form):
    """Until when a bilan waits."""

    resumes_on = DateField("Reprise prévue le", validators=[not_empty("Indiquez la date de reprise.")])

    def validate_resumes_on(self, field: Field) -> None:
        """Refuse a day that is past, or too far to be a date of resumption."""
        today = french.to_paris(now()).date()
        if field.data and not today < field.data <= today + YEAR:
            raise ValidationError("Indiquez une date à partir de demain, dans l’année qui vient.")


class InterruptForm(Form):
    """Who stops the bilan, and why."""

    origin = RadioField("Qui interrompt le bilan ?", choices=Origin.choices(), validators=[not_empty("Dites qui interrompt le bilan.")])
    reason = RadioField("Motif", choices=Reason.choices(), validators=[not_empty("Choisissez un motif.")])
    detail = text_field("Précisions", maximum=DETAIL_MAX)

    def values(self) -> dict[str, Any]:
        """Return what `interrupt` takes."""
        return {"origin": Origin(self.origin.data), "reason": Reason(self.reason.data), "detail": self.detail.data or ""}


class MidwayForm(Form):
    """What the agent says half-way, and the version on which it was written."""

    useful = text_field("Ce qui vous est utile", maximum=DETAIL_MAX)
    adjust = text_field("Ce qu’il faudrait ajuster", maximum=DETAIL_MAX)
    pace = RadioField("Le rythme", choices={"": "Je ne sais pas"} | Pace.choices(), default="")
    base = version_field()

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for one thing at least."""
        valid = super().validate(extra_validators)
        if valid and not (self.useful.data or self.adjust.data or self.pace.data):
            self.useful.errors = ["Écrivez au moins une chose, ou choisissez un rythme."]
        return not self.errors

    def content(self) -> dict[str, str]:
        """Return the review as it is kept."""
        return {name: self[name].data or "" for name in ("useful", "adjust", "pace")}
