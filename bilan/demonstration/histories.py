"""The invented journeys: phases, interviews, notes, diagnostics, questionnaires."""

import contextlib
import datetime
import random

from flask import current_app

from bilan.agenda.models import Slot, TimeTaken
from bilan.database import now, transaction
from bilan.demonstration.careers import tell_career
from bilan.demonstration.endings import end
from bilan.demonstration.explore import explore
from bilan.demonstration.follow import follow
from bilan.demonstration.futures import tell_future
from bilan.demonstration.passations import put
from bilan.demonstration.requests import prescribe
from bilan.demonstration.told import tell_hr
from bilan.demonstration.words import FIRST_NAMES, LAST_NAMES, OBJECTIVES, PRIVATE_NOTES, SHARED_NOTES
from bilan.demonstration.work import give_work
from bilan.diagnostics.models import Diagnostic
from bilan.diagnostics.rules import INFORMED, TEXTS, Decision, Rhythm
from bilan.french import from_paris, to_paris
from bilan.interviews.models import Interview
from bilan.interviews.rules import InterviewKind, Mode, Outcome
from bilan.journeys.models import Journey, Referral
from bilan.journeys.rules import Phase
from bilan.notes.models import Note
from bilan.notes.rules import NoteKind
from bilan.people.models import Employer, Person, Role
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import DelayReason, State, clock
from bilan.questionnaires import instruments
from bilan.questionnaires.models import Passation
from bilan.questionnaires.rules import Wording, score


def tell_history(rank: int, people: dict[str, Person], employers: list[Employer], chance: random.Random) -> None:
    """Tell one journey: the two demonstration agents first, then invented ones."""
    counsellor = people["conseiller@demo.example" if rank % 2 == 0 else "conseiller2@demo.example"]
    if rank < 2:
        agent = people["agent@demo.example" if rank == 0 else "agent2@demo.example"]
        employer, phase, age = employers[rank], Phase.ACCOMPANIMENT, 35
    else:
        employer = employers[rank % 3]
        name = f"{FIRST_NAMES[rank % len(FIRST_NAMES)]} {LAST_NAMES[rank % len(LAST_NAMES)]}"
        agent = Person.create(email=f"agent{rank + 1}@demo.example", display_name=name, role=Role.AGENT, employer=employer)
        phase = list(Phase)[rank % 4]
        age = {Phase.DIAGNOSTIC: 8, Phase.ACCOMPANIMENT: 40, Phase.CONCLUSION: 80, Phase.CLOSED: 130}[phase] + chance.randrange(15)
    prescription = prescribe(employer, people, days_ago=age + 9, rank=rank, agent=agent, counsellor=counsellor, state=State.ACCEPTED)
    with transaction():
        journey = Journey.create(id=prescription.id, agent=agent, counsellor=counsellor, employer=employer)
        _date_phases(journey, phase, age)
        _interviews(journey, age, chance)
        _diagnostic(journey, rank)
        follow(journey, rank)
        if phase is not Phase.DIAGNOSTIC:
            _passation(journey, rank, chance)
            tell_career(journey, rank)
            give_work(journey, rank)
            explore(journey, rank)
            tell_future(journey, rank)
            tell_hr(journey, rank)
            end(journey, rank)


def _date_phases(journey: Journey, phase: Phase, age: int) -> None:
    start = now() - datetime.timedelta(days=age)
    journey.created_at, journey.phase = start, phase
    reached = list(Phase).index(phase)
    journey.accompaniment_at = start + datetime.timedelta(days=12) if reached >= 1 else None
    journey.conclusion_at = start + datetime.timedelta(days=70) if reached >= 2 else None
    journey.closed_at = start + datetime.timedelta(days=95) if phase is Phase.CLOSED else None
    journey.save()
    Referral.create(journey=journey, counsellor=journey.counsellor, since=start, until=journey.closed_at)
    if phase is Phase.CLOSED:
        Prescription.update(state=State.ENDED, ended_at=journey.closed_at).where(Prescription.id == journey.id).execute()


