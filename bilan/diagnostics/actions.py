"""Filling the grid of the diagnostic interview, deciding, and the agent's commitment."""

from typing import Any

from peewee import IntegrityError

from bilan.database import now, transaction
from bilan.diagnostics.models import Diagnostic
from bilan.diagnostics.rules import Decision
from bilan.interviews import actions as interviews
from bilan.interviews.models import Interview
from bilan.journal import Event, record
from bilan.journeys import actions as journeys
from bilan.journeys.models import Journey
from bilan.journeys.rules import Phase
from bilan.mail.actions import link_to, mail
from bilan.people.models import Person
from bilan.prescriptions import actions as prescriptions

PROGRAMME = ("planned_minutes", "rhythm", "starts_on", "ends_on", "reconsider_on")


class GridConflict(Exception):
    """Another tab or device has saved since this grid was opened; `current` is what it saved."""

    def __init__(self, current: Diagnostic) -> None:
        super().__init__("grid conflict")
        self.current = current


class NotYetMet(Exception):
    """No interview has begun: there is nothing to decide yet."""


class ObjectivesMissing(Exception):
    """A bilan engages on objectives defined together."""


class AlreadyCommitted(Exception):
    """The agent has committed herself: the decision no longer changes here."""


class NothingToCommit(Exception):
    """No programme waits for the agent's commitment."""


@mail("programme_proposed")
def programme_mail(*, journey: Journey) -> dict[str, Any]:
    """Invite the agent to read the programme and to commit herself."""
    return {"to": journey.agent.email, "name": journey.agent.display_name, "link": link_to("diagnostics.programme")}


@mail("programme_committed")
def committed_mail(*, journey: Journey) -> dict[str, Any]:
    """Tell the counsellor that the agent has committed herself."""
    return {"to": journey.counsellor.email, "name": journey.counsellor.display_name, "link": link_to("journeys.show", id=journey.id)}


def save_grid(*, journey: Journey, content: dict[str, Any], base: int, by: Person) -> Diagnostic:
    """Save the grid as the next version after `base` (0: nothing was there); raise GridConflict.

    The same grid again makes no new version.
    """
    try:
        with transaction():
            diagnostic = Diagnostic.of_journey(journey) or Diagnostic(journey=journey)
            if diagnostic.revision and diagnostic.content == content:
                return diagnostic
            if diagnostic.revision != base:
                raise GridConflict(diagnostic)
            diagnostic.content, diagnostic.revision = content, base + 1
            diagnostic.saved_at, diagnostic.saved_by = now(), by
            if base == 0:
                diagnostic.save(force_insert=True)
            else:
                _replace(diagnostic, base)
            record(Event.DIAGNOSTIC_SAVED, person=by, journey_id=journey.id)
    except IntegrityError:  # two first savings at once
        raise GridConflict(Diagnostic.get(Diagnostic.journey == journey)) from None
    return diagnostic


def _replace(diagnostic: Diagnostic, base: int) -> None:
    sealed = Diagnostic.content.seal_for(diagnostic)
    change = Diagnostic.update(content=sealed, revision=base + 1, saved_at=diagnostic.saved_at, saved_by=diagnostic.saved_by)
    if not change.where(Diagnostic.id == diagnostic.id, Diagnostic.revision == base).execute():
        raise GridConflict(Diagnostic.get_by_id(diagnostic.id))


def decide(*, journey: Journey, decision: Decision, programme: dict[str, Any], by: Person) -> None:
    """Decide how the diagnostic ends; what is not engaged nor to be reconsidered closes, without a word on why to HR.

    Raises NotYetMet, ObjectivesMissing, AlreadyCommitted.
    """
    diagnostic = Diagnostic.of_journey(journey)
    if diagnostic is not None and diagnostic.committed_at is not None:
        raise AlreadyCommitted
    if not Interview.has_begun(journey):
        raise NotYetMet
    if decision is Decision.ENGAGED and not (diagnostic and diagnostic.content.get("objectives")):
        raise ObjectivesMissing
    change = dict.fromkeys(PROGRAMME) | programme
    with transaction():
        if diagnostic is None:
            diagnostic = Diagnostic.create(journey=journey, content={})
        uncommitted = (Diagnostic.id == diagnostic.id) & Diagnostic.committed_at.is_null()
        if not Diagnostic.update(decision=decision, decided_at=now(), **change).where(uncommitted).execute():
            raise AlreadyCommitted
        record(Event.DIAGNOSTIC_DECIDED, person=by, journey_id=journey.id, detail=decision.value)
        if decision is Decision.ENGAGED:
            programme_mail(journey=journey)
        elif decision is not Decision.RECONSIDER:
            prescriptions.end_without_follow_up(prescription_id=journey.id)
            interviews.cancel_coming(journey=journey, by=by)
            journeys.close_journey(journey=journey, by=by)


def commit(*, journey: Journey, by: Person) -> None:
    """Take the agent's commitment, dated; the accompaniment begins. Raise NothingToCommit when there is none to take."""
    with transaction():
        waiting = (Diagnostic.journey == journey.id) & (Diagnostic.decision == Decision.ENGAGED) & Diagnostic.committed_at.is_null()
        if not Diagnostic.update(committed_at=now()).where(waiting).execute():
            raise NothingToCommit
        record(Event.PROGRAMME_COMMITTED, person=by, journey_id=journey.id)
        if journey.phase is Phase.DIAGNOSTIC:
            journeys.enter_next_phase(journey=journey, leaving=Phase.DIAGNOSTIC, by=by)
        committed_mail(journey=journey)
