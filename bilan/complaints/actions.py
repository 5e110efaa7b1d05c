"""Receiving a complaint: it is stored, announced and acknowledged at once, or not at all."""

from typing import Any

from flask import current_app
from peewee import IntegrityError

from bilan import vault
from bilan.complaints.models import Complaint
from bilan.complaints.rules import LINKS
from bilan.database import now, transaction
from bilan.french import to_paris
from bilan.journal import Event, record
from bilan.mail.actions import link_to, mail
from bilan.people.models import Person
from bilan.people.rules import new_token

NUMBER_TRIES = 10


@mail("complaint_received")
def received_mail(*, complaint: Complaint) -> dict[str, Any]:
    """Bring the complaint to the secretariat, as the service sheet promises: the one e-mail that carries content."""
    content = complaint.content
    return {
        "to": current_app.config["BILAN"].secretariat_email,
        "reply_to": content["email"],
        "key_id": complaint.key_id,
        "subject_id": complaint.id,
        "complaint": complaint,
        "content": content,
        "relation": LINKS[content["link"]],
        "page": link_to("complaints.show", id=complaint.id),
    }


@mail("complaint_acknowledged")
def acknowledged_mail(*, complaint: Complaint, link: str) -> dict[str, Any]:
    """Tell the complainant the reference and the private follow-up address."""
    return {
        "to": complaint.content["email"],
        "key_id": complaint.key_id,
        "subject_id": complaint.id,
        "personal_links": [link],
        "complaint": complaint,
        "name": complaint.content["name"],
        "link": link,
    }


def file_complaint(*, content: dict[str, Any], submission: str, person: Person | None) -> tuple[Complaint, str | None]:
    """File a complaint with its two e-mails; return it and its follow-up token.

    The same form sent twice gives the complaint of the first time, and no token. On
    PostgreSQL two complaints may compute the same number at once: the second tries again.
    """
    for _ in range(NUMBER_TRIES):
        known = Complaint.get_or_none(Complaint.submission == submission)
        if known:
            return known, None
        try:
            return _file(content, submission, person)
        except IntegrityError:
            continue
    raise IntegrityError("no free complaint number")


def _file(content: dict[str, Any], submission: str, person: Person | None) -> tuple[Complaint, str]:
    token, digest = new_token()
    moment = now()
    complaint = Complaint(submission=submission, follow_up_digest=digest, person=person, year=to_paris(moment).year, created_at=moment)
    vault.create_key(complaint.id)
    complaint.content = content
    with transaction():
        complaint.number = Complaint.next_number(complaint.year)
        complaint.save(force_insert=True)
        received_mail(complaint=complaint)
        if content["email"]:
            acknowledged_mail(complaint=complaint, link=link_to("complaints.follow", token=token))
        record(Event.COMPLAINT_FILED, person=person, subject_id=complaint.id)
    return complaint, token
