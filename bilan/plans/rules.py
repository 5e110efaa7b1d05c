"""Pure rules of the action plan: states, dates, what is late, the calendar file, when the review is due."""

import calendar
import datetime
from collections.abc import Iterable
from typing import Any, NamedTuple

import icalendar

from bilan.wording import Worded

STEPS_MAX = 40
YEARS_AHEAD = 5
# A review that was never asked is not asked much later: the agent would wonder why.
REVIEW_WINDOW_DAYS = 60


class State(Worded):
    """Where a step is."""

    TODO = "todo", "À faire"
    DOING = "doing", "En cours"
    DONE = "done", "Fait"
    DROPPED = "dropped", "Laissé de côté"

    @property
    def tag(self) -> str:
        """Return the kind of its tag."""
        return {"todo": "todo", "doing": "info", "done": "done", "dropped": "place"}[self.value]


class Answer(Worded):
    """What became of a step, once the bilan is over."""

    YES = "yes", "Oui, c’est fait"
    PARTLY = "partly", "En partie"
    NO = "no", "Non"


class Group(NamedTuple):
    """The steps that are read together."""

    label: str
    steps: list[Any]


def is_late(due_on: datetime.date | None, state: State, today: datetime.date) -> bool:
    """Whether the day of a step is past and it is neither done nor dropped."""
    return due_on is not None and due_on < today and state in (State.TODO, State.DOING)


def in_order(steps: Iterable[Any]) -> list[Any]:
    """Return the steps by day, those without a day last."""
    return sorted(steps, key=lambda one: (one.due_on is None, one.due_on or datetime.date.min, one.created_at))


def by_scenario(steps: Iterable[Any], scenarios: Iterable[Any]) -> list[Group]:
    """Return the steps by scenario, those of none last; every step once, no empty group."""
    found = in_order(steps)
    known = {one.id: one.title for one in scenarios}
    groups = [Group(title, [one for one in found if one.scenario_id == scenario_id]) for scenario_id, title in known.items()]
    groups.append(Group("Quel que soit le scénario", [one for one in found if one.scenario_id not in known]))
    return [group for group in groups if group.steps]


def by_date(steps: Iterable[Any], today: datetime.date) -> list[Group]:
    """Return the steps by when: what is past its day, this month and the next, later, without a day, then what is over."""
    found = in_order(steps)
    soon = today + datetime.timedelta(days=30)
    waiting = [one for one in found if one.state in (State.TODO, State.DOING)]
    groups = [
        Group("La date est passée", [one for one in waiting if is_late(one.due_on, one.state, today)]),
        Group("Dans les 30 jours", [one for one in waiting if one.due_on and today <= one.due_on <= soon]),
        Group("Plus tard", [one for one in waiting if one.due_on and one.due_on > soon]),
        Group("Sans date", [one for one in waiting if one.due_on is None]),
        Group("Faites ou laissées de côté", [one for one in found if one.state in (State.DONE, State.DROPPED)]),
    ]
    return [group for group in groups if group.steps]


def calendar_of(steps: Iterable[Any]) -> bytes:
    """Return a calendar file (RFC 5545) with a whole day for each step that has one and is not over."""
    file = icalendar.Calendar()
    file.add("prodid", "-//Espace 2M//Bilan//FR")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    for step in in_order(steps):
        if step.due_on is None or step.state in (State.DONE, State.DROPPED):
            continue
        event = icalendar.Event()
        event.add("uid", f"etape-{step.id}@bilan")
        event.add("sequence", step.revision)
        event.add("dtstamp", step.saved_at.replace(microsecond=0, tzinfo=datetime.UTC))
        event.add("dtstart", step.due_on)
        event.add("dtend", step.due_on + datetime.timedelta(days=1))
        event.add("summary", step.title)
        event.add("transp", "TRANSPARENT")
        file.add_component(event)
    return file.to_ical()


def months_before(moment: datetime.datetime, months: int) -> datetime.datetime:
    """Return the same day and hour so many months before, or that month's last day when it is shorter."""
    years, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    last = calendar.monthrange(years, month + 1)[1]
    return moment.replace(year=years, month=month + 1, day=min(moment.day, last))
