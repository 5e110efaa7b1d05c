"""A network of counsellors and their bilans, invented, written fast: `flask demo --journeys N`, and the benchmarks.

The same seed gives the same network. A bilan that is open has its content, under its own key, and reads as any
other; one that is over has what the law of its destruction leaves: dates, hours, the certificate, the
journal, an opinion that leads to nobody. One agent in forty has complained, under a key of the complaint's own.
"""

import datetime
import json
import uuid
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from cryptography.fernet import Fernet

from bilan.agenda.models import Slot
from bilan.assignments.models import Assignment, AssignmentComment
from bilan.database import database, now
from bilan.demonstration.bulk import Bulk, Row, Rows
from bilan.demonstration.discontent import write_complaints
from bilan.demonstration.words import OBJECTIVES, PRIVATE_NOTES, SHARED_NOTES
from bilan.diagnostics.models import Diagnostic
from bilan.diagnostics.rules import INFORMED, TEXTS
from bilan.events import Event
from bilan.followup.models import MidwayReview
from bilan.interviews.models import Interview, ObjectivesTouched
from bilan.interviews.rules import InterviewKind
from bilan.journal import JournalEntry
from bilan.journeys.models import Journey, Referral, Suspension
from bilan.journeys.rules import Phase
from bilan.keys import make_keys
from bilan.messages.models import Message
from bilan.notes.models import Note
from bilan.notes.rules import NoteKind
from bilan.people.models import Employer, Person, Role
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import DelayReason, State
from bilan.privacy.models import Certificate
from bilan.privacy.rules import Kind as Destroyed
from bilan.privacy.rules import Method
from bilan.questionnaires import instruments
from bilan.questionnaires.models import Answer, Passation
from bilan.satisfaction import surveys
from bilan.satisfaction.models import Invitation, Rating, SurveyAnswer
from bilan.satisfaction.rules import AT_CLOSING, quarter_of
from bilan.satisfaction.surveys import Kind

