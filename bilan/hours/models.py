"""The account of a bilan as the database knows it: the same figures for its agent, her counsellor and the HR service.

Guarantee: what is read is dates, kinds and durations, never a word of anybody.
"""

import datetime
import uuid
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, TypeVar

from flask import current_app

from bilan.database import now
from bilan.diagnostics.models import Diagnostic
from bilan.diagnostics.rules import RHYTHM_DAYS
from bilan.french import to_paris
from bilan.hours.rules import Account, Bounds, Programme, Warned, account, newly_warned
from bilan.interviews.models import Interview
from bilan.journeys.models import Suspension
from bilan.measures.models import effects_of

K = TypeVar("K")


def bounds() -> Bounds:
    """Return what the service sheet says of a session's and of a bilan's length."""
    sheet = current_app.config["BILAN"]
    return Bounds(sheet.interview_hours_min * 60, sheet.interview_hours_max * 60, sheet.hours_min * 60, sheet.hours_max * 60, sheet.months)


def bounds_for(journey_id: uuid.UUID) -> Bounds:
    """Return the same, with the length of meetings that was decided for this agent where there is one."""
    hers = effects_of(journey_id).minutes
    return bounds()._replace(session_min=hers, session_max=hers) if hers else bounds()


def account_of(journey_id: uuid.UUID, *, is_open: bool) -> Account:
    """Return the account of a journey, in three queries."""
    facts = _facts(journey_id)
    # A closed bilan warns of nothing, nor does what an HR service reads: the lengths decided for an agent are not asked for.
    return account(Interview.counted(journey_id), is_open=is_open, bounds=bounds_for(journey_id) if is_open else bounds(), **facts)


def warned_of(journey_id: uuid.UUID, meetings: Mapping[K, dict[str, Any]], *, instead_of: uuid.UUID | None = None) -> dict[K, list[Warned]]:
    """Return what each of these meetings, alone, would bring to be warned of, if it was fixed (or another changed: `instead_of`).

    A meeting is its `kind`, `starts_at` and `planned_minutes`; one that is past brings nothing. Three queries, however many.
    """
    counted, facts = Interview.counted(journey_id), {**_facts(journey_id), "bounds": bounds_for(journey_id)}
    others = [one for one in counted if one.id != instead_of]
    before, found = account(counted, **facts), {}
    for key, meeting in meetings.items():
        coming = [SimpleNamespace(held_minutes=None, **meeting)] if meeting["starts_at"] > now() else []
        found[key] = newly_warned(before, account([*others, *coming], **facts))
    return found


def next_at_rhythm(journey_id: uuid.UUID) -> dict[str, Any]:
    """Return the `date` and `time` of Paris of the next meeting at the programme's rhythm; nothing without rhythm, or when it is past."""
    committed, counted = Diagnostic.committed(journey_id), Interview.counted(journey_id)
    gap = RHYTHM_DAYS[committed.rhythm] if committed else None
    if not counted or gap is None:
        return {}
    last = to_paris(counted[-1].starts_at)
    day = last.date() + datetime.timedelta(days=gap)
    return {"date": day, "time": last.time()} if day > to_paris(now()).date() else {}


def _facts(journey_id: uuid.UUID) -> dict[str, Any]:
    committed, suspension = Diagnostic.committed(journey_id), Suspension.current(journey_id)
    programme = None
    if committed is not None:
        programme = Programme(committed.planned_minutes, RHYTHM_DAYS[committed.rhythm], committed.starts_on, committed.ends_on)
    return {
        "programme": programme,
        "today": to_paris(now()).date(),
        "resumes_on": suspension.resumes_on if suspension else None,
    }
