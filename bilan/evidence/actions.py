"""Asking for an evidence file, making it in the background, removing it with its key."""

import logging
import secrets
import uuid

from huey import crontab
from peewee import IntegrityError

from bilan import vault
from bilan.database import now, transaction
from bilan.evidence.archive import build
from bilan.evidence.models import EvidenceFile
from bilan.evidence.rules import SEEDS, Period, State
from bilan.journal import Event, record
from bilan.people.models import Person
from bilan.worker import in_application, queue

logger = logging.getLogger(__name__)


def ask_for_evidence(*, period: Period, submission: uuid.UUID, by: Person) -> EvidenceFile:
    """Have a file made; the same form sent twice gives the file of the first time."""
    dates = {"starts_on": period.start, "ends_on": period.end}
    try:
        with transaction():
            made = EvidenceFile.create(submission=submission, **dates, seed=secrets.randbelow(SEEDS), asked_by=by)
            vault.create_key(made.id)
            record(Event.EVIDENCE_ASKED, person=by, subject_id=made.id)
            make_evidence_task(str(made.id))
    except IntegrityError:
        made = EvidenceFile.get(EvidenceFile.submission == submission)
    return made


@queue.task()
@in_application
def make_evidence_task(file_id: str) -> None:
    """Make one file in the background."""
    make_evidence(uuid.UUID(file_id))


def make_evidence(file_id: uuid.UUID) -> None:
    """Make a file that waits, and keep it encrypted; a failure is kept as its state."""
    found = EvidenceFile.by_id(file_id)
    if found is None or found.state is not State.WAITING:
        return
    try:
        content = build(found.period, found.seed)
        found.content, found.size, found.state = content, len(content), State.READY
    except Exception:  # whatever it is, somebody waits for a word
        logger.exception("an evidence file could not be made")
        found.state = State.FAILED
    found.done_at = now()
    try:
        found.save(only=[EvidenceFile.content, EvidenceFile.size, EvidenceFile.state, EvidenceFile.done_at])
    except vault.VaultError:  # removed while it was made: there is nowhere to keep it
        logger.info("an evidence file was removed while it was made")


def remove_evidence(*, file: EvidenceFile, by: Person | None = None) -> None:
    """Remove a file and destroy its key: no backup of the data opens it any more."""
    with transaction():
        EvidenceFile.delete().where(EvidenceFile.id == file.id).execute()
        record(Event.EVIDENCE_REMOVED, person=by, subject_id=file.id)
    vault.destroy_key(file.id)


@queue.periodic_task(crontab(hour="4", minute="10"))
@in_application
def forget_evidence_task() -> None:
    """Each night: remove the files that have had their thirty days."""
    forget_evidence()


def forget_evidence() -> int:
    """Remove the files that have had their time; return how many."""
    overdue = EvidenceFile.overdue()
    for one in overdue:
        remove_evidence(file=one)
    return len(overdue)
