"""Every indicator, read again from the same histories by plain loops that share nothing with the product."""

import datetime
import statistics
import uuid
from dataclasses import dataclass, field
from random import Random

import pytest
from factories import make_employer, make_person
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peewee import Table

from bilan.database import database
from bilan.interviews.models import Interview
from bilan.journeys.models import Journey
from bilan.people.models import Employer, Role
from bilan.prescriptions.models import Prescription
from bilan.quality.indicators import INDICATORS
from bilan.quality.models import NAMES, sources
from bilan.quality.rules import Breakdown, year_of
from bilan.satisfaction.models import Invitation, Rating, SurveyAnswer

TODAY = datetime.date(2026, 11, 23)
SIZES = ("small", "medium", "large")
BETWEEN = (datetime.datetime(2025, 1, 1), datetime.datetime(2026, 6, 30))  # noqa: DTZ001 -- as the database keeps them
WORDS = {"small": "moins de 50 agents", "medium": "de 50 à 349 agents", "large": "350 agents et plus"}


@dataclass
class History:
    """One bilan: days after the reception; a mark is None when it was not given."""

    size: str
    received: datetime.datetime
    proposed: int | None
    engaged: int | None
    programme: int | None
    concluded: int | None
    closed: int | None
    stopped: bool
    meetings: list
    overall: int | None
    recommendation: int | None
    grievances: list

    @property
    def needs(self):
        """Days after the reception of the bilan, hours until the decision, taken back, what is thought of it."""
        chance = Random(str(self.received))
        drawn = (
            chance.randint(0, 100),
            chance.choice([None, *range(0, 300, 20)]),
            chance.random() < 0.2,
            chance.choice([True, False, None]),
        )
        return [drawn] * chance.randint(0, 2)

    def at(self, days):
        return None if days is None else self.received + datetime.timedelta(days=days)


def make_history(random):
    """A bilan drawn at random, some of its dates missing."""

    def mostly(low, high):
        return None if random.random() < 0.2 else random.randint(low, high)

    engaged = mostly(1, 40)
    concluded = mostly(engaged, 100) if engaged else None
    closed = mostly(concluded or engaged or 0, 160)
    outcomes = ["held", "held", "no_show", "excused", "cancelled", None]
    return History(
        size=random.choice(SIZES),
        received=BETWEEN[0] + random.random() * (BETWEEN[1] - BETWEEN[0]),
        proposed=mostly(0, 45),
        engaged=engaged,
        programme=mostly(1, 200) if engaged else None,
        concluded=concluded,
        closed=closed,
        # A bilan that was never concluded does not come to its end.
        stopped=closed is not None and (concluded is None or random.random() < 0.2),
        meetings=[
            (random.randint(0, 120), random.choice(outcomes), random.choice([60, 90, 120]), random.random() < 0.2)
            for _ in range(random.randint(0, 6))
        ],
        overall=mostly(1, 4),
        recommendation=mostly(0, 10),
        # Kind, days after the reception of the bilan, hours until the acknowledgement and the first answer, reason.
        grievances=[
            (
                random.choice(["complaint", "complaint", "difficulty", "hazard"]),
                random.randint(0, 100),
                mostly(0, 240),
                mostly(0, 900),
                reason,
            )
            for reason in random.choices(["measure", "explanation", "withdrawn", None], k=random.randint(0, 2))
        ],
    )


histories = st.builds(
    lambda random, count: [make_history(random) for _ in range(count)], st.randoms(use_true_random=False), st.integers(30, 60)
)


def paris(moment):
    from zoneinfo import ZoneInfo

    return moment.replace(tzinfo=datetime.UTC).astimezone(ZoneInfo("Europe/Paris")).date()


def quarter_start(day):
    return datetime.date(day.year, {1: 1, 2: 1, 3: 1, 4: 4, 5: 4, 6: 4, 7: 7, 8: 7, 9: 7}.get(day.month, 10), 1)


