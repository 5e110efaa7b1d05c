"""Forms of the restitution: a comment, what stands out."""

from typing import Any

from wtforms import SelectMultipleField, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from bilan.fields import Form, text_field, version_field
from bilan.pieces.forms import PieceForm
from bilan.results.rules import Source

COMMENT_MAX = 4000


class CommentForm(Form):
    """What one of the two says of a result."""

    text = text_field("Votre commentaire", maximum=COMMENT_MAX)
    base = version_field()


class FindingForm(PieceForm):
    """What stands out, and what it rests on."""

    sentence = text_field("Ce qui ressort", required="Écrivez une phrase.", maximum=1000)
    sources = SelectMultipleField(
        "Sur quoi cela repose", choices=Source.choices(), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )

    def validate_sources(self, field: Any) -> None:
        """Ask for one source at least: what is read together comes from somewhere."""
        if not field.data:
            raise ValidationError("Cochez au moins une source.")
