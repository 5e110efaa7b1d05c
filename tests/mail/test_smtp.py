"""The outbox against a real SMTP server: no e-mail is lost, none is sent twice."""

import threading

import pytest
import time_machine
from factories import file_complaint, make_person
from smtp_server import Server

from bilan.complaints.models import Complaint
from bilan.database import connection, now
from bilan.mail import actions
from bilan.mail.actions import CLAIM_LIFE, HANDING_OVER_LIFE, deliver, sweep
from bilan.mail.models import Email, EmailState
from bilan.people.models import Role
from bilan.worker import run_pending

LONG = "Mes rendez-vous : l’été, à 10 h, « là-bas », œuvre, ça, Noël, 20 €, 😀.\n" * 400
DAY = 24 * 3600


@pytest.fixture
def server():
    one = Server()
    one.start()
    yield one
    one.stop()


@pytest.fixture
def app(new_app, migrated, server):
    app = new_app(migrated, BILAN_SMTP_URL=server.url)
    with app.test_request_context():
        yield app


def states():
    return [email.state for email in Email.select().order_by(Email.created_at)]


def let_time_pass(seconds=DAY):
    """Run what is due after that long, as the worker does each minute."""
    with time_machine.travel(now().timestamp() + seconds, tick=True):
        sweep()
        run_pending()


def test_the_complaint_arrives_with_its_accents_and_all_of_its_text(app, server):
    complaint, _ = file_complaint(name="Zoé Œillet", email="zoe@exemple.fr", happened=LONG)
    run_pending()
    by_recipient = {recipients[0]: message for recipients, message in server.mailbox.messages}
    message = by_recipient["secretariat@espace2m.org"]
    assert message["Subject"] == f"Réclamation {complaint.reference}"
    assert message["Reply-To"] == "zoe@exemple.fr"
    body = message.get_content().replace("\r\n", "\n")
    assert LONG.strip() in body
    assert "Zoé Œillet" in body
    acknowledgement = by_recipient["zoe@exemple.fr"].get_content()
    assert complaint.reference in acknowledgement
    assert "rendez-vous" not in acknowledgement
    assert states() == [EmailState.SENT, EmailState.SENT]


def test_a_stopped_server_delays_the_mail_and_loses_nothing(app, server):
    server.stop()
    file_complaint()
    run_pending()
    assert states() == [EmailState.WAITING, EmailState.WAITING]
    assert Complaint.select().count() == 1
    server.start()
    let_time_pass()
    assert states() == [EmailState.SENT, EmailState.SENT]
    assert len(server.mailbox.messages) == 2


@pytest.mark.parametrize("behaviour", ["drop in DATA", "451"])
def test_a_passing_refusal_is_tried_again_with_the_same_message_id(app, server, behaviour):
    server.mailbox.behaviour = behaviour
    file_complaint(email="")
    run_pending()
    assert states() == [EmailState.WAITING]
    email = Email.get()
    assert email.attempts == 1
    assert email.next_attempt_at > now()
    server.mailbox.behaviour = "accept"
    let_time_pass()
    assert [message["Message-ID"] for _, message in server.mailbox.messages] == [f"<{email.id}@localhost>"]
    assert states() == [EmailState.SENT]


def test_the_delay_between_tries_grows(app, server):
    server.mailbox.behaviour = "451"
    file_complaint(email="")
    waits = []
    moment = now().timestamp()
    for _ in range(5):
        with time_machine.travel(moment, tick=False):
            sweep()
            email = Email.get()
            waits.append((email.next_attempt_at - now()).total_seconds())
            moment += waits[-1] + 1
    assert waits == [60, 120, 240, 480, 960]


@pytest.mark.parametrize("behaviour", ["550 at RCPT", "552"])
def test_a_final_refusal_is_shown_to_the_secretariat_and_not_tried_again(app, server, behaviour):
    server.mailbox.behaviour = behaviour
    file_complaint(email="")
    run_pending()
    email = Email.get()
    assert email.state is EmailState.FAILED
    assert email.last_error.startswith(behaviour[:3])
    tries = server.mailbox.tries
    let_time_pass()
    assert server.mailbox.tries == tries
    assert Email.count_unsettled() == 1


def test_the_secretariat_may_send_a_refused_mail_again(app, server):
    server.mailbox.behaviour = "550 at RCPT"
    file_complaint(email="")
    run_pending()
    server.mailbox.behaviour = "accept"
    actions.send_again(email=Email.get(), by=make_person(Role.SECRETARIAT, password=None))
    run_pending()
    assert sum(message["Subject"].startswith("Réclamation") for _, message in server.mailbox.messages) == 1