PER_COUNSELLOR = 60
OPEN_OF_TEN = 2
ONE_COMPLAINS_OF = 40
# A delay that was exceeded has its reason, but for one of so many.
PROMISED_DAYS, ONE_UNEXPLAINED_OF = 20, 200
BATCH = 5_000
MEETINGS, NOTED = 6, 4
LENGTH_DAYS = 100
OLDEST_DAYS = 1_150  # younger than what the administrative facts are kept for
OPENED = (
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
SAID = ("Merci, j’ai bien reçu les documents.", "À mardi, comme convenu.", "J’ai appelé la médiathèque\u00a0: rendez-vous jeudi.")
LEFT = json.dumps({"notes": 8, "work": 6, "answers": 48, "words": 2})


class Bilan(NamedTuple):
    """One of them: its number, its agent, how many days ago it began; its cipher as long as it is open."""

    rank: int
    id: str
    agent: str
    ago: int
    cipher: Fernet | None

    @property
    def is_open(self) -> bool:
        """Whether it has its content."""
        return self.cipher is not None


class Network(Bulk):
    """The bilans of many counsellors, written a batch after the other, from `start` backwards."""

    made = 0
    counsellor = employer = ""

    def grow(self, total: int) -> Iterator[int]:
        """Write bilans until there are so many; yield how many there are after each batch, which is kept or is not as a whole."""
        while self.made < total:
            rows: Rows = defaultdict(list)
            ranks = range(self.made, min(self.made + BATCH, total))
            self.made = ranks.stop
            ids = {rank: self.new_uuid() for rank in ranks}
            opened = {rank for rank in ranks if self.random.randrange(10) < OPEN_OF_TEN}
            ciphers = make_keys({ids[rank] for rank in opened}, destroyed=set(ids.values()) - {ids[rank] for rank in opened})
            for rank in ranks:
                self._bilan(rows, rank, ids[rank], ciphers.get(ids[rank]))
            write_complaints(self, rows, [rank for rank in ranks if self.random.randrange(ONE_COMPLAINS_OF) == 0])
            self.write(rows)
            yield self.made

    def _person(self, rows: Rows, rank: int, role: Role) -> str:
        found = self.new_id()
        told: Row = {"email": f"{role.value}{rank}@reseau.example", "display_name": self.new_name(), "role": role.value}
        told |= {"employer_id": self.employer if role is Role.AGENT else None}
        rows[Person].append(
            {"id": found, "created_at": self.at(OLDEST_DAYS + 50), **told, "active": True, "fs_uniquifier": found, "preferences": ""}
        )
        return found

    def _bilan(self, rows: Rows, rank: int, key: uuid.UUID, cipher: Any) -> None:
        if rank % PER_COUNSELLOR == 0:
            self.employer = self.row(rows, Employer, OLDEST_DAYS + 60, name=f"Commune {rank}", address="1 place de la Mairie")
            self.counsellor = self._person(rows, rank, Role.COUNSELLOR)
        ago = self.random.randrange(LENGTH_DAYS + 10, OLDEST_DAYS) if cipher is None else self.random.randrange(20, 95)
        one = Bilan(rank, self.as_column(key), self._person(rows, rank, Role.AGENT), ago, cipher)
        people = {"agent_id": one.agent, "counsellor_id": self.counsellor, "employer_id": self.employer}
        closed_at = None if one.is_open else self.at(ago - LENGTH_DAYS)
        dates = {"created_at": self.at(ago), "accompaniment_at": self.at(ago - 10), "closed_at": closed_at}
        phase = Phase.ACCOMPANIMENT if one.is_open else Phase.CLOSED
        rows[Journey].append({"id": one.id, **people, "phase": phase.value, **dates})
        self._prescription(rows, one, people)
        self.row(rows, Referral, ago, journey_id=one.id, counsellor_id=self.counsellor, since=self.at(ago), until=closed_at)
        meetings = self._meetings(rows, one)
        for place, event in enumerate(OPENED):
            person = one.agent if place % 3 == 0 else self.counsellor
            told = {"event": event.value, "person_id": person, "journey_id": one.id, "subject_id": one.id, "detail": ""}
            self.row(rows, JournalEntry, ago - place, **told)
        if self.random.randrange(10) == 0:
            days = {"since": self.at(ago - 30)[:10], "resumes_on": self.at(ago - 45)[:10]}
            self.row(rows, Suspension, ago - 30, journey_id=one.id, **days)
        if one.is_open:
            self._content(rows, one, meetings)
        else:
            self._end(rows, one)

    def _prescription(self, rows: Rows, one: Bilan, people: Row) -> None:
        state = State.ENDED if one.cipher is None else State.ACCEPTED
        told = {"year": 2001, "number": one.rank + 1, "state": state.value}
        told |= {"agent_name": self.new_name(), "agent_email": f"agent{one.rank}@reseau.example"}
        file = {"phone": "", "position": "Agent d’accueil", "status": "titulaire", "category": "C", "french": "yes", "mode": "on_site"}
        request = {"motive": "evolution", "expectations": "Faire le point sur la suite."}
        sealed = {
            name: one.cipher and getattr(Prescription, name).seal(one.cipher, value)
            for name, value in (("agent_file", file), ("request", request))
        }
        dates: Row = dict.fromkeys(("created_at", "received_at", "invited_at", "answered_at"), self.at(one.ago))
        took = self.random.randrange(30)
        dates["proposed_for"] = self.at(one.ago - took)
        told["delay_reason"] = None
        if took > PROMISED_DAYS and self.random.randrange(ONE_UNEXPLAINED_OF):
            told["delay_reason"] = self.random.choice([DelayReason.QUOTE, DelayReason.AGENT_ANSWER, DelayReason.NO_SLOT]).value
        dates["ended_at"] = None if one.is_open else self.at(one.ago - LENGTH_DAYS)
        rows[Prescription].append({"id": one.id, **people, **told, **sealed, **dates, "reminded_days": 0})

    def _meetings(self, rows: Rows, one: Bilan) -> list[tuple[str, int]]:
        """Write the meetings, a slot each; return those held, with how long ago. Those to come have no outcome yet."""
        found = []
        for rank in range(MEETINGS):
            day = one.ago - 4 - 16 * rank
            held = not one.is_open or day > 0
            kind = InterviewKind.ACCOMPANIMENT if rank else InterviewKind.DIAGNOSTIC
            fixed = {"kind": kind.value, "mode": "on_site", "starts_at": self.at(day), "planned_minutes": 90, "sequence": 0}
            outcome = {"outcome": "held" if held else None, "held_minutes": 90 if held else None}
            interview = self.row(rows, Interview, one.ago, journey_id=one.id, **fixed, **outcome)
            times = {"starts_at": self.at(day), "minutes": 90, "mode": "on_site", "place": "4 rue Molière", "access_notes": ""}
            self.row(rows, Slot, one.ago, counsellor_id=self.counsellor, interview_id=interview, **times)
            if held:
                found.append((interview, day))
        return found

    def _content(self, rows: Rows, one: Bilan, meetings: list[tuple[str, int]]) -> None:
        """Write what an open bilan holds, under its key."""
        of = {"journey_id": one.id}
        for interview, day in meetings[:NOTED]:
            for kind, texts in ((NoteKind.SHARED, SHARED_NOTES), (NoteKind.PRIVATE, PRIVATE_NOTES)):
                text = Note.text.seal(one.cipher, self.random.choice(texts))
                self.row(rows, Note, day, interview_id=interview, kind=kind.value, number=1, author_id=self.counsellor, text=text)
            self.row(rows, ObjectivesTouched, day, interview_id=interview, objectives=ObjectivesTouched.objectives.seal(one.cipher, []))
        self._grid(rows, one)
        version = instruments.find("interets").version
        given = {"slug": "interets", "version": version, "comment_revision": 0, "started_at": self.at(one.ago - 16)}
        items = instruments.find("interets").items
        passation = self.row(rows, Passation, one.ago - 15, **of, **given, revision=len(items))
        levels = [Answer.value.seal(one.cipher, level) for level in range(1, 6)]
        for item in items:
            value = self.random.choice(levels)
            self.row(rows, Answer, one.ago - 16, passation_id=passation, item=item.id, value=value, answered_at=self.at(one.ago - 16))
        content = Assignment.content.seal(one.cipher, {"title": "Noter trois bons moments", "details": "Un moment par ligne."})
        comment = AssignmentComment.text.seal(one.cipher, SAID[0])
        for _ in range(3):
            told = {"given_by_id": self.counsellor, "kind": "text", "content": content, "page": "", "revision": 0}
            work = self.row(rows, Assignment, one.ago - 20, **of, **told)
            self.row(rows, AssignmentComment, one.ago - 22, assignment_id=work, author_id=one.agent, text=comment)
        for rank, text in enumerate((*SAID, SAID[0])):
            author = (one.agent, self.counsellor)[rank % 2]
            sealed, read_at = Message.text.seal(one.cipher, text), self.at(one.ago - 21 - rank)
            self.row(rows, Message, one.ago - 20 - rank, **of, author_id=author, text=sealed, read_at=read_at)

    def _grid(self, rows: Rows, one: Bilan) -> None:
        content = dict.fromkeys(TEXTS, "") | {"motive": "evolution", "readiness": "yes", "informed": sorted(INFORMED)}
        content |= {"demand": "Changer, sans tout perdre.", "objectives": self.random.choice(OBJECTIVES)}
        dates = {"decided_at": self.at(one.ago - 5), "committed_at": self.at(one.ago - 6), "saved_at": self.at(one.ago - 5)}
        dates |= {"starts_on": self.at(one.ago - 6)[:10], "ends_on": self.at(one.ago - 96)[:10]}
        programme = {"decision": "engaged", "planned_minutes": 840, "rhythm": "fortnightly", "saved_by_id": self.counsellor, **dates}
        self.row(
            rows, Diagnostic, one.ago, journey_id=one.id, content=Diagnostic.content.seal(one.cipher, content), revision=3, **programme
        )
        pace = MidwayReview.content.seal(one.cipher, {"useful": "Les échanges.", "adjust": "", "pace": "right"})
        self.row(rows, MidwayReview, one.ago - 40, journey_id=one.id, content=pace, revision=1, saved_at=self.at(one.ago - 40))

    def _end(self, rows: Rows, one: Bilan) -> None:
        """Certify the destruction; ask for an opinion at the end, which six in ten give."""
        ago = one.ago - LENGTH_DAYS
        told: Row = {"year": 2001, "number": one.rank + 1, "journey_id": one.id, "agent_id": one.agent, "counts": LEFT}
        self.row(rows, Certificate, ago, **told, kind=Destroyed.CONTENT.value, method=Method.KEY.value, completed_at=self.at(ago))
        answered = self.random.randrange(10) < 6
        asked = {"journey_id": one.id, "recipient_id": one.agent, "survey": AT_CLOSING, "version": 1, "reminded": 0, "answered": answered}
        self.row(rows, Invitation, ago, **asked)
        if answered:
            quarter = quarter_of(datetime.date.fromisoformat(self.at(ago)[:10])).isoformat()
            answer = self.new_id()
            rows[SurveyAnswer].append({"id": answer, "survey": AT_CLOSING, "version": 1, "quarter": quarter, "employer_size": "unknown"})
            for question in surveys.find(AT_CLOSING).questions:
                if question.kind is not Kind.TEXT:
                    rows[Rating].append(
                        {"id": self.new_id(), "answer_id": answer, "question": question.key, "value": self.random.randrange(1, 5)}
                    )


def load_network(total: int) -> Iterator[str]:
    """Add so many bilans of other counsellors to the demonstration, once; yield the lines to print."""
    if Person.by_email(f"{Role.COUNSELLOR.value}0@reseau.example"):
        yield "Le réseau de démonstration est déjà là."
        return
    for made in Network(database.obj, now().replace(microsecond=0)).grow(total):
        yield f"  {made} bilans"
