"""Invented histories of bilans, with their complaints, needs and opinions, written into the tables without the product's actions."""

import datetime
import uuid
from dataclasses import dataclass
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from peewee import Table

from bilan.database import database
from bilan.interviews.models import Interview
from bilan.journeys.models import Journey
from bilan.prescriptions.models import Prescription
from bilan.satisfaction.models import Invitation, Rating, SurveyAnswer

TODAY = datetime.date(2026, 11, 23)
SIZES = ("small", "medium", "large")
BETWEEN = (datetime.datetime(2024, 10, 1), datetime.datetime(2026, 6, 30))  # noqa: DTZ001 -- as the database keeps them
# The other surveys, with the range of each closed question; an answer is given after so many days.
SURVEYS = {
    "six-mois": {"ensemble": (1, 4), "avancement": (1, 5), "utilite": (1, 4), "confiance": (1, 4), "recommandation": (0, 10)},
    "service-rh": {"ensemble": (1, 4), "demarche": (1, 4), "delai": (1, 4), "suivi": (1, 4), "recommandation": (0, 10)},
    "conseiller": {"ensemble": (1, 4), "temps": (1, 4), "lieux": (1, 4), "outils": (1, 4)},
}


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
    origin: str
    why: str

    @property
    def opinions(self):
        """What is answered to each survey: (survey, days after the reception, marks by question), some of them missing."""
        chance = Random(f"opinions {self.received}")
        found = []
        if self.overall is not None and self.closed is not None and not self.stopped:
            marks = {"ensemble": self.overall, "ecoute": chance.choice([1, 3, 4, None]), "objectifs": chance.choice([1, 2, 3, 4, None])}
            found.append(("beneficiaire", self.closed, marks | {"recommandation": self.recommendation}))
        for survey, asked in SURVEYS.items():
            if chance.random() < 0.7:
                marks = {name: None if chance.random() < 0.15 else chance.randint(*ends) for name, ends in asked.items()}
                found.append((survey, chance.randint(0, 200), marks | {"ensemble": chance.randint(1, 4)}))
        return found

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
    outcomes = ["held", "held", "held", "held", "no_show", "excused", "cancelled", None]
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
            (random.randint(0, 120), random.choice(outcomes), random.choice([60, 120, 300]), random.random() < 0.2)
            for _ in range(random.randint(0, 9))
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
        origin=random.choice(["agent", "employer"]),
        why=random.choice(["new_post", "other"]),
    )


def draw(seed, count):
    random = Random(seed)
    return [make_history(random) for _ in range(count)]


# By seeds: hypothesis drawing each number itself comes back to the same few ones.
histories = st.builds(draw, st.integers(0, 2**32), st.integers(5, 60) | st.integers(100, 200))


def paris(moment):
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
            sealed("interruption", journey_id=name.hex, origin=one.origin, reason=one.why, detail=b"x")
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
            Invitation.insert(
                journey=name,
                recipient=agent,
                survey="beneficiaire",
                version=1,
                created_at=one.at(one.closed),
                answered=one.overall is not None,
                reminded=0,
            ).execute()
        answer_surveys(one)
        for kind, day, acknowledged, answered, reason in one.grievances:
            complain(one.at(day), kind, acknowledged, answered, reason)
        for day, decided, taken_back, suits in one.needs:
            need(one.at(day), decided, taken_back, suits)


def answer_surveys(one):
    for survey, day, marks in one.opinions:
        answer = SurveyAnswer.create(survey=survey, version=1, quarter=quarter_start(paris(one.at(day))), employer_size=one.size)
        for question, value in marks.items():
            if value is not None:
                Rating.create(answer=answer, question=question, value=value)


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