def write(found, people):
    """Put the histories into the tables as they are, without the product's actions."""
    agent, counsellor, employers = people
    for number, one in enumerate(found, start=1):
        name = uuid.uuid4()
        common = {"id": name, "employer": employers[one.size], "created_at": one.received}
        Prescription.insert(
            **common,
            state="accepted",
            year=2026,
            number=number,
            received_at=one.received,
            proposed_for=one.at(one.proposed),
            agent_email="",
        ).execute()
        phase = "closed" if one.closed is not None else "diagnostic"
        moments = {"accompaniment_at": one.at(one.engaged), "conclusion_at": one.at(one.concluded), "closed_at": one.at(one.closed)}
        Journey.insert(**common, agent=agent, counsellor=counsellor, phase=phase, **moments).execute()
        if one.programme:
            dates = {"starts_on": paris(one.at(one.engaged)), "ends_on": paris(one.at(one.engaged + one.programme))}
            sealed("diagnostic", journey_id=name.hex, content=b"x", revision=0, **dates)
        if one.stopped:
            sealed("interruption", journey_id=name.hex, origin="agent", reason="other", detail=b"x")
        for day, outcome, minutes, with_hr in one.meetings:
            Interview.insert(
                journey=name,
                kind="hr_review" if with_hr else "accompaniment",
                mode="remote",
                starts_at=one.at(day),
                planned_minutes=60,
                outcome=outcome,
                held_minutes=minutes if outcome == "held" else None,
            ).execute()
        if one.closed is not None and not one.stopped:
            answered = one.overall is not None
            Invitation.insert(
                journey=name,
                recipient=agent,
                survey="beneficiaire",
                version=1,
                created_at=one.at(one.closed),
                answered=answered,
                reminded=0,
            ).execute()
            if answered:
                quarter = quarter_start(paris(one.at(one.closed)))
                answer = SurveyAnswer.create(survey="beneficiaire", version=1, quarter=quarter, employer_size=one.size)
                Rating.create(answer=answer, question="ensemble", value=one.overall)
                if one.recommendation is not None:
                    Rating.create(answer=answer, question="recommandation", value=one.recommendation)

        for kind, day, acknowledged, answered, reason in one.grievances:
            complain(one.at(day), kind, acknowledged, answered, reason)
        for day, decided, taken_back, suits in one.needs:
            need(one.at(day), decided, taken_back, suits)


def complain(moment, kind, acknowledged, answered, reason):
    name, day = uuid.uuid4().hex, paris(moment)
    told = {"year": moment.year, "number": uuid.uuid4().int % 10**9, "submission": name, "follow_up_digest": name, "content": b"x"}
    moments = {"acknowledged_at": later(moment, acknowledged), "answered_at": later(moment, answered)}
    days = {"received_on": day, "acknowledge_by": day + datetime.timedelta(7), "answer_by": day + datetime.timedelta(30)}
    closed = {"reason": reason, "measure_taken": 0, "closed_at": moment} if reason else {}
    sealed("complaint", kind=kind, channel="form", state="received", **told, **moments, **days, **closed)


def need(moment, decided, taken_back, suits):
    day = paris(moment)
    told = dict.fromkeys(("needs", "words", "contact"), b"x") | dict.fromkeys(("shows_words", "shows_name", "shows_meetings"), 0)
    told |= {"submission": uuid.uuid4().hex, "channel": "bilan", "counsellor_sees": "nothing", "revision": 0, "suits": suits}
    decision = {} if decided is None else {"decision": "granted", "reason": b"x", "decided_at": later(moment, decided)}
    days = {"received_on": day, "answer_by": day + datetime.timedelta(7)}
    sealed("adaptation_request", state="withdrawn" if taken_back else "waiting", **told, **days, **decision)


def later(moment, hours):
    return None if hours is None else moment + datetime.timedelta(hours=hours)


def sealed(table, **row):
    """Write a row with a content that nobody opens (SQLite)."""
    row |= {"id": uuid.uuid4().hex, "created_at": BETWEEN[0]}
    Table(table, tuple(row)).bind(database.obj).insert(row).execute()


@dataclass
class Plain:
    """What is counted, read plainly: (day, size, value) by indicator."""

    found: dict = field(default_factory=dict)

    def add(self, key, day, size, value):
        self.found.setdefault(key, []).append((day, size, value))


def read_plainly(found):  # noqa: C901 -- one loop over everything, on purpose
    plain = Plain()
    for one in found:
        if one.proposed is not None:
            spent = (paris(one.at(one.proposed)) - paris(one.received)).days
            plain.add("delay", paris(one.received), one.size, spent <= 20)
            plain.add("delay_median", paris(one.received), one.size, spent)
        finished = one.closed is not None and not one.stopped
        if one.engaged is not None:
            end = (
                paris(one.at(one.engaged + one.programme))
                if one.programme
                else add_months(paris(one.at(one.engaged)), one.at(one.engaged), 3)
            )
            if end <= TODAY:
                plain.add("completion", end, one.size, finished)
        if one.closed is not None:
            plain.add("interruption", paris(one.at(one.closed)), one.size, one.stopped)
        if finished:
            minutes = sum(length for _, outcome, length, with_hr in one.meetings if outcome == "held" and not with_hr)
            plain.add("hours", paris(one.at(one.closed)), one.size, minutes / 60)
            plain.add("response", paris(one.at(one.closed)), one.size, one.overall is not None)
            if one.overall is not None:
                plain.add("satisfaction", paris(one.at(one.closed)), one.size, one.overall)
                if one.recommendation is not None:
                    plain.add("recommendation", paris(one.at(one.closed)), one.size, one.recommendation)
        for day, outcome, _, _ in one.meetings:
            if outcome in ("held", "no_show", "excused"):
                plain.add("no_show", paris(one.at(day)), one.size, outcome == "no_show")
        for kind, after, acknowledged, answered, _ in one.grievances:
            if kind == "complaint":
                read_complaint(plain, one.at(after), acknowledged, answered)
        read_needs(plain, one)
    return plain.found


