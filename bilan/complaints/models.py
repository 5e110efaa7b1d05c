"""What somebody had to complain of, and the reference it goes by."""

import uuid

from peewee import JOIN, CharField, ForeignKeyField, IntegerField, ModelSelect, fn

from bilan.database import BaseModel
from bilan.mail.models import Email
from bilan.people.models import Person
from bilan.vault import ContentDestroyed, EncryptedJSONField


class Complaint(BaseModel):
    """A complaint. `content` holds name, email, phone, link, happened, expected, call_back.

    Its identifier is also the name of its encryption key. `submission` is the form's
    own number, so that a double click files one complaint.
    """

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
    def reference(self) -> str:
        """Return the reference told to the complainant, like R-2026-0001."""
        return f"R-{self.year}-{self.number:04d}"

    @property
    def complainant(self) -> str:
        """Return the name, or words when the content was destroyed."""
        try:
            return self.content["name"]
        except ContentDestroyed:
            return "contenu détruit"

    @classmethod
    def next_number(cls, year: int) -> int:
        """Return the number that follows in the year; unique in the database, so two cannot take it."""
        return (cls.select(fn.MAX(cls.number)).where(cls.year == year).scalar() or 0) + 1

    @classmethod
    def listed(cls) -> ModelSelect:
        """Return the complaints, the newest first, each with the e-mail that announced it (`email`)."""
        return (
            cls.select(cls, Email)
            .join(Email, JOIN.LEFT_OUTER, on=((Email.subject_id == cls.id) & (Email.kind == "complaint_received")), attr="email")
            .order_by(cls.year.desc(), cls.number.desc())
        )
