"""The register of complaints as its keepers read it."""

import datetime
from collections.abc import Iterable, Iterator
from typing import NamedTuple, Self

from peewee import JOIN, Case, Expression, ModelSelect

from bilan import french
from bilan.complaints.models import Complaint
from bilan.complaints.rules import Kind
from bilan.database import now
from bilan.mail.models import Email
from bilan.people.models import Person
from bilan.treatment.rules import Clock, Wanted, acknowledgement, answer, reference_parts

HEADERS = (
    "Référence",
    "Sorte",
    "Voie",
    "Reçue le",
    "Accusé de réception le",
    "Accusé dans le délai",
    "Première réponse le",
    "Jours jusqu’à la première réponse",
    "Réponse à donner avant le",
    "État",
    "Motif de clôture",
    "Mesure prise",
    "Réponse satisfaisante",
    "Rouverte le",
)


class Line(NamedTuple):
    """A complaint with its two clocks."""

    complaint: Complaint
    acknowledgement: Clock
    answer: Clock

    @classmethod
    def of(cls, complaint: Complaint, today: datetime.date) -> Self:
        """Make the line of a complaint: once reopened, its answer is the one that closes it again."""
        answered_at = complaint.closed_at if complaint.reopened_at else complaint.answered_at
        return cls(
            complaint,
            acknowledgement(complaint.acknowledge_by, today, complaint.acknowledged_at),
            answer(complaint.answer_by, today, answered_at),
        )

    @property
    def presses(self) -> Clock:
        """Return the clock that comes first."""
        return self.acknowledgement if self.acknowledgement.is_running and self.complaint.is_open else self.answer

    @property
    def announced(self) -> Email | None:
        """Return the e-mail that brought it to the secretariat; None when the secretariat logged it."""
        email = getattr(self.complaint, "email", None)
        return email if email is not None and email.id else None


def today() -> datetime.date:
    """Return the day in Paris."""
    return french.to_paris(now()).date()


def due() -> Case:
    """Return the day that presses: the acknowledgement's as long as it is not sent, else the answer's."""
    return Case(None, ((Complaint.acknowledged_at.is_null(), Complaint.acknowledge_by),), Complaint.answer_by)


def register(reader: Person, wanted: Wanted) -> ModelSelect:
    """Return the complaints that she may read, the most urgent first, those answered last; each with the e-mail that announced it."""
    announced = (Email.subject_id == Complaint.id) & (Email.kind == "complaint_received")
    query = Complaint.select(Complaint, Email).join(Email, JOIN.LEFT_OUTER, on=announced, attr="email")
    over = Case(None, ((Complaint.closed_at.is_null(), 0),), 1)
    danger = Case(None, (((Complaint.kind == Kind.HAZARD) & Complaint.closed_at.is_null(), 0),), 1)
    presses = Case(None, ((Complaint.closed_at.is_null(), due()),), datetime.date(2200, 1, 1))
    query = query.where(Complaint.readable_by(reader), *_conditions(wanted))
    return query.order_by(over, danger, presses, Complaint.year.desc(), Complaint.number.desc())


def _conditions(wanted: Wanted) -> list[Expression]:
    found = []
    for field, value in (
        (Complaint.state, wanted.state),
        (Complaint.kind, wanted.kind),
        (Complaint.channel, wanted.channel),
        (Complaint.reason, wanted.reason),
    ):
        found += [field == value] if value else []
    found += [Complaint.received_on >= wanted.since] if wanted.since else []
    found += [Complaint.received_on <= wanted.until] if wanted.until else []
    found += [Complaint.closed_at.is_null() & (due() < today())] if wanted.late else []
    if wanted.reference:
        year, number = reference_parts(wanted.reference)
        found += [Complaint.year == year] if year else []
        found += [Complaint.number == (number or 0)] if number is not None or not year else []
    return found


def count_late(reader: Person) -> int:
    """Return how many of those that she may read are late."""
    return register(reader, Wanted(late=True)).count()


def rows(complaints: Iterable[Complaint]) -> Iterator[list[object]]:
    """Yield the lines of the export: dates and words, never anything that somebody wrote."""
    for complaint in complaints:
        line = Line.of(complaint, today())
        first = french.to_paris(complaint.answered_at).date() if complaint.answered_at else None
        yield [
            complaint.reference,
            complaint.kind.noun,
            complaint.channel.label,
            complaint.received_on,
            line.acknowledgement.done_on,
            _yes(not line.acknowledgement.is_late if complaint.acknowledged_at else None),
            first,
            (first - complaint.received_on).days if first else None,
            complaint.answer_by,
            complaint.state.label,
            complaint.reason.label if complaint.reason else None,
            _yes(complaint.measure_taken),
            _yes(complaint.satisfied),
            french.to_paris(complaint.reopened_at).date() if complaint.reopened_at else None,
        ]


def _yes(value: bool | None) -> str | None:  # noqa: FBT001 -- the one thing that is said
    return None if value is None else "oui" if value else "non"


def running() -> list[Complaint]:
    """Return the complaints whose clocks run, with their owners."""
    return list(Complaint.select(Complaint, Person).join(Person, JOIN.LEFT_OUTER, on=Complaint.owner).where(Complaint.closed_at.is_null()))
