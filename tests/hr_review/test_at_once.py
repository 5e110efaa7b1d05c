"""Two reviews asked, two agreements to minutes, a reading and a revocation at the very same moment."""

import pytest
from endings import hold_review, make_review, report
from factories import make_employer, make_journey, make_person
from rush import refused
from told import make_statement, tell

from bilan.disclosure import actions as disclosure
from bilan.hr_review import actions
from bilan.hr_review.models import HrMinutesReading, HrReview
from bilan.journal import Event, JournalEntry
from bilan.journeys.models import Journey
from bilan.people.models import Role


@pytest.fixture
def journey(app):
    """A bilan whose agent tells an HR officer something."""
    with app.test_request_context():
        employer = make_employer()
        found = Journey.by_id_with_people(make_journey(employer=employer).id)
        found.officer = make_person(Role.HR, employer=employer)
        found.disclosure = tell(found, found.officer, f"text-{make_statement(found).id}")
        yield found


def at_once(app, deeds):
    return refused(app, deeds, actions.AlreadyGoing, actions.MinutesOvertaken, actions.MinutesFrozen, actions.NoLonger)


def test_two_reviews_asked_at_once_are_one(app, journey):
    deeds = [lambda: actions.propose(journey=journey, recipient=journey.officer, by=journey.agent)] * 2
    assert sorted(at_once(app, deeds), key=str) == ["AlreadyGoing", None]
    assert HrReview.select().count() == 1


def test_two_agreements_to_the_minutes_at_once_are_one(app, journey):
    review = report(hold_review(make_review(journey, days=3)), "Dit.", agreed=False)
    assert at_once(app, [lambda: actions.agree_minutes(review=review, base=1, by=journey.agent)] * 2) == [None, None]
    assert JournalEntry.select().where(JournalEntry.event == Event.HR_MINUTES_AGREED).count() == 1


def test_an_agreement_and_a_change_of_the_minutes_at_once_do_not_cross(app, journey):
    review = report(hold_review(make_review(journey, days=3)), "Dit.", agreed=False)
    deeds = [
        lambda: actions.agree_minutes(review=review, base=1, by=journey.agent),
        lambda: actions.write_minutes(review=review, text="Redit.", base=1, by=journey.counsellor),
    ]
    found = at_once(app, deeds)
    minutes = HrReview.by_id_with_people(review.id).minutes
    assert (found, minutes.text, minutes.agreed_at is None) in (
        ([None, "MinutesFrozen"], "Dit.", False),
        (["MinutesOvertaken", None], "Redit.", True),
    )


def test_a_reading_and_a_revocation_at_once_come_one_after_the_other(app, journey):
    review = report(hold_review(make_review(journey, days=3)), "Dit.")
    deeds = [
        lambda: actions.read_minutes(review=review, by=journey.officer),
        lambda: disclosure.revoke(disclosure=journey.disclosure),
    ]
    found = at_once(app, deeds)
    assert found in ([None, None], ["NoLonger", None])
    assert HrMinutesReading.select().count() == (found[0] is None)
    assert at_once(app, [lambda: actions.read_minutes(review=review, by=journey.officer)]) == ["NoLonger"]
