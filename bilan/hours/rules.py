"""Pure rules of the hours account.

Source: the service sheet, "12 à 15 heures sur environ 3 mois", "Entretiens individuels de
1 à 2 heures". Every figure is in minutes; every day is one of Paris. Only what was held
counts as held; the review with the HR service counts apart, personal work is not counted
in hours.
"""

import calendar
import datetime
import enum
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple, Protocol

from bilan import french
from bilan.interviews.rules import InterviewKind

# When nothing was held yet and the programme names no rhythm.
USUAL_MINUTES, USUAL_GAP = 90, 14


class Session(Protocol):
    """A meeting held (`held_minutes` is given), or planned and to come."""

    kind: InterviewKind
    starts_at: datetime.datetime
    planned_minutes: int
    held_minutes: int | None


class Bounds(NamedTuple):
    """What the service sheet says: a session's and a bilan's minutes, and a bilan's months."""

    session_min: int
    session_max: int
    total_min: int
    total_max: int
    months: int


class Programme(NamedTuple):
    """What the agent has committed herself to; `gap_days` is None for dates fixed as one goes."""

    planned_minutes: int
    gap_days: int | None
    starts_on: datetime.date
    ends_on: datetime.date


class Kind(enum.StrEnum):
    """What a warning is about."""

    SHORT_SESSION = "short_session"
    LONG_SESSION = "long_session"
    UNDER_TOTAL = "under_total"
    OVER_TOTAL = "over_total"
    GAP = "gap"
    LATE_END = "late_end"


OF_THE_WHOLE = {Kind.UNDER_TOTAL, Kind.OVER_TOTAL, Kind.LATE_END}


class Warned(NamedTuple):
    """A warning, in words."""

    kind: Kind
    words: str


class Line(NamedTuple):
    """One kind of meeting: how many minutes were held, and are scheduled."""

    label: str
    held: int
    scheduled: int


@dataclass(frozen=True)
class Account:
    """The account; `planned` is None before the agent's commitment, `projected_end` when nothing is to be projected."""

    planned: int | None
    held: int
    scheduled: int
    lines: tuple[Line, ...]
    review: Line
    projected_total: int | None = None
    projected_end: datetime.date | None = None
    warnings: tuple[Warned, ...] = ()

    @property
    def left(self) -> int | None:
        """Return what the programme still gives."""
        return None if self.planned is None else max(self.planned - self.held, 0)

    @property
    def to_schedule(self) -> int | None:
        """Return what has no date yet."""
        return None if self.planned is None else max(self.planned - self.held - self.scheduled, 0)


def account(
    sessions: Iterable[Session],
    programme: Programme | None,
    bounds: Bounds,
    today: datetime.date,
    *,
    resumes_on: datetime.date | None = None,
    is_open: bool = True,
) -> Account:
    """Return the account of a bilan; `resumes_on` is the end of a suspension that lasts. A closed bilan warns of nothing."""
    every = sorted(sessions, key=lambda one: one.starts_at)
    counted = [one for one in every if one.kind is not InterviewKind.HR_REVIEW]
    held, scheduled = _minutes(counted)
    plain = Account(
        programme.planned_minutes if programme else None, held, scheduled, _lines(counted), _line(InterviewKind.HR_REVIEW, every)
    )
    if not is_open:
        return plain
    warnings = _lengths(counted, bounds)
    if programme is None:
        return replace(plain, warnings=tuple(warnings))
    projection = _project(counted, programme, plain, today, resumes_on)
    warnings += _totals(held + scheduled, projection.total, bounds)
    warnings += _gaps(counted, programme, plain, today, resumes_on)
    warnings += _late_end(projection.end, programme, bounds)
    return replace(plain, projected_total=projection.total, projected_end=projection.end, warnings=tuple(warnings))


def length_warning(minutes: int, bounds: Bounds) -> Kind | None:
    """Return what a session of that length is warned of, None when it is of the usual length."""
    if minutes < bounds.session_min:
        return Kind.SHORT_SESSION
    return Kind.LONG_SESSION if minutes > bounds.session_max else None


def newly_warned(before: Account, after: Account) -> list[Warned]:
    """Return the warnings that a change would bring: about one more meeting, or about the whole bilan when it was not said yet."""
    said = {one.kind for one in before.warnings if one.kind in OF_THE_WHOLE}
    return [one for one in after.warnings if one not in before.warnings and one.kind not in said]


def _totals(known: int, projected: int, bounds: Bounds) -> list[Warned]:
    if known > bounds.total_max:
        words = f"Avec les entretiens prévus, le bilan compte {french.duration(known)}\u00a0: plus de {french.duration(bounds.total_max)}."
        return [Warned(Kind.OVER_TOTAL, words)]
    if projected < bounds.total_min:
        words = f"À ce rythme, le bilan compte {french.duration(projected)} à la fin du programme"
        return [Warned(Kind.UNDER_TOTAL, f"{words}\u00a0: moins de {french.duration(bounds.total_min)}.")]
    return []