def _interviews(journey: Journey, age: int, chance: random.Random) -> None:
    days = [10, *range(20, min(age, 95), 11)]
    if journey.is_open:
        days = [day for day in days if day < age] + [age + chance.randrange(1, 12)]
    for place, day in enumerate(days):
        starts_at = _working_hour(day - age, chance)
        planned = 90 if place == 0 else chance.choice((60, 90, 120))
        held = planned if starts_at < now() - datetime.timedelta(days=2) else None
        interview = Interview.create(
            journey=journey,
            kind=InterviewKind.DIAGNOSTIC if place == 0 else InterviewKind.ACCOMPANIMENT,
            mode=Mode.REMOTE if chance.random() < 0.25 else Mode.ON_SITE,
            starts_at=starts_at,
            planned_minutes=planned,
            held_minutes=held,
            outcome=Outcome.HELD if held else None,
        )
        if interview.is_coming:
            with contextlib.suppress(TimeTaken):
                Slot.follow(interview, journey.counsellor)
        if held:
            moment = starts_at + datetime.timedelta(minutes=planned)
            for kind, texts in ((NoteKind.SHARED, SHARED_NOTES), (NoteKind.PRIVATE, PRIVATE_NOTES)):
                text = chance.choice(texts)
                Note.create(interview=interview, kind=kind, number=1, author=journey.counsellor, text=text, created_at=moment)

    first = Interview.of_journey(journey)[0].starts_at
    late = clock(
        journey.created_at - datetime.timedelta(days=9), first, now(), current_app.config["BILAN"].first_interview_days
    ).is_exceeded
    reason = DelayReason.NO_SLOT if late and journey.accompaniment_at else None
    Prescription.update(proposed_for=first, delay_reason=reason).where(Prescription.id == journey.id).execute()


def _diagnostic(journey: Journey, rank: int) -> None:
    """Write the grid of the first interview, and the programme of a bilan that has begun."""
    content = dict.fromkeys(TEXTS, "") | {"motive": "evolution", "readiness": "yes", "informed": sorted(INFORMED)}
    content |= {"demand": "Changer, sans tout perdre.", "objectives": OBJECTIVES[rank % len(OBJECTIVES)]}
    diagnostic = Diagnostic(journey=journey, content=content, revision=1, saved_at=journey.created_at, saved_by=journey.counsellor)
    if journey.accompaniment_at:
        diagnostic.decision, diagnostic.decided_at = Decision.ENGAGED, journey.accompaniment_at - datetime.timedelta(days=1)
        diagnostic.committed_at, diagnostic.planned_minutes, diagnostic.rhythm = journey.accompaniment_at, 840, Rhythm.FORTNIGHTLY
        diagnostic.starts_on = journey.accompaniment_at.date()
        diagnostic.ends_on = diagnostic.starts_on + datetime.timedelta(days=90)
    diagnostic.save(force_insert=True)


def _working_hour(days: int, chance: random.Random) -> datetime.datetime:
    """Return an hour of a working day, that many days from today (naive UTC)."""
    local = to_paris(now()).replace(tzinfo=None) + datetime.timedelta(days=days)
    local += datetime.timedelta(days=max(0, local.weekday() - 4) and 7 - local.weekday())
    return from_paris(local.replace(hour=chance.choice((9, 10, 14, 16)), minute=chance.choice((0, 0, 30)), second=0, microsecond=0))


def _passation(journey: Journey, rank: int, chance: random.Random) -> None:
    """Give the questionnaire: begun for agent@, then every state in turn."""
    instrument = instruments.find("interets")
    given_at = journey.created_at + datetime.timedelta(days=14)
    due_on = (given_at + datetime.timedelta(days=28)).date()
    passation = Passation.create(journey=journey, slug=instrument.slug, version=instrument.version, due_on=due_on, created_at=given_at)
    state = 1 if rank == 0 else 3 if rank == 1 or not journey.is_open else rank % 4
    if state == 0:
        return
    favourites = chance.sample([scale.letter for scale in instrument.scales], 2)
    levels = {
        item.id: None if chance.random() < 0.02 else min(5, max(1, round(chance.gauss(4 if item.scale in favourites else 2.5, 1))))
        for item in instrument.items
    }
    given = levels if state > 1 else dict(list(levels.items())[:12])
    put(passation, given, given_at)
    passation.started_at, passation.revision, passation.wording = given_at, len(given), Wording.STANDARD
    if state > 1:
        passation.result = score(instrument, levels)
        passation.submitted_at = given_at + datetime.timedelta(days=2)
    if state > 2:
        passation.comment = "Ce que ces réponses disent rejoint vos récits d’accueil du public. À reprendre avec les pistes."
        passation.released_at = given_at + datetime.timedelta(days=5)
    passation.save()
