"""What was destroyed, and what will be: each thing with the last day on which it is kept."""

import datetime
import json
import uuid
from collections.abc import Iterator
from typing import Any, NamedTuple, Self

from flask import current_app
from peewee import JOIN, DateTimeField, ForeignKeyField, IntegerField, ModelSelect, TextField, UUIDField, fn
from playhouse.fields import EnumField

from bilan.adaptations.models import AdaptationRequest
from bilan.adaptations.rules import OVER as ADAPTATION_OVER
from bilan.closing.models import Closing
from bilan.closing.rules import Keep
from bilan.complaints.models import Complaint
from bilan.data_requests.models import DataRequest
from bilan.database import BaseModel, as_moment
from bilan.french import to_paris
from bilan.journeys.models import Journey
from bilan.numbering import Numbered
from bilan.people.models import Person
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import State
from bilan.privacy.rules import ERASED, SCHEDULE, Kind, Method, Terms, kept_until, until
from bilan.quotes.models import Quote
from bilan.statements import one_row
from bilan.vault import ContentKey


class Certificate(Numbered, BaseModel):
    """What was destroyed of one bilan, and how: never what it said.

    `counts`: how many rows, by line of the schedule. `completed_at` is empty as long as the destruction is not finished.
    `agent` and `journey_id` are forgotten with her account: a number, a day and counts stay.
    """

    letter = "C"

    year = IntegerField()
    number = IntegerField()
    journey_id = UUIDField(null=True, index=True)
    agent = ForeignKeyField(Person, null=True, on_delete="SET NULL")
    kind = EnumField(Kind, max_length=20)
    method = EnumField(Method, max_length=20)
    counts = TextField()
    completed_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("year", "number"), True), (("journey_id", "kind"), True))

    @property
    def lines(self) -> list[tuple[str, int]]:
        """Return what was destroyed, in words, with how many of each."""
        found = json.loads(self.counts)
        return [(one.title, found[one.key]) for one in SCHEDULE if found.get(one.key)]

    @classmethod
    def of_journey(cls, journey_id: uuid.UUID, kind: Kind) -> Self | None:
        """Return the certificate of a destruction, or None."""
        return cls.get_or_none(cls.journey_id == journey_id, cls.kind == kind)

    @classmethod
    def of_agent(cls, agent: Person) -> list[Self]:
        """Return an agent's certificates, the newest first."""
        return list(cls.select().where(cls.agent == agent.id, ~cls.completed_at.is_null()).order_by(cls.completed_at.desc()))

    @one_row
    def by_id_with_agent(cls, certificate_id: uuid.UUID) -> ModelSelect:
        """Return one certificate whose destruction is finished, with whose it is, or None."""
        query = cls.select(cls, Person).join(Person, JOIN.LEFT_OUTER)
        return query.where(cls.id == certificate_id, ~cls.completed_at.is_null())

    @classmethod
    def unfinished(cls) -> list[Self]:
        """Return those whose destruction was stopped on its way."""
        return list(cls.select().where(cls.completed_at.is_null()).order_by(cls.created_at))


class EndTold(BaseModel):
    """An agent was told that what she keeps of this bilan is about to go."""

    journey_id = UUIDField(unique=True)


class Due(NamedTuple):
    """Something, until which day included it is kept, and of which bilan or whom it is."""

    last: datetime.date
    kind: Kind
    subject_id: uuid.UUID


def terms() -> Terms:
    """Return the terms, as they are set."""
    sheet = current_app.config["BILAN"]
    return Terms(
        documents_days=sheet.keep_documents_days,
        kept_months=sheet.keeping_months_max,
        administrative=sheet.keep_administrative_months,
        quotes=sheet.keep_quote_months,
        complaints=sheet.keep_complaint_months,
        adaptations=sheet.keep_adaptation_months,
        drafts=sheet.keep_draft_months,
        mails=sheet.keep_mail_months,
        journal=sheet.keep_journal_months,
        copies_days=sheet.export_days,
    )


def published_schedule() -> list[tuple[str, str, str]]:
    """Return what the public page says of each line of the schedule: what, why, until when."""
    known = terms()
    return [(one.title, one.why, known.words(one)) for one in SCHEDULE if one.public]


def dues(known: Terms, *, agent: Person | None = None) -> list[Due]:
    """Return all that goes one day and is not gone, in the order in which it goes; only an agent's own when one is named."""
    found = [*_bilans(known, agent), *_adaptations(known, agent), *_complaints(known, agent), *_data_requests(known, agent)]
    if agent is None:
        found += [*_drafts(known), *_quotes(known)]
    return sorted(found, key=lambda one: (one.last, list(Kind).index(one.kind), str(one.subject_id)))


def _day(moment: Any) -> datetime.date:
    return to_paris(as_moment(moment)).date()


def ended_bilans(agent: Person | None = None) -> Iterator[tuple[uuid.UUID, datetime.date]]:
    """Return every bilan that is over, with the day when it ended: closed, interrupted, or never opened."""
    journeys = Journey.select(Journey.id, Journey.closed_at).where(~Journey.closed_at.is_null())
    never = Prescription.select(Prescription.id, Prescription.ended_at).join(Journey, JOIN.LEFT_OUTER, on=(Journey.id == Prescription.id))
    never = never.where(Journey.id.is_null(), ~Prescription.ended_at.is_null(), Prescription.agent_name != ERASED)
    if agent is not None:
        journeys, never = journeys.where(Journey.agent == agent.id), never.where(Prescription.agent == agent.id)
    for row_id, moment in [*journeys.tuples(), *never.tuples()]:
        yield row_id, _day(moment)


