"""Pure rules of the outbox: composing a message, reading a refusal, waiting before the next attempt."""

import datetime
import smtplib
import uuid
from collections.abc import Mapping, Sequence
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

MAX_ATTEMPTS = 12
LONGEST_DELAY = datetime.timedelta(hours=6)
PERMANENT = range(500, 600)
HIDDEN_LINK = "[lien personnel, lisible par son seul destinataire]"


class AddressNotCarried(Exception):
    """The server cannot carry an address that is not in ASCII."""


class ClaimTakenBack(Exception):
    """Another sender has the e-mail: this one was thought dead, since the machine slept or its clock was set forward."""


def message_id(email_id: uuid.UUID, base_url: str) -> str:
    """Return the Message-ID, the same at each attempt, so that a repeat can be recognised."""
    return f"<{email_id}@{urlsplit(base_url).hostname}>"


def compose(
    *, email_id: uuid.UUID, envelope: Mapping[str, Any], sender: str, sender_name: str, base_url: str, date: datetime.datetime
) -> EmailMessage:
    """Return the message of an envelope (to, reply_to, subject, body, calendar).

    Raises ValueError when a header holds a line break: the standard library refuses it.
    """
    message = EmailMessage(policy=policy.SMTP)
    message["Message-ID"] = message_id(email_id, base_url)
    message["Date"] = format_datetime(date)
    message["From"] = f'"{sender_name}" <{sender}>'
    message["To"] = envelope["to"]
    if envelope.get("reply_to"):
        message["Reply-To"] = envelope["reply_to"]
    message["Subject"] = envelope["subject"]
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "fr"
    message.set_content(envelope["body"], cte="quoted-printable")
    if envelope.get("calendar"):
        _add_calendar(message, **envelope["calendar"])
    return message


def _add_calendar(message: EmailMessage, *, method: str, text: str) -> None:
    """Add a calendar file twice, as those who read it expect it: beside the text (RFC 6047), and as a file to open."""
    message.add_alternative(text, subtype="calendar", cte="quoted-printable", params={"method": method})
    message.add_attachment(text, subtype="calendar", cte="quoted-printable", filename="invitation.ics", params={"method": method})


def delay(attempts: int) -> datetime.timedelta:
    """Return the wait after that many attempts: 1, 2, 4, 8… minutes, at most 6 hours."""
    return min(datetime.timedelta(minutes=2 ** max(attempts - 1, 0)), datetime.timedelta(hours=6))


def is_permanent(error: Exception) -> bool:
    """Whether trying again would be refused again: a 5xx, or an address that cannot be carried."""
    if isinstance(error, (AddressNotCarried, ValueError)):
        return True
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code in PERMANENT
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code in PERMANENT for code, _ in error.recipients.values())
    return False


def explain(error: Exception) -> str:
    """Return a refusal in one line for the secretariat, at most 300 characters, without the message's text."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, reply = next(iter(error.recipients.values()))
        return _one_line(f"{code} {_decoded(reply)}")
    if isinstance(error, smtplib.SMTPResponseException):
        return _one_line(f"{error.smtp_code} {_decoded(error.smtp_error)}")
    if isinstance(error, AddressNotCarried):
        return "Le serveur n’accepte pas les adresses accentuées."
    return _one_line(f"{type(error).__name__}: {error}")


def without_personal_links(body: str, links: Sequence[str]) -> str:
    """Return the text with its personal links hidden: whoever reads the outbox must not be able to use them."""
    for link in links:
        body = body.replace(link, HIDDEN_LINK)
    return body


def _decoded(reply: bytes | str) -> str:
    return reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply


def _one_line(text: str) -> str:
    return " ".join(text.split())[:300]
