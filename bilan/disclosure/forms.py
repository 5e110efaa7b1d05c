"""Forms of what HR is told: a text for HR, and an agreement."""

import datetime

from wtforms import DateField, Field, RadioField, SelectField, SelectMultipleField, ValidationError
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from bilan import french
from bilan.database import now
from bilan.disclosure.models import recipients_of
from bilan.disclosure.rules import DAYS_DEFAULT, DAYS_MAX, Block, Subject
from bilan.fields import Form, line_field, not_empty, text_field
from bilan.journeys.models import Journey
from bilan.pieces.forms import PieceForm

TEXT_MAX = 4000


class StatementForm(PieceForm):
    """A text that the two write for HR."""

    subject = RadioField("De quoi parle ce texte\u00a0?", choices=Subject.choices(), validators=[not_empty("Choisissez de quoi il parle.")])
    text = text_field("Le texte, tel que le service RH le lirait", required="Écrivez le texte.", maximum=TEXT_MAX)


class AgreementForm(Form):
    """What the agent chooses: the blocks, the person, the purpose, the last day."""

    blocks = SelectMultipleField(
        "Ce que vous communiquez",
        validators=[not_empty("Cochez au moins un élément.")],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    recipient = SelectField("À qui", validators=[not_empty("Choisissez une personne.")])
    purpose = line_field("Pour quoi faire", required="Dites pour quoi\u00a0: préparer une mobilité, demander une formation…")
    until = DateField("Jusqu’au", validators=[InputRequired("Choisissez une date de fin.")])

    @classmethod
    def of(cls, journey: Journey, offered: list[Block]) -> "AgreementForm":
        """Return the form of a journey: nothing is chosen beforehand."""
        form = cls(data={"until": french.to_paris(now()).date() + datetime.timedelta(days=DAYS_DEFAULT)})
        form.blocks.choices = [(one.key, one.title) for one in offered]
        form.recipient.choices = {"": "Choisissez"} | {str(one.id): one.display_name for one in recipients_of(journey)}
        return form

    def validate_until(self, field: Field) -> None:
        """Refuse a day that is past or too far."""
        today = french.to_paris(now()).date()
        if field.data and not today <= field.data <= today + datetime.timedelta(days=DAYS_MAX):
            raise ValidationError(f"Choisissez un jour à partir d’aujourd’hui, dans les {DAYS_MAX} jours.")
