"""Pure rules of the seals: the canonical form of a day, its digest, which days may be sealed; what the page is asked for.

Guarantee: two different days never give the same bytes to the digest, for each field is
preceded by its length, and the day and the number of its entries by the digest before.
"""

import datetime
import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Self

from bilan import french
from bilan.seals.words import Family

DAY = datetime.timedelta(days=1)
# A transaction that was open at midnight has an hour to end before its day is sealed.
GRACE = datetime.timedelta(hours=1)
SHOWN = datetime.timedelta(days=30)


class Line(NamedTuple):
    """One entry of the journal, as the database keeps it."""

    id: uuid.UUID
    at: datetime.datetime
    event: str
    person: uuid.UUID | None
    journey: uuid.UUID | None
    subject: uuid.UUID | None
    detail: str


class Content(NamedTuple):
    """What a day holds: how many entries, and their digest."""

    entries: int
    digest: str


def framed(*fields: str | None) -> bytes:
    """Return the fields in a form that can be read back in one way only: each after its length; "-" for none."""
    encoded = [None if one is None else one.encode("utf-8", "surrogatepass") for one in fields]
    return b"".join(b"-" if one is None else b"%d:%b" % (len(one), one) for one in encoded)


def canonical(line: Line) -> bytes:
    """Return the bytes of an entry: the same from SQLite and from PostgreSQL."""
    named = [str(one) if one else None for one in (line.person, line.journey, line.subject)]
    return framed(str(line.id), line.at.isoformat(timespec="microseconds"), line.event, *named, line.detail)


def content_of(lines: Iterable[Line]) -> Content:
    """Return the content of a day, from its entries in order (moment, identifier)."""
    found, count = hashlib.sha256(), 0
    for line in lines:
        found.update(canonical(line))
        count += 1
    return Content(count, found.hexdigest())


def chained(previous: str, day: datetime.date, content: Content) -> str:
    """Return the digest of a day: it holds on to the day before ("" for the first)."""
    return hashlib.sha256(framed(previous, day.isoformat(), str(content.entries), content.digest)).hexdigest()


def bounds(first: datetime.date, last: datetime.date) -> tuple[datetime.datetime, datetime.datetime]:
    """Return the first moment of a day of Paris, and the first beyond another (naive UTC)."""
    start, beyond = (datetime.datetime.combine(one, datetime.time()) for one in (first, last + DAY))
    return french.from_paris(start), french.from_paris(beyond)


def newest_sealable(moment: datetime.datetime) -> datetime.date:
    """Return the last day that is over for longer than the grace, at a moment (naive UTC)."""
    return french.to_paris(moment - GRACE).date() - DAY


@dataclass(frozen=True)
class Wanted:
    """What the page is asked for; without a day, the last thirty; a word that is none is no filter."""

    since: datetime.date
    until: datetime.date
    family: Family | None = None

    @classmethod
    def read(cls, asked: Mapping[str, str], today: datetime.date) -> Self:
        """Read the words of an address."""
        until = french.read_day(asked.get("au")) or today
        family = next((one for one in Family if one.value == asked.get("sorte")), None)
        return cls(french.read_day(asked.get("du")) or until - SHOWN, until, family)

    @property
    def query(self) -> dict[str, str]:
        """Return the same words, for the address of another page."""
        days = {"du": self.since.isoformat(), "au": self.until.isoformat()}
        return days | ({"sorte": self.family.value} if self.family else {})
