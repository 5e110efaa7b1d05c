"""Receiving a complaint, all at once or not at all; what the complainant writes afterwards, and thinks of the answer."""

import datetime
import uuid
from typing import Any

from flask import current_app
from peewee import IntegrityError

from bilan import vault
from bilan.complaints.models import KEEPERS, Complaint, ComplaintEntry, ComplaintFile
from bilan.complaints.rules import FILES_MAX, LINKS, Channel, EntryKind, Kind, State, deadlines
from bilan.database import now, transaction
from bilan.french import to_paris
from bilan.journal import Event, record
from bilan.mail.actions import link_to, mail
from bilan.mail.models import Email
from bilan.numbering import with_next_number
from bilan.people.models import Person
from bilan.people.rules import new_token


class TooManyFiles(Exception):
    """The thread has as many files as it may."""


class ThreadOver(Exception):
    """The complaint is closed for good."""


class NotToBeJudged(Exception):
    """There is no answer, or its opinion was given; or the complaint was reopened once already."""


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
        "page": link_to("treatment.show", id=complaint.id),
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


@mail("complaint_news")
def news_mail(*, complaint: Complaint, what: str) -> dict[str, Any]:
    """Tell the secretariat that the complainant has written, or judged the answer: what happened and a link."""
    page = link_to("treatment.show", id=complaint.id)
    return {
        "to": current_app.config["BILAN"].secretariat_email,
        "subject_id": complaint.id,
        "title": complaint.title,
        "what": what,
        "page": page,
    }


def follow_up_link(complaint: Complaint) -> str:
    """Return the private follow-up address; empty when it was given in words only."""
    if token := complaint.content.get("token"):
        return link_to("complaints.follow", token=token)
    # Filed before the token was kept: it is in the acknowledgement that left.
    sent = [email for email in Email.about(complaint.id) if email.kind == "complaint_acknowledged"]
    return sent[0].envelope["personal_links"][0] if sent else ""


def file_complaint(*, content: dict[str, Any], submission: str, person: Person | None, **facts: Any) -> tuple[Complaint, str | None]:
    """File a complaint with its e-mails; return it and its follow-up token.

    `facts` are kind, about, and when somebody logs it channel, received_on and logged_by.
    The same form sent twice gives the complaint of the first time, and no token.
    """
    known = Complaint.get_or_none(Complaint.submission == submission)
    if known:
        return known, None
    token, digest = new_token()
    complaint = Complaint(submission=submission, follow_up_digest=digest, person=person, **{"kind": Kind.COMPLAINT, **facts})
    _set_days(complaint, facts.get("received_on"))
    vault.create_key(complaint.id)
    complaint.content = {**content, "token": token}
    try:
        with_next_number(Complaint, lambda year, number: _file(complaint, year, number, token))
    except IntegrityError:  # the same form twice at once
        return Complaint.get(Complaint.submission == submission), None
    return complaint, token


def _set_days(complaint: Complaint, received_on: datetime.date | None) -> None:
    sheet = current_app.config["BILAN"]
    complaint.received_on = received_on or to_paris(now()).date()
    limits = {"acknowledge": sheet.complaint_acknowledge_days, "answer": sheet.complaint_answer_days}
    complaint.acknowledge_by, complaint.answer_by = deadlines(complaint.received_on, **limits)


def _file(complaint: Complaint, year: int, number: int, token: str) -> None:
    complaint.year, complaint.number = year, number
    has_address = bool(complaint.content["email"])
    complaint.state = State.ACKNOWLEDGED if has_address else State.RECEIVED
    complaint.acknowledged_at = now() if has_address else None
    complaint.save(force_insert=True)
    if complaint.channel is Channel.FORM or (complaint.logged_by and complaint.logged_by.role not in KEEPERS):
        received_mail(complaint=complaint)
    if has_address:
        ComplaintEntry.create(complaint=complaint, kind=EntryKind.ACKNOWLEDGEMENT, detail="automatic", content={"text": ""})
        acknowledged_mail(complaint=complaint, link=link_to("complaints.follow", token=token))
    record(Event.COMPLAINT_FILED, person=complaint.logged_by or complaint.person, subject_id=complaint.id, detail=complaint.channel.value)


