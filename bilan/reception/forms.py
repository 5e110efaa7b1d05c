"""Forms of the reception."""

import datetime
from typing import Any

from wtforms import DateField, RadioField, SelectField, ValidationError

from bilan import french
from bilan.database import now
from bilan.fields import Form, line_field, not_empty
from bilan.prescriptions.rules import DelayReason
from bilan.reception.models import Load

REPLACEMENT_DAYS = 366


class ReferentForm(Form):
    """Names the counsellor; those who declared a conflict of interest are not offered."""

    counsellor = RadioField("Conseiller ou conseillère", choices={}, validators=[not_empty("Choisissez une personne.")])

    def offer(self, loads: list[Load]) -> None:
        """Offer these counsellors."""
        self.counsellor.choices = {str(one.counsellor.id): one.counsellor.display_name for one in loads if not one.has_conflict}


class ReplacementForm(ReferentForm):
    """Opens a journey to another counsellor until a day."""

    until = DateField("Jusqu’au", validators=[not_empty("Indiquez le dernier jour du remplacement.")])

    def validate_until(self, field: DateField) -> None:
        """Refuse a day that is past, or more than a year away."""
        today = french.to_paris(now()).date()
        if field.data and not today <= field.data <= today + datetime.timedelta(days=REPLACEMENT_DAYS):
            raise ValidationError("Indiquez une date à partir d’aujourd’hui, et d’ici un an.")


class DelayForm(Form):
    """Says why the delay is exceeded."""

    reason = SelectField(
        "Raison du dépassement",
        choices={"": "Choisissez une raison"} | DelayReason.choices(),
        validators=[not_empty("Choisissez la raison du dépassement.")],
    )
    note = line_field("Précision")

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for a few words when the reason is none of the list."""
        valid = super().validate(extra_validators)
        if self.reason.data == DelayReason.OTHER.value and not self.note.data:
            self.note.errors = ["Précisez la raison en quelques mots."]
            return False
        return valid
