"""What the indicators are computed from, read in one pass of each table, and the figures that may be shown, as computed one night.

Guarantee: what is read is dates, states, durations, sizes and marks; never a name, a note or a text.
"""

import datetime
import json
import uuid
from collections import Counter
from functools import cached_property
from typing import Any, NamedTuple, Self

from peewee import JOIN, SQL, BooleanField, DateTimeField, IntegerField, ModelSelect, TextField, fn

from bilan.adaptations.models import AdaptationRequest
from bilan.adaptations.rules import State as AdaptationState
from bilan.complaints.models import KEEPERS, Complaint
from bilan.complaints.rules import Kind as ComplaintKind
from bilan.database import BaseModel, now
from bilan.diagnostics.models import Diagnostic
from bilan.followup.models import Interruption
from bilan.french import to_paris
from bilan.interviews.models import Interview
from bilan.interviews.rules import CANCELLED, InterviewKind, Outcome
from bilan.journeys.models import Journey, Suspension
from bilan.journeys.rules import ORDER, Phase
from bilan.people.models import Employer, EmployerSize, Person
from bilan.plans.rules import months_before
from bilan.prescriptions.models import Prescription
from bilan.quality.opinions import opinions
from bilan.quality.rules import Source
from bilan.satisfaction.rules import quarter_of
from bilan.statements import all_rows, one_row

# Upper ends of the classes in which delays (days) and lengths (hours) are told.
DELAYS = ((10, "10 jours au plus"), (20, "de 11 à 20 jours"), (30, "de 21 à 30 jours"))
LENGTHS = ((9, "moins de 9 heures"), (12, "de 9 à moins de 12 heures"), (15, "de 12 à 15 heures"))


class QualityReport(BaseModel):
    """The figures of a year, as they may be shown: nothing under five is kept. `content` is the JSON of actions.computed.

    `final`: rows that it counted are destroyed by now, it is never computed again.
    """

    year = IntegerField(unique=True)
    computed_at = DateTimeField(default=now)
    content = TextField()
    final = BooleanField(default=False, constraints=[SQL("DEFAULT FALSE")])

    @one_row
    def of_year(cls, year: int) -> ModelSelect:
        """Return the figures of a year, None when they were not computed."""
        return cls.select().where(cls.year == year)

    @all_rows
    def _years(cls) -> ModelSelect:
        """Return (year,) for each that was computed, the newest first."""
        return cls.select(cls.year).order_by(cls.year.desc()).tuples()

    @classmethod
    def years(cls) -> list[int]:
        """Return the years computed, the newest first."""
        return [year for (year,) in cls._years()]

    @classmethod
    def until(cls, year: int, count: int) -> list[Self]:
        """Return the figures of so many years up to that one, the oldest first."""
        return list(cls.select().where(cls.year <= year).order_by(cls.year.desc()).limit(count))[::-1]

    @classmethod
    def final_years(cls) -> set[int]:
        """Return the years that are never computed again."""
        return {year for (year,) in cls.select(cls.year).where(cls.final).tuples()}

    @cached_property
    def figures(self) -> dict[str, Any]:
        """Return the figures by indicator."""
        return json.loads(self.content)


class Ended(NamedTuple):
    """A bilan, as the indicators see it; moments are naive UTC."""

    id: uuid.UUID
    size: str
    accompaniment_at: datetime.datetime | None
    conclusion_at: datetime.datetime | None
    closed_at: datetime.datetime | None
    ends_on: datetime.date | None
    origin: Any
    reason: Any


def _bilans() -> list[Ended]:
    columns = (Journey.id, Employer.size, Journey.accompaniment_at, Journey.conclusion_at, Journey.closed_at)
    query = (
        Journey.select(*columns, Diagnostic.ends_on, Interruption.origin, Interruption.reason)
        .join(Employer)
        .switch(Journey)
        .join(Diagnostic, JOIN.LEFT_OUTER, on=(Diagnostic.journey == Journey.id))
        .switch(Journey)
        .join(Interruption, JOIN.LEFT_OUTER, on=(Interruption.journey == Journey.id))
    )
    return [Ended(*row) for row in query.tuples().iterator()]


def quarter(moment: datetime.datetime) -> datetime.date:
    """Return the quarter of a moment, in Paris."""
    return quarter_of(to_paris(moment).date())


def phase_at(moment: datetime.datetime, accompaniment_at: datetime.datetime | None, conclusion_at: datetime.datetime | None) -> str:
    """Return the phase in which a bilan was at a moment."""
    if conclusion_at is not None and moment >= conclusion_at:
        return Phase.CONCLUSION
    return Phase.ACCOMPANIMENT if accompaniment_at is not None and moment >= accompaniment_at else Phase.DIAGNOSTIC


def class_of(value: float, classes: tuple[tuple[int, str], ...], beyond: str) -> str:
    """Return the words of the class of a value."""
    return next((words for end, words in classes if value <= end), beyond)


def planned_end(bilan: Ended, months: int) -> datetime.date | None:
    """Return the day when an engaged bilan was to end: that of its programme, else so many months after the engagement."""
    if bilan.accompaniment_at is None:
        return None
    return bilan.ends_on or to_paris(months_before(bilan.accompaniment_at, -months)).date()


def sources(*, days: int, months: int, today: datetime.date) -> dict[str, Source]:
    """Return what each indicator is computed from. `days` is the delay promised, `months` the length of a bilan without programme."""
    bilans = _bilans()
    requests = _complaints(today) | _adaptations(today)
    return {**opinions(), **_ends(bilans, months, today), **_delays(days), **_hours(bilans), **requests, "no_show": _no_shows()}


