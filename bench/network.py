"""Whose pages are measured: a counsellor and her agents, in the product's own models under their own keys.

Around them the database grows by steps: see bilan/demonstration/network.py.
"""

import datetime
import uuid
from typing import Any

from bilan import vault
from bilan.assignments.models import Assignment, AssignmentComment
from bilan.assignments.rules import Kind as WorkKind
from bilan.database import now, transaction
from bilan.demonstration.network import OPENED
from bilan.diagnostics.models import Diagnostic
from bilan.diagnostics.rules import TEXTS, Decision, Rhythm
from bilan.followup.models import MidwayReview
from bilan.interviews.models import Interview, ObjectivesTouched
from bilan.interviews.rules import InterviewKind, Mode, Outcome
from bilan.journal import JournalEntry
from bilan.journeys.models import Journey, Referral, Suspension
from bilan.journeys.rules import Phase
from bilan.messages.models import Message
from bilan.notes.models import Note
from bilan.notes.rules import NoteKind
from bilan.people.models import Employer, Person, Role
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import State
from bilan.questionnaires import instruments
from bilan.questionnaires.models import Answer, Passation
from bilan.questionnaires.rules import score

FOLLOWED = 30
NOTE = "Elle parle d’abord de son équipe.\n\n- accueillir\n- organiser\n\n**À reprendre** : la médiathèque. " * 4
Row = dict[str, Any]


class Measured:
    """Whose pages are measured, and which of their bilans and sessions."""

    def __init__(self, password: str) -> None:
        moment = now().replace(microsecond=0)
        with transaction():
            self.employer = Employer.create(name="Commune mesurée")
            self.counsellor = Person.create(email="conseil@banc.example", display_name="Conseil", role=Role.COUNSELLOR, password=password)
            self.bilans = [
                write_bilan(rank, moment=moment, password=password, counsellor=self.counsellor, employer=self.employer)
                for rank in range(FOLLOWED)
            ]
        # A bilan under way, seen at its last session held.
        self.journey = self.bilans[1]
        self.agent = self.journey.agent
        self.interview = [one for one in Interview.of_journey(self.journey) if one.is_held][-1]


def write_bilan(rank: int, *, moment: datetime.datetime, password: str, counsellor: Person, employer: Employer) -> Journey:
    """Write the bilan of one agent (`agent<rank>@banc.example`) as it stands after some weeks, under its own key."""
    begun = moment - datetime.timedelta(days=70 + rank % FOLLOWED)
    agent = Person.create(
        email=f"agent{rank}@banc.example", display_name=f"Agent {rank:02}", role=Role.AGENT, employer=employer, password=password
    )
    key = uuid.uuid4()
    vault.create_key(key)
    people = {"agent": agent, "counsellor": counsellor, "employer": employer}
    engaged = rank % 5 != 0
    phase = {"phase": Phase.ACCOMPANIMENT, "accompaniment_at": begun + datetime.timedelta(days=10)} if engaged else {}
    _prescribe(key, begun, people, rank)
    journey = Journey.create(id=key, created_at=begun, **people, **phase)
    Referral.create(journey=journey, counsellor=counsellor, since=begun)
    meetings = _meet(journey, begun, moment, 5 if engaged else 1)
    _diagnose(journey, begun, engaged=engaged)
    _work(journey, meetings, moment)
    _write(journey, meetings, moment)
    if rank in (3, 8):
        today = moment.date()
        Suspension.create(journey=journey, since=today, resumes_on=today + datetime.timedelta(days=20))
    return journey


def _prescribe(key: uuid.UUID, begun: datetime.datetime, people: Row, rank: int) -> None:
    agent = people["agent"]
    told = {"year": 2000, "number": rank + 1, "state": State.ACCEPTED, "agent_name": agent.display_name, "agent_email": agent.email}
    dates = dict.fromkeys(("created_at", "received_at", "invited_at", "answered_at"), begun)
    prescription = Prescription(id=key, **people, **told, **dates)
    prescription.agent_file = {"phone": "", "position": "ATSEM", "status": "titulaire", "category": "C", "french": "yes", "mode": "on_site"}
    prescription.request = {"motive": "evolution", "expectations": "Faire le point."}
    prescription.save(force_insert=True)


