"""Whatever happens to the meetings of a bilan, its hours are those held, and its three parties read the same."""

import contextlib
import datetime

import pytest
from client import Browser
from factories import (
    assign,
    commit,
    give_passation,
    give_work,
    make_interview,
    make_journey,
    make_person,
    make_slot,
    propose_programme,
    tick,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bilan.agenda.models import TimeTaken
from bilan.database import now
from bilan.hours.models import account_of
from bilan.interviews import actions
from bilan.interviews.models import Interview
from bilan.interviews.rules import InterviewKind, LogReason, Mode, Outcome
from bilan.people.models import Role
from bilan.prescriptions.facts import AdministrativeFacts
from bilan.prescriptions.models import Prescription

MINUTES = (30, 45, 60, 90, 120, 180)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(("plan", "log", "hold", "hold", "miss", "excuse", "move", "cancel")),
        st.integers(0, 9),
        st.sampled_from(MINUTES),
        st.sampled_from((InterviewKind.ACCOMPANIMENT, InterviewKind.RESTITUTION, InterviewKind.HR_REVIEW)),
    ),
    max_size=10,
)


class History:
    """A bilan, what is done to its meetings, and what they should count."""

    def __init__(self):
        self.journey = make_journey()
        self.by = self.journey.counsellor
        self.held, self.kinds, self.scheduled = {}, {}, {}
        self.hours = 0

    def moment(self, day):
        # An hour of its own for each meeting: no two of them meet.
        self.hours += 1
        return now().replace(microsecond=0) + datetime.timedelta(days=day, minutes=5 * self.hours)

    def do(self, step, rank, minutes, kind):
        if step in ("plan", "log"):
            getattr(self, step)(rank, minutes, kind)
        elif self.kinds:
            interview = Interview.get_by_id(list(self.kinds)[rank % len(self.kinds)])
            with contextlib.suppress(actions.NotYetBegun, actions.MeetingOver, TimeTaken):
                getattr(self, step)(interview, minutes, rank)

    def plan(self, rank, minutes, kind):
        # Every third one is past: it waits for its outcome, and counts nowhere.
        day = 3 + 8 * rank if rank % 3 else -(1 + rank)
        values = {"mode": Mode.ON_SITE, "starts_at": self.moment(day), "planned_minutes": minutes, "by": self.by}
        try:
            interview = actions.plan_interview(journey=self.journey, kind=kind, **values)
        except TimeTaken:
            return
        self.kinds[interview.id] = kind
        if day > 0:
            self.scheduled[interview.id] = minutes

    def log(self, rank, minutes, kind):
        values = {"mode": Mode.REMOTE, "starts_at": self.moment(-20 - rank), "because": LogReason.FORGOTTEN, "by": self.by}
        interview = actions.log_interview(journey=self.journey, kind=kind, held_minutes=minutes, **values)
        self.kinds[interview.id], self.held[interview.id] = kind, minutes

    def hold(self, interview, minutes, _rank):
        actions.close_interview(interview=interview, outcome=Outcome.HELD, held_minutes=minutes, by=self.by)
        self.held[interview.id] = minutes

    def miss(self, interview, _minutes, _rank):
        actions.close_interview(interview=interview, outcome=Outcome.NO_SHOW, held_minutes=None, by=self.by)
        self.held.pop(interview.id, None)

    def excuse(self, interview, _minutes, _rank):
        actions.close_interview(interview=interview, outcome=Outcome.EXCUSED, held_minutes=None, by=self.by)
        self.held.pop(interview.id, None)

    def move(self, interview, minutes, rank):
        starts_at = self.moment(2 + 9 * rank)
        values = {"kind": interview.kind, "mode": Mode.REMOTE, "starts_at": starts_at, "planned_minutes": minutes, "by": self.by}
        actions.change_interview(interview=interview, **values)
        if interview.is_pending:
            self.scheduled[interview.id] = minutes

    def cancel(self, interview, _minutes, _rank):
        actions.cancel_interview(interview=interview, outcome=Outcome.CANCELLED_BY_SERVICE, reason=None, by=self.by)
        self.held.pop(interview.id, None)
        self.scheduled.pop(interview.id, None)

    def sum(self, minutes, *, review):
        return sum(length for key, length in minutes.items() if (self.kinds[key] is InterviewKind.HR_REVIEW) == review)


