"""The outbox: an e-mail is a row, then a sending."""

import datetime
import uuid
from typing import Self

from peewee import JOIN, CharField, DateTimeField, ForeignKeyField, IntegerField, ModelSelect, ModelUpdate, UUIDField
from playhouse.fields import EnumField

from bilan.database import BaseModel, now
from bilan.journeys.models import Journey
from bilan.mail.rules import LONGEST_DELAY
from bilan.people.models import Person
from bilan.statements import one_row
from bilan.vault import OUTBOX_KEY, ContentDestroyed, EncryptedJSONField, EncryptedTextField
from bilan.wording import Worded


class EmailState(Worded):
    """Where an e-mail stands."""

    WAITING = "waiting", "en attente"
    SENDING = "sending", "envoi en cours"
    SENT = "sent", "envoyé"
    UNCERTAIN = "uncertain", "à vérifier"
    FAILED = "failed", "refusé"

    @property
    def tag(self) -> str:
        """Return the kind of tag that shows it: see components/status.html."""
        return STATE_TAGS.get(self, "todo")


STATE_TAGS = {EmailState.SENT: "done", EmailState.UNCERTAIN: "attention", EmailState.FAILED: "problem"}


class Relaying(Worded):
    """How somebody is told besides her e-mails."""

    PHONE = "phone", "par téléphone"
    POST = "post", "par courrier"


class Email(BaseModel):
    """One e-mail to one address. `envelope` holds to, reply_to, subject, body and the body's personal links.

    `claimed_at` is the moment when a sender took it; `handing_over_at` the moment just
    before its text went to the server: an attempt that was cut after it may have arrived.
    """

    kind = CharField(max_length=60)
    key_id = UUIDField(default=OUTBOX_KEY)
    subject_id = UUIDField(null=True, index=True)
    envelope = EncryptedJSONField()
    state = EnumField(EmailState, max_length=20, default=EmailState.WAITING)
    attempts = IntegerField(default=0)
    next_attempt_at = DateTimeField(default=now)
    claimed_at = DateTimeField(null=True)
    handing_over_at = DateTimeField(null=True)
    last_error = CharField(max_length=300, default="")
    sent_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("state", "next_attempt_at"), False), (("created_at",), False))

    @classmethod
    def claim(cls, email_id: uuid.UUID) -> bool:
        """Take a waiting e-mail that is due; False when another sender has it or it is not due."""
        moment = now()
        return (
            cls.update(state=EmailState.SENDING, claimed_at=moment, handing_over_at=None, attempts=cls.attempts + 1)
            .where(cls.id == email_id, cls.state == EmailState.WAITING, cls.next_attempt_at <= moment)
            .execute()
            == 1
        )

    @classmethod
    def hand_over(cls, email: Self) -> bool:
        """Note that the text goes to the server now; False when the e-mail is no longer this claim's."""
        held = cls.id == email.id, cls.state == EmailState.SENDING, cls.attempts == email.attempts
        return cls.update(handing_over_at=now()).where(*held).execute() == 1

    @classmethod
    def listed(cls, state: EmailState | None, *, without: ModelSelect | None = None) -> ModelSelect:
        """Return the e-mails of a state (None: all), the newest first, those about some objects apart."""
        query = cls.select() if state is None else cls.select().where(cls.state == state)
        if without is not None:
            query = query.where(cls.subject_id.is_null() | cls.subject_id.not_in(without))
        return query.order_by(cls.created_at.desc(), cls.id)

    @classmethod
    def about(cls, subject_id: uuid.UUID) -> list[Self]:
        """Return the e-mails about one object, the oldest first."""
        return list(cls.select().where(cls.subject_id == subject_id).order_by(cls.created_at))

    @classmethod
    def count_unsettled(cls, *, without: ModelSelect | None = None) -> int:
        """Return how many e-mails need somebody, refused or uncertain, those about some objects apart."""
        unsettled = cls.state.in_([EmailState.FAILED, EmailState.UNCERTAIN])
        return cls.listed(None, without=without).where(unsettled).count()

    @property
    def is_unsettled(self) -> bool:
        """Whether somebody must look at it."""
        return self.state in (EmailState.FAILED, EmailState.UNCERTAIN)

    @property
    def recipient(self) -> str:
        """Return the address, or words when the content was destroyed."""
        try:
            return self.envelope["to"]
        except ContentDestroyed:
            return "adresse détruite"

    @classmethod
    def due(cls, limit: int) -> list[uuid.UUID]:
        """Return the identifiers of e-mails that wait and are due."""
        rows = cls.select(cls.id).where(cls.state == EmailState.WAITING, cls.next_attempt_at <= now())
        return [email_id for (email_id,) in rows.order_by(cls.next_attempt_at).limit(limit).tuples()]

    @classmethod
    def abandoned(cls, life: datetime.timedelta, *, handing_over: bool, **change: object) -> ModelUpdate:
        """Return the update of e-mails whose sender died that long ago, before or while handing over.

        A moment to come was written by a clock that was ahead: its sender is taken for dead too.
        """
        since = cls.handing_over_at if handing_over else cls.claimed_at
        return cls.update(**change).where(
            cls.state == EmailState.SENDING,
            (since < now() - life) | (since > now() + life),
            cls.handing_over_at.is_null(not handing_over),
        )

    @classmethod
    def set_too_far(cls) -> ModelUpdate:
        """Return the update that makes due what waits for longer than any delay: the clock was ahead when it was written."""
        return cls.update(next_attempt_at=now()).where(cls.state == EmailState.WAITING, cls.next_attempt_at > now() + LONGEST_DELAY)


