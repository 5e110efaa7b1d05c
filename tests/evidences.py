"""Evidence files for the world and for their own tests."""

import datetime
import uuid

from bilan.database import now
from bilan.evidence import actions
from bilan.evidence.models import EvidenceFile
from bilan.evidence.rules import Period, State


def make_evidence_file(manager, *, made=True):
    """Ask for a file; `made`: give it a small content at once, for the tests that do not read it."""
    today = now().date()
    period = Period(today - datetime.timedelta(days=90), today - datetime.timedelta(days=1))
    file = actions.ask_for_evidence(period=period, submission=uuid.uuid4(), by=manager)
    if made:
        make_ready(file)
    return file


def make_ready(file):
    """Give a file a small content."""
    file.content, file.size, file.state, file.done_at = b"PK\x05\x06" + bytes(18), 22, State.READY, now()
    file.save(only=[EvidenceFile.content, EvidenceFile.size, EvidenceFile.state, EvidenceFile.done_at])
