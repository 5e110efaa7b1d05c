"""What somebody had to complain of, and the reference it goes by."""

import datetime
import uuid

from peewee import JOIN, CharField, ForeignKeyField, IntegerField, ModelSelect

from bilan.database import BaseModel
from bilan.mail.models import Email
from bilan.numbering import Numbered
from bilan.people.models import Person
from bilan.vault import ContentDestroyed, EncryptedJSONField


class Complaint(Numbered, BaseModel):
    """A complaint. `content` holds name, email, phone, link, happened, expected, call_back.

    Its identifier is also the name of its encryption key. `submission` is the form's
    own number, so that a double click files one complaint.
    """

    letter = "R"
    year = IntegerField()
    number = IntegerField()
    submission = CharField(max_length=36, unique=True)
    follow_up_digest = CharField(max_length=64, unique=True)
    person = ForeignKeyField(Person, null=True, on_delete="SET NULL")
    content = EncryptedJSONField()

    class Meta:
        indexes = ((("year", "number"), True),)

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of this complaint's own key."""
        return self.id

    @property
    def complainant(self) -> str:
        """Return the name, or words when the content was destroyed."""
        try:
            return self.content["name"]
        except ContentDestroyed:
            return "contenu détruit"

    @classmethod
    def count_since(cls, moment: datetime.datetime) -> int:
        """Return how many were received since that moment (naive UTC)."""
        return cls.select().where(cls.created_at >= moment).count()

    @classmethod
    def listed(cls) -> ModelSelect:
        """Return the complaints, the newest first, each with the e-mail that announced it (`email`)."""
        return (
            cls.select(cls, Email)
            .join(Email, JOIN.LEFT_OUTER, on=((Email.subject_id == cls.id) & (Email.kind == "complaint_received")), attr="email")
            .order_by(cls.year.desc(), cls.number.desc())
        )
