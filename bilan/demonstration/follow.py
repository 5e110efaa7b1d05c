"""What the invented bilans have met on their way: objectives worked on, a mid-way review, a pause, an interruption."""

import datetime

from bilan.database import now
from bilan.diagnostics.models import Diagnostic
from bilan.diagnostics.rules import objectives_of
from bilan.followup.models import Interruption, MidwayReview
from bilan.followup.rules import Origin, Reason
from bilan.french import to_paris
from bilan.interviews.models import Interview, ObjectivesTouched
from bilan.journal import Event, JournalEntry
from bilan.journeys.models import Journey, Suspension
from bilan.journeys.rules import Phase
from bilan.people.models import Person
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import State

USEFUL = "Les récits d’expériences : je ne pensais pas savoir faire tout cela."
ADJUST = "Un peu moins de questionnaires à la suite."


def follow(journey: Journey, rank: int) -> None:
    """Tell what the meetings of a journey worked on, and for some what came across."""
    held = [one for one in Interview.of_journey(journey) if one.is_held]
    objectives = objectives_of(Diagnostic.get(Diagnostic.journey == journey.id).content)
    for place, interview in enumerate(held[1:]):
        ObjectivesTouched.create(interview=interview, objectives=objectives[: 1 + place % len(objectives)])
    for interview in held:
        _entry(journey, Event.INTERVIEW_CLOSED, interview.starts_at, journey.counsellor, detail="held", subject_id=interview.id)
    _entry(journey, Event.JOURNEY_OPENED, journey.created_at, None)
    if journey.accompaniment_at:
        _entry(journey, Event.PROGRAMME_COMMITTED, journey.accompaniment_at, journey.agent)
    if journey.phase in (Phase.CONCLUSION, Phase.CLOSED) or rank == 1:
        MidwayReview.create(journey=journey, content={"useful": USEFUL, "adjust": ADJUST, "pace": "right"}, revision=1)
    if journey.phase is Phase.ACCOMPANIMENT and rank % 8 == 5:
        today = to_paris(now()).date()
        Suspension.create(journey=journey, since=today - datetime.timedelta(days=6), resumes_on=today + datetime.timedelta(days=15))
    if journey.phase is Phase.CLOSED and rank % 8 == 3:
        detail = "Recrutement direct dans une commune voisine."
        Interruption.create(journey=journey, origin=Origin.AGENT, reason=Reason.NEW_POST, detail=detail, by=journey.counsellor)
        Prescription.update(state=State.INTERRUPTED).where(Prescription.id == journey.id).execute()


def _entry(journey: Journey, event: Event, at: datetime.datetime, person: Person | None, **others: object) -> None:
    JournalEntry.create(event=event, person=person, journey_id=journey.id, created_at=at, **others)
