"""Pure rules of a journey: what comes next, what waits, the three stations."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from bilan import french
from bilan.wording import Worded


class Phase(Worded):
    """The three phases of the service sheet, then closed."""

    DIAGNOSTIC = "diagnostic", "Diagnostic"
    ACCOMPANIMENT = "accompaniment", "Accompagnement"
    CONCLUSION = "conclusion", "Conclusion"
    CLOSED = "closed", "Terminé"


ORDER = (Phase.DIAGNOSTIC, Phase.ACCOMPANIMENT, Phase.CONCLUSION)
NEXT_PHASE = {Phase.DIAGNOSTIC: Phase.ACCOMPANIMENT, Phase.ACCOMPANIMENT: Phase.CONCLUSION, Phase.CONCLUSION: Phase.CLOSED}


class Meeting(Protocol):
    """What these rules need of an interview."""

    starts_at: datetime.datetime
    held_minutes: int | None
    is_pending: bool
    needs_outcome: bool


M = TypeVar("M", bound=Meeting)


@dataclass(frozen=True)
class Station:
    """A station of the path: done, current or todo."""

    label: str
    detail: str
    state: str


def stations(phase: Phase, here_words: str, dates: dict[Phase, datetime.datetime | None]) -> list[Station]:
    """Return the three stations of a journey; `here_words` is said at the present one, `dates` gives each phase's end."""
    here = ORDER.index(phase) if phase in ORDER else len(ORDER)
    found = []
    for rank, one in enumerate(ORDER):
        ended = dates.get(one)
        if rank < here:
            found.append(Station(one.label, f"terminé le {french.short_day(ended)}" if ended else "terminé", "done"))
        elif rank == here:
            found.append(Station(one.label, here_words, "current"))
        else:
            found.append(Station(one.label, "à venir", "todo"))
    return found


def next_interview(interviews: Iterable[M], moment: datetime.datetime) -> M | None:
    """Return the first interview to come that was not cancelled, or None."""
    coming = [one for one in interviews if one.is_pending and one.starts_at >= moment]
    return min(coming, key=lambda one: one.starts_at, default=None)


def held_minutes(interviews: Iterable[Meeting]) -> int:
    """Return the minutes held."""
    return sum(one.held_minutes or 0 for one in interviews)


class Filling(Protocol):
    """What these rules need of a passation."""

    submitted_at: datetime.datetime | None
    released_at: datetime.datetime | None
    due_on: datetime.date | None


class Deciding(Protocol):
    """What these rules need of a diagnostic."""

    decided_at: datetime.datetime | None
    reconsider_on: datetime.date | None


@dataclass(frozen=True)
class Line:
    """A journey in the counsellor's list: what waits for her (in words), and the next meeting."""

    journey: Any
    waiting: tuple[str, ...]
    next_interview: Any
    held_minutes: int


def waiting(
    interviews: Sequence[Meeting],
    passations: Sequence[Filling],
    moment: datetime.datetime,
    *,
    phase: Phase,
    decision: Deciding | None = None,
    asleep: str | None = None,
    unread: int = 0,
) -> tuple[str, ...]:
    """Return in words what waits for the counsellor of an open journey, the most urgent first.

    `decision` ends the first phase; `asleep` says a silence or a pause, when no meeting is to come.
    """
    found = []
    today = french.to_paris(moment).date()
    outcomes = sum(one.needs_outcome for one in interviews)
    results = sum(one.submitted_at is not None and one.released_at is None for one in passations)
    late = sum(one.submitted_at is None and one.due_on is not None and one.due_on < today for one in passations)
    if phase is Phase.DIAGNOSTIC and not outcomes:
        if (decision is None or decision.decided_at is None) and any(one.held_minutes for one in interviews):
            found.append("décision à prendre")
        if decision is not None and decision.reconsider_on is not None and decision.reconsider_on <= today:
            found.append("demande à revoir")
    if outcomes:
        found.append(french.plural(outcomes, "entretien à clore", "entretiens à clore"))
    if results:
        found.append(french.plural(results, "résultat à restituer", "résultats à restituer"))
    if unread:
        found.append(french.plural(unread, "message à lire", "messages à lire"))
    if late:
        found.append(french.plural(late, "questionnaire en retard", "questionnaires en retard"))
    if next_interview(interviews, moment) is None:
        found.append(asleep or "aucun entretien prévu")
    return tuple(found)


def overview(
    journeys: Sequence[Any],
    interviews: Iterable[Any],
    passations: Iterable[Any],
    moment: datetime.datetime,
    *,
    decisions: Mapping[Any, Any],
    sleeping: Mapping[Any, str],
    unread: Mapping[Any, int],
) -> list[Line]:
    """Return a line per journey, those where something waits first, then by next meeting.

    `decisions`, `sleeping` (the words of a silence or of a pause, said where no meeting is to come) and `unread` are by journey.
    """
    meetings, fillings = defaultdict(list), defaultdict(list)
    for interview in interviews:
        meetings[interview.journey_id].append(interview)
    for passation in passations:
        fillings[passation.journey_id].append(passation)
    lines = [
        Line(
            journey,
            waiting(
                meetings[journey.id],
                fillings[journey.id],
                moment,
                phase=journey.phase,
                decision=decisions.get(journey.id),
                asleep=sleeping.get(journey.id),
                unread=unread.get(journey.id, 0),
            )
            if journey.is_open
            else (),
            next_interview(meetings[journey.id], moment),
            held_minutes(meetings[journey.id]),
        )
        for journey in journeys
    ]
    far = moment + datetime.timedelta(days=36_500)
    return sorted(lines, key=lambda line: (not line.waiting, line.next_interview.starts_at if line.next_interview else far))
