"""Two demands with the same form at the very same moment: one file, one key, one making."""

import concurrent.futures
import threading
import uuid

from factories import make_person

from bilan.database import connection, now
from bilan.evidence import actions
from bilan.evidence.models import EvidenceFile
from bilan.evidence.rules import Period
from bilan.journal import Event, JournalEntry
from bilan.people.models import Role
from bilan.worker import queue

DEMANDS = 4


def test_the_same_demand_several_times_at_once_makes_one_file(app):
    with app.test_request_context():
        manager, submission = make_person(Role.MANAGER), uuid.uuid4()
    today, ready = now().date(), threading.Barrier(DEMANDS)

    def ask(_rank):
        with app.test_request_context(), connection():
            ready.wait(60)
            return actions.ask_for_evidence(period=Period(today, today), submission=submission, by=manager).seed

    with concurrent.futures.ThreadPoolExecutor(DEMANDS) as pool:
        seeds = set(pool.map(ask, range(DEMANDS)))
    with app.test_request_context():
        (made,) = EvidenceFile.listed()
        assert seeds == {made.seed}
        assert JournalEntry.select().where(JournalEntry.event == Event.EVIDENCE_ASKED).count() == 1
        assert [task.name for task in queue.pending()].count("make_evidence_task") == 1
