"""Two axes that are never added up: bounds, completeness, a mark with its sentence, the picture that says the same."""

from hypothesis import given
from hypothesis import strategies as st

from bilan.scenarios.drawings import BOTTOM, LEFT, RIGHT, TOP, two_axes
from bilan.scenarios.rules import Axis, Criterion, lonely, unwritten, weights

marks = st.sampled_from(["", "1", "2", "3", "4"])
said = st.fixed_dictionaries({"mark": marks, "sentence": st.sampled_from(["", "Parce que."])})
criteria = st.fixed_dictionaries({one.value: said for one in Criterion})


def every(mark, **others):
    return {one.value: {"mark": others.get(one.value, mark), "sentence": "s"} for one in Criterion}


class Weighed:
    """A scenario as the picture needs it."""

    def __init__(self, weighed):
        self.weights = weights(weighed)


@given(criteria)
def test_an_axis_has_its_mean_when_all_of_its_criteria_have_a_mark_and_only_then(weighed):
    for weight in weights(weighed):
        own = [weighed[one.value]["mark"] for one in Criterion if one.axis is weight.axis]
        assert (weight.mean is not None) == all(own)
        if weight.mean is not None:
            assert 1 <= int(min(own)) <= weight.mean <= int(max(own)) <= 4


@given(criteria, st.sampled_from(list(Criterion)))
def test_a_criterion_moves_its_own_axis_alone(weighed, criterion):
    before = {one.axis: one.mean for one in weights(weighed)}
    after = {one.axis: one.mean for one in weights(weighed | {criterion.value: {"mark": "4", "sentence": "s"}})}
    (other,) = set(Axis) - {criterion.axis}
    assert after[other] == before[other]
    if before[criterion.axis] is not None:
        assert after[criterion.axis] >= before[criterion.axis]


@given(criteria)
def test_a_mark_and_its_sentence_go_together(weighed):
    unexplained, unmarked = lonely(weighed)
    assert not unexplained & unmarked
    for one in Criterion:
        parts = weighed[one.value]
        assert (one in unexplained | unmarked) == (bool(parts["mark"]) != bool(parts["sentence"]))


def test_a_mean_is_said_in_french_and_what_is_left_is_counted():
    relevance, realism = weights(every("3", interests="4", pay=""))
    assert relevance.words == "3,3\u00a0sur\u00a04"
    assert realism.words == "1\u00a0critère à peser"
    assert weights({})[1].words == "6\u00a0critères à peser"


@given(st.lists(criteria, max_size=4))
def test_the_picture_has_the_complete_scenarios_inside_its_frame(found):
    scenarios = [Weighed(one) for one in found]
    picture = two_axes(scenarios)
    complete = [rank + 1 for rank, one in enumerate(scenarios) if all(weight.mean for weight in one.weights)]
    assert [point["number"] for point in picture["points"]] == complete if complete else picture is None
    for point in picture["points"] if picture else []:
        assert LEFT <= point["x"] <= RIGHT
        assert TOP <= point["y"] <= BOTTOM


def test_more_realism_is_further_right_and_more_relevance_higher():
    low, high, relevant = (Weighed(one) for one in (every("1"), every("4"), every("1", interests="4")))
    first, second, third = two_axes([low, high, relevant])["points"]
    assert (first["x"], first["y"]) == (LEFT, BOTTOM)
    assert (second["x"], second["y"]) == (RIGHT, TOP)
    assert third["x"] == first["x"]
    assert third["y"] < first["y"]


def test_two_scenarios_at_the_same_place_have_another_shape_and_their_numbers_apart():
    points = two_axes([Weighed(every("2")) for _ in range(4)])["points"]
    assert len({point["outline"] for point in points}) == 4
    assert len({(point["label"]["x"], point["label"]["y"]) for point in points}) == 4


class Lead:
    """A lead, kept or not."""

    def __init__(self, number, *, kept):
        self.id, self.kept_at, self.lead_id = number, kept, number


def test_a_kept_lead_is_offered_until_it_has_its_scenario():
    leads = [Lead(1, kept=True), Lead(2, kept=False), Lead(3, kept=True)]
    assert [one.id for one in unwritten(leads, [])] == [1, 3]
    assert [one.id for one in unwritten(leads, [Lead(3, kept=True)])] == [1]
