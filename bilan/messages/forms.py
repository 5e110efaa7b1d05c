"""The form of a message."""

import uuid

from wtforms import HiddenField

from bilan.fields import Form, as_uuid, text_field
from bilan.messages.rules import TEXT_MAX


class MessageForm(Form):
    """A message, and the number of its form."""

    text = text_field("Votre message", required="Écrivez votre message.", maximum=TEXT_MAX)
    submission = HiddenField()

    def number(self) -> uuid.UUID:
        """Return the number of the form, which makes a double click send one message."""
        return as_uuid(self.submission.data) or uuid.uuid4()


class ReadForm(Form):
    """Says which message was the newest that the reader was shown."""

    newest = HiddenField()