def _late_end(end: datetime.date | None, programme: Programme, bounds: Bounds) -> list[Warned]:
    limit = add_months(programme.starts_on, bounds.months)
    if end is None or end <= limit:
        return []
    words = f"À ce rythme, le bilan finit le {french.short_day(end)}\u00a0: plus de {bounds.months}\u00a0mois après son début"
    return [Warned(Kind.LATE_END, f"{words} (après le {french.short_day(limit)}).")]


def add_months(day: datetime.date, months: int) -> datetime.date:
    """Return the same day some months later, or the month's last one when it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


class Projection(NamedTuple):
    """The minutes at the programme's end, and the day of the last session (None: nothing to project)."""

    total: int
    end: datetime.date | None


def _project(
    counted: Sequence[Session], programme: Programme, plain: Account, today: datetime.date, resumes_on: datetime.date | None
) -> Projection:
    """Go on from the last session at the bilan's own rhythm: its average length, its average gap."""
    days = [_day(one) for one in counted]
    known = plain.held + plain.scheduled
    to_schedule = plain.to_schedule or 0
    if not to_schedule:
        return Projection(known, days[-1] if days else None)
    lengths = [one.held_minutes or one.planned_minutes for one in counted]
    length = sum(lengths) / len(lengths) if lengths else USUAL_MINUTES
    gap = _real_gap(counted) or programme.gap_days or USUAL_GAP
    start = max([today, *days[-1:], *([resumes_on] if resumes_on else [])])
    sessions_left = math.ceil(to_schedule / length)
    room = max(math.floor((programme.ends_on - start).days / gap), 0)
    total = known + min(to_schedule, round(room * length))
    return Projection(total, start + datetime.timedelta(days=math.ceil(sessions_left * gap)))


def _real_gap(counted: Sequence[Session]) -> float | None:
    """Return the mean number of days between the sessions held, None before the second."""
    days = [_day(one) for one in counted if one.held_minutes is not None]
    return max((days[-1] - days[0]).days / (len(days) - 1), 1) if len(days) > 1 else None


def _lengths(counted: Sequence[Session], bounds: Bounds) -> list[Warned]:
    compared = {Kind.SHORT_SESSION: ("moins", bounds.session_min), Kind.LONG_SESSION: ("plus", bounds.session_max)}
    found = []
    for one in counted:
        kind = length_warning(one.planned_minutes, bounds) if one.held_minutes is None else None
        if kind is not None:
            words, limit = compared[kind]
            said = f"L’entretien du {french.short_day(one.starts_at)} est prévu pour {french.duration(one.planned_minutes)}"
            found.append(Warned(kind, f"{said}\u00a0: {words} de {french.duration(limit)}."))
    return found


def _gaps(
    counted: Sequence[Session], programme: Programme, plain: Account, today: datetime.date, resumes_on: datetime.date | None
) -> list[Warned]:
    """Warn of each gap to come that is longer than the programme's rhythm; a suspension is no gap."""
    if programme.gap_days is None or resumes_on:
        return []
    found = []
    for before, after in pairwise(counted):
        days = (_day(after) - _day(before)).days
        if after.held_minutes is None and days > programme.gap_days:
            words = f"{french.plural(days, 'jour', 'jours')} entre les entretiens du {french.short_day(before.starts_at)}"
            found.append(Warned(Kind.GAP, f"{words} et du {french.short_day(after.starts_at)}\u00a0: plus que le rythme du programme."))
    last = counted[-1] if counted else None
    if plain.to_schedule and last is not None and last.held_minutes is not None:
        until = _day(last) + datetime.timedelta(days=programme.gap_days)
        tense = "est" if until >= today else "était"
        words = f"Aucun entretien n’est prévu\u00a0: pour tenir le rythme, le prochain {tense} au plus tard le {french.short_day(until)}."
        found.append(Warned(Kind.GAP, words))
    return found


def _minutes(sessions: Iterable[Session]) -> tuple[int, int]:
    every = list(sessions)
    return sum(one.held_minutes or 0 for one in every), sum(one.planned_minutes for one in every if one.held_minutes is None)


def _line(kind: InterviewKind, sessions: Iterable[Session]) -> Line:
    return Line(kind.label, *_minutes(one for one in sessions if one.kind is kind))


def _lines(counted: Sequence[Session]) -> tuple[Line, ...]:
    return tuple(line for line in (_line(kind, counted) for kind in InterviewKind) if line.held or line.scheduled)


def _day(one: Session) -> datetime.date:
    return french.to_paris(one.starts_at).date()
