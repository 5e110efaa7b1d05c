"""What somebody had to complain of, the reference it goes by, what was said since, and its files."""

import datetime
import uuid
from typing import Any, Self

from peewee import (
    JOIN,
    SQL,
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    Expression,
    ForeignKeyField,
    IntegerField,
    ModelSelect,
)
from playhouse.fields import EnumField

from bilan.complaints.rules import OVER, Channel, EntryKind, Kind, Reason, State
from bilan.database import BaseModel
from bilan.mail.models import Email
from bilan.numbering import Numbered
from bilan.people.models import Person, Role
from bilan.statements import one_row
from bilan.vault import ContentDestroyed, EncryptedBytesField, EncryptedJSONField, EncryptedTextField

# Who keeps the register, and whom a complaint may concern.
KEEPERS = (Role.SECRETARIAT, Role.MANAGER)
STAFF = (Role.COUNSELLOR, Role.SECRETARIAT, Role.MANAGER, Role.DISABILITY_REFERENT)
UNSET = datetime.date(1970, 1, 1)
CLOSED = "CONSTRAINT closed_with_reason_and_measure CHECK (closed_at IS NULL OR (reason IS NOT NULL AND measure_taken IS NOT NULL))"


class Complaint(Numbered, BaseModel):
    """A complaint. `content` holds name, email, phone, address, link, happened, expected, call_back, and the token of the follow-up page.

    Its identifier is also the name of its encryption key. `submission` is the form's own
    number, so that a double click files one complaint. `about` is whom it concerns: that
    person never meets it. `answered_at` is the first answer; `closed_at` the answer that
    stands; `satisfied` what the complainant says of it.
    """

    letter = "R"
    year = IntegerField()
    number = IntegerField()
    submission = CharField(max_length=36, unique=True)
    follow_up_digest = CharField(max_length=64, unique=True)
    person = ForeignKeyField(Person, null=True, on_delete="SET NULL")
    content = EncryptedJSONField()
    kind = EnumField(Kind, max_length=20, default=Kind.COMPLAINT, constraints=[SQL("DEFAULT 'complaint'")])
    channel = EnumField(Channel, max_length=20, default=Channel.FORM, constraints=[SQL("DEFAULT 'form'")])
    state = EnumField(State, max_length=20, default=State.RECEIVED, constraints=[SQL("DEFAULT 'received'")])
    received_on = DateField(default=UNSET, constraints=[SQL("DEFAULT '1970-01-01'")])
    acknowledge_by = DateField(default=UNSET, constraints=[SQL("DEFAULT '1970-01-01'")])
    answer_by = DateField(default=UNSET, constraints=[SQL("DEFAULT '1970-01-01'")])
    owner = ForeignKeyField(Person, null=True, on_delete="SET NULL", backref="owned_complaints")
    about = ForeignKeyField(Person, null=True, on_delete="SET NULL", backref="complaints_about")
    logged_by = ForeignKeyField(Person, null=True, on_delete="SET NULL", backref="logged_complaints")
    acknowledged_at = DateTimeField(null=True)
    answered_at = DateTimeField(null=True)
    closed_at = DateTimeField(null=True)
    reopened_at = DateTimeField(null=True)
    reason = EnumField(Reason, max_length=20, null=True)
    satisfied = BooleanField(null=True)
    measure_taken = BooleanField(null=True, constraints=[SQL(CLOSED)])

    class Meta:
        indexes = ((("year", "number"), True), (("created_at",), False), (("closed_at",), False))

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of this complaint's own key."""
        return self.id

    @property
    def title(self) -> str:
        """Return what it is and its reference: "Réclamation R-2026-0001"."""
        return f"{self.kind.noun} {self.reference}"

    @property
    def is_open(self) -> bool:
        """Whether no answer closes it."""
        return self.closed_at is None

    @property
    def may_be_judged(self) -> bool:
        """Whether the complainant has not said yet what she thinks of the answer."""
        return self.state in OVER and self.satisfied is None

    @property
    def may_be_reopened(self) -> bool:
        """Whether the complainant may still ask that it is looked at again."""
        return self.may_be_judged and self.reopened_at is None

    @property
    def complainant(self) -> str:
        """Return the name, or words when the content was destroyed."""
        try:
            return self.content["name"]
        except ContentDestroyed:
            return "contenu détruit"

    @classmethod
    def readable_by(cls, reader: Person) -> Expression:
        """Return the condition of every list and count: whoever a complaint concerns never meets it."""
        return cls.about.is_null() | (cls.about != reader.id)

    @one_row
    def by_id_with_people(cls, complaint_id: uuid.UUID) -> ModelSelect:
        """Return one complaint with its owner, whom it concerns and who logged it."""
        owner, about, logger = Person.alias("owner"), Person.alias("subject"), Person.alias("logger")
        query = cls.select(cls, owner, about, logger)
        for field, person, name in ((cls.owner, owner, "owner"), (cls.about, about, "about"), (cls.logged_by, logger, "logged_by")):
            query = query.join_from(cls, person, JOIN.LEFT_OUTER, on=(field == person.id), attr=name)
        return query.where(cls.id == complaint_id)

    @classmethod
    def count_since(cls, moment: datetime.datetime, reader: Person) -> int:
        """Return how many of those that she may read were filed since that moment (naive UTC)."""
        return cls.select().where(cls.created_at >= moment, cls.readable_by(reader)).count()

    @classmethod
    def hidden_from(cls, reader: Person) -> ModelSelect:
        """Return the identifiers of the complaints that concern a person."""
        return cls.select(cls.id).where(cls.about == reader.id)

    @classmethod
    def email_by_id(cls, email_id: uuid.UUID) -> Email | None:
        """Return an e-mail of the outbox with `about_id`: whom the complaint that it may be about concerns."""
        query = Email.select(Email, cls.about.alias("about_id")).join(cls, JOIN.LEFT_OUTER, on=(Email.subject_id == cls.id))
        return query.where(Email.id == email_id).objects().first()