class Relay(BaseModel):
    """Somebody who is told by phone or by post what she is told by e-mail, until her bilan is closed.

    `contact` is the number or the address; `source_id` is what asks for it.
    """

    person = ForeignKeyField(Person, on_delete="CASCADE")
    channel = EnumField(Relaying, max_length=10)
    contact = EncryptedTextField()
    journey_id = UUIDField(null=True)
    source_id = UUIDField(unique=True)

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of the outbox's key."""
        return OUTBOX_KEY

    @classmethod
    def of_address(cls, address: str) -> list[Self]:
        """Return how the person of an address is told, one row per channel: the last asked for."""
        query = cls.select().join(Person).switch(cls).join(Journey, JOIN.LEFT_OUTER, on=(Journey.id == cls.journey_id))
        query = query.where(Person.email == address, Journey.closed_at.is_null()).order_by(cls.created_at)
        return list({one.channel: one for one in query}.values())


class Notice(BaseModel):
    """An e-mail to be told otherwise too, once per channel."""

    email = ForeignKeyField(Email, on_delete="CASCADE")
    person = ForeignKeyField(Person, on_delete="CASCADE")
    channel = EnumField(Relaying, max_length=10)
    contact = EncryptedTextField()
    done_at = DateTimeField(null=True)
    done_by = ForeignKeyField(Person, null=True, on_delete="SET NULL", backref="told_notices")

    class Meta:
        indexes = ((("email", "channel"), True), (("done_at", "created_at"), False))

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of the outbox's key."""
        return OUTBOX_KEY

    @classmethod
    def listed(cls, *, done: bool) -> ModelSelect:
        """Return what is left to tell, the oldest first, or what was told, the newest first."""
        query = cls.select(cls, Email, Person).join(Email, JOIN.LEFT_OUTER).switch(cls).join(Person, JOIN.LEFT_OUTER, on=cls.person)
        order = cls.done_at.desc() if done else cls.created_at
        return query.where(cls.done_at.is_null(is_null=not done)).order_by(order, cls.id)

    @classmethod
    def count_left(cls) -> int:
        """Return how many are left to tell."""
        return cls.select().where(cls.done_at.is_null()).count()

    @one_row
    def by_id_with_email(cls, notice_id: uuid.UUID) -> ModelSelect:
        """Return one with its e-mail and its person."""
        query = cls.select(cls, Email, Person).join(Email).switch(cls).join(Person, on=cls.person)
        return query.where(cls.id == notice_id)
