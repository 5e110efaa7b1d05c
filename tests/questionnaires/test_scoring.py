"""Scoring on published keys and by properties; the code, the hexagon, the pages."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilan.questionnaires import rules
from bilan.questionnaires.instruments import Instrument, find, parse
from bilan.questionnaires.instruments.questions import AnswerInvalid

LETTERS = "RIASEC"
INTERESTS = find("interets", 1)
IDS = [item.id for item in INTERESTS.items]


def small_instrument() -> Instrument:
    """Two scales of five items on levels 1 to 5; X2 and X4 are reversed; no code."""
    items = [
        {
            "id": f"{letter}{rank}",
            "scale": letter,
            "text": f"{letter}{rank}",
            "reversed": f"{letter}{rank}" in {"X2", "X4"},
        }
        for rank in range(1, 6)
        for letter in "XY"
    ]
    sentences = {"description": "d", "high": "haut", "middle": "milieu", "low": "bas"}
    texts = ("title", "introduction", "question", "source", "licence", "adaptation", "notice")
    return parse(
        dict.fromkeys(texts, "texte")
        | {"slug": "petit", "version": 1, "minutes": 1, "items": items}
        | {"levels": [{"value": n, "label": str(n)} for n in range(1, 6)]}
        | {"scales": [{"letter": letter, "name": letter, **sentences} for letter in "XY"]}
        | {"scoring": {"method": "sum", "items_per_scale": 5, "min_share_answered": 0.8}}
    )


SMALL = small_instrument()
levels = st.integers(1, 5)
maybe_levels = st.none() | levels
full_answers = st.fixed_dictionaries(dict.fromkeys(IDS, levels))
any_answers = st.fixed_dictionaries({}, optional=dict.fromkeys(IDS, maybe_levels))
small_answers = st.fixed_dictionaries({item.id: maybe_levels for item in SMALL.items})


def answers_for(**sums: int) -> dict[str, int]:
    """Return full answers whose scales have these sums (8 to 40); 24 for the others."""
    answers = {}
    for letter in LETTERS:
        low, extra = divmod(sums.get(letter, 24), 8)
        answers |= {f"{letter}{rank}": low + (rank <= extra) for rank in range(1, 9)}
    return answers


@pytest.mark.parametrize(("level", "points"), [(1, 8), (2, 16), (3, 24), (5, 40)])
def test_the_same_answer_everywhere_gives_eight_times_its_level(level, points):
    result = rules.score(INTERESTS, dict.fromkeys(IDS, level))
    assert result == {
        "instrument": "interets",
        "version": 1,
        "scores": dict.fromkeys(LETTERS, points),
        "answered": dict.fromkeys(LETTERS, 8),
        "complete": True,
        "code": "",
        "letters": [],
        "ties": [list(LETTERS)],
        "range": 0,
        "differentiated": False,
    }


def test_a_clear_profile_gives_three_letters_by_decreasing_score():
    result = rules.score(INTERESTS, answers_for(S=38, A=33, I=30, E=12))
    assert result["code"] == "SAI"
    assert result["letters"] == [{"letter": letter, "tied": False} for letter in "SAI"]
    assert (result["ties"], result["range"], result["differentiated"]) == ([], 26, True)


def test_the_code_of_a_distant_profile_ignores_the_other_letters():
    assert rules.score(INTERESTS, answers_for(C=40, R=39, E=38, S=8))["code"] == "CRE"


@pytest.mark.parametrize(
    ("sums", "code", "ties"),
    [
        ({"S": 38, "A": 33, "I": 33}, "SIA", [["I", "A"]]),
        ({"C": 38, "R": 38, "E": 30}, "RCE", [["R", "C"]]),
        ({"C": 38, "R": 38, "E": 38}, "REC", [["R", "E", "C"]]),
        ({"S": 38, "A": 33, "I": 30, "E": 30}, "SA", [["I", "E"]]),
        ({"S": 38, "A": 30, "I": 30, "E": 30}, "S", [["I", "A", "E"]]),
        ({"C": 38, "R": 38, "E": 30, "S": 30}, "RC", [["R", "C"], ["S", "E"]]),
        ({"S": 38, "A": 36, "I": 34, "R": 20, "E": 20}, "SAI", []),
        ({"S": 38, "A": 38, "I": 38, "R": 38}, "", [["R", "I", "A", "S"]]),
    ],
)
def test_ties_are_shown_and_the_code_stops_before_one_that_does_not_fit(sums, code, ties):
    result = rules.score(INTERESTS, answers_for(**sums))
    assert (result["code"], result["ties"]) == (code, ties)
    tied = {letter for tie in ties for letter in tie}
    assert [entry["tied"] for entry in result["letters"]] == [letter in tied for letter in code]


@pytest.mark.parametrize(("highest", "differentiated"), [(31, False), (32, True)])
def test_a_profile_is_differentiated_from_a_range_of_eight(highest, differentiated):
    result = rules.score(INTERESTS, answers_for(S=highest))
    assert result["range"] == highest - 24
    assert result["differentiated"] is differentiated


@pytest.mark.parametrize("missing", [None, "absent"])
def test_seven_answers_of_eight_are_enough_and_six_are_not(missing):
    answers = dict.fromkeys(IDS, 4)
    for skipped, score, answered in (("R1", 32, 7), ("R2", None, 6)):
        answers[skipped] = None
        if missing == "absent":
            del answers[skipped]
        result = rules.score(INTERESTS, answers)
        assert (result["scores"]["R"], result["answered"]["R"]) == (score, answered)
    assert result["complete"] is False
    assert result["ties"] == [["I", "A", "S", "E", "C"]]


def test_a_score_from_seven_answers_is_their_mean_times_eight():
    answers = answers_for(R=20) | {"R8": None}
    assert rules.score(INTERESTS, answers)["scores"]["R"] == round(18 / 7 * 8, 2) == 20.57


def test_exactly_eighty_per_cent_is_enough():
    answers = dict.fromkeys(["Y1", "Y2", "Y3", "Y4"], 3)
    assert rules.score(SMALL, answers)["scores"] == {"X": None, "Y": 15}


def test_without_two_scored_scales_nothing_is_said_of_differentiation():
    one = {item_id: 5 for item_id in IDS if item_id.startswith("S")}
    result = rules.score(INTERESTS, one)
    assert (result["code"], result["range"], result["differentiated"]) == ("S", None, None)
    assert rules.score(INTERESTS, {})["code"] == ""


def test_an_instrument_without_a_code_has_none_in_its_result():
    assert set(rules.score(SMALL, {})) == {"instrument", "version", "scores", "answered", "complete"}


def test_a_reversed_item_counts_six_minus_the_answer():
    assert rules.score(SMALL, {"X1": 5, "X2": 1, "X3": 5, "X4": 2, "X5": 5})["scores"]["X"] == 24


@pytest.mark.parametrize("wrong", [0, 6, -1, True, 3.0, "3", ""])
def test_a_value_that_is_not_a_level_is_refused(wrong):
    with pytest.raises(AnswerInvalid, match=r"R1.*pas un choix proposé"):
        rules.score(INTERESTS, {"R1": wrong})


def test_an_item_that_the_instrument_does_not_have_is_refused():
    with pytest.raises(AnswerInvalid, match=r"R9.*n’existe pas"):
        rules.score(INTERESTS, {"R9": None})


@given(any_answers)
def test_every_result_is_json_within_bounds(answers):
    result = rules.score(INTERESTS, answers)
    assert json.loads(json.dumps(result)) == result
    scored = [points for points in result["scores"].values() if points is not None]
    assert all(8 <= points <= 40 for points in scored)
    assert len(result["code"]) <= min(3, len(scored))
    for letter, count in result["answered"].items():
        assert (result["scores"][letter] is not None) == (count >= 7)


@given(full_answers)
def test_the_code_never_ranks_a_lower_score_before_a_higher_one(answers):
    result = rules.score(INTERESTS, answers)
    points = [result["scores"][letter] for letter in result["code"]]
    assert points == sorted(points, reverse=True)
    rest = [result["scores"][letter] for letter in LETTERS if letter not in result["code"]]
    assert not points or min(points) > max(rest) or (len(points) == 3 and min(points) >= max(rest))


@given(any_answers, st.randoms())
def test_the_order_of_the_answers_does_not_matter(answers, random):
    shuffled = list(answers.items())
    random.shuffle(shuffled)
    assert rules.score(INTERESTS, dict(shuffled)) == rules.score(INTERESTS, answers)


@given(small_answers, st.sampled_from([item.id for item in SMALL.items]))
def test_a_higher_answer_never_lowers_a_scale_unless_the_item_is_reversed(answers, item_id):
    if answers[item_id] is None:
        answers[item_id] = 1
    letter, sign = item_id[0], -1 if item_id in {"X2", "X4"} else 1
    scores = [rules.score(SMALL, answers | {item_id: level})["scores"] for level in range(1, 6)]
    own = [points[letter] for points in scores]
    assert own == [None] * 5 or [sign * p for p in own] == sorted(sign * p for p in own)
    assert len({points["Y" if letter == "X" else "X"] for points in scores}) == 1


@given(small_answers)
def test_mirrored_answers_give_the_mirrored_score(answers):
    mirrored = {item_id: None if level is None else 6 - level for item_id, level in answers.items()}
    there, back = rules.score(SMALL, answers)["scores"], rules.score(SMALL, mirrored)["scores"]
    for letter in "XY":
        assert (there[letter] is None) == (back[letter] is None)
        assert there[letter] is None or there[letter] + back[letter] == pytest.approx(30)


@given(small_answers)
def test_reversing_an_item_and_its_answer_changes_nothing(answers):
    plain = replace(SMALL, items=tuple(replace(item, reversed=False) for item in SMALL.items))
    turned = answers | {k: 6 - answers[k] for k in ("X2", "X4") if answers[k] is not None}
    assert rules.score(plain, turned) == rules.score(SMALL, answers)


def test_distance_goes_round_the_hexagon():
    assert [rules.hexagon_distance("R", letter) for letter in LETTERS] == [0, 1, 2, 3, 2, 1]
    assert rules.hexagon_distance("C", "R") == rules.hexagon_distance("R", "C")
    for wrong in ("", "X", "RI"):
        with pytest.raises(ValueError, match="type de l’hexagone"):
            rules.hexagon_distance("R", wrong)


def test_the_pages_hold_every_item_once_in_order():
    pages = rules.pages(INTERESTS, 10)
    assert [len(page) for page in pages] == [10, 10, 10, 10, 8]
    assert tuple(item for page in pages for item in page) == INTERESTS.questions
    with pytest.raises(ValueError, match="au moins une question"):
        rules.pages(INTERESTS, 0)


def test_a_filling_resumes_at_the_first_unanswered_item_and_preferring_not_to_say_is_an_answer():
    answers: dict[str, int | None] = {}
    for rank, item_id in enumerate(IDS):
        assert rules.resume_page(INTERESTS, answers, 6) == rank // 6 + 1
        assert rules.progress(INTERESTS, answers) == (rank, 48)
        answers[item_id] = None
    assert rules.resume_page(INTERESTS, answers, 6) is None
    assert rules.progress(INTERESTS, answers) == rules.Progress(answered=48, total=48)
    del answers["I1"]
    assert rules.resume_page(INTERESTS, answers, 6) == 1
