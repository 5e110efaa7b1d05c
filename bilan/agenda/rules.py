"""Pure rules of the agenda: cells of time, series and holidays, weeks, notice, calendar files."""

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

import holidays
import icalendar

from bilan import french

CELL = datetime.timedelta(minutes=5)
EPOCH = datetime.datetime(1970, 1, 1)  # noqa: DTZ001 -- moments are kept as naive UTC
# An agent books this long before the hour at the latest; a reminder leaves this long before it.
NOTICE = datetime.timedelta(hours=2)
REMINDER = datetime.timedelta(hours=48)
SHOWN = 60
# Beyond so many counsellors, a week of them all says nothing any more: the page asks whose.
TEAM = 40
NOON = 12
YEARS = range(2000, 2101)
CLOCK_CHANGE = "changement d’heure"


def cells(starts_at: datetime.datetime, minutes: int) -> range:
    """Return the five-minute cells that a time touches, counted since 1970: two times that overlap share one."""
    ends_at = starts_at + datetime.timedelta(minutes=minutes)
    return range((starts_at - EPOCH) // CELL, -((EPOCH - ends_at) // CELL))


@lru_cache(maxsize=200)
def _holidays_of(year: int) -> dict[datetime.date, str]:
    return {day: name.replace("'", "’") for day, name in holidays.country_holidays("FR", language="fr", years=year).items()}


def holiday(day: datetime.date) -> str | None:
    """Return the name of a public holiday of metropolitan France, None on another day."""
    return _holidays_of(day.year).get(day)


def instant(day: datetime.date, hour: datetime.time) -> datetime.datetime | None:
    """Return an hour of Paris as naive UTC: of an hour that comes twice the first, None when the clocks jump over it."""
    local = datetime.datetime.combine(day, hour)
    stored = french.from_paris(local)
    return stored if french.to_paris(stored).replace(tzinfo=None) == local else None


@dataclass(frozen=True)
class Series:
    """The moments of a series (naive UTC), and the days left out, each with its reason."""

    moments: tuple[datetime.datetime, ...]
    left_out: tuple[tuple[datetime.date, str], ...]


def series(first: datetime.date, hour: datetime.time, weeks: int, until: datetime.date) -> Series:
    """Return the same hour of Paris every so many weeks (0: once), without holidays, `until` included."""
    days = [first]
    while weeks and days[-1] + datetime.timedelta(weeks=weeks) <= until:
        days.append(days[-1] + datetime.timedelta(weeks=weeks))
    moments, left_out = [], []
    for day in days:
        moment, name = instant(day, hour), holiday(day)
        if name or moment is None:
            left_out.append((day, name or CLOCK_CHANGE))
        else:
            moments.append(moment)
    return Series(tuple(moments), tuple(left_out))


@dataclass(frozen=True)
class Span:
    """The days that an agenda shows: one, or the seven of a week from its Monday."""

    first: datetime.date
    length: int

    @property
    def days(self) -> list[datetime.date]:
        """Return its days in order."""
        return [self.first + datetime.timedelta(days=rank) for rank in range(self.length)]

    @property
    def bounds(self) -> tuple[datetime.datetime, datetime.datetime]:
        """Return its first moment and the one after its last (naive UTC)."""
        midnight = datetime.time()
        end = self.first + datetime.timedelta(days=self.length)
        return tuple(french.from_paris(datetime.datetime.combine(day, midnight)) for day in (self.first, end))  # type: ignore[return-value]

    def step(self, count: int) -> Self:
        """Return the span so many days or weeks later."""
        return type(self)(self.first + datetime.timedelta(days=count * self.length), self.length)

    @property
    def query(self) -> dict[str, str]:
        """Return what an address says of it."""
        if self.length == 1:
            return {"jour": self.first.isoformat()}
        year, week, _ = self.first.isocalendar()
        return {"semaine": f"{year}-W{week:02d}"}


def span(day: str, week: str, today: datetime.date) -> Span:
    """Return the day (2026-11-26) or the week (2026-W48) that an address names; this week when it names none."""
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", day, re.ASCII) and int(day[:4]) in YEARS:
            return Span(datetime.date.fromisoformat(day), 1)
        if (found := re.fullmatch(r"(\d{4})-W(\d\d)", week, re.ASCII)) and int(found[1]) in YEARS:
            return Span(datetime.date.fromisocalendar(int(found[1]), int(found[2]), 1), 7)
    except ValueError:
        pass
    return Span(today - datetime.timedelta(days=today.weekday()), 7)


@dataclass(frozen=True)
class Choice:
    """The free slots that a page offers, by day; `page` counts from 1."""

    slots: Sequence[Any]
    page: int
    has_later: bool
    where: str
    when: str


def choice(slots: Iterable[Any], *, where: str, when: str, page: int) -> Choice:
    """Return the slots on site or remote, of the morning or of the afternoon (any other word: all), a page at a time."""
    found = [
        one
        for one in slots
        if where not in ("on_site", "remote") or one.mode == where
        if when not in ("matin", "apres-midi") or (french.to_paris(one.starts_at).hour < NOON) == (when == "matin")
    ]
    page = min(max(page, 1), max(-(-len(found) // SHOWN), 1))
    return Choice(found[(page - 1) * SHOWN : page * SHOWN], page, len(found) > page * SHOWN, where, when)


def is_in_time(starts_at: datetime.datetime, moment: datetime.datetime, hours: int) -> bool:
    """Whether an agent may still move or cancel by herself; exactly at the limit she may."""
    return moment <= starts_at - datetime.timedelta(hours=hours)


def initials(name: str) -> str:
    """Return "N. B." of "Nadia Benali"."""
    return " ".join(f"{part[0].upper()}." for part in re.split(r"[\s\-]+", name) if part)


@dataclass(frozen=True)
class Meeting:
    """What a calendar file says of an interview; `starts_at` is naive UTC, an empty `location` is not written."""

    uid: str
    starts_at: datetime.datetime
    minutes: int
    sequence: int
    summary: str
    location: str = ""
    cancelled: bool = False


def calendar_of(
    meetings: Iterable[Meeting], *, method: str, stamp: datetime.datetime, organizer: tuple[str, str], attendee: str = ""
) -> bytes:
    """Return a calendar file (RFC 5545); `organizer` is a name and an address, `stamp` naive UTC."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Espace 2M//Bilan//FR")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(_paris())
    for meeting in meetings:
        event = icalendar.Event()
        event.add("uid", meeting.uid)
        event.add("sequence", meeting.sequence)
        event.add("dtstamp", stamp.replace(tzinfo=datetime.UTC))
        event.add("dtstart", _start(meeting.starts_at))
        event.add("duration", datetime.timedelta(minutes=meeting.minutes))
        event.add("summary", meeting.summary)
        event.add("status", "CANCELLED" if meeting.cancelled else "CONFIRMED")
        event.add("organizer", _address(organizer[1], organizer[0]))
        if meeting.location:
            event.add("location", meeting.location)
        if attendee:
            event.add("attendee", _address(attendee))
        calendar.add_component(event)
    return calendar.to_ical()


def _address(email: str, name: str = "") -> icalendar.vCalAddress:
    address = icalendar.vCalAddress(f"mailto:{email}")
    if name:
        address.params["CN"] = name
    return address


def _start(moment: datetime.datetime) -> datetime.datetime:
    """Return the hour of Paris; in UTC the second time an autumn night's hour comes, which a TZID cannot say."""
    local = french.to_paris(moment)
    return moment.replace(tzinfo=datetime.UTC) if local.fold else local


def _paris() -> icalendar.Timezone:
    """Return the VTIMEZONE of Paris, by its two rules.

    The one that icalendar makes lists every change until 2038, those of spring an hour late.
    """
    zone = icalendar.Timezone()
    zone.add("tzid", "Europe/Paris")
    for part, name, start, month, before, after in (
        (icalendar.TimezoneDaylight(), "CEST", datetime.datetime(1996, 3, 31, 2), 3, 1, 2),  # noqa: DTZ001 -- an onset is local
        (icalendar.TimezoneStandard(), "CET", datetime.datetime(1996, 10, 27, 3), 10, 2, 1),  # noqa: DTZ001
    ):
        part.add("tzname", name)
        part.add("dtstart", start)
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1SU"})
        part.add("tzoffsetfrom", datetime.timedelta(hours=before))
        part.add("tzoffsetto", datetime.timedelta(hours=after))
        zone.add_component(part)
    return zone
