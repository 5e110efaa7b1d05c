"""What is counted of adaptations in the evidence file: never fewer than five, never a need."""

import datetime

import pytest
from adaptings import ask, decide, put_in_place
from factories import make_journey, make_person

from bilan.database import now
from bilan.evidence.lists import adaptations, measures
from bilan.evidence.rules import Period
from bilan.people.models import Role


@pytest.mark.parametrize(("count", "shown", "kinds"), [(4, "moins de cinq", []), (5, 5, [["des pauses", 5]])])
def test_the_evidence_counts_from_five(app, count, shown, kinds):
    with app.test_request_context():
        referent = make_person(Role.DISABILITY_REFERENT)
        for _ in range(count):
            journey = make_journey()
            put_in_place(decide(ask(journey.agent, journey), referent), referent, "breaks", every=45, pause=10)
        today = now().date()
        period = Period(today - datetime.timedelta(days=1), today + datetime.timedelta(days=1))
        assert [number for _, number in adaptations(period).rows] == [shown, shown, shown, 0]
        assert measures(period).rows == kinds
