"""Two validations, two rewordings, two assemblings at the very same moment: on both databases, one at a time."""

import pytest
from factories import make_journey, make_synthesis
from rush import refused

from bilan.journal import Event, JournalEntry
from bilan.journeys.models import Journey
from bilan.synthesis import actions
from bilan.synthesis.models import Synthesis, SynthesisPaper, SynthesisVersion
from bilan.synthesis.rules import Block, Variant


@pytest.fixture
def journey(app):
    with app.test_request_context():
        yield Journey.by_id_with_people(make_journey().id)


def at_once(app, deeds):
    return refused(app, deeds, actions.VersionOvertaken, actions.Frozen, actions.NotProposed)


def test_two_validations_at_once_freeze_the_document_once(app, journey):
    make_synthesis(journey, proposed=True)
    deeds = [lambda person=person: actions.validate(journey=journey, base=1, by=person) for person in (journey.agent, journey.counsellor)]
    assert at_once(app, deeds) == [None, None]
    assert Synthesis.of_journey(journey).is_frozen
    assert JournalEntry.select().where(JournalEntry.event == Event.SYNTHESIS_FROZEN).count() == 1


def test_a_validation_and_a_change_at_once_do_not_cross(app, journey):
    make_synthesis(journey, proposed=True, validated=[journey.counsellor])
    found = at_once(
        app,
        [
            lambda: actions.validate(journey=journey, base=1, by=journey.agent),
            lambda: actions.reword(journey=journey, block=Block.PLAN, text="t", base=1, by=journey.counsellor),
        ],
    )
    assert found in ([None, "Frozen"], ["VersionOvertaken", None])


def test_of_several_rewordings_on_one_version_one_is_kept(app, journey):
    make_synthesis(journey)
    deeds = [lambda text=text: actions.reword(journey=journey, block=Block.PLAN, text=text, base=1, by=journey.agent) for text in "abcd"]
    assert sorted(map(str, at_once(app, deeds))) == ["None"] + ["VersionOvertaken"] * 3
    assert SynthesisVersion.select().count() == 2


def test_assembled_or_printed_many_times_at_once_is_one(app, journey):
    assert at_once(app, [lambda: actions.assemble(journey=journey, by=journey.agent)] * 4) == [None] * 4
    assert SynthesisVersion.select().count() == 1
    version = Synthesis.of_journey(journey).version()
    assert at_once(app, [lambda: actions.print_version(version=version, variant=Variant.NORMAL, by=journey.agent)] * 4) == [None] * 4
    assert SynthesisPaper.select().count() == 1
