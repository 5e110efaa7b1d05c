"""Pure rules of personal work: what may be given, when it is due, where it stands."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Protocol

from bilan import french
from bilan.wording import Worded

FILES_MAX = 20
JOURNEY_BYTES = 100 * 1024 * 1024
REMINDER_DAYS = 2


class Kind(Worded):
    """What is given."""

    TEXT = "text", "Une consigne"
    QUESTIONNAIRE = "questionnaire", "Un questionnaire à remplir"
    PAGE = "page", "Une page du bilan à remplir"


class WorkState(Worded):
    """Where a piece of work stands, as the screens say it: never a reproach."""

    TODO = "todo", "à faire"
    LATE = "late", "il est encore temps"
    DONE = "done", "fait"
    WITHDRAWN = "withdrawn", "questionnaire retiré"

    @property
    def tag(self) -> str:
        """Return the kind of tag that shows it: see components/status.html."""
        return {WorkState.DONE: "done", WorkState.WITHDRAWN: "info"}.get(self, "todo")

    @property
    def is_waiting(self) -> bool:
        """Whether the agent has still to do it."""
        return self in (WorkState.TODO, WorkState.LATE)


class Page(NamedTuple):
    """A page of the product that may be given to fill: its words, and its endpoint, which takes the journey's `id`."""

    title: str
    endpoint: str


# The pages that a counsellor may give; the key is what the database keeps. One line here gives another.
PAGES = {
    "experiences": Page("Décrire vos expériences", "careers.path"),
    "skills": Page("Nommer vos compétences, avec une preuve", "careers.skills"),
    "conditions": Page("Écrire vos appuis, vos contraintes et vos freins", "careers.conditions"),
    "scenarios": Page("Écrire vos scénarios", "scenarios.index"),
    "plan": Page("Écrire les étapes de votre plan", "plans.index"),
    "midway": Page("Faire le point à mi-parcours", "followup.midway"),
    "messages": Page("Écrire un message", "messages.index"),
}


class Meeting(Protocol):
    """What these rules need of an interview."""

    starts_at: datetime.datetime
    is_cancelled: bool


class Given(Protocol):
    """What these rules need of a piece of work; the dates of a questionnaire follow its passation."""

    created_at: datetime.datetime
    due_on: datetime.date | None
    is_withdrawn: bool
    finished_at: datetime.datetime | None
    session_starts_at: datetime.datetime | None


class Line(NamedTuple):
    """A piece of work with its due date (None: no interview is fixed yet) and its state."""

    assignment: Any
    due_on: datetime.date | None
    state: WorkState


def due_on(assignment: Given, meetings: Iterable[Meeting]) -> datetime.date | None:
    """Return the day (of Paris) when it is due: its own, else that of the first interview after it was given.

    Work prepared for a session to come is due at the interview after that session. A cancelled
    interview does not count; a moved one moves the day with it.
    """
    if assignment.due_on:
        return assignment.due_on
    since = max(assignment.created_at, assignment.session_starts_at or assignment.created_at)
    after = [one.starts_at for one in meetings if one.starts_at > since and not one.is_cancelled]
    return french.to_paris(min(after)).date() if after else None


def state_of(assignment: Given, due: datetime.date | None, today: datetime.date) -> WorkState:
    """Return where it stands on that day; late begins the day after the due one."""
    if assignment.is_withdrawn:
        return WorkState.WITHDRAWN
    if assignment.finished_at:
        return WorkState.DONE
    return WorkState.LATE if due is not None and due < today else WorkState.TODO


def line(assignment: Given, meetings: Iterable[Meeting], today: datetime.date) -> Line:
    """Return a piece of work as it stands on that day; `meetings` are all the interviews of its journey."""
    due = due_on(assignment, meetings)
    return Line(assignment, due, state_of(assignment, due, today))


def lines(assignments: Iterable[Given], meetings: Sequence[Meeting], today: datetime.date) -> list[Line]:
    """Return the work of one journey as `assignments/_list.html` shows it: to do by due date, then done, the newest first."""
    found = [line(one, meetings, today) for one in assignments]
    waiting = sorted((one for one in found if one.state.is_waiting), key=lambda one: one.due_on or datetime.date.max)
    others = [one for one in found if not one.state.is_waiting]
    return waiting + sorted(others, key=lambda one: one.assignment.finished_at or one.assignment.created_at, reverse=True)


def due_at(work: Iterable[Line], day: datetime.date) -> list[Line]:
    """Return the work that a session of that day looks at: due that day, done or not, and what is late."""
    return [one for one in work if one.due_on == day or (one.state.is_waiting and one.due_on is not None and one.due_on < day)]


def is_near(due: datetime.date | None, today: datetime.date) -> bool:
    """Whether the due day is within the two days when the agent is reminded."""
    return due is not None and today <= due <= today + datetime.timedelta(days=REMINDER_DAYS)


def is_past(due: datetime.date | None, today: datetime.date) -> bool:
    """Whether the due day is over."""
    return due is not None and due < today