@given(steps=STEPS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_hours_are_those_held_after_any_history(app, steps):
    with app.test_request_context():
        history = History()
        for step in steps:
            history.do(*step)
        found = account_of(history.journey.id, is_open=True)
        assert (found.held, found.review.held) == (history.sum(history.held, review=False), history.sum(history.held, review=True))
        assert (found.scheduled, found.review.scheduled) == tuple(history.sum(history.scheduled, review=one) for one in (False, True))
        facts = AdministrativeFacts.of_prescription(Prescription.for_hr(history.journey.id))
        assert (facts.held_minutes or 0) == found.held


@pytest.fixture
def bilan(app):
    """A bilan on its way: 1 h 30 held, its programme of 14 h, and the browsers of its three parties."""
    with app.test_request_context():
        journey = make_journey()
        hr = make_person(Role.HR, employer=journey.employer)
        Prescription.update(author=hr).where(Prescription.id == journey.id).execute()
        make_interview(journey)
        propose_programme(journey)
        journey = commit(journey)
        browsers = {"agent": Browser(app), "counsellor": Browser(app), "hr": Browser(app)}
    for name, person in (("agent", journey.agent), ("counsellor", journey.counsellor), ("hr", hr)):
        browsers[name].arrive(person)
    return journey, browsers


def figures(page):
    """Return the facts of the page's account of hours."""
    card = next(one for one in page.soup.select("section.card") if one.h2 and one.h2.text == "Heures")
    return {row.dt.text: row.dd.text.replace("\u00a0", " ") for row in card.select("dl > div")}


def test_the_three_parties_read_the_same_figures(app, bilan):
    journey, browsers = bilan
    with app.test_request_context():
        make_interview(journey, days=6)
    expected = {"Programme": "14 h 00", "Tenues": "1 h 30", "Prévues à l’agenda": "1 h 30", "Restantes": "12 h 30"}
    pages = {
        "agent": ("/mon-bilan", f"/mon-bilan/{journey.id}/heures"),
        "counsellor": (f"/parcours/{journey.id}", f"/parcours/{journey.id}/heures"),
        "hr": (f"/prescriptions/{journey.id}",),
    }
    by_kind = [browsers[name].get(paths[-1]).soup.find("caption", string="Heures tenues et prévues") for name, paths in pages.items()]
    assert len({one.find_parent("table").text for one in by_kind if one}) == 1
    assert sum(one is not None for one in by_kind) == 3
    for name, paths in pages.items():
        for path in paths:
            assert figures(browsers[name].get(path)) == expected, (name, path)


def test_a_session_too_short_is_warned_of_before_it_is_planned(bilan):
    journey, browsers = bilan
    form = {"kind": "accompaniment", "date": (now() + datetime.timedelta(days=9)).date().isoformat(), "time": "10:00", "mode": "on_site"}
    path = f"/parcours/{journey.id}/entretiens/nouveau"
    warned = browsers["counsellor"].submit(browsers["counsellor"].get(path), {**form, "planned_minutes": "45"})
    warned.has("Avant d’enregistrer", "est prévu pour 45 min : moins de 1 h 00.", "Enregistrer quand même")
    assert Interview.select().count() == 1
    browsers["counsellor"].submit(warned).has("Entretien noté")
    assert Interview.select().count() == 2
    page = browsers["counsellor"].get(path)
    browsers["counsellor"].submit(page, {**form, "time": "14:00", "planned_minutes": "90"}).has("Entretien noté")


def test_a_gap_longer_than_the_rhythm_is_warned_of_before_a_meeting_is_moved(app, bilan):
    journey, browsers = bilan
    with app.test_request_context():
        coming = make_interview(journey, days=6)
    late = (now() + datetime.timedelta(days=30)).date().isoformat()
    page = browsers["counsellor"].get(f"/parcours/entretiens/{coming.id}/modifier")
    warned = browsers["counsellor"].submit(page, {"date": late, "planned_minutes": "90"})
    warned.has("plus que le rythme du programme", "Enregistrer quand même")
    assert Interview.get_by_id(coming.id).starts_at == coming.starts_at
    browsers["counsellor"].submit(warned).has("L’entretien est modifié.")
    browsers["counsellor"].get(f"/parcours/{journey.id}").has("À prévoir", "plus que le rythme du programme")


def test_personal_work_is_counted_apart_and_an_unusual_length_is_said(app, bilan):
    journey, browsers = bilan
    with app.test_request_context():
        make_interview(journey, days=-2, held=45)
        tick(give_work(journey, title="Relire"))
        give_work(journey, title="Appeler")
        give_passation(assign(journey))
    page = browsers["agent"].get(f"/mon-bilan/{journey.id}/heures")
    page.has("1 travail fait sur 3", "moins de 1 h")
    assert figures(page)["Tenues"] == "2 h 15", "45 min more, and not a minute of personal work"


def test_what_a_slot_would_bring_is_said_before_it_is_fixed_in_the_session(app, bilan):
    journey, browsers = bilan
    with app.test_request_context():
        make_slot(journey.counsellor, days=6)
        make_slot(journey.counsellor, days=40, minutes=45)
        held = Interview.get(Interview.journey == journey.id)
    near, far = browsers["counsellor"].get(f"/parcours/entretiens/{held.id}").soup.select("#suite li")
    assert "▲" not in near.text
    assert "moins de 1\u00a0h\u00a000" in far.text
    assert "plus que le rythme du programme" in far.text
