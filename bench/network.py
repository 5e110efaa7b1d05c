"""A network of counsellors, invented and written fast: of one of them the bilans are real, of the others only the rows.

The measured counsellor and her agents come first, in the product's own models under their own keys. Around
them the database grows by steps: nobody reads the content of the others, hence one ciphertext
for all, but each row is there, in every table that the measured pages ask, with its indexes.
"""

import datetime
import operator
import random
import uuid
from collections import defaultdict
from typing import Any

from cryptography.fernet import Fernet

from bilan import vault
from bilan.agenda.models import Slot
from bilan.assignments.models import Assignment, AssignmentComment
from bilan.assignments.rules import Kind as WorkKind
from bilan.database import now, open_database, transaction
from bilan.diagnostics.models import Diagnostic
from bilan.diagnostics.rules import TEXTS, Decision, Rhythm
from bilan.followup.models import MidwayReview
from bilan.interviews.models import Interview, ObjectivesTouched
from bilan.interviews.rules import InterviewKind, Mode, Outcome
from bilan.journal import Event, JournalEntry
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
from bilan.satisfaction import surveys
from bilan.satisfaction.models import Invitation, Rating, SurveyAnswer
from bilan.satisfaction.rules import AT_CLOSING, quarter_of
from bilan.satisfaction.surveys import Kind

FOLLOWED = 30
PER_COUNSELLOR = 60
OPEN_OF_TEN = 2
BATCH = 5_000
NOTE = "Elle parle d’abord de son équipe.\n\n- accueillir\n- organiser\n\n**À reprendre** : la médiathèque. " * 4
EVENTS = (
    Event.JOURNEY_OPENED,
    Event.INTERVIEW_PLANNED,
    Event.INTERVIEW_CLOSED,
    Event.NOTE_SAVED,
    Event.NOTE_SAVED,
    Event.NOTE_SAVED,
    Event.ASSIGNMENT_GIVEN,
    Event.ASSIGNMENT_DONE,
    Event.MESSAGE_SENT,
    Event.MESSAGE_READ,
    Event.PASSATION_ASSIGNED,
    Event.PHASE_CHANGED,
)
Row = dict[str, Any]
Rows = dict[Any, list[Row]]


class Measured:
    """Whose pages are measured, and which of their bilans and sessions."""

    def __init__(self, password: str) -> None:
        moment = now().replace(microsecond=0)
        with transaction():
            self.employer = Employer.create(name="Commune mesurée")
            self.counsellor = Person.create(email="conseil@banc.example", display_name="Conseil", role=Role.COUNSELLOR, password=password)
            self.bilans = [self._bilan(rank, moment, password) for rank in range(FOLLOWED)]
        # A bilan under way, seen at its last session held.
        self.journey = self.bilans[1]
        self.agent = self.journey.agent
        self.interview = [one for one in Interview.of_journey(self.journey) if one.is_held][-1]

    def _bilan(self, rank: int, moment: datetime.datetime, password: str) -> Journey:
        begun = moment - datetime.timedelta(days=70 + rank)
        agent = Person.create(
            email=f"agent{rank}@banc.example", display_name=f"Agent {rank:02}", role=Role.AGENT, employer=self.employer, password=password
        )
        key = uuid.uuid4()
        vault.create_key(key)
        people = {"agent": agent, "counsellor": self.counsellor, "employer": self.employer}
        engaged = rank % 5 != 0
        phase = {"phase": Phase.ACCOMPANIMENT, "accompaniment_at": begun + datetime.timedelta(days=10)} if engaged else {}
        _prescribe(key, begun, people, rank)
        journey = Journey.create(id=key, created_at=begun, **people, **phase)
        Referral.create(journey=journey, counsellor=self.counsellor, since=begun)
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
    filled = {"started_at": day, "submitted_at": day, "result": {}}
    passations = [Passation.create(journey=journey, slug=slug, version=version, created_at=day, **told) for told in (filled, {})]
    for item in instruments.find(slug).items:
        Answer.create(passation=passations[0], item=item.id, value=3, answered_at=day)
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
    for rank, event in enumerate(EVENTS * 2):
        person = journey.agent if rank % 3 == 0 else journey.counsellor
        day = moment - datetime.timedelta(days=30 - rank)
        JournalEntry.create(event=event, person=person, journey_id=journey.id, subject_id=meetings[0].id, created_at=day)


