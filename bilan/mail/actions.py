"""Writing an e-mail with what it announces, then handing it to the server, once.

A row is claimed before it is sent, and its state says how far a sending went. Cut before
the text was handed over, it is tried again. Cut between handing over and marking, nobody
can know whether it arrived (SMTP has no way to ask): it is then shown to the secretariat
as "à vérifier" instead of being sent a second time. See docs/decisions/0005-outbox.md.
"""

import datetime
import os
import smtplib
import ssl
import uuid
from collections.abc import Callable
from email import policy
from email.message import EmailMessage
from functools import wraps
from typing import Any

from flask import current_app
from huey import crontab

from bilan.database import now, transaction
from bilan.journal import Event, record
from bilan.mail.models import Email, EmailState, Notice, Relay, Relaying
from bilan.mail.rules import MAX_ATTEMPTS, AddressNotCarried, ClaimTakenBack, compose, delay, explain, is_permanent
from bilan.people.models import Person
from bilan.settings import Settings, SmtpServer
from bilan.vault import OUTBOX_KEY, ContentDestroyed
from bilan.worker import in_application, queue

SMTP_SECONDS = 20
# Longer than the steps before the text take, each with its own time-out. One that is slower loses its claim, and hands nothing over.
CLAIM_LIFE = datetime.timedelta(minutes=3)
HANDING_OVER_LIFE = datetime.timedelta(minutes=10)  # longer than the text takes
CUT = "Coupure au moment de la remise au serveur."
SWEEP_LIMIT = 500


def mail(kind: str) -> Callable[[Callable[..., dict[str, Any]]], Callable[..., Email]]:
    """Make a function that returns a context write its e-mail, in the current transaction.

    The context names `to`, and may name `reply_to`, `personal_links`, `key_id` (the key of
    the content that it carries), `subject_id` (what it is about), `calendar` (the method
    and the text of a calendar file that goes with it) and `relayed` (False: it answers her own
    gesture at once, nobody reads it to her on the phone). The texts are
    `templates/mail/<kind>/{subject,body}.txt`.
    """

    def decorate(contents: Callable[..., dict[str, Any]]) -> Callable[..., Email]:
        @wraps(contents)
        def post(**arguments: Any) -> Email:
            return _write(kind, contents(**arguments))

        post.mail_kind = kind  # type: ignore[attr-defined]
        return post

    return decorate


def link_to(endpoint: str, **values: Any) -> str:
    """Return the public address of a page, for the link of an e-mail: in a request, a task or a command."""
    path = current_app.url_map.bind("").build(endpoint, values)
    return f"{current_app.config['BILAN'].base_url}{path}"


def _write(kind: str, context: dict[str, Any]) -> Email:
    words = {"sheet": current_app.config["BILAN"], **context}
    envelope = {
        "to": context["to"],
        "reply_to": context.get("reply_to", ""),
        "subject": " ".join(_text(f"mail/{kind}/subject.txt", words).split()),
        "body": _text(f"mail/{kind}/body.txt", words).strip() + "\n",
        "personal_links": context.get("personal_links", []),
        "calendar": context.get("calendar"),
    }
    email = Email.create(kind=kind, key_id=context.get("key_id", OUTBOX_KEY), subject_id=context.get("subject_id"), envelope=envelope)
    if context.get("relayed", True) and email.key_id == OUTBOX_KEY:
        _relay(email)
    deliver_task(str(email.id))
    return email


def _relay(email: Email) -> None:
    """Have somebody told by phone or by post too, where that was decided; content under another key has its own ways."""
    for relay in Relay.of_address(email.envelope["to"]):
        Notice.create(email=email, person=relay.person_id, channel=relay.channel, contact=relay.contact)


def relay(*, person: Person, channel: Relaying, contact: str, journey_id: uuid.UUID | None, source_id: uuid.UUID) -> None:
    """Tell somebody otherwise too, from now on, in the current transaction."""
    Relay.delete().where(Relay.source_id == source_id).execute()
    Relay.create(person=person, channel=channel, contact=contact, journey_id=journey_id, source_id=source_id)


def tell_notice(*, notice: Notice, told: bool, by: Person) -> None:
    """Note that it was told, or that it was not after all."""
    change = {"done_at": now(), "done_by": by} if told else {"done_at": None, "done_by": None}
    with transaction():
        if Notice.update(**change).where(Notice.id == notice.id, Notice.done_at.is_null(is_null=told)).execute():
            record(Event.NOTICE_TOLD, person=by, subject_id=notice.id, detail="yes" if told else "no")


def _text(template: str, words: dict[str, Any]) -> str:
    """Render a text without what pages receive: an e-mail knows only what its context names."""
    return current_app.jinja_env.get_template(template).render(words)


@queue.task()
@in_application
def deliver_task(email_id: str) -> None:
    """Send one e-mail in the background."""
    deliver(uuid.UUID(email_id))


@queue.periodic_task(crontab(minute="*"))
@in_application
def sweep_task() -> None:
    """Each minute: take back what a dead sender held, and send what is due."""
    sweep()


def sweep(claim_life: datetime.timedelta = CLAIM_LIFE, handing_over_life: datetime.timedelta = HANDING_OVER_LIFE) -> None:
    """Recover from anything that the tasks alone would lose: a killed process, a missed delay, a clock that was wrong."""
    Email.abandoned(claim_life, handing_over=False, state=EmailState.WAITING, next_attempt_at=now()).execute()
    Email.abandoned(handing_over_life, handing_over=True, state=EmailState.UNCERTAIN, last_error=CUT).execute()
    Email.set_too_far().execute()
    for email_id in Email.due(SWEEP_LIMIT):
        deliver(email_id)


