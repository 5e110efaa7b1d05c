"""Deciding on a request, putting measures in place, stopping them, checking with the person."""

import datetime
import uuid
from typing import Any

from flask import current_app

from bilan.adaptations.actions import NotInPlace, add_entry, lock
from bilan.adaptations.models import AdaptationRequest
from bilan.adaptations.rules import Decision, EntryKind, State
from bilan.adaptations.telling import tell_agent
from bilan.database import now, transaction
from bilan.french import to_paris
from bilan.journal import Event, record
from bilan.mail.actions import relay
from bilan.mail.models import Relaying
from bilan.measures.models import Measure
from bilan.measures.rules import NOTICES, Kind, display_with
from bilan.people.actions import prefer
from bilan.people.models import Person
from bilan.people.rules import read_display


class Overtaken(Exception):
    """It was decided elsewhere since the form was opened; `current` is what was decided."""

    def __init__(self, current: AdaptationRequest | None) -> None:
        super().__init__("overtaken")
        self.current = current


class NotDecided(Exception):
    """Nothing was decided, or the request was refused: there is no measure to add."""


def decide(*, request: AdaptationRequest, decision: Decision, reason: str, late_reason: str, base: int, by: Person) -> None:
    """Decide, or decide anew on what was decided in `base`; the agent is told. Raise Overtaken, TakenBack."""
    fresh = AdaptationRequest(id=request.id, reason=reason, late_reason=late_reason)
    change: dict[str, Any] = {name: getattr(AdaptationRequest, name).seal_for(fresh) for name in ("reason", "late_reason")}
    change |= {"decision": decision, "decided_at": request.decided_at or now(), "decided_by": by, "revision": base + 1}
    with transaction():
        lock(request)
        mine = (AdaptationRequest.id == request.id) & (AdaptationRequest.revision == base)
        if not AdaptationRequest.update(**change).where(mine).execute():
            raise Overtaken(AdaptationRequest.for_referent(request.id))
        if decision is Decision.REFUSED:
            Measure.stop(Measure.of_request(request))
        record(Event.ADAPTATION_DECIDED, person=by, subject_id=request.id, detail=decision.value)
        _settle(request, refused=decision is Decision.REFUSED)
        tell_agent(request)


def _settle(request: AdaptationRequest, *, refused: bool = False) -> None:
    """Bring the state in line with the measures: all of them in place, it is to be checked so many days later."""
    acting = [one for one in Measure.of_request(request) if one.ended_at is None]
    change: dict[str, Any] = {"state": State.DECIDED, "applied_at": None, "check_by": None, "closed_at": None}
    if refused:
        change |= {"state": State.REFUSED, "closed_at": now()}
    elif acting and all(one.applied_at for one in acting):
        days = datetime.timedelta(days=current_app.config["BILAN"].adaptation_check_days)
        last = max(one.applied_at for one in acting)
        change |= {"state": State.APPLIED, "applied_at": last, "check_by": to_paris(last).date() + days, "suits": None}
    AdaptationRequest.update(**change).where(AdaptationRequest.id == request.id).execute()


def add_measure(*, request: AdaptationRequest, kind: Kind, values: dict[str, Any], submission: uuid.UUID, by: Person) -> None:
    """Add a measure to what was decided; the same form sent twice adds one. Raise NotDecided, TakenBack."""
    with transaction():
        lock(request)
        if AdaptationRequest.get_by_id(request.id).decision in (None, Decision.REFUSED):
            raise NotDecided
        if Measure.get_or_none_by_id(submission) is None:
            Measure(id=submission, request=request.id, kind=kind, values=values).save(force_insert=True)
            record(Event.MEASURE_ADDED, person=by, subject_id=request.id, detail=kind.value)
            _settle(request)


def apply_measure(*, measure: Measure, by: Person) -> None:
    """Put a measure in place: from now on it acts. Raise TakenBack."""
    request = measure.request
    with transaction():
        lock(request)
        waiting = (Measure.id == measure.id) & Measure.applied_at.is_null() & Measure.ended_at.is_null()
        if not Measure.update(applied_at=now(), applied_by=by).where(waiting).execute():
            return
        agent = Person.get_or_none_by_id(request.agent_id) if request.agent_id else None
        if agent and measure.kind is Kind.READING:
            prefer(person=agent, display=display_with(read_display(agent.preferences), measure.values["choices"]))
        if agent and measure.kind in NOTICES:
            told = {"channel": Relaying(NOTICES[measure.kind]), "contact": measure.values["contact"]}
            relay(person=agent, journey_id=request.journey_id, source_id=measure.id, **told)
        record(Event.MEASURE_APPLIED, person=by, subject_id=request.id, detail=measure.kind.value)
        _settle(request)
        tell_agent(request)


def end_measure(*, measure: Measure, by: Person) -> None:
    """Stop a measure, or give it up before it was in place. Raise TakenBack."""
    with transaction():
        lock(measure.request)
        Measure.stop([measure])
        record(Event.MEASURE_ENDED, person=by, subject_id=measure.request_id, detail=measure.kind.value)
        _settle(measure.request)


def check(*, request: AdaptationRequest, text: str, submission: uuid.UUID, by: Person) -> None:
    """Note that what is in place was checked with the person. Raise NotInPlace, TakenBack."""
    with transaction():
        lock(request)
        if not add_entry(request, EntryKind.CHECK, text, submission, by):
            return
        mine = (AdaptationRequest.id == request.id) & AdaptationRequest.state.in_([State.APPLIED, State.REVIEW])
        if not AdaptationRequest.update(state=State.CHECKED, closed_at=now()).where(mine).execute():
            raise NotInPlace
        record(Event.ADAPTATION_CHECKED, person=by, subject_id=request.id)
