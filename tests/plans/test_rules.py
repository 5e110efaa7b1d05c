"""The plan: no step is lost by an order, what is late, the calendar file, the months before a day."""

import datetime
import uuid

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilan.plans.rules import State, by_date, by_scenario, calendar_of, is_late, months_before

TODAY = datetime.date.fromisoformat("2026-11-23")
AT = datetime.datetime.fromisoformat("2026-11-01 09:30:15.123456")
SCENARIOS = [uuid.UUID(int=number) for number in (1, 2)]


class Step:
    """A step as the orders need it."""

    def __init__(self, days, state, scenario_id, title="Appeler", number=0):
        self.due_on = None if days is None else TODAY + datetime.timedelta(days=days)
        self.state, self.scenario_id, self.title = state, scenario_id, title
        self.created_at, self.saved_at, self.revision, self.id = AT, AT, 3, uuid.UUID(int=number)


class Scenario:
    def __init__(self, scenario_id):
        self.id, self.title = scenario_id, f"Scénario {scenario_id.int}"


steps = st.lists(
    st.builds(Step, st.none() | st.integers(-400, 400), st.sampled_from(list(State)), st.sampled_from([None, *SCENARIOS, uuid.uuid4()])),
    max_size=12,
)


@given(steps)
def test_each_order_has_every_step_once_by_day_and_no_empty_group(found):
    for groups in (by_date(found, TODAY), by_scenario(found, map(Scenario, SCENARIOS))):
        assert sorted(id(one) for group in groups for one in group.steps) == sorted(map(id, found))
        for group in groups:
            days = [one.due_on or datetime.date.max for one in group.steps]
            assert days == sorted(days)
            assert days


@given(steps)
def test_only_what_is_still_to_be_done_is_late(found):
    late = {id(one) for group in by_date(found, TODAY) if group.label == "La date est passée" for one in group.steps}
    assert late == {id(one) for one in found if is_late(one.due_on, one.state, TODAY)}
    assert not any(one.state in (State.DONE, State.DROPPED) for one in found if id(one) in late)


def test_today_is_not_late():
    assert not is_late(TODAY, State.TODO, TODAY)
    assert is_late(TODAY - datetime.timedelta(days=1), State.DOING, TODAY)


@given(steps)
def test_the_calendar_has_a_whole_day_for_each_step_that_is_left(found):
    for number, one in enumerate(found):
        one.id = uuid.UUID(int=number)
    events = icalendar.Calendar.from_ical(calendar_of(found)).walk("VEVENT")
    left = [one for one in found if one.due_on and one.state in (State.TODO, State.DOING)]
    assert {str(event["uid"]) for event in events} == {f"etape-{one.id}@bilan" for one in left}
    for event in events:
        assert event.decoded("dtend") - event.decoded("dtstart") == datetime.timedelta(days=1)
        assert not isinstance(event.decoded("dtstart"), datetime.datetime)


def test_the_calendar_is_the_same_each_time_and_changes_with_the_step():
    step = Step(4, State.TODO, None, title="Appeler Mme Roux; à 9 h, sinon\nle soir")
    assert calendar_of([step]) == calendar_of([step])
    (event,) = icalendar.Calendar.from_ical(calendar_of([step])).walk("VEVENT")
    assert event["summary"] == step.title
    assert event["sequence"] == 3
    assert event.decoded("dtstart") == datetime.date.fromisoformat("2026-11-27")


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        ("2026-11-23", 6, "2026-05-23"),
        ("2026-08-31", 6, "2026-02-28"),
        ("2028-08-31", 6, "2028-02-29"),
        ("2026-01-15", 1, "2025-12-15"),
        ("2026-12-31", 12, "2025-12-31"),
        ("2026-03-01", 36, "2023-03-01"),
    ],
)
def test_months_before_a_day(day, months, before):
    moment = datetime.datetime.fromisoformat(f"{day} 06:40")
    assert months_before(moment, months) == datetime.datetime.fromisoformat(f"{before} 06:40")
