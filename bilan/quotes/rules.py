"""Pure rules of quotes: states, amounts in cents, until when one may say yes."""

import datetime
from dataclasses import dataclass

from bilan.prescriptions.rules import State
from bilan.wording import Worded

MINUTES_STEP = 15
MINUTES_MAX = 100 * 60
VALID_DAYS_MAX = 366
# Where a prescription stands while a quote may still be drawn up for it.
QUOTABLE = (State.RECEIVED, State.QUOTED)


class QuoteState(Worded):
    """Where a quote stands; one that was replaced or cancelled keeps its number."""

    SENT = "sent", "envoyé"
    ACCEPTED = "accepted", "accepté"
    REFUSED = "refused", "refusé"
    REPLACED = "replaced", "remplacé"
    CANCELLED = "cancelled", "annulé"

    @property
    def tag(self) -> str:
        """Return the kind of tag that shows it: see components/status.html."""
        return STATE_TAGS.get(self, "info")


STATE_TAGS = {QuoteState.SENT: "todo", QuoteState.ACCEPTED: "done", QuoteState.REFUSED: "problem"}


@dataclass(frozen=True)
class Amounts:
    """What a quote costs, in cents: before tax, the tax, and what is paid."""

    net: int
    vat: int

    @property
    def total(self) -> int:
        """Return what is paid."""
        return self.net + self.vat


def amounts(minutes: int, hourly_cents: int, vat_points: int) -> Amounts:
    """Return the amounts of so many minutes at that hourly rate; the tax is counted on the rounded net amount.

    Each is rounded to the nearest cent, half a cent upward, as sums in euros are
    (Règlement (CE) n° 1103/97, article 5).
    """
    net = half_up(minutes * hourly_cents, 60)
    return Amounts(net, half_up(net * vat_points, 10_000))


def half_up(numerator: int, denominator: int) -> int:
    """Return the quotient of two positive integers rounded to the nearest, half upward, in integers only."""
    return (2 * numerator + denominator) // (2 * denominator)


def is_expired(valid_until: datetime.date, today: datetime.date) -> bool:
    """Whether the last day of a quote, which is whole, is past."""
    return today > valid_until