def _ends(bilans: list[Ended], months: int, today: datetime.date) -> dict[str, Source]:
    waiting = set(Suspension.select(Suspension.journey).where(Suspension.since <= today, Suspension.resumes_on > today).tuples())
    completion, interruption = Counter[Any](), Counter[Any]()
    for one in bilans:
        end = planned_end(one, months)
        if end is not None and end <= today:
            finished = one.closed_at is not None and one.origin is None
            completion[quarter_of(end), one.size, "", _became(one, suspended=(one.id,) in waiting), float(finished)] += 1
        if one.closed_at is not None:
            phase = phase_at(one.closed_at, one.accompaniment_at, one.conclusion_at)
            why = "" if one.origin is None else f"{one.reason.label} ({Phase(phase).label.lower()})"
            interruption[quarter(one.closed_at), one.size, phase, why, float(one.origin is not None)] += 1
    return {"completion": Source(completion), "interruption": Source(interruption)}


def _became(one: Ended, *, suspended: bool) -> str:
    if one.origin is not None:
        return f"interrompu – {one.origin.label.lower()}"
    if one.closed_at is not None:
        return "mené à terme"
    return "suspendu" if suspended else "en cours, au-delà de la date prévue"


def _delays(days: int) -> dict[str, Source]:
    in_time, waited = Counter[Any](), Counter[Any]()
    query = Prescription.select(Prescription.received_at, Prescription.proposed_for, Employer.size).join(Employer)
    for received_at, proposed_for, size in query.where(~Prescription.proposed_for.is_null()).tuples().iterator():
        spent = (to_paris(proposed_for).date() - to_paris(received_at).date()).days
        received = quarter(received_at)
        in_time[received, size, "", class_of(spent, DELAYS, "plus de 30 jours"), float(spent <= days)] += 1
        waited[received, size, "", "", float(spent)] += 1
    return {"delay": Source(in_time), "delay_median": Source(waited)}


def _hours(bilans: list[Ended]) -> dict[str, Source]:
    held = dict(
        Interview.select(Interview.journey, fn.SUM(Interview.held_minutes))
        .where(Interview.outcome == Outcome.HELD, Interview.kind != InterviewKind.HR_REVIEW)
        .group_by(Interview.journey)
        .tuples()
    )
    hours = Counter[Any]()
    for one in bilans:
        if one.closed_at is not None and one.origin is None and one.accompaniment_at is not None:
            spent = held.get(one.id, 0) / 60
            hours[quarter(one.closed_at), one.size, "", class_of(spent, LENGTHS, "plus de 15 heures"), spent] += 1
    return {"hours": Source(hours)}


def _no_shows() -> Source:
    tally = Counter[Any]()
    columns = (Interview.starts_at, Interview.outcome, Employer.size, Journey.accompaniment_at, Journey.conclusion_at)
    query = Interview.select(*columns).join(Journey).join(Employer)
    query = query.where(~Interview.outcome.is_null(), Interview.outcome.not_in(CANCELLED))
    for starts_at, outcome, size, accompaniment_at, conclusion_at in query.tuples().iterator():
        phase = phase_at(starts_at, accompaniment_at, conclusion_at)
        tally[quarter(starts_at), size, phase, "", float(outcome is Outcome.NO_SHOW)] += 1
    return Source(tally)


def _complaints(today: datetime.date) -> dict[str, Source]:
    """Count complaints, without sizes: who complains may have no employer. What waits within its delay is neither in time nor late.

    What concerns a keeper of the register is not counted: she reads these figures, and a register without it.
    """
    found = {name: Counter[Any]() for name in ("complaints", "acknowledged", "answered")}
    columns = (Complaint.received_on, Complaint.closed_at, Complaint.reason, Complaint.acknowledge_by, Complaint.acknowledged_at)
    query = Complaint.select(*columns, Complaint.answer_by, Complaint.answered_at).join(Person, JOIN.LEFT_OUTER, on=Complaint.about)
    query = query.where(Complaint.kind == ComplaintKind.COMPLAINT, Complaint.about.is_null() | Person.role.not_in(KEEPERS))
    for received_on, closed_at, reason, acknowledge_by, acknowledged_at, answer_by, answered_at in query.tuples().iterator():
        received = quarter_of(received_on)
        why = reason.label if closed_at and reason else ""
        found["complaints"][received, "", "", why, 1.0] += 1
        for name, until, moment in (("acknowledged", acknowledge_by, acknowledged_at), ("answered", answer_by, answered_at)):
            if moment is not None or until < today:
                in_time = moment is not None and to_paris(moment).date() <= until
                found[name][received, "", "", why, float(in_time)] += 1
    return {name: Source(tally) for name, tally in found.items()}


def _adaptations(today: datetime.date) -> dict[str, Source]:
    """Count requests for an adaptation, without sizes nor needs. What waits within its delay is not counted, nor what was taken back before."""
    found = {name: Counter[Any]() for name in ("adapted", "suited")}
    columns = (AdaptationRequest.received_on, AdaptationRequest.answer_by, AdaptationRequest.decided_at, AdaptationRequest.state)
    query = AdaptationRequest.select(*columns, AdaptationRequest.suits)
    for received_on, answer_by, decided_at, state, suits in query.tuples().iterator():
        received = quarter_of(received_on)
        if decided_at is not None or (answer_by < today and state is not AdaptationState.WITHDRAWN):
            in_time = decided_at is not None and to_paris(decided_at).date() <= answer_by
            found["adapted"][received, "", "", state.label, float(in_time)] += 1
        if suits is not None:
            found["suited"][received, "", "", state.label, float(suits)] += 1
    return {name: Source(tally) for name, tally in found.items()}


NAMES = {"effectifs": EmployerSize.choices(), "phases": {one.value: one.label for one in ORDER}}
