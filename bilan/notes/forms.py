"""The form of a note."""

from bilan.fields import Form, text_field, version_field

NOTE_MAX = 50_000


class NoteForm(Form):
    """A note and the version on which it was written."""

    text = text_field("Note", maximum=NOTE_MAX)
    base = version_field()
