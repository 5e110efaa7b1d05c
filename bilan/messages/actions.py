"""Sending a message, and saying that it was read."""

import datetime
import uuid
from typing import Any

from peewee import IntegrityError

from bilan.database import now, transaction
from bilan.journal import Event, record
from bilan.journeys.models import Journey
from bilan.mail.actions import link_to, mail
from bilan.messages.models import Message
from bilan.people.models import Person
from bilan.together import way_of


@mail("message_received")
def received_mail(*, journey: Journey, to: Person) -> dict[str, Any]:
    """Say that a message waits, and nothing of it."""
    link = link_to("messages.index", id=journey.id, way=way_of(to))
    return {"to": to.email, "name": to.display_name, "link": link, "subject_id": journey.id}


def send(*, journey: Journey, text: str, submission: uuid.UUID, by: Person) -> None:
    """Send a message to the other side; the same form sent twice sends one.

    An e-mail tells it, unless one already waits unread: then an e-mail has told it.
    """
    if Message.get_or_none_by_id(submission) is not None:
        return
    recipients = journey.accompanied_now() if by.id == journey.agent_id else [journey.agent]
    try:
        with transaction():
            already_told = any(Message.count_unread(journey, person) for person in recipients)
            Message.create(id=submission, journey=journey, author=by, text=text)
            if not already_told:
                for person in recipients:
                    received_mail(journey=journey, to=person)
            record(Event.MESSAGE_SENT, person=by, journey_id=journey.id, subject_id=submission)
    except IntegrityError:  # the same form twice at once
        if Message.get_or_none_by_id(submission) is None:
            raise


def mark_read(*, journey: Journey, until: datetime.datetime, by: Person) -> None:
    """Mark as read what waited for that reader until the newest message that she was shown."""
    with transaction():
        if Message.mark_read(journey, by, until, now()):
            record(Event.MESSAGE_READ, person=by, journey_id=journey.id)
