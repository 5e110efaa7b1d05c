"""What a bilan holds: how much of each line of the schedule, what is encrypted again, what is deleted, in which order."""

import uuid
from typing import Any

from cryptography.fernet import InvalidToken, MultiFernet
from peewee import ModelSelect

from bilan.assignments.models import Assignment, AssignmentComment, Attachment
from bilan.careers.models import Condition, Experience, Skill
from bilan.closing.models import Attainment, Closing
from bilan.closing.rules import Keep
from bilan.database import BaseModel
from bilan.diagnostics.models import Diagnostic
from bilan.disclosure.models import Disclosure, Statement
from bilan.followup.models import Interruption, MidwayReview
from bilan.hr_review.models import HrMinutes, HrMinutesReading, HrReview
from bilan.interviews.models import Interview, ObjectivesTouched
from bilan.leads.models import Lead, Survey
from bilan.mail.models import Relay
from bilan.messages.models import Message
from bilan.notes.models import Note
from bilan.plans.models import ReviewAsked, Step
from bilan.prescriptions.models import Prescription
from bilan.questionnaires.models import Answer, Passation
from bilan.results.models import Finding
from bilan.scenarios.models import Scenario
from bilan.synthesis.models import Synthesis, SynthesisPaper, SynthesisVersion
from bilan.vault import Ciphertext, EncryptedTextField, cipher

# The identifiers of what is kept, by table.
Kept = dict[Any, list[uuid.UUID]]
Holding = tuple[str, type[BaseModel], ModelSelect]


def holdings(journey_id: uuid.UUID) -> list[Holding]:
    """Return the rows of a bilan whose content goes: the line of the schedule, the table, their identifiers; children first."""

    def within(parent: Any) -> ModelSelect:
        return parent.select(parent.id).where(parent.journey == journey_id)

    work, interviews, passations, reviews = within(Assignment), within(Interview), within(Passation), within(HrReview)
    minutes = HrMinutes.select(HrMinutes.id).where(HrMinutes.review.in_(reviews))
    syntheses = within(Synthesis)
    versions = SynthesisVersion.select(SynthesisVersion.id).where(SynthesisVersion.synthesis.in_(syntheses))
    inner = {
        AssignmentComment: ("work", AssignmentComment.assignment, work),
        Attachment: ("work", Attachment.assignment, work),
        Answer: ("answers", Answer.passation, passations),
        Note: ("notes", Note.interview, interviews),
        ObjectivesTouched: ("notes", ObjectivesTouched.interview, interviews),
        HrMinutesReading: ("told", HrMinutesReading.minutes, minutes),
        HrMinutes: ("told", HrMinutes.review, reviews),
        SynthesisPaper: ("synthesis", SynthesisPaper.version, versions),
        SynthesisVersion: ("synthesis", SynthesisVersion.synthesis, syntheses),
    }
    found: list[Holding] = [(key, model, model.select(model.id).where(field.in_(of))) for model, (key, field, of) in inner.items()]
    own = {
        Assignment: "work",
        Passation: "answers",
        Skill: "path",
        Experience: "path",
        Condition: "path",
        Finding: "path",
        Statement: "told",
        Message: "work",
        Survey: "leads",
        Step: "future",
        Scenario: "future",
        ReviewAsked: "future",
        Lead: "leads",
    }
    return found + [(key, model, within(model)) for model, key in own.items()]


def kept_of(journey_id: uuid.UUID, keep: Keep) -> Kept:
    """Return what an agent has asked to be kept, by table: of the document, its last version."""
    if keep is Keep.NOTHING:
        return {}
    synthesis = Synthesis.get_or_none(Synthesis.journey == journey_id)
    last = synthesis.version() if synthesis else None
    found: Kept = {
        Synthesis: [synthesis.id] if synthesis else [],
        SynthesisVersion: [last.id] if last else [],
        SynthesisPaper: _ids(SynthesisPaper.select(SynthesisPaper.id).where(SynthesisPaper.version == last.id)) if last else [],
    }
    if keep is Keep.FUTURE:
        for model in (Scenario, Step, ReviewAsked):
            found[model] = _ids(model.select(model.id).where(model.journey == journey_id))
    return found if any(found.values()) else {}


def _ids(query: ModelSelect) -> list[uuid.UUID]:
    return [one for (one,) in query.tuples()]


def encrypt_again(kept: Kept, journey_id: uuid.UUID) -> None:
    """Encrypt what is kept under the successor of the bilan's key; each row is held before it is read."""
    closing = _ids(Closing.select(Closing.id).where(Closing.journey == journey_id))
    opened = cipher(journey_id)
    for model, ids in {**kept, Closing: closing}.items():
        sealed = [one for one in model._meta.sorted_fields if isinstance(one, EncryptedTextField)]  # noqa: SLF001 -- as peewee documents it
        if not sealed or not ids:
            continue
        model.update(created_at=model.created_at).where(model.id.in_(ids)).execute()
        for row in model.select(model.id, *sealed).where(model.id.in_(ids)).tuples():
            change = {one.name: _again(opened, held) for one, held in zip(sealed, row[1:], strict=True) if held is not None}
            if change:
                model.update(**change).where(model.id == row[0]).execute()


def _again(opened: Any, held: bytes) -> Ciphertext:
    try:
        return Ciphertext(opened.rotate(bytes(held)) if isinstance(opened, MultiFernet) else held)
    except InvalidToken:  # put back from a backup older than the key: it is lost already
        return Ciphertext(held)


def count_of(journey_id: uuid.UUID, kept: Kept) -> dict[str, int]:
    """Return how many rows go, by line of the schedule."""
    counts: dict[str, int] = {}
    for key, model, query in holdings(journey_id):
        counts[key] = counts.get(key, 0) + query.count() - len(kept.get(model, ()))
    shells = (Diagnostic, Closing, Attainment, Interruption, MidwayReview, Disclosure)
    counts["words"] = sum(model.select().where(model.journey == journey_id).count() for model in shells)
    counts["words"] += Prescription.select().where(Prescription.id == journey_id).count()
    return {key: count for key, count in counts.items() if count}


def delete_content(journey_id: uuid.UUID, kept: Kept) -> None:
    """Delete what goes, in the current transaction; what keeps its row for its dates is emptied where it may be."""
    for _, model, query in holdings(journey_id):
        ids = set(_ids(query)) - set(kept.get(model, ()))
        model.delete().where(model.id.in_(list(ids))).execute()
    Closing.update(reasons=None, **({} if kept else {"need": None})).where(Closing.journey == journey_id).execute()
    Relay.delete().where(Relay.journey_id == journey_id).execute()
