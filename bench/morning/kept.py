"""Whether what was acknowledged is there, and whether each e-mail left once."""

import contextlib
import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from bench.morning.service import Service
from bilan import create_app
from bilan.database import connection, database, keystore
from bilan.mail.models import Email, EmailState
from bilan.messages.models import Message
from bilan.notes.models import Note
from bilan.notes.rules import NoteKind
from bilan.questionnaires.models import Answer
from bilan.settings import load


class Kept(NamedTuple):
    """What was looked for, and what was not as it was acknowledged."""

    answers: int
    notes: int
    messages: int
    lost: list[str]


class Sent(NamedTuple):
    """The e-mails: how many were written, how many the server received, what is wrong with them."""

    written: int
    received: int
    uncertain: int
    wrong: list[str]


@contextlib.contextmanager
def reading(settings: dict[str, str]) -> Iterator[None]:
    """Read the databases of these settings during the block."""
    create_app(load(settings))
    try:
        with connection():
            yield
    finally:
        for one in (database.obj, keystore.obj):
            one.close_all()


def look(acknowledged: dict[str, Any]) -> Kept:
    """Look for each acknowledged answer (or one sent after it), version of a note, message; the database is open."""
    lost = []
    for place, values in acknowledged["answers"].items():
        passation, item = place.split()
        found = Answer.get_or_none(Answer.passation == uuid.UUID(passation), Answer.item == item)
        # The first value is the acknowledged one; those after it were sent and not answered.
        if len(values) and (found is None or str(found.value) not in values):
            lost.append(f"answer {place}: {values} and not {found and found.value}")
    for interview, number, text in acknowledged["notes"]:
        same = Note.interview == uuid.UUID(interview), Note.kind == NoteKind.PRIVATE, Note.number == number
        if (found := Note.get_or_none(*same)) is None or found.text != text:
            lost.append(f"note {interview}, version {number}")
    lost += [f"message {number}" for number in acknowledged["messages"] if not is_held(number)]
    return Kept(len(acknowledged["answers"]), len(acknowledged["notes"]), len(acknowledged["messages"]), lost)


def is_held(number: str) -> bool:
    """Whether the message of that number is there with its text."""
    found = Message.get_or_none(Message.id == uuid.UUID(number))
    return found is not None and number in found.text


def sent(service: Service, *, all_of_it: bool = True) -> Sent:
    """Compare the outbox with what the mail server received; the database is open."""
    received = Counter(str(message["Message-ID"]) for _, message in service.mail.mailbox.messages)
    wrong = [f"received {times} times: {one}" for one, times in received.items() if times > 1]
    states = Counter(EmailState(state) for (state,) in Email.select(Email.state).tuples())
    gone, uncertain = states[EmailState.SENT], states[EmailState.UNCERTAIN]
    if not gone <= len(received) <= gone + uncertain:
        wrong.append(f"{gone} marked as sent, {uncertain} uncertain, {len(received)} received")
    if all_of_it and (waiting := sum(states.values()) - gone - uncertain):
        wrong.append(f"{waiting} never left: {dict(states)}")
    return Sent(sum(states.values()), len(received), uncertain, wrong)
