"""Pure rules of the treatment: the two clocks, the reminders, what the register filters."""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from bilan import french
from bilan.complaints.rules import Channel, Kind, Reason, State, working_days_from
from bilan.wording import Worded

RISK_DAYS = 2
WEEK = 7
# The reminders before the last day: in working days for the acknowledgement, in calendar days for the answer.
ACKNOWLEDGE_BEFORE, ANSWER_BEFORE = (2,), (7, 2)


@dataclass(frozen=True)
class Clock:
    """One of the two delays of a complaint, in days of Paris; the `deadline` itself is in time.

    `done_on` is None as long as it runs. Source: the service's own promise, in the spirit
    of ISO 10002; a note between colleagues stops neither.
    """

    name: str
    deadline: datetime.date
    today: datetime.date
    done_on: datetime.date | None
    at_risk_from: datetime.date

    @property
    def days_left(self) -> int:
        """Return the days left; negative when the deadline is past."""
        return (self.deadline - self.today).days

    @property
    def is_running(self) -> bool:
        """Whether it is not done."""
        return self.done_on is None

    @property
    def is_late(self) -> bool:
        """Whether it was done too late, or is still not done."""
        return (self.done_on or self.today) > self.deadline

    @property
    def is_at_risk(self) -> bool:
        """Whether few days are left."""
        return self.is_running and not self.is_late and self.today >= self.at_risk_from

    @property
    def words(self) -> str:
        """Return what the clock says, in words."""
        if self.done_on is not None:
            return "hors délai" if self.is_late else "dans le délai"
        if self.is_late:
            return f"dépassé de {french.plural(-self.days_left, 'jour', 'jours')}"
        return "dernier jour" if self.days_left == 0 else f"reste {french.plural(self.days_left, 'jour', 'jours')}"

    @property
    def kind(self) -> str:
        """Return the kind of tag that shows it: see components/status.html."""
        if self.is_late:
            return "problem"
        if self.is_at_risk:
            return "attention"
        return "todo" if self.is_running else "done"


def marks(clock: Clock) -> dict[int, datetime.date]:
    """Return the days of the reminders before the deadline, by stage: -2 is two (working) days before."""
    if clock.name == "acknowledgement":
        return {-count: working_days_from(clock.deadline, -count) for count in ACKNOWLEDGE_BEFORE}
    return {-count: clock.deadline - datetime.timedelta(days=count) for count in ANSWER_BEFORE}


def acknowledgement(deadline: datetime.date, today: datetime.date, done_at: datetime.datetime | None) -> Clock:
    """Return the clock of the acknowledgement."""
    return Clock("acknowledgement", deadline, today, _day(done_at), working_days_from(deadline, -RISK_DAYS))


def answer(deadline: datetime.date, today: datetime.date, done_at: datetime.datetime | None) -> Clock:
    """Return the clock of the written answer."""
    return Clock("answer", deadline, today, _day(done_at), deadline - datetime.timedelta(days=WEEK))


def _day(moment: datetime.datetime | None) -> datetime.date | None:
    return french.to_paris(moment).date() if moment else None


def stage(clock: Clock) -> int | None:
    """Return the reminder that the day calls for: -7 or -2 before, 1, 8, 15… days after; None when there is none.

    A worker that was stopped tells the last one reached, not those before it.
    """
    if not clock.is_running:
        return None
    if clock.is_late:
        return 1 + WEEK * ((-clock.days_left - 1) // WEEK)
    return max((one for one, day in marks(clock).items() if clock.today >= day), default=None)


@dataclass(frozen=True)
class Wanted:
    """What the register is asked for; a word that is none is no filter."""

    state: State | None = None
    kind: Kind | None = None
    channel: Channel | None = None
    reason: Reason | None = None
    late: bool = False
    since: datetime.date | None = None
    until: datetime.date | None = None
    reference: str = ""

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Self:
        """Read the words of an address."""
        return cls(
            state=_member(State, asked.get("etat")),
            kind=_member(Kind, asked.get("sorte")),
            channel=_member(Channel, asked.get("voie")),
            reason=_member(Reason, asked.get("motif")),
            late=asked.get("retard") == "oui",
            since=french.read_day(asked.get("du")),
            until=french.read_day(asked.get("au")),
            reference="".join(re.findall(r"[A-Za-z0-9-]", asked.get("q") or ""))[:20].upper(),
        )

    @property
    def query(self) -> dict[str, Any]:
        """Return the same words, for the address of another page or of the export."""
        names = dict(zip(asdict(self), ("etat", "sorte", "voie", "motif", "retard", "du", "au", "q"), strict=True))
        found = {word: getattr(self, name) for name, word in names.items() if getattr(self, name)}
        return {word: "oui" if value is True else str(value) for word, value in found.items()}


def _member(words: type[Worded], value: str | None) -> Any:
    return next((one for one in words if one.value == value), None)


def reference_parts(reference: str) -> tuple[int | None, int | None]:
    """Return the year and the number that a typed reference names: "R-2026-0012", "2026", "12"."""
    numbers: Sequence[str] = re.findall(r"\d{1,6}", reference)
    years = [int(one) for one in numbers if len(one) == 4 and one.startswith("20")]
    others = [int(one) for one in numbers if not (len(one) == 4 and one.startswith("20"))]
    return (years[0] if years else None), (others[0] if others else None)
