"""The files of a copy: those attached, and the papers that an agent may print."""

import contextlib
from collections.abc import Iterator
from typing import NamedTuple

from bilan.assignments.models import Assignment, Attachment
from bilan.complaints.models import Complaint, ComplaintEntry, ComplaintFile
from bilan.complaints.rules import EntryKind
from bilan.database import now
from bilan.filetypes import clean_name, download_name
from bilan.interviews.models import Interview
from bilan.journeys.models import Journey
from bilan.people.models import Person
from bilan.prescriptions.models import Prescription
from bilan.printing import pdf
from bilan.privacy.models import Certificate
from bilan.synthesis.models import Synthesis, SynthesisPaper, SynthesisVersion
from bilan.synthesis.rules import Setting
from bilan.vault import ContentDestroyed


class File(NamedTuple):
    """A file: its name, its content, what it is."""

    name: str
    content: bytes
    words: str


def files_of(person: Person) -> Iterator[File]:
    """Return the files one at a time; what was destroyed meanwhile is left out."""
    for journey in Journey.select().where(Journey.agent == person.id).order_by(Journey.created_at):
        with contextlib.suppress(ContentDestroyed):
            yield from _attached(journey)
        with contextlib.suppress(ContentDestroyed):
            yield from _syntheses(journey)
        yield from _attendance(journey)
    with contextlib.suppress(ContentDestroyed):
        yield from _of_complaints(person)
    for one in Certificate.of_agent(person):
        words = f"Attestation de destruction {one.reference}"
        yield File(f"attestation-{one.reference}.pdf", pdf("privacy/certificate.pdf.html", title=words, certificate=one), words)


def _attached(journey: Journey) -> Iterator[File]:
    for work in Assignment.of_journey(journey):
        for file in Attachment.of_assignment(work):
            words = f"{file.name}, joint par {file.added_by.display_name} à «\u00a0{work.title}\u00a0»"
            yield File(_name(file.name, file.media_type), file.read(), words)


def _syntheses(journey: Journey) -> Iterator[File]:
    query = SynthesisPaper.select(SynthesisPaper, SynthesisVersion, Synthesis).join(SynthesisVersion).join(Synthesis)
    ready = query.where(Synthesis.journey == journey.id, SynthesisPaper.state == Setting.READY)
    for paper in ready.order_by(SynthesisVersion.number, SynthesisPaper.variant):
        number = paper.version.number
        name = f"synthese-version-{number}-{paper.variant.value}.pdf"
        paper.version.synthesis.journey = journey
        yield File(name, paper.content, f"Document de synthèse, version {number}, {paper.variant.label}")


def _attendance(journey: Journey) -> Iterator[File]:
    prescription, meetings = Prescription.for_hr(journey.id), Interview.attendance(journey.id)
    if prescription is None or not meetings:
        return
    words = f"Attestation de présence {prescription.reference}"
    facts = {"prescription": prescription, "meetings": meetings, "issued_at": now()}
    yield File(f"presence-{prescription.reference}.pdf", pdf("interviews/certificate.pdf.html", title=words, **facts), words)


def _of_complaints(person: Person) -> Iterator[File]:
    query = ComplaintFile.select(ComplaintFile, ComplaintEntry, Complaint).join(ComplaintEntry).join(Complaint)
    for file in query.where(Complaint.person == person.id, ComplaintEntry.kind != EntryKind.STEP).order_by(ComplaintFile.created_at):
        words = f"{file.name}, {file.entry.kind.label.lower()}, {file.entry.complaint.title}"
        yield File(_name(file.name, file.media_type), file.content, words)


def _name(name: str, media_type: str) -> str:
    return clean_name(download_name(name, media_type))