class Others:
    """The bilans of the other counsellors, a batch after the other; the same seed gives the same network."""

    def __init__(self, address: str, start: datetime.datetime) -> None:
        self.database = open_database(address)
        self.random = random.Random(20_26)
        self.start = start
        self.made = 0
        self.moments: dict[int, str] = {}
        self.sealed = Fernet(Fernet.generate_key()).encrypt(b"x" * 60)
        self.counsellor = self.employer = ""

    def grow(self, total: int) -> None:
        """Write rows until there are so many bilans of others."""
        self._hurry()
        with self.database.atomic():
            while self.made < total:
                rows: Rows = defaultdict(list)
                for _ in range(min(BATCH, total - self.made)):
                    self._bilan(rows)
                    self.made += 1
                for model, some in rows.items():
                    self._insert(model, some)
        self.database.execute_sql("PRAGMA journal_mode = WAL")
        self.database.close_all()

    def _hurry(self) -> None:
        """Let SQLite write its pages once, without a log, from 3 GB of memory; nobody else may have the file open."""
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -3000000"):
            self.database.execute_sql(f"PRAGMA {pragma}")

    def _insert(self, model: Any, rows: list[Row]) -> None:
        # In the order of the identifiers, neighbours go to the same pages of the index.
        rows.sort(key=operator.itemgetter("id"))
        columns, holes = ", ".join(f'"{name}"' for name in rows[0]), ", ".join("?" * len(rows[0]))
        statement = f'INSERT INTO "{model._meta.table_name}" ({columns}) VALUES ({holes})'  # noqa: S608, SLF001 -- names of the models
        self.database.connection().executemany(statement, [tuple(row.values()) for row in rows])

    def _id(self) -> str:
        return f"{self.random.getrandbits(128):032x}"

    def _person(self, rows: Rows, name: str, role: Role) -> str:
        found = self._id()
        told = {"email": f"{found}@banc.example", "display_name": name, "role": role.value, "employer_id": self.employer}
        rows[Person].append({"id": found, "created_at": self._at(400), **told, "active": True, "fs_uniquifier": found, "preferences": ""})
        return found

    def _at(self, days_ago: int) -> str:
        if days_ago not in self.moments:
            self.moments[days_ago] = str(self.start - datetime.timedelta(days=days_ago))
        return self.moments[days_ago]

    def _row(self, rows: Rows, model: Any, days_ago: int, **values: Any) -> str:
        found = self._id()
        rows[model].append({"id": found, "created_at": self._at(days_ago), **values})
        return found

    def _bilan(self, rows: Rows) -> None:
        if self.made % PER_COUNSELLOR == 0:
            self.employer = self._row(rows, Employer, 900, name=f"Commune {self.made}", address="")
            self.counsellor = self._person(rows, f"Conseil {self.made}", Role.COUNSELLOR)
        agent = self._person(rows, f"Agent {self.made}", Role.AGENT)
        is_open = self.random.randrange(10) < OPEN_OF_TEN
        ago = self.random.randrange(20, 95) if is_open else self.random.randrange(110, 1500)
        journey = self._id()
        phase = Phase.ACCOMPANIMENT if is_open else Phase.CLOSED
        people = {"agent_id": agent, "counsellor_id": self.counsellor, "employer_id": self.employer}
        closed_at = None if is_open else self._at(ago - 100)
        dates = {"created_at": self._at(ago), "accompaniment_at": self._at(ago - 10), "closed_at": closed_at}
        rows[Journey].append({"id": journey, **people, "phase": phase.value, **dates})
        self._prescription(rows, journey, ago, people, is_open=is_open)
        self._row(rows, Referral, ago, journey_id=journey, counsellor_id=self.counsellor, since=self._at(ago))
        self._meetings(rows, journey, agent, ago, is_open=is_open)
        self._rest(rows, journey, agent, ago)
        if not is_open:
            self._opinion(rows, journey, agent, ago - 100)

    def _opinion(self, rows: Rows, journey: str, agent: str, ago: int) -> None:
        """Ask for an opinion at the end; six in ten give one."""
        answered = self.random.randrange(10) < 6
        told = {"journey_id": journey, "recipient_id": agent, "survey": AT_CLOSING, "version": 1, "reminded": 0, "answered": answered}
        self._row(rows, Invitation, ago, **told)
        if answered:
            quarter = quarter_of(datetime.date.fromisoformat(self._at(ago)[:10])).isoformat()
            answer = self._id()
            rows[SurveyAnswer].append({"id": answer, "survey": AT_CLOSING, "version": 1, "quarter": quarter, "employer_size": "unknown"})
            for question in surveys.find(AT_CLOSING).questions:
                if question.kind is not Kind.TEXT:
                    value = self.random.randrange(1, 5)
                    rows[Rating].append({"id": self._id(), "answer_id": answer, "question": question.key, "value": value})

    def _prescription(self, rows: Rows, journey: str, ago: int, people: Row, *, is_open: bool) -> None:
        state = State.ACCEPTED if is_open else State.ENDED
        told = {
            "year": 2001,
            "number": self.made + 1,
            "state": state.value,
            "agent_name": "Agent",
            "agent_email": f"{journey}@banc.example",
        }
        sealed = dict.fromkeys(("agent_file", "request"), self.sealed)
        dates = dict.fromkeys(("created_at", "received_at", "invited_at", "answered_at"), self._at(ago))
        dates["proposed_for"] = self._at(ago - self.random.randrange(30))
        rows[Prescription].append({"id": journey, **people, **told, **sealed, **dates, "reminded_days": 0})

    def _meetings(self, rows: Rows, journey: str, agent: str, ago: int, *, is_open: bool) -> None:
        """Six meetings, a slot each; those of an open bilan to come have no outcome yet, nor notes."""
        for rank in range(6):
            day = ago - 4 - 16 * rank
            held = not is_open or day > 0
            kind = InterviewKind.ACCOMPANIMENT if rank else InterviewKind.DIAGNOSTIC
            fixed = {"kind": kind.value, "mode": "on_site", "starts_at": self._at(day), "planned_minutes": 90, "sequence": 0}
            outcome = {"outcome": "held" if held else None, "held_minutes": 90 if held else None}
            interview = self._row(rows, Interview, ago, journey_id=journey, **fixed, **outcome)
            place = {"place": "4 rue Molière", "access_notes": ""}
            times = {"starts_at": self._at(day), "minutes": 90, "mode": "on_site"}
            self._row(rows, Slot, ago, counsellor_id=self.counsellor, interview_id=interview, **times, **place)
            if held and rank < 4:
                for note_kind in NoteKind:
                    note = {"kind": note_kind.value, "number": 1, "author_id": self.counsellor, "text": self.sealed}
                    self._row(rows, Note, day, interview_id=interview, **note)
                self._row(rows, ObjectivesTouched, day, interview_id=interview, objectives=self.sealed)

    def _rest(self, rows: Rows, journey: str, agent: str, ago: int) -> None:
        """Write the diagnostic, the work, the messages, the journal; a suspension for one in ten."""
        of = {"journey_id": journey}
        dates = {"decided_at": self._at(ago - 5), "committed_at": self._at(ago - 6)}
        programme = {"decision": "engaged", "planned_minutes": 840, "rhythm": "fortnightly", **dates}
        self._row(rows, Diagnostic, ago, **of, content=self.sealed, revision=3, **programme)
        self._row(rows, MidwayReview, ago - 40, **of, content=self.sealed, revision=1, saved_at=self._at(ago - 40))
        passation = self._row(rows, Passation, ago - 15, **of, slug="interets", version=1, revision=6, comment_revision=0)
        for item in range(6):
            self._row(rows, Answer, ago - 16, passation_id=passation, item=f"R{item}", value=self.sealed, answered_at=self._at(ago - 16))
        for _ in range(3):
            given = {"given_by_id": self.counsellor, "kind": "text", "content": self.sealed, "page": "", "revision": 0}
            work = self._row(rows, Assignment, ago - 20, **of, **given)
            self._row(rows, AssignmentComment, ago - 22, assignment_id=work, author_id=agent, text=self.sealed)
        for rank in range(4):
            self._row(rows, Message, ago - 20 - rank, **of, author_id=(agent, self.counsellor)[rank % 2], text=self.sealed)
        for rank, event in enumerate(EVENTS):
            person = agent if rank % 3 == 0 else self.counsellor
            self._row(rows, JournalEntry, ago - rank, event=event.value, person_id=person, **of, subject_id=journey, detail="")
        if self.random.randrange(10) == 0:
            days = {"since": self._at(ago - 30)[:10], "resumes_on": self._at(ago - 45)[:10]}
            self._row(rows, Suspension, ago - 30, **of, **days)