def write_entry(
    *,
    complaint: Complaint,
    kind: EntryKind,
    content: dict[str, Any],
    submission: uuid.UUID,
    author: Person | None = None,
    detail: str = "",
    file: dict[str, Any] | None = None,
) -> bool:
    """Write a line of the thread, with its file, in the current transaction; False when that form was sent already.

    Raise TooManyFiles. The row of the complaint is taken first: whatever happens to it at once queues here.
    """
    Complaint.update(year=Complaint.year).where(Complaint.id == complaint.id).execute()
    if ComplaintEntry.get_or_none_by_id(submission) is not None:
        return False
    entry = ComplaintEntry(id=submission, complaint=complaint, kind=kind, author=author, detail=detail)
    entry.content = content
    entry.save(force_insert=True)
    if file:
        if len(ComplaintFile.of_complaint(complaint)) >= FILES_MAX:
            raise TooManyFiles
        ComplaintFile.create(id=uuid.uuid4(), entry=entry, size=len(file["content"]), **file)
    return True


def write_message(*, complaint: Complaint, text: str, file: dict[str, Any] | None, submission: uuid.UUID) -> None:
    """Write what the complainant adds, and tell the secretariat. Raise ThreadOver, TooManyFiles."""
    with transaction():
        if not write_entry(complaint=complaint, kind=EntryKind.MESSAGE, content={"text": text}, submission=submission, file=file):
            return
        if Complaint.get_by_id(complaint.id).state is State.CLOSED:
            raise ThreadOver
        news_mail(complaint=complaint, what="La personne a écrit un message.")
        record(Event.COMPLAINT_MESSAGE_WRITTEN, subject_id=complaint.id)


def judge(*, complaint: Complaint, satisfied: bool, text: str, submission: uuid.UUID) -> None:
    """Say, once, whether the answer suits her: the complaint is then closed for good. Raise NotToBeJudged."""
    words: dict[str, Any] = {"detail": "yes" if satisfied else "no", "content": {"text": text}}
    with transaction():
        if not write_entry(complaint=complaint, kind=EntryKind.JUDGEMENT, submission=submission, **words):
            return
        waiting = (Complaint.id == complaint.id) & Complaint.closed_at.is_null(is_null=False) & Complaint.satisfied.is_null()
        if not Complaint.update(satisfied=satisfied, state=State.CLOSED).where(waiting).execute():
            raise NotToBeJudged
        news_mail(complaint=complaint, what=f"La réponse {'convient' if satisfied else 'ne convient pas'} à la personne.")
        record(Event.COMPLAINT_JUDGED, subject_id=complaint.id, detail=words["detail"])


def reopen(*, complaint: Complaint, text: str, submission: uuid.UUID, by: Person | None = None) -> None:
    """Open it again, once, at the complainant's word, told on her page or to somebody: the days of the answer run again.

    Raise NotToBeJudged.
    """
    day = to_paris(now()).date()
    _, answer_by = deadlines(day, acknowledge=0, answer=current_app.config["BILAN"].complaint_answer_days)
    with transaction():
        if not write_entry(complaint=complaint, kind=EntryKind.REOPENING, content={"text": text}, submission=submission, author=by):
            return
        once = (
            (Complaint.id == complaint.id)
            & Complaint.closed_at.is_null(is_null=False)
            & Complaint.satisfied.is_null()
            & Complaint.reopened_at.is_null()
        )
        change = Complaint.update(state=State.REOPENED, reopened_at=now(), closed_at=None, answer_by=answer_by)
        if not change.where(once).execute():
            raise NotToBeJudged
        if by is None:
            news_mail(complaint=complaint, what="La réponse ne convient pas\u00a0: la personne demande un nouvel examen.")
        record(Event.COMPLAINT_REOPENED, person=by, subject_id=complaint.id)
