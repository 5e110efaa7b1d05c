"""Asking for an adaptation, saying who sees what, writing to each other, judging what is in place, taking it back."""

import uuid
from typing import Any

from flask import current_app
from peewee import IntegrityError

from bilan import vault
from bilan.adaptations.models import AdaptationEntry, AdaptationRequest, today
from bilan.adaptations.rules import Channel, CounsellorSees, EntryKind, State, answer_by
from bilan.adaptations.telling import tell_agent, tell_referents
from bilan.database import now, transaction
from bilan.journal import Event, record
from bilan.measures.models import Measure
from bilan.people.models import Person

SHOWN = ("shows_words", "shows_name", "shows_meetings", "counsellor_sees")
ALL_SHOWN: dict[str, Any] = {**dict.fromkeys(SHOWN[:3], True), "counsellor_sees": CounsellorSees.NOTHING}


class TakenBack(Exception):
    """The person has taken her request back."""


class NotInPlace(Exception):
    """Nothing is in place yet: there is nothing to check, or to judge."""


def ask(
    *,
    submission: uuid.UUID,
    content: dict[str, Any],
    shown: dict[str, Any],
    agent: Person | None,
    journey_id: uuid.UUID | None,
    begun: bool,
) -> AdaptationRequest:
    """Keep a request (`content` is needs, words and contact), its day of answer fixed; the same form sent twice keeps one."""
    known = AdaptationRequest.get_or_none(AdaptationRequest.submission == submission)
    if known:
        return known
    days, received_on = current_app.config["BILAN"].adaptation_answer_days, today()
    channel = Channel.PUBLIC if agent is None else Channel.BILAN if begun else Channel.ACCEPTANCE
    days_of = {"received_on": received_on, "answer_by": answer_by(received_on, days)}
    request = AdaptationRequest(submission=submission, agent=agent, journey_id=journey_id, channel=channel, **days_of, **shown, **content)
    vault.create_key(request.id)
    try:
        with transaction():
            request.save(force_insert=True)
            record(Event.ADAPTATION_ASKED, person=agent, subject_id=request.id, detail=channel.value)
            tell_referents(request, "Une demande d’adaptation attend votre décision.")
    except IntegrityError:  # the same form twice at once
        return AdaptationRequest.get(AdaptationRequest.submission == submission)
    return request


def write(*, request: AdaptationRequest, kind: EntryKind, text: str, submission: uuid.UUID, by: Person) -> None:
    """Write a line of the exchanges; whoever it is for is told that something waits. Raise TakenBack."""
    with transaction():
        lock(request)
        if add_entry(request, kind, text, submission, by):
            record(Event.ADAPTATION_WRITTEN, person=by, subject_id=request.id, detail=kind.value)
            if by.id == request.agent_id:
                tell_referents(request, "Un message vous attend dans une demande d’adaptation.")
            elif kind is EntryKind.MESSAGE:
                tell_agent(request)


def lock(request: AdaptationRequest) -> None:
    """Take the row first, so that what happens at once queues here; raise TakenBack."""
    mine = (AdaptationRequest.id == request.id) & (AdaptationRequest.state != State.WITHDRAWN)
    if not AdaptationRequest.update(revision=AdaptationRequest.revision).where(mine).execute():
        raise TakenBack


def add_entry(request: AdaptationRequest, kind: EntryKind, text: str, submission: uuid.UUID, by: Person | None) -> bool:
    """Write a line, in the current transaction; False when that form was sent already."""
    if AdaptationEntry.get_or_none_by_id(submission) is not None:
        return False
    author = {"author": by, "by_agent": by is not None and by.id == request.agent_id}
    AdaptationEntry(id=submission, request=request.id, kind=kind, text=text, **author).save(force_insert=True)
    return True


def share(*, request: AdaptationRequest, shown: dict[str, Any], by: Person) -> None:
    """Change who sees what, from now on; the day of it stays in the exchanges. Raise TakenBack."""
    with transaction():
        lock(request)
        fresh = AdaptationRequest.get_by_id(request.id)
        if all(getattr(fresh, name) == shown[name] for name in SHOWN):
            return
        AdaptationRequest.update(**{name: shown[name] for name in SHOWN}).where(AdaptationRequest.id == request.id).execute()
        add_entry(request, EntryKind.SHARED, "", uuid.uuid4(), by)
        record(Event.ADAPTATION_SHARED, person=by, subject_id=request.id)


def judge(*, request: AdaptationRequest, suits: bool, text: str, submission: uuid.UUID, by: Person) -> None:
    """Let the agent say whether what is in place suits her. Raise NotInPlace, TakenBack."""
    with transaction():
        lock(request)
        if not add_entry(request, EntryKind.SUITS if suits else EntryKind.REVISE, text, submission, by):
            return
        change: dict[str, Any] = {"suits": suits} if suits else {"suits": suits, "state": State.REVIEW, "closed_at": None}
        in_place = (AdaptationRequest.id == request.id) & AdaptationRequest.applied_at.is_null(is_null=False)
        if not AdaptationRequest.update(**change).where(in_place).execute():
            raise NotInPlace
        record(Event.ADAPTATION_JUDGED, person=by, subject_id=request.id, detail="yes" if suits else "no")
        tell_referents(request, "Une personne dit si ce qui est en place lui convient.")


def withdraw(*, request: AdaptationRequest, by: Person) -> None:
    """Let the agent take her request back: its measures stop, and the referent no longer reads it."""
    with transaction():
        mine = (AdaptationRequest.id == request.id) & (AdaptationRequest.state != State.WITHDRAWN)
        if AdaptationRequest.update(state=State.WITHDRAWN, closed_at=now()).where(mine).execute():
            Measure.stop(Measure.of_request(request))
            record(Event.ADAPTATION_WITHDRAWN, person=by, subject_id=request.id)
            tell_referents(request, "Une personne a repris sa demande d’adaptation.")
