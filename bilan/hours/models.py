"""The account of a bilan as the database knows it: the same figures for its agent, her counsellor and the HR service.

Guarantee: what is read is dates, kinds and durations, never a word of anybody.
"""

import uuid
from types import SimpleNamespace
from typing import Any

from flask import current_app

from bilan.database import now
from bilan.diagnostics.models import Diagnostic
from bilan.diagnostics.rules import RHYTHM_DAYS
from bilan.french import to_paris
from bilan.hours.rules import Account, Bounds, Programme, account
from bilan.interviews.models import Interview
from bilan.journeys.models import Suspension


def bounds() -> Bounds:
    """Return what the service sheet says of a session's and of a bilan's length."""
    sheet = current_app.config["BILAN"]
    return Bounds(sheet.interview_hours_min * 60, sheet.interview_hours_max * 60, sheet.hours_min * 60, sheet.hours_max * 60, sheet.months)


def account_of(journey_id: uuid.UUID, *, is_open: bool) -> Account:
    """Return the account of a journey, in three queries."""
    return _account(journey_id, Interview.counted(journey_id), is_open=is_open)


def account_with(journey_id: uuid.UUID, meeting: dict[str, Any], *, instead_of: uuid.UUID | None = None) -> tuple[Account, Account]:
    """Return the accounts without and with a meeting that one is about to plan (or to change: `instead_of`)."""
    counted = Interview.counted(journey_id)
    others = [one for one in counted if one.id != instead_of]
    candidate = SimpleNamespace(held_minutes=None, **{name: meeting[name] for name in ("kind", "starts_at", "planned_minutes")})
    coming = [candidate] if meeting["starts_at"] > now() else []
    return _account(journey_id, counted, is_open=True), _account(journey_id, [*others, *coming], is_open=True)


def _account(journey_id: uuid.UUID, counted: list[Any], *, is_open: bool) -> Account:
    committed = Diagnostic.committed(journey_id)
    programme = None
    if committed is not None:
        programme = Programme(committed.planned_minutes, RHYTHM_DAYS[committed.rhythm], committed.starts_on, committed.ends_on)
    suspension = Suspension.current(journey_id)
    resumes_on = suspension.resumes_on if suspension else None
    return account(counted, programme, bounds(), to_paris(now()).date(), resumes_on=resumes_on, is_open=is_open)
