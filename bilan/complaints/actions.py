"""Receiving a complaint: it is stored, announced and acknowledged at once, or not at all."""

from typing import Any

from flask import current_app
from peewee import IntegrityError

from bilan import vault
from bilan.complaints.models import Complaint
from bilan.complaints.rules import LINKS
from bilan.journal import Event, record
from bilan.mail.actions import link_to, mail
from bilan.numbering import with_next_number
from bilan.people.models import Person
from bilan.people.rules import new_token


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

    The same form sent twice gives the complaint of the first time, and no token.
    """
    known = Complaint.get_or_none(Complaint.submission == submission)
    if known:
        return known, None
    token, digest = new_token()
    complaint = Complaint(submission=submission, follow_up_digest=digest, person=person)
    vault.create_key(complaint.id)
    complaint.content = content
    try:
        with_next_number(Complaint, lambda year, number: _file(complaint, year, number, token))
    except IntegrityError:  # the same form twice at once
        return Complaint.get(Complaint.submission == submission), None
    return complaint, token


def _file(complaint: Complaint, year: int, number: int, token: str) -> None:
    complaint.year, complaint.number = year, number
    complaint.save(force_insert=True)
    received_mail(complaint=complaint)
    if complaint.content["email"]:
        acknowledged_mail(complaint=complaint, link=link_to("complaints.follow", token=token))
    record(Event.COMPLAINT_FILED, person=complaint.person, subject_id=complaint.id)
