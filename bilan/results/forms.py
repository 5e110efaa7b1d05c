"""Forms of the restitution: a comment, what stands out."""

from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from bilan.fields import Form, not_empty, text_field, version_field
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
        "Sur quoi cela repose",
        choices=Source.choices(),
        validators=[not_empty("Cochez au moins une source.")],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