def _meet(journey: Journey, begun: datetime.datetime, moment: datetime.datetime, held: int) -> list[Interview]:
    """Plan the meetings of a bilan: so many held, one that waits for its outcome or is today, one to come."""
    plain = {"journey": journey, "mode": Mode.ON_SITE, "planned_minutes": 90}
    days = [(begun + datetime.timedelta(days=4 + 12 * rank), True) for rank in range(held)]
    days += [(moment - datetime.timedelta(hours=2), False), (moment + datetime.timedelta(days=9), False)]
    found = []
    for rank, (day, was_held) in enumerate(days):
        kind = InterviewKind.ACCOMPANIMENT if rank else InterviewKind.DIAGNOSTIC
        outcome = {"outcome": Outcome.HELD, "held_minutes": 90} if was_held else {}
        interview = Interview.create(kind=kind, starts_at=day, created_at=begun, **plain, **outcome)
        if was_held:
            for number, note_kind in ((1, NoteKind.PRIVATE), (2, NoteKind.PRIVATE), (1, NoteKind.SHARED), (2, NoteKind.SHARED)):
                Note.create(interview=interview, kind=note_kind, number=number, author=journey.counsellor, text=NOTE)
            ObjectivesTouched.create(interview=interview, objectives=["Faire le point."])
        found.append(interview)
    return found


def _diagnose(journey: Journey, begun: datetime.datetime, *, engaged: bool) -> None:
    content = dict.fromkeys(TEXTS, "Quelques mots.") | {"motive": "", "readiness": "", "informed": []}
    content["objectives"] = "Faire le point.\nDécouvrir le métier de bibliothécaire."
    decided = begun + datetime.timedelta(days=5)
    ends = {"starts_on": decided.date(), "ends_on": (decided + datetime.timedelta(days=90)).date()}
    programme = {"planned_minutes": 840, "rhythm": Rhythm.FORTNIGHTLY, **ends, "committed_at": decided}
    decision = {"decision": Decision.ENGAGED, "decided_at": decided, **programme} if engaged else {}
    Diagnostic.create(journey=journey, content=content, revision=3, saved_at=begun, saved_by=journey.counsellor, **decision)
    if engaged:
        MidwayReview.create(journey=journey, content={"useful": "Les échanges.", "adjust": "", "pace": "right"}, revision=1)


def _work(journey: Journey, meetings: list[Interview], moment: datetime.datetime) -> None:
    """Give one questionnaire filled, one to fill, and a piece of work at each meeting."""
    slug = "interets"
    version = instruments.find(slug).version
    day = moment - datetime.timedelta(days=8)
    answers = {item.id: 3 for item in instruments.find(slug).items}
    filled = {"started_at": day, "submitted_at": day, "result": score(instruments.find(slug), answers)}
    passations = [Passation.create(journey=journey, slug=slug, version=version, created_at=day, **told) for told in (filled, {})]
    for item, value in answers.items():
        Answer.create(passation=passations[0], item=item, value=value, answered_at=day)
    plain = {"journey": journey, "given_by": journey.counsellor, "created_at": day}
    Assignment.create(kind=WorkKind.QUESTIONNAIRE, content={"title": "Vos intérêts", "details": ""}, passation=passations[1], **plain)
    for rank, meeting in enumerate(meetings[:3]):
        content = {"title": f"Noter trois moments {rank}", "details": "Un moment par ligne."}
        done = {"done_at": day} if rank == 0 else {"due_on": moment.date()}
        work = Assignment.create(kind=WorkKind.TEXT, content=content, interview=meeting, **plain, **done)
        AssignmentComment.create(assignment=work, author=journey.agent, text="C’est commencé.")


def _write(journey: Journey, meetings: list[Interview], moment: datetime.datetime) -> None:
    for rank in range(6):
        author = journey.agent if rank % 2 else journey.counsellor
        sent = moment - datetime.timedelta(days=12 - 2 * rank)
        Message.create(journey=journey, author=author, text="Bonjour, à mardi.", created_at=sent, read_at=None if rank > 3 else sent)
    for rank, event in enumerate(OPENED * 2):
        person = journey.agent if rank % 3 == 0 else journey.counsellor
        day = moment - datetime.timedelta(days=30 - rank)
        JournalEntry.create(event=event, person=person, journey_id=journey.id, subject_id=meetings[0].id, created_at=day)
