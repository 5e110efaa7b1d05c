"""The outbox without a server: a row is written with what it announces, sent once, tried again, put right by hand."""

import datetime
from email import message_from_bytes, policy

import pytest
import time_machine

from bilan import vault, worker
from bilan.database import now, transaction
from bilan.mail import actions
from bilan.mail.models import Email, EmailState
from bilan.people import actions as people


def files(app):
    return sorted((app.config["BILAN"].instance / "mail").glob("*.eml"))


def send_link(world):
    with world.app.test_request_context():
        people.send_sign_in_link(email=world.agent.email)
    return Email.select().order_by(Email.created_at.desc()).first()


def state(email):
    return Email.get_by_id(email.id).state


def test_a_mail_and_its_task_disappear_with_their_transaction(world):
    before, tasks = Email.select().count(), worker.queue.pending_count()
    with pytest.raises(RuntimeError), world.app.test_request_context(), transaction():
        people.send_sign_in_link(email=world.agent.email)
        raise RuntimeError
    assert Email.select().count() == before
    assert worker.queue.pending_count() == tasks


def test_without_a_server_a_mail_is_a_file_that_its_owner_alone_reads(world):
    email = send_link(world)
    worker.run_pending()
    (path,) = files(world.app)
    assert path.stat().st_mode & 0o777 == 0o600
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert message["To"] == world.agent.email
    assert message["Message-ID"] == f"<{email.id}@localhost>"
    assert email.envelope["personal_links"][0] in message.get_content()
    assert state(email) is EmailState.SENT


def test_a_mail_is_sent_once_even_when_its_task_runs_twice(world):
    email = send_link(world)
    with world.app.app_context():
        actions.deliver(email.id)
        sent_at = Email.get_by_id(email.id).sent_at
        actions.deliver(email.id)
        actions.sweep()
    assert Email.get_by_id(email.id).sent_at == sent_at
    assert Email.get_by_id(email.id).attempts == 1


def test_a_full_disk_puts_the_mail_off_and_says_so(world, monkeypatch):
    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(actions, "_write_file", full)
    email = send_link(world)
    worker.run_pending()
    waiting = Email.get_by_id(email.id)
    assert waiting.state is EmailState.WAITING
    assert "No space left" in waiting.last_error
    monkeypatch.undo()
    later = datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=2)
    with time_machine.travel(later), world.app.app_context():
        actions.sweep()
    assert state(email) is EmailState.SENT


def test_a_sender_that_died_before_handing_over_is_replaced(world):
    email = send_link(world)
    old = now() - datetime.timedelta(hours=1)
    Email.update(state=EmailState.SENDING, claimed_at=old).where(Email.id == email.id).execute()
    with world.app.app_context():
        actions.sweep()
    assert state(email) is EmailState.SENT


def test_a_sender_that_died_while_handing_over_leaves_a_doubt_to_a_person(world):
    email = send_link(world)
    old = now() - datetime.timedelta(hours=1)
    Email.update(state=EmailState.SENDING, claimed_at=old, handing_over_at=old).where(Email.id == email.id).execute()
    with world.app.app_context():
        actions.sweep()
    assert state(email) is EmailState.UNCERTAIN
    browser = world.browser("secretariat")
    browser.get("/secretariat/courriers?etat=uncertain").has("à vérifier")
    page = browser.get(f"/secretariat/courriers/{email.id}")
    page.has("Cet e-mail est peut-être arrivé", "Coupure au moment de la remise")
    browser.submit(page, button=("action", "settle")).has("classé comme traité", "envoyé")
    assert state(email) is EmailState.SENT


def test_a_refused_mail_is_sent_again_at_the_secretariats_word(world):
    browser = world.browser("secretariat")
    page = browser.get(f"/secretariat/courriers/{world.refused.id}")
    page.has("Cet e-mail n’est pas parti", "550 Unknown")
    browser.submit(page, button=("action", "again")).has("L’e-mail repart.", "en attente")
    worker.run_pending()
    assert state(world.refused) is EmailState.SENT
    browser.submit(page, button=("action", "again"))
    assert state(world.refused) is EmailState.SENT


def test_the_secretariat_never_sees_a_personal_link(world):
    email = send_link(world)
    page = world.browser("secretariat").get(f"/secretariat/courriers/{email.id}")
    page.has("[lien personnel, lisible par son seul destinataire]", "Bonjour Prénom agent")
    page.lacks(email.envelope["personal_links"][0], "/connexion/lien/")


def test_the_outbox_has_states_and_pages(world):
    for _ in range(30):
        send_link(world)
    browser = world.browser("secretariat")
    browser.get("/secretariat/courriers").has("25 e-mails affichés", "Suivante", "1 e-mail à voir")
    page = browser.get("/secretariat/courriers?etat=waiting&page=2")
    page.has("5 e-mails affichés")
    assert "etat=waiting" in page.soup.find("a", rel="prev")["href"]
    browser.get("/secretariat/courriers?etat=sending").has("Aucun e-mail dans cet état.")


def test_a_mail_whose_content_was_destroyed_says_when(world):
    vault.destroy_key(world.complaint.id)
    page = world.browser("secretariat").get(f"/secretariat/courriers/{world.sent.id}")
    page.has("E-mail détruit", "Contenu détruit le", "adresse détruite")
    world.browser("secretariat").get("/secretariat/courriers").has("adresse détruite")


def test_a_mail_destroyed_before_it_left_is_settled_as_refused(world):
    Email.update(state=EmailState.WAITING, next_attempt_at=now()).where(Email.id == world.sent.id).execute()
    vault.destroy_key(world.complaint.id)
    with world.app.app_context():
        actions.deliver(world.sent.id)
    refused = Email.get_by_id(world.sent.id)
    assert (refused.state, refused.last_error) == (EmailState.FAILED, "Contenu détruit avant l’envoi.")
