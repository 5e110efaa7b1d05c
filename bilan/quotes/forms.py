"""Forms of quotes and of the employers they go to."""

import datetime
import re
import uuid
from typing import Any

from wtforms import DateField, Field, SelectField, StringField, ValidationError
from wtforms.validators import AnyOf, Optional
from wtforms.widgets import HiddenInput

from bilan import settings
from bilan.database import now
from bilan.fields import Form, ReadField, line_field, not_empty, text_field
from bilan.french import decimal, to_paris
from bilan.people.models import EmployerSize
from bilan.quotes.actions import Terms
from bilan.quotes.rules import MINUTES_MAX, MINUTES_STEP, VALID_DAYS_MAX, QuoteState

YEARS = range(2000, 2101)
OUTDATED = "Rouvrez cette page avant d’envoyer le devis."


def read_hours(typed: str) -> int:
    """Return the minutes of "14" or "14,5" hours; raise ValueError unless they are quarters of an hour, 100 hours at most."""
    found = re.fullmatch(r"([0-9]{1,3})(?:[.,]([0-9]{1,2}))?", typed)
    minutes, rest = divmod(int(found[1] + (found[2] or "").ljust(2, "0")) * 60, 100) if found else (0, 0)
    if rest or minutes % MINUTES_STEP or not 0 < minutes <= MINUTES_MAX:
        raise ValueError(typed)
    return minutes


def write_hours(minutes: int) -> str:
    """Return the hours as `read_hours` takes them."""
    return decimal(minutes * 100 // 60)


def read_price(typed: str) -> int:
    """Return the cents of "95" or "95,50"; raise ValueError, also for nothing at all."""
    cents = settings.euros(typed.removesuffix("€"))
    if not cents:
        raise ValueError(typed)
    return cents


def read_rate(typed: str) -> int:
    """Return the hundredths of a percent of "20" or "5,5"; raise ValueError."""
    return settings.percent(typed.removesuffix("%"))


def write_figure(hundredths: int) -> str:
    """Return a price or a rate as it is typed, without a space."""
    return "".join(decimal(hundredths).split())


class QuoteForm(Form):
    """Draws up a quote. `submission` is the form's own number, the quote's to be."""

    hours = ReadField(
        "Nombre d’heures",
        read=read_hours,
        write=write_hours,
        sentence="Indiquez un nombre d’heures, au quart d’heure, comme 14 ou 14,5.",
        validators=[not_empty("Indiquez le nombre d’heures.")],
    )
    hourly = ReadField(
        "Prix d’une heure, hors taxes, en euros",
        read=read_price,
        write=write_figure,
        sentence="Indiquez un prix en euros, comme 95 ou 95,50.",
        validators=[not_empty("Indiquez le prix d’une heure.")],
    )
    vat = ReadField(
        "Taux de TVA, en pour cent",
        read=read_rate,
        write=write_figure,
        sentence="Indiquez un taux, comme 20 ou 5,5\u00a0; 0 pour une exonération.",
        validators=[not_empty("Indiquez le taux de TVA\u00a0; 0 pour une exonération.")],
    )
    exemption = line_field("Mention de l’exonération", maximum=300)
    valid_until = DateField("Valable jusqu’au", validators=[not_empty("Indiquez le dernier jour de validité.")])
    submission = ReadField("Page", read=uuid.UUID, write=str, sentence=OUTDATED, validators=[not_empty(OUTDATED)], widget=HiddenInput())

    def validate_valid_until(self, field: Field) -> None:
        """Refuse a last day that is past, or so far that it can only be a slip."""
        today = to_paris(now()).date()
        if field.data and not today <= field.data <= today + datetime.timedelta(days=VALID_DAYS_MAX):
            raise ValidationError("Indiquez une date à venir, dans un an au plus.")

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for the mention of an exemption when there is no tax: without it the quote would be wrong."""
        valid = super().validate(extra_validators)
        if self.vat.data == 0 and not self.exemption.data and not self.exemption.errors:
            self.exemption.errors = ["Indiquez la mention à écrire quand il n’y a pas de TVA."]
            valid = False
        return valid

    def terms(self) -> Terms:
        """Return what the quote offers; the mention is kept only when there is no tax."""
        return Terms(
            minutes=self.hours.data,
            hourly_cents=self.hourly.data,
            vat_points=self.vat.data,
            exemption="" if self.vat.data else self.exemption.data,
            valid_until=self.valid_until.data,
        )


class AnswerForm(Form):
    """Answers a quote, by the button pressed."""

    answer = StringField(
        "Votre réponse",
        validators=[AnyOf([QuoteState.ACCEPTED.value, QuoteState.REFUSED.value], message="Acceptez le devis, ou refusez-le.")],
    )


class EmployerForm(Form):
    """Corrects an employer."""

    name = line_field("Nom", required="Indiquez le nom de la collectivité.")
    address = text_field("Adresse postale", maximum=500)
    agreement_until = DateField("Convention valable jusqu’au", validators=[Optional()])
    size = SelectField("Effectif", choices=EmployerSize.choices(), default=EmployerSize.UNKNOWN.value)

    def validate_agreement_until(self, field: Field) -> None:
        """Refuse a year that can only be a slip."""
        if field.data and field.data.year not in YEARS:
            raise ValidationError("Vérifiez l’année de cette date.")