class ComplaintEntry(BaseModel):
    """A line of the thread; its identifier is the number of its form. `content` holds `text`, and `measure` in an answer.

    `author` is None when the complainant or the application wrote it; `detail` is a word of the code.
    """

    complaint = ForeignKeyField(Complaint, on_delete="CASCADE")
    author = ForeignKeyField(Person, null=True, on_delete="SET NULL")
    kind = EnumField(EntryKind, max_length=20)
    detail = CharField(max_length=20, default="")
    content = EncryptedJSONField()

    class Meta:
        indexes = ((("complaint", "created_at"), False),)

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of the complaint's key."""
        return self.complaint_id

    @property
    def about_id(self) -> uuid.UUID | None:
        """Return whom its complaint concerns."""
        return self.complaint.about_id

    @classmethod
    def of_complaint(cls, complaint: Complaint) -> list[Self]:
        """Return the thread, with its authors and the `files` of each line, the oldest first, in two queries."""
        query = cls.select(cls, Person).join(Person, JOIN.LEFT_OUTER).where(cls.complaint == complaint.id)
        found = list(query.order_by(cls.created_at, cls.id))
        files = ComplaintFile.of_complaint(complaint)
        for one in found:
            one.complaint = complaint
            one.files = [file for file in files if file.entry_id == one.id]
        return found

    @one_row
    def by_id_with_complaint(cls, entry_id: uuid.UUID) -> ModelSelect:
        """Return one line with its complaint."""
        return cls.select(cls, Complaint).join(Complaint).where(cls.id == entry_id)


class ComplaintFile(BaseModel):
    """A file of the thread: its name and its content are encrypted; `media_type` is what its content was found to be."""

    entry = ForeignKeyField(ComplaintEntry, on_delete="CASCADE")
    name = EncryptedTextField()
    media_type = CharField(max_length=100)
    size = IntegerField()
    content = EncryptedBytesField()

    class Meta:
        constraints = (SQL("CONSTRAINT file_of_complaint_is_not_empty CHECK (size > 0)"),)

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of the complaint's key."""
        return self.entry.complaint_id

    @property
    def about_id(self) -> uuid.UUID | None:
        """Return whom its complaint concerns."""
        return self.entry.complaint.about_id

    @classmethod
    def _without_content(cls, *others: Any) -> ModelSelect:
        fields = [field for field in cls._meta.sorted_fields if field is not cls.content]
        return cls.select(*fields, *others).join(ComplaintEntry)

    @classmethod
    def of_complaint(cls, complaint: Complaint) -> list[Self]:
        """Return the files of a thread, without their content, the oldest first."""
        query = cls._without_content(ComplaintEntry.id, ComplaintEntry.complaint, ComplaintEntry.kind)
        return list(query.where(ComplaintEntry.complaint == complaint.id).order_by(cls.created_at, cls.id))

    @one_row
    def by_id_with_complaint(cls, file_id: uuid.UUID) -> ModelSelect:
        """Return one file, without its content, with its line and its complaint."""
        return cls._without_content(ComplaintEntry, Complaint).join(Complaint).where(cls.id == file_id)

    def read(self) -> bytes:
        """Return the content of a file that was loaded without it."""
        fresh = ComplaintFile.select(ComplaintFile.content).where(ComplaintFile.id == self.id).get()
        fresh.entry = self.entry
        return fresh.content


class ComplaintReminder(BaseModel):
    """A reminder told: of which clock, for which deadline, at which stage in days from it. Whoever writes the row tells."""

    complaint = ForeignKeyField(Complaint, on_delete="CASCADE")
    clock = CharField(max_length=20)
    deadline = DateField()
    stage = IntegerField()

    class Meta:
        indexes = ((("complaint", "clock", "deadline", "stage"), True),)
