"""Several at the very same moment, on both databases: one opinion is kept, one review, one e-mail; a state is no conflict."""

import datetime

import pytest
from factories import close, make_journey, make_scenario, make_step
from rush import given

from bilan.database import now
from bilan.journeys.models import Journey
from bilan.mail.models import Email
from bilan.pieces import actions as pieces
from bilan.plans import actions
from bilan.plans.models import Step
from bilan.plans.rules import Answer, State
from bilan.scenarios import actions as scenarios
from bilan.scenarios.models import Scenario
from bilan.scenarios.rules import Priority


@pytest.fixture
def journey(app):
    with app.test_request_context():
        yield Journey.by_id_with_people(make_journey().id)


def at_once(app, deeds):
    return sorted(map(str, given(app, deeds, pieces.Overtaken)))


def test_of_several_opinions_on_one_version_one_is_kept(app, journey):
    scenario = make_scenario(journey)
    deeds = [
        lambda words=words: scenarios.choose(scenario=scenario, priority=Priority.FIRST, words=words, base=0, by=journey.agent)
        for words in "abcd"
    ]
    assert at_once(app, deeds) == ["None"] + ["Overtaken"] * 3
    assert Scenario.get_by_id(scenario.id).own_revision == 1


def test_of_several_reviews_on_one_version_one_is_kept(app, journey):
    step = make_step(journey)
    close(journey)
    deeds = [lambda why=why: actions.review(step=step, done=Answer.NO, why=why, base=0, by=journey.agent) for why in "abcd"]
    assert at_once(app, deeds) == ["None"] + ["Overtaken"] * 3
    assert Step.get_by_id(step.id).review_revision == 1


def test_a_state_and_a_saving_are_both_kept(app, journey):
    step = make_step(journey)
    values = {"content": step.content | {"who": "Moi"}}
    deeds = [
        lambda: pieces.save(piece=step, values=values, base=1, by=journey.counsellor),
        lambda: actions.move(step=step, state=State.DONE, by=journey.agent),
    ]
    assert at_once(app, deeds) == ["None", "None"]
    fresh = Step.by_id_with_people(step.id)
    assert (fresh.content["who"], fresh.state) == ("Moi", State.DONE)


def test_several_workers_ask_for_a_review_once(app, journey):
    make_step(journey)
    close(journey)
    ago = now() - datetime.timedelta(days=190)
    Journey.update(closed_at=ago, created_at=ago - datetime.timedelta(days=90)).where(Journey.id == journey.id).execute()

    def ask():
        with app.test_request_context():
            return actions.ask_reviews()

    assert at_once(app, [ask] * 4) == ["0", "0", "0", "1"]
    assert Email.select().where(Email.kind == "plan_review").count() == 1
