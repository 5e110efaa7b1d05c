"""Forms of whoever asks about her data, and of the secretariat that answers."""

from typing import Any

from flask import request
from wtforms import Field, RadioField

from bilan.data_requests.models import DataRequest
from bilan.data_requests.rules import Choice, Datum, Holding, Outcome
from bilan.fields import RELOAD, Form, NumberedForm, line_field, not_empty, text_field
from bilan.french import short_day

WORDS_MAX, ANSWER_MAX = 4_000, 10_000
ITEM = "item_"


class ErasureForm(NumberedForm):
    """A request to erase: a button, and words if she wants."""

    words = text_field("Avec vos mots", maximum=WORDS_MAX)


class CorrectionForm(NumberedForm):
    """A request to correct: what, and how it should be."""

    datum = RadioField("Ce qui est à corriger", choices=Datum.choices(), validators=[not_empty("Choisissez ce qui est à corriger.")])
    words = text_field(
        "Ce qu’il faut écrire à la place", required="Écrivez ce qui est faux, et ce qu’il faut écrire à la place.", maximum=WORDS_MAX
    )


class AnswerForm(Form):
    """The written answer, without which nothing is answered."""

    answer = text_field("La réponse à la personne", required="Écrivez la réponse que la personne lira.", maximum=ANSWER_MAX)


class CorrectedForm(AnswerForm):
    """The answer to a request for a correction."""

    outcome = RadioField("C’est", choices=Outcome.choices(), validators=[not_empty("Dites si c’est corrigé ou refusé.")])
    name = line_field("Le nom de son compte", required="Écrivez le nom de son compte.", maximum=120)


def corrected_form(asked: DataRequest) -> CorrectedForm:
    """Return the form of an answer, with the name of the account where it is what is wrong."""
    form = CorrectedForm(name=asked.agent.display_name)
    if asked.datum is not Datum.NAME:
        del form.name
    return form


class ErasedForm(AnswerForm):
    """The answer to a request to erase; a field is added for each thing that may go (see erased_form)."""

    holdings: tuple[Holding, ...] = ()

    def fields_of_holdings(self) -> list[Field]:
        """Return the field of each thing, in order."""
        return [self[f"{ITEM}{one.subject_id}"] for one in self.holdings]

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse a choice about what may not go: kept by law, or no more as it was when the page was shown."""
        valid = super().validate(extra_validators)
        if any(name.startswith(ITEM) and name not in self for name in request.form):
            self.form_errors.append(f"Ce qui peut être détruit a changé, ou doit être gardé. {RELOAD}")
            return False
        return valid

    def choices(self) -> dict[str, Choice]:
        """Return what was chosen, by identifier."""
        return {one.subject_id: Choice(self[f"{ITEM}{one.subject_id}"].data) for one in self.holdings}


def erased_form(holdings: list[Holding]) -> ErasedForm:
    """Return the form that asks about each of these."""
    fields = {
        f"{ITEM}{one.subject_id}": RadioField(
            f"{one.kind.label} du {short_day(one.day)}" if one.day else one.kind.label,
            choices=Choice.choices(),
            validators=[not_empty("Choisissez\u00a0: détruire, ou garder avec une raison.")],
        )
        for one in holdings
    }
    form = type("FilledErasedForm", (ErasedForm,), fields)()
    form.holdings = tuple(holdings)
    return form