def doubt_what_waits() -> int:
    """After a restoration: what waited then may have left since, so the secretariat looks before it leaves; return how many."""
    change = {"state": EmailState.UNCERTAIN, "last_error": "Sauvegarde restaurée\u00a0: peut-être parti depuis."}
    return Email.update(**change).where(Email.state.in_([EmailState.WAITING, EmailState.SENDING])).execute()


def deliver(email_id: uuid.UUID) -> None:
    """Hand one e-mail over, if it is due and nobody else has it; note what became of it."""
    if not Email.claim(email_id):
        return
    email = Email.get_by_id(email_id)
    try:
        _hand_over(email, current_app.config["BILAN"])
    except ClaimTakenBack:
        return
    except ContentDestroyed:
        _settle(email, EmailState.FAILED, "Contenu détruit avant l’envoi.")
    except (OSError, smtplib.SMTPException, AddressNotCarried, ValueError) as error:
        _put_off(email, error)
    else:
        _settle(email, EmailState.SENT, "")


def _hand_over(email: Email, settings: Settings) -> None:
    message = compose(
        email_id=email.id,
        envelope=email.envelope,
        sender=settings.mail_from,
        sender_name=settings.centre_name,
        base_url=settings.base_url,
        date=email.created_at.replace(tzinfo=datetime.UTC),
    )
    if settings.smtp:
        _send(email, message, settings.smtp, settings.mail_from)
    else:
        _write_file(email, message, settings)


def _send(email: Email, message: EmailMessage, server: SmtpServer, sender: str) -> None:
    recipient = email.envelope["to"]
    with connected(server) as client:
        options = [] if recipient.isascii() else ["SMTPUTF8"]
        if options and not client.has_extn("smtputf8"):
            raise AddressNotCarried(recipient)
        _expect(client.mail(sender, options), 250)
        _expect(client.rcpt(recipient), 250, 251)
        if not Email.hand_over(email):
            raise ClaimTakenBack
        wire = policy.SMTPUTF8 if options else policy.SMTP
        _expect(client.data(message.as_bytes(policy=wire)), 250)


def connected(server: SmtpServer) -> smtplib.SMTP:
    """Return a session with the SMTP server, ready for a message. Raises OSError or smtplib.SMTPException."""
    context = ssl.create_default_context()
    if server.tls == "implicit":
        client: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=SMTP_SECONDS, context=context)
    else:
        client = smtplib.SMTP(server.host, server.port, timeout=SMTP_SECONDS)
    if server.tls == "starttls":
        client.starttls(context=context)
    if server.user:
        client.login(server.user, server.password or "")
    client.ehlo_or_helo_if_needed()
    return client


def _expect(reply: tuple[int, bytes], *codes: int) -> None:
    if reply[0] not in codes:
        raise smtplib.SMTPResponseException(*reply)


def _write_file(email: Email, message: EmailMessage, settings: Settings) -> None:
    folder = settings.instance / "mail"
    folder.mkdir(mode=0o700, exist_ok=True)
    draft = folder / f".{email.id}.part"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(message.as_bytes())
        file.flush()
        os.fsync(file.fileno())
    # A rename is all or nothing, and writing the same e-mail again replaces the same file.
    draft.replace(folder / f"{email.created_at:%Y%m%d-%H%M%S}-{email.kind}-{email.id}.eml")


def _put_off(email: Email, error: Exception) -> None:
    if is_permanent(error) or email.attempts >= MAX_ATTEMPTS:
        _settle(email, EmailState.FAILED, explain(error))
        return
    with transaction():
        wait = delay(email.attempts)
        change = {"state": EmailState.WAITING, "next_attempt_at": now() + wait, "handing_over_at": None, "last_error": explain(error)}
        Email.update(change).where(Email.id == email.id).execute()
        deliver_task.schedule((str(email.id),), delay=wait.total_seconds())


def _settle(email: Email, state: EmailState, error: str) -> None:
    Email.update(state=state, last_error=error, sent_at=now() if state is EmailState.SENT else None).where(Email.id == email.id).execute()


def send_again(*, email: Email, by: Person) -> None:
    """Put an e-mail that was refused or is uncertain back in the queue, at the secretariat's word."""
    with transaction():
        changed = Email.update(state=EmailState.WAITING, next_attempt_at=now(), attempts=0, handing_over_at=None).where(
            Email.id == email.id, Email.state.in_([EmailState.FAILED, EmailState.UNCERTAIN])
        )
        if changed.execute():
            deliver_task(str(email.id))
            record(Event.MAIL_SENT_AGAIN, person=by, subject_id=email.id)


def settle_by_hand(*, email: Email, by: Person) -> None:
    """Mark an uncertain or refused e-mail as dealt with: it did arrive, or was told another way."""
    with transaction():
        changed = Email.update(state=EmailState.SENT, sent_at=now()).where(
            Email.id == email.id, Email.state.in_([EmailState.FAILED, EmailState.UNCERTAIN])
        )
        if changed.execute():
            record(Event.MAIL_SETTLED, person=by, subject_id=email.id)
