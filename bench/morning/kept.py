"""Whether what was acknowledged is there, and whether each e-mail left once."""

import contextlib
import json
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bench.morning.service import Service
from bilan import create_app
from bilan.database import connection, database, keystore
from bilan.mail.models import Email, EmailState
from bilan.messages.models import Message
from bilan.notes.models import Note
from bilan.notes.rules import NoteKind
from bilan.questionnaires.models import Answer
from bilan.settings import load


class Acknowledged(NamedTuple):
    """What the service said it had: values of answers by place, versions of notes (meeting, number, text), numbers of messages."""

    answers: dict[str, list[str | None]]
    notes: list[tuple[str, int, str]]
    messages: list[str]

    def __str__(self) -> str:
        return f"{len(self.answers)} answers, {len(self.notes)} versions of notes, {len(self.messages)} messages"


class Sent(NamedTuple):
    """The e-mails: how many were written, how many the server received, what is wrong with them."""

    written: int
    received: int
    uncertain: int
    wrong: list[str]


@contextlib.contextmanager
def reading(settings: dict[str, str]) -> Iterator[None]:
    """Read the databases of these settings during the block."""
    app = create_app(load(settings))
    try:
        with app.app_context(), connection():
            yield
    finally:
        for one in (database.obj, keystore.obj):
            one.close_all()


def acknowledged(log: Path) -> Acknowledged:
    """Read the log: for each answer the acknowledged value and those sent after it, each version of a note, each message."""
    found = Acknowledged({}, [], [])
    for line in log.read_text(encoding="utf-8").splitlines():
        match json.loads(line):
            case ["sent", "answer", place, value]:
                found.answers.setdefault(place, [None]).append(value)
            case ["kept", "answer", place, value]:
                # One at a time is under way: what was sent before it is overwritten for good.
                found.answers[place] = [value]
            case ["kept", "note", *version]:
                found.notes.append(tuple(version))
            case ["kept", "message", number]:
                found.messages.append(number)
    return found


def look(kept: Acknowledged) -> list[str]:
    """Return which acknowledged answers, versions of notes and messages are not there as they were; the database is open."""
    lost = []
    for place, values in kept.answers.items():
        passation, item = place.split()
        found = Answer.get_or_none(Answer.passation == uuid.UUID(passation), Answer.item == item)
        value = None if found is None else str(found.value)
        if value not in values:
            lost.append(f"answer {place}: {value}, not one of {values}")
    for interview, number, text in kept.notes:
        same = Note.interview == uuid.UUID(interview), Note.kind == NoteKind.PRIVATE, Note.number == number
        if (found := Note.get_or_none(*same)) is None or found.text != text:
            lost.append(f"note {interview}, version {number}")
    return [*lost, *(f"message {number}" for number in kept.messages if not is_held(number))]


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
