"""Two people close the same complaint at once, two workers remind at once: one does, nothing is lost nor told twice."""

import concurrent.futures
import datetime
import uuid

import grievances
from factories import file_complaint, make_person

from bilan.complaints.models import Complaint, ComplaintEntry
from bilan.complaints.rules import EntryKind
from bilan.database import connection
from bilan.mail.models import Email
from bilan.people.models import Role
from bilan.treatment import actions


def at_once(app, deed, *chances):
    def run(chance):
        with app.test_request_context(), connection():
            return deed(chance)

    with concurrent.futures.ThreadPoolExecutor(len(chances)) as pool:
        return list(pool.map(run, chances))


def count(kind):
    return Email.select().where(Email.kind == kind).count()


def test_two_closings_at_once_write_one_answer(app):
    with app.test_request_context():
        complaint, _ = file_complaint()
        desk = make_person(Role.SECRETARIAT, password=None)

    def close(words):
        try:
            grievances.close(complaint, desk, answer=words)
        except actions.AlreadyClosed:
            return "refused"
        return words

    found = at_once(app, close, "Une réponse.", "Une autre.")
    assert found.count("refused") == 1
    with app.test_request_context():
        (answer,) = ComplaintEntry.select().where(ComplaintEntry.kind == EntryKind.ANSWER)
        assert answer.content["text"] in found
        assert count("complaint_reply") == 1
        assert not Complaint.get_by_id(complaint.id).is_open


def test_the_same_closing_sent_twice_at_once_is_one(app):
    with app.test_request_context():
        complaint, _ = file_complaint()
        desk = make_person(Role.SECRETARIAT, password=None)
    number = uuid.uuid4()
    at_once(app, lambda _: grievances.close(complaint, desk, submission=number), 1, 2, 3)
    assert count("complaint_reply") == 1


def test_a_reminder_seen_by_several_workers_leaves_once(app):
    with app.test_request_context():
        complaint, _ = file_complaint(email="")
        late = datetime.datetime.combine(complaint.acknowledge_by, datetime.time(9)) + datetime.timedelta(days=1)
    assert sum(at_once(app, lambda _: actions.remind(late), 1, 2, 3)) == 1
    assert count("complaint_reminder") == 1
