"""The form that asks for an evidence file."""

import datetime
from typing import Any

from wtforms import DateField

from bilan import french
from bilan.database import now
from bilan.evidence.rules import LONGEST, Period
from bilan.fields import NumberedForm, not_empty

FIRST = datetime.date(2000, 1, 1)


class EvidenceForm(NumberedForm):
    """From when to when."""

    start = DateField("Premier jour", validators=[not_empty("Indiquez le premier jour.")])
    end = DateField("Dernier jour", validators=[not_empty("Indiquez le dernier jour.")])

    def offer(self) -> None:
        """Propose the year so far, on a form of its own number."""
        today = french.to_paris(now()).date()
        self.renumber()
        if not self.is_submitted():
            self.start.data, self.end.data = today.replace(month=1, day=1), today

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse what is no period, or too long for one file."""
        if not super().validate(extra_validators):
            return False
        if self.start.data < FIRST:
            self.start.errors = ["Indiquez une année à partir de 2000."]
        elif self.end.data < self.start.data:
            self.end.errors = ["Le dernier jour vient avant le premier."]
        elif self.end.data > french.to_paris(now()).date():
            self.end.errors = ["Le dernier jour ne peut pas être à venir."]
        elif self.end.data - self.start.data > LONGEST:
            self.end.errors = ["Choisissez trois ans au plus."]
        return not self.errors

    def period(self) -> Period:
        """Return the period, once the form is valid."""
        return Period(self.start.data, self.end.data)
