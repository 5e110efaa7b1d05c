"""The form of a note."""

from wtforms import IntegerField
from wtforms.validators import NumberRange

from bilan.fields import Form, text_field

NOTE_MAX = 50_000


class NoteForm(Form):
    """A note and the version on which it was written."""

    text = text_field("Note", maximum=NOTE_MAX)
    base = IntegerField(
        "Version",
        default=0,
        validators=[NumberRange(min=0, max=1_000_000, message="Rechargez la page, puis réessayez.")],
    )
