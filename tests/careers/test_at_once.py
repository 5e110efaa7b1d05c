"""Two people, or one who presses twice, at the very same moment: on both databases, one at a time."""

import uuid

import pytest
from factories import close, make_experience, make_journey, make_skill
from rush import given

from bilan.careers import actions as orders
from bilan.careers.models import Experience, Skill
from bilan.careers.rules import in_order
from bilan.journeys.actions import JourneyAlreadyClosed
from bilan.journeys.models import Journey
from bilan.pieces import actions


@pytest.fixture
def journey(app):
    with app.test_request_context():
        yield Journey.by_id_with_people(make_journey().id)


def at_once(app, deeds):
    return given(app, deeds, actions.TooMany, actions.Overtaken, actions.Gone)


def content_of(experience, **others):
    return {"content": experience.content | others}


def test_the_same_form_many_times_at_once_writes_one(app, journey):
    submission, values = uuid.uuid4(), content_of(make_experience(journey))
    found = at_once(
        app, [lambda: actions.add(model=Experience, journey=journey, values=values, submission=submission, by=journey.agent)] * 6
    )
    assert {one.id for one in found} == {submission}
    assert Experience.select().count() == 2


def test_no_more_than_the_limit_are_written_at_once(app, journey, monkeypatch):
    values = content_of(make_experience(journey))
    monkeypatch.setattr(Experience, "maximum", 3)
    deeds = [
        lambda: bool(actions.add(model=Experience, journey=journey, values=values, submission=uuid.uuid4(), by=journey.agent))
        for _ in range(6)
    ]
    assert sorted(map(str, at_once(app, deeds))) == ["TooMany"] * 4 + ["True"] * 2


def test_of_several_savings_on_one_version_one_is_kept(app, journey):
    experience = Experience.by_id_with_people(make_experience(journey).id)
    deeds = [
        lambda tasks=tasks: actions.save(piece=experience, values=content_of(experience, tasks=tasks), base=1, by=journey.agent)
        for tasks in "abcd"
    ]
    assert sorted(map(str, at_once(app, deeds))) == ["None"] + ["Overtaken"] * 3
    assert Experience.get_by_id(experience.id).revision == 2


def test_a_saving_and_a_removal_do_not_cross(app, journey):
    experience = Experience.by_id_with_people(make_experience(journey).id)
    values = content_of(experience, tasks="a")
    found = at_once(
        app,
        [
            lambda: actions.save(piece=experience, values=values, base=1, by=journey.agent),
            lambda: actions.remove(piece=experience, base=1, by=journey.counsellor),
        ],
    )
    assert found in ([None, "Overtaken"], ["Gone", None])


def test_moves_at_once_keep_every_place_different(app, journey):
    pieces = [make_experience(journey, position=str(rank), starts=str(2000 + rank)) for rank in range(5)]
    deeds = [
        lambda piece=piece, up=up: orders.move_experience(journey=journey, experience_id=piece.id, up=up, by=journey.agent)[1]
        for piece, up in zip(pieces, (True, False, True, True, False), strict=True)
    ]
    assert all(isinstance(place, int) for place in at_once(app, deeds))
    assert [one.place for one in in_order(Experience.of_journey(journey))] == [1, 2, 3, 4, 5]


def test_a_skill_of_an_experience_removed_meanwhile_is_kept_without_it(app, journey):
    experience = make_experience(journey)
    values = {"content": make_skill(journey).content, "experience_id": experience.id}
    actions.remove(piece=experience, base=1, by=journey.counsellor)
    skill = actions.add(model=Skill, journey=journey, values=values, submission=uuid.uuid4(), by=journey.agent)
    assert Skill.get_by_id(skill.id).experience_id is None


def test_nothing_is_written_in_a_bilan_that_has_just_been_closed(app, journey):
    experience = Experience.by_id_with_people(make_experience(journey).id)
    close(journey)
    for deed in (
        lambda: actions.add(model=Experience, journey=journey, values=content_of(experience), submission=uuid.uuid4(), by=journey.agent),
        lambda: actions.save(piece=experience, values=content_of(experience, tasks="a"), base=1, by=journey.agent),
        lambda: actions.remove(piece=experience, base=1, by=journey.agent),
        lambda: orders.order_by_dates(journey=journey, by=journey.agent),
    ):
        with pytest.raises(JourneyAlreadyClosed):
            deed()


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [(actions.Gone, 404, "Cette fiche a été retirée entre-temps."), (JourneyAlreadyClosed, 409, "Ce bilan vient d’être clos")],
)
def test_what_happens_under_a_form_gives_back_what_was_typed(case, monkeypatch, error, status, sentence):
    def refuse(_journey):
        raise error

    page = case.agent.get(case.path("competences/nouvelle"))
    monkeypatch.setattr(actions, "hold", refuse)
    case.agent.submit(page, {"name": "Tout ce que j’ai écrit.", "kind": "soft"}, status=status).has(sentence, "Tout ce que j’ai écrit.")