def _bilans(known: Terms, agent: Person | None) -> Iterator[Due]:
    bilans = list(ended_bilans(agent))
    certified = Certificate.select(Certificate.journey_id, Certificate.kind, Certificate.method).where(~Certificate.journey_id.is_null())
    closings = Closing.select(Closing.journey, Closing.keep, Closing.keep_months, Closing.keep_chosen_at)
    if agent is not None:  # a page asks, and not the night
        ids = [bilan for bilan, _ in bilans]
        certified, closings = certified.where(Certificate.journey_id.in_(ids)), closings.where(Closing.journey.in_(ids))
    done = {(one, kind): method for one, kind, method in certified.tuples()}
    chosen = {one.journey_id: one for one in closings}
    for bilan, ended in bilans:
        yield Due(until(ended, known.administrative), Kind.ADMINISTRATIVE, bilan)
        content = until(ended, days=known.documents_days)
        if (bilan, Kind.CONTENT) not in done:
            yield Due(content, Kind.CONTENT, bilan)
        choice, renewed = chosen.get(bilan), done.get((bilan, Kind.CONTENT), Method.RENEWED) is Method.RENEWED
        kept = kept_until(ended, choice.keep, choice.keep_months, known) if choice else None
        if kept and renewed and kept > content and (bilan, Kind.KEPT) not in done:
            yield Due(kept, Kind.KEPT, bilan)
        # Renewed for what was kept, of which the agent has then wanted nothing any more: it goes in the night.
        renewed_once = done.get((bilan, Kind.CONTENT)) is Method.RENEWED and (bilan, Kind.KEPT) not in done
        if choice and choice.keep is Keep.NOTHING and renewed_once:
            yield Due(_day(choice.keep_chosen_at) if choice.keep_chosen_at else ended, Kind.KEPT, bilan)


def _adaptations(known: Terms, agent: Person | None) -> Iterator[Due]:
    query = AdaptationRequest.select(AdaptationRequest, Journey.closed_at.alias("bilan_closed_at"))
    query = query.join(Journey, JOIN.LEFT_OUTER, on=(Journey.id == AdaptationRequest.journey_id))
    query = query.where(AdaptationRequest.agent == agent.id) if agent else query
    requests, destroyed = list(query.objects()), ContentKey.select(ContentKey.id).where(~ContentKey.destroyed_at.is_null())
    if agent is not None:
        destroyed = destroyed.where(ContentKey.id.in_([one.id for one in requests]))
    gone = {one for (one,) in destroyed.tuples()}
    granted = DataRequest.granted(agent)
    for one in requests:
        closed, over = as_moment(one.bilan_closed_at), one.closed_at or one.decided_at or one.created_at
        if one.id in gone:
            yield Due(until(_day(over), known.administrative), Kind.ADAPTATION_FACTS, one.id)
        elif one.state in ADAPTATION_OVER and one.id in granted and over < granted[one.id]:
            yield Due(_day(granted[one.id]), Kind.ADAPTATION, one.id)
        elif closed is not None:
            yield Due(until(_day(closed), days=known.documents_days), Kind.ADAPTATION, one.id)
        elif one.state in ADAPTATION_OVER:
            yield Due(until(_day(over), known.adaptations), Kind.ADAPTATION, one.id)


def _complaints(known: Terms, agent: Person | None) -> Iterator[Due]:
    """Return the complaints that are closed. Of one that its agent may have destroyed before, its row waits for its own day."""
    query = Complaint.select(Complaint.id, Complaint.closed_at, Complaint.person).where(~Complaint.closed_at.is_null())
    granted = DataRequest.granted(agent)
    for one, closed_at, person in (query.where(Complaint.person == agent.id) if agent else query).tuples():
        if person is not None and one in granted and closed_at < granted[one]:
            yield Due(_day(granted[one]), Kind.COMPLAINT_ERASED, one)
            if agent is not None:
                continue
        yield Due(until(_day(closed_at), known.complaints), Kind.COMPLAINT, one)


def _data_requests(known: Terms, agent: Person | None) -> Iterator[Due]:
    query = DataRequest.select(DataRequest.id, DataRequest.closed_at).where(~DataRequest.closed_at.is_null())
    for one, closed_at in (query.where(DataRequest.agent == agent.id) if agent else query).tuples():
        yield Due(until(_day(closed_at), known.complaints), Kind.DATA_REQUEST, one)


def _drafts(known: Terms) -> Iterator[Due]:
    for one, created_at in Prescription.select(Prescription.id, Prescription.created_at).where(Prescription.state == State.DRAFT).tuples():
        yield Due(until(_day(created_at), known.drafts), Kind.DRAFT, one)


def _quotes(known: Terms) -> Iterator[Due]:
    """Return the prescriptions whose last quote has had its time; their names go before."""
    query = Prescription.select(Prescription.id, fn.MAX(Quote.created_at), Journey.closed_at, Prescription.ended_at).join(Quote)
    query = query.switch(Prescription).join(Journey, JOIN.LEFT_OUTER, on=(Journey.id == Prescription.id))
    for one, sent, closed_at, ended_at in query.group_by(Prescription.id, Journey.closed_at, Prescription.ended_at).tuples():
        if ended := closed_at or ended_at:
            yield Due(max(until(_day(sent), known.quotes), until(_day(ended), known.administrative)), Kind.QUOTES, one)
