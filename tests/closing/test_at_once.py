"""Two closings, a closing and a word of the agent, two first choices at the very same moment: on both databases."""

import pytest
from endings import conclude
from factories import make_journey, make_step, make_synthesis
from rush import refused

from bilan.closing import actions
from bilan.closing.models import Attainment, Closing
from bilan.closing.rules import Keep
from bilan.database import now
from bilan.french import to_paris
from bilan.journal import Event, JournalEntry
from bilan.journeys.actions import JourneyAlreadyClosed
from bilan.journeys.models import Journey
from bilan.mail.models import Email


@pytest.fixture
def journey(app):
    """A bilan that is ready to be closed."""
    with app.test_request_context():
        made = Journey.by_id_with_people(make_journey().id)
        make_synthesis(made, validated=[made.agent, made.counsellor])
        make_step(made)
        actions.hand_over(journey=made, on=to_paris(now()).date(), by=made.counsellor)
        yield conclude(made)


def at_once(app, deeds):
    return refused(app, deeds, actions.Overtaken, JourneyAlreadyClosed)


def test_of_two_closings_at_once_one_closes(app, journey):
    found = at_once(app, [lambda: actions.close(journey=journey, reasons={}, by=journey.counsellor)] * 2)
    assert sorted(found, key=str) == ["JourneyAlreadyClosed", None]
    assert JournalEntry.select().where(JournalEntry.event == Event.JOURNEY_CONCLUDED).count() == 1
    assert Email.select().where(Email.kind == "journey_concluded").count() == 1


def test_a_choice_and_the_closing_at_once_come_one_after_the_other(app, journey):
    choice = {"keep": Keep.SYNTHESIS, "months": 6, "need": "Faire le point."}
    deeds = [
        lambda: actions.choose_keeping(journey=journey, base=0, by=journey.agent, **choice),
        lambda: actions.close(journey=journey, reasons={}, by=journey.counsellor),
    ]
    found = at_once(app, deeds)
    assert found in ([None, None], ["JourneyAlreadyClosed", None])
    kept = Closing.of_journey(journey).keep
    assert kept is (Keep.SYNTHESIS if found[0] is None else Keep.NOTHING)


def test_of_two_first_opinions_of_one_side_at_once_one_is_kept_and_the_other_is_told(app, journey):
    deeds = [
        lambda level=level: actions.assess(
            journey=journey, content={"Faire le point.": {"level": level, "sentence": ""}}, base=0, by=journey.agent
        )
        for level in ("reached", "missed")
    ]
    assert set(at_once(app, deeds)) == {None, "Overtaken"}
    assert Attainment.select().count() == 1
