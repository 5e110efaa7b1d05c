"""What counsellors offer: slots, the time they take, and the address by which a calendar follows them."""

import datetime

from peewee import SQL, CharField, CompositeKey, DateTimeField, ForeignKeyField, IntegerField, UUIDField
from playhouse.fields import EnumField

from bilan.database import BaseModel
from bilan.interviews.models import Interview, Mode
from bilan.people.models import Person


class Slot(BaseModel):
    """A time that a counsellor offers, free as long as no interview has taken it.

    `place` is an address on site, a link for a remote meeting. The slots published
    together carry the same `series_id`.
    """

    counsellor = ForeignKeyField(Person, on_delete="RESTRICT")
    starts_at = DateTimeField()
    minutes = IntegerField()
    mode = EnumField(Mode, max_length=10)
    place = CharField(max_length=300, default="")
    access_notes = CharField(max_length=500, default="")
    series_id = UUIDField(null=True, index=True)
    interview = ForeignKeyField(Interview, null=True, unique=True, on_delete="SET NULL")

    class Meta:
        constraints = (SQL("CONSTRAINT slot_within_a_day CHECK (minutes BETWEEN 15 AND 480)"),)
        indexes = ((("counsellor", "starts_at"), False), (("starts_at",), False))

    @property
    def ends_at(self) -> datetime.datetime:
        """Return its end (naive UTC)."""
        return self.starts_at + datetime.timedelta(minutes=self.minutes)


class BusyCell(BaseModel):
    """Five minutes of a counsellor, taken by one slot: the key makes an overlap impossible in either database.

    `cell` counts the five minutes since 1970.
    """

    id = None
    created_at = None
    counsellor = ForeignKeyField(Person, on_delete="CASCADE")
    cell = IntegerField()
    slot = ForeignKeyField(Slot, on_delete="CASCADE")

    class Meta:
        primary_key = CompositeKey("counsellor", "cell")


class Subscription(BaseModel):
    """The private address by which a counsellor's own calendar follows the agenda; only its digest is kept."""

    counsellor = ForeignKeyField(Person, unique=True, on_delete="CASCADE")
    digest = CharField(max_length=64, unique=True)
