"""Forms of the synthesis: a block's text, what was read before a gesture."""

from wtforms import BooleanField
from wtforms.validators import ValidationError

from bilan.fields import Form, text_field, version_field
from bilan.synthesis.rules import BLOCK_MAX


class BaseForm(Form):
    """The version that was read."""

    base = version_field()


class TextForm(Form):
    """The text of a block, and the version that it is written on."""

    text = text_field("Texte", maximum=BLOCK_MAX)
    base = version_field()


class ProposeForm(Form):
    """What the counsellor has read again before she proposes the document."""

    base = version_field()
    seen = BooleanField("J’ai relu ces passages et ils ont leur place dans le document")
    # Whether there is something to read again.
    warned = False

    def validate_seen(self, field: BooleanField) -> None:
        """Ask to read again what the document seems to hold."""
        if self.warned and not field.data:
            raise ValidationError("Relisez les passages signalés, puis cochez la case.")