def test_a_crash_between_sending_and_marking_is_not_sent_twice(app, server, monkeypatch):
    file_complaint(email="")
    email = Email.get()
    with monkeypatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr(actions, "_settle", lambda *_: (_ for _ in ()).throw(SystemExit))
        deliver(email.id)
    assert len(server.mailbox.messages) == 1
    run_pending()
    sweep()
    assert states() == [EmailState.SENDING]  # its sender might still live
    let_time_pass(HANDING_OVER_LIFE.total_seconds() + 60)
    assert states() == [EmailState.UNCERTAIN]
    assert len(server.mailbox.messages) == 1
    assert Email.count_unsettled() == 1


def test_a_crash_before_the_text_was_handed_over_is_tried_again(app, server, monkeypatch):
    file_complaint(email="")
    with monkeypatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr(actions, "connected", lambda *_: (_ for _ in ()).throw(SystemExit))
        deliver(Email.get().id)
    let_time_pass(CLAIM_LIFE.total_seconds() + 60)
    assert states() == [EmailState.SENT]
    assert len(server.mailbox.messages) == 1


def test_a_sender_thought_dead_does_not_send_what_another_has_taken(app, server, monkeypatch):
    """The clock is set forward, or the machine slept: the claim is taken back while its sender is at it."""
    connected, senders = actions.connected, []

    def slow(smtp):
        senders.append(smtp)
        if len(senders) == 1:
            sweep(claim_life=now() - now())
        return connected(smtp)

    file_complaint(email="")
    monkeypatch.setattr(actions, "connected", slow)
    run_pending()
    assert len(senders) >= 2
    assert states() == [EmailState.SENT]
    assert len(server.mailbox.messages) == 1


@pytest.mark.parametrize("handed_over", [False, True])
def test_a_sender_killed_while_the_clock_was_ahead_is_not_waited_for(app, server, monkeypatch, handed_over):
    """What it held says a moment of tomorrow; nothing may wait until then."""
    dies = lambda *_: (_ for _ in ()).throw(SystemExit)  # noqa: E731
    with time_machine.travel(now().timestamp() + DAY, tick=True), monkeypatch.context() as patch, pytest.raises(SystemExit):
        file_complaint(email="")
        patch.setattr(actions, "_settle" if handed_over else "connected", dies)
        deliver(Email.get().id)
    sweep()
    assert states() == [EmailState.UNCERTAIN if handed_over else EmailState.SENT]
    assert len(server.mailbox.messages) == 1


def test_what_was_written_while_the_clock_was_ahead_leaves_when_it_is_right_again(app, server):
    with time_machine.travel(now().timestamp() + DAY, tick=True):
        file_complaint()
    sweep()
    assert states() == [EmailState.SENT, EmailState.SENT]
    assert len(server.mailbox.messages) == 2


def test_ten_workers_on_one_mail_send_it_once(app, server):
    file_complaint(email="")
    email_id = Email.get().id

    def work():
        with app.app_context(), connection():
            deliver(email_id)

    threads = [threading.Thread(target=work) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.mailbox.messages) == 1


def test_a_complaint_that_is_rolled_back_sends_nothing(app, server, monkeypatch):
    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr("bilan.complaints.actions.record", lambda *_, **__: (_ for _ in ()).throw(RuntimeError))
        file_complaint()
    assert run_pending() == 0
    assert Email.select().count() == Complaint.select().count() == 0
    assert server.mailbox.messages == []


@pytest.mark.parametrize("address", ["paul@exemple.fr\r\nBcc: tous@exemple.fr", "paul@exemple.fr\nX: y"])
def test_no_header_can_be_injected(app, server, address):
    file_complaint(email=address)
    run_pending()
    for recipients, message in server.mailbox.messages:
        assert "Bcc" not in message
        assert "X" not in message
        assert recipients != ["tous@exemple.fr"]
    assert EmailState.FAILED in states()


def test_a_name_full_of_headers_stays_in_the_body(app, server):
    file_complaint(name="Paul\r\nSubject: gagné", email="paul@exemple.fr")
    run_pending()
    assert all("gagné" not in message["Subject"] for _, message in server.mailbox.messages)
    assert len(server.mailbox.messages) == 2


def test_without_smtp_a_mail_is_a_file(new_app, migrated, tmp_path):
    app = new_app(migrated)
    with app.test_request_context():
        file_complaint(email="")
        run_pending()
        run_pending()
        (file,) = (app.config["BILAN"].instance / "mail").glob("*.eml")
        assert b"Message-ID" in file.read_bytes()
        assert file.stat().st_mode & 0o077 == 0
        assert states() == [EmailState.SENT]
