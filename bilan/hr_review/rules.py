"""Pure rules of the review with HR: where it stands, and until when its meeting may be."""

import datetime

from bilan.french import to_paris
from bilan.wording import Worded


class State(Worded):
    """Where a review stands."""

    PROPOSED = "proposed", "proposé à l’agent"
    ACCEPTED = "accepted", "date à fixer"
    PLANNED = "planned", "date fixée"
    HELD = "held", "tenu"
    OVER = "over", "sans suite"


def state_of(*, accepted: bool, ended: bool, pending: bool, held: bool) -> State:
    """Return where a review stands; a meeting that was cancelled or missed is to be fixed again."""
    if held:
        return State.HELD
    if ended:
        return State.OVER
    if pending:
        return State.PLANNED
    return State.ACCEPTED if accepted else State.PROPOSED


def is_covered(starts_at: datetime.datetime, until: datetime.date) -> bool:
    """Whether an agreement still lives on the day of a meeting (naive UTC; the last day is one of Paris, included)."""
    return to_paris(starts_at).date() <= until