def read_needs(plain, one):
    for after, decided, taken_back, suits in one.needs:
        moment = one.at(after)
        day = paris(moment)
        if decided is not None:
            plain.add("adapted", day, "", (paris(later(moment, decided)) - day).days <= 7)
        elif not taken_back and (TODAY - day).days > 7:
            plain.add("adapted", day, "", False)
        if suits is not None:
            plain.add("suited", day, "", suits)


def read_complaint(plain, moment, acknowledged, answered):
    day = paris(moment)
    plain.add("complaints", day, "", 1)
    for key, hours, days in (("acknowledged", acknowledged, 7), ("answered", answered, 30)):
        if hours is None:
            if (TODAY - day).days > days:
                plain.add(key, day, "", False)
        else:
            plain.add(key, day, "", (paris(later(moment, hours)) - day).days <= days)


def add_months(_day, moment, months):
    total = moment.year * 12 + moment.month - 1 + months
    year, month = total // 12, total % 12 + 1
    day = moment.day
    while True:
        try:
            return paris(moment.replace(year=year, month=month, day=day))
        except ValueError:
            day -= 1


def value_of(key, values):
    if key in ("delay_median", "hours"):
        return statistics.median(values)
    if key == "complaints":
        return len(values)
    if key == "recommendation":
        return 100 * (len([v for v in values if v >= 9]) - len([v for v in values if v <= 6])) / len(values)
    if key == "satisfaction":
        return 100 * len([v for v in values if v >= 3]) / len(values)
    return 100 * len([v for v in values if v]) / len(values)


def published_quarters(rows):
    """The quarters whose opinions are shown, read plainly: closed sixty days after their end, put together until there are five."""
    kept, waiting = {}, []
    for quarter in sorted({quarter_start(day) for day, _, _ in rows}):
        following = datetime.date(quarter.year + 1, 1, 1) if quarter.month == 10 else datetime.date(quarter.year, quarter.month + 3, 1)
        if following + datetime.timedelta(days=59) < TODAY:
            waiting.append(quarter)
            if len([1 for day, _, _ in rows if quarter_start(day) in waiting]) >= 5:
                kept |= dict.fromkeys(waiting, waiting[-1].year)
                waiting = []
    return kept


@pytest.fixture
def people(app):
    with app.test_request_context():
        employers = {size: make_employer() for size in SIZES}
        for size, employer in employers.items():
            Employer.update(size=size).where(Employer.id == employer.id).execute()
        return make_person(Role.AGENT, employer=employers["small"]), make_person(Role.COUNSELLOR), employers


def test_each_indicator_is_what_a_plain_reading_finds(app, people):
    shown = set()

    @settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(histories)
    def check(found):
        with database.atomic() as transaction:
            write(found, people)
            computed = sources(days=20, months=3, today=TODAY)
            transaction.rollback()
        plain = read_plainly(found)
        for indicator in INDICATORS:
            rows = plain.get(indicator.key, [])
            years = published_quarters(rows) if indicator.by_batches else {}
            for year in (2025, 2026):
                seen = year_of(indicator, computed[indicator.key], year, TODAY, NAMES)
                mine = [row for row in rows if (years.get(quarter_start(row[0])) if indicator.by_batches else row[0].year) == year]
                if len(mine) < 5:
                    assert seen.whole is None
                    continue
                shown.add(indicator.key)
                assert (seen.whole.n, round(seen.whole.value, 6)) == (len(mine), round(value_of(indicator.key, [v for _, _, v in mine]), 6))
                for words, figure in seen.rows.get(Breakdown.SIZES, []):
                    values = [v for _, size, v in mine if WORDS[size] == words]
                    assert (figure.n, round(figure.value, 6)) == (len(values), round(value_of(indicator.key, values), 6))

    check()
    assert shown == {
        "delay",
        "delay_median",
        "completion",
        "interruption",
        "hours",
        "no_show",
        "response",
        "satisfaction",
        "recommendation",
        "complaints",
        "acknowledged",
        "answered",
        "adapted",
        "suited",
    }, f"only {shown} were ever shown"
