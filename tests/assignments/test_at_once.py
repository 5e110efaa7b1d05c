"""The same form sent several times at once, and files that arrive together. On SQLite and on PostgreSQL."""

import concurrent.futures
import threading
import uuid

import pytest
from factories import give_work, make_journey

from bilan.assignments import actions
from bilan.assignments.models import Assignment, AssignmentComment, Attachment
from bilan.assignments.rules import FILES_MAX, Kind
from bilan.database import connection
from bilan.journal import Event, JournalEntry
from bilan.mail.models import Email
from bilan.messages import actions as messages
from bilan.messages.models import Message

CROWD = 8


def at_once(app, deed, count=CROWD):
    """Do a deed in several threads that begin together; return what each returned, or the name of its error."""
    ready = threading.Barrier(count)

    def run(rank):
        with connection(), app.test_request_context():
            ready.wait(60)
            try:
                return deed(rank)
            except actions.TooManyFiles:
                return "no more room"

    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.fixture
def journey(app):
    with app.test_request_context():
        return make_journey()


def test_one_form_gives_one_work(app, journey):
    number = uuid.uuid4()
    given = {"journey": journey, "kind": Kind.TEXT, "title": "Appeler", "details": "", "interview": None, "due": None}
    found = at_once(app, lambda _rank: actions.give(**given, submission=number, by=journey.counsellor).id)
    assert set(found) == {number}
    assert Assignment.select().count() == 1
    assert Email.select().where(Email.kind == "assignment_given").count() == 1


def test_one_form_writes_one_word_and_joins_one_file(app, journey):
    with app.test_request_context():
        work = give_work(journey)
    number, file = uuid.uuid4(), {"name": "a.txt", "media_type": "text/plain", "content": b"a"}
    at_once(app, lambda _rank: actions.answer(assignment=work, text="Une fois.", file=file, submission=number, by=journey.agent))
    assert (AssignmentComment.select().count(), Attachment.select().count()) == (1, 1)


def test_files_that_arrive_together_count_each_other(app, journey):
    file = {"name": "a.txt", "media_type": "text/plain", "content": b"a"}
    with app.test_request_context():
        work = give_work(journey)
        for _ in range(FILES_MAX - 2):
            actions.answer(assignment=work, text="", file=file, submission=uuid.uuid4(), by=journey.agent)
    found = at_once(app, lambda _rank: actions.answer(assignment=work, text="", file=file, submission=uuid.uuid4(), by=journey.agent))
    assert found.count("no more room") == CROWD - 2
    assert Attachment.count_of(work) == FILES_MAX


def test_one_tick_and_one_message_and_one_e_mail(app, journey):
    with app.test_request_context():
        work, number = give_work(journey), uuid.uuid4()
        work = Assignment.by_id_with_people(work.id)
    at_once(app, lambda _rank: actions.tick(assignment=work, done=True, by=journey.agent))
    assert JournalEntry.select().where(JournalEntry.event == Event.ASSIGNMENT_DONE).count() == 1
    assert Email.select().where(Email.kind == "assignment_done").count() == 1
    at_once(app, lambda _rank: messages.send(journey=journey, text="Bonjour.", submission=number, by=journey.agent))
    assert Message.select().count() == 1
    assert Email.select().where(Email.kind == "message_received").count() == 1


def test_one_recall_of_several_that_run_together(app, journey):
    with app.test_request_context():
        Assignment.update(reminded_at=None, due_on=actions.to_paris(actions.now()).date()).where(
            Assignment.id == give_work(journey).id
        ).execute()
    assert sum(at_once(app, lambda _rank: actions.recall())) == 1
