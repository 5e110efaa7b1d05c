"""What a result says in sentences, bands and gaps; its drawings; the cautions for the counsellor."""

import datetime
from dataclasses import replace
from pathlib import Path

import jinja2
import pytest

from bilan import french
from bilan.questionnaires.instruments import find
from bilan.questionnaires.rules import score
from bilan.results import drawings, rules

LETTERS = "RIASEC"
INTERESTS = find("interets", 1)
TEMPLATES = Path(__file__).parents[2] / "templates"


@pytest.mark.parametrize(
    ("points", "place"),
    [
        (8, "low"),
        (18, "low"),
        (18.67, "middle"),
        (19, "middle"),
        (24, "middle"),
        (29, "middle"),
        (30, "high"),
        (40, "high"),
    ],
)
def test_the_sentence_follows_the_thirds_of_the_possible_range(points, place):
    scale = INTERESTS.scales[0]
    assert rules.sentence_for(scale, points) == getattr(scale, place)


def test_a_scale_that_is_not_scored_says_that_answers_are_too_few():
    assert rules.sentence_for(INTERESTS.scales[0], None) == "Pas assez de réponses."


def test_the_hexagon_goes_from_the_lowest_score_to_the_end_of_each_axis():
    edge = drawings.hexagon_points(INTERESTS, dict.fromkeys(LETTERS, 40))
    assert [axis["letter"] for axis in edge["axes"]] == list(LETTERS)
    assert all(axis["point"] == axis["end"] for axis in edge["axes"])
    assert edge["shape"] == edge["rings"][-1]
    assert len(edge["rings"]) == 4
    centre = drawings.hexagon_points(INTERESTS, dict.fromkeys(LETTERS, 8))
    assert all(axis["point"] == centre["centre"] for axis in centre["axes"])
    for axis in edge["axes"]:
        for place in (axis["end"], axis["label"]):
            assert 0 < place["x"] < edge["width"]
            assert 0 < place["y"] < edge["height"]


def test_a_missing_score_leaves_no_shape_rather_than_a_false_corner():
    hexagon = drawings.hexagon_points(INTERESTS, dict.fromkeys(LETTERS, 24) | {"S": None})
    assert hexagon["shape"] is None
    assert [axis["letter"] for axis in hexagon["axes"] if axis["point"] is None] == ["S"]


def test_an_instrument_without_a_code_has_no_hexagon():
    with pytest.raises(ValueError, match="hexagone"):
        drawings.hexagon_points(replace(INTERESTS, code=None), {})


@pytest.mark.parametrize("missing", [{}, {"S": None}])
def test_the_drawing_says_its_figures_in_words(missing):
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), undefined=jinja2.StrictUndefined, autoescape=True)
    environment.filters["points"] = french.points
    scores = dict.fromkeys(LETTERS, 24) | {"R": 20.57} | missing
    hexagon = drawings.hexagon_points(INTERESTS, scores)
    drawing = environment.get_template("results/_hexagon.svg.html").render(hexagon=hexagon)
    assert "Du centre (8) au bord (40). Réaliste\u00a0: 20,57\u00a0; Investigateur\u00a0: 24\u00a0;" in drawing
    assert ("Social\u00a0: pas assez de réponses" in drawing) == bool(missing)
    assert drawing.count("hexagon-point") == 6 - len(missing)
    assert ("hexagon-shape" in drawing) != bool(missing)
    assert "style=" not in drawing


PERSONALITY, VALUES, GRID = find("personnalite", 1), find("valeurs", 1), find("ressources-et-freins", 1)


def answers_of(instrument, level):
    """Return the same level everywhere, the scales of a ranking in their order."""
    given = {}
    for question in instrument.questions:
        if question.part.kind == "rank":
            given[question.id] = question.choices[len([name for name in given if name.startswith("rang-")])][0]
        else:
            given[question.id] = level
    return given


def test_a_mirrored_scale_is_shown_in_the_direction_of_its_name():
    result = score(PERSONALITY, answers_of(PERSONALITY, 5))
    shown = {row.scale.letter: row.points for row in rules.rows(PERSONALITY, result)}
    assert result["scores"]["N"] == 42
    assert shown == {"E": 30, "N": 18, "A": 34, "C": 34, "O": 38}


@pytest.mark.parametrize(("letter", "error"), [("E", 3.005), ("N", 3.063), ("A", 2.883), ("C", 3.141), ("O", 2.810)])
def test_the_standard_error_is_that_of_the_published_figures(letter, error):
    assert PERSONALITY.scale(letter).standard_error == pytest.approx(error, abs=0.001)


def test_the_band_stays_within_the_scale_and_is_none_where_nothing_was_published():
    extraversion = PERSONALITY.scale("E")
    assert rules.band(extraversion, 30) == (27.0, 33.0)
    assert rules.band(extraversion, 11) == (10, 14.0)
    assert rules.band(extraversion, 50) == (47.0, 50)
    assert rules.band(extraversion, None) is None
    assert rules.band(INTERESTS.scales[0], 20) is None


def test_a_landmark_is_in_points_and_in_the_direction_shown():
    assert rules.landmark(PERSONALITY, PERSONALITY.scale("E")) == 30.4
    assert rules.landmark(PERSONALITY, PERSONALITY.scale("N")) == 29.5
    assert rules.landmark(VALUES, VALUES.scales[0]) is None


@pytest.mark.parametrize(("gap", "words"), [(2, "lacking"), (1, "met"), (-1, "met"), (-2, "beyond")])
def test_a_gap_is_said_from_two_points_on(gap, words):
    assert rules.gap_sentence(VALUES, gap) == getattr(VALUES.gap, words)


def test_values_tell_importance_what_one_has_and_the_gap_between_them():
    given = (
        answers_of(VALUES, 3) | {f"UTI{rank}-importance": 5 for rank in (1, 2, 3)} | {"AUT1-satisfaction": None, "AUT2-satisfaction": None}
    )
    result = score(VALUES, given)
    found = {row.scale.letter: row for row in rules.rows(VALUES, result)}
    assert (found["UTI"].points, found["UTI"].beside, found["UTI"].gap, found["UTI"].gap_sentence) == (15, 9, 6, VALUES.gap.lacking)
    assert (found["AUT"].points, found["AUT"].beside, found["AUT"].gap, found["AUT"].gap_sentence) == (9, None, None, "")
    assert result["ranking"] == [scale.letter for scale in VALUES.scales[:5]]
    assert rules.stands_out(VALUES, result)[-1] == "Ce qui manque le plus aujourd’hui\u00a0: Utilité."
    assert rules.in_brief(VALUES, result)[0] == "En tête\u00a0: Utilité, Autonomie, Sécurité, Rémunération, Reconnaissance."


def test_a_guided_grid_tells_its_sentences_and_has_no_rows():
    result = score(GRID, {"M1-phrase": "Voir les enfants sourire.", "M1-force": 3, "O2-force": 1})
    assert result["entries"]["M"] == [{"item": "M1", "phrase": "Voir les enfants sourire.", "force": 3}]
    assert result["entries"]["O"] == [{"item": "O2", "phrase": None, "force": 1}]
    assert rules.rows(GRID, result) == []
    assert rules.stands_out(GRID, result) == ["Voir les enfants sourire."]


@pytest.mark.parametrize("level", [1, 5])
def test_the_lines_go_from_one_end_of_a_scale_to_the_other(level):
    found = rules.rows(VALUES, score(VALUES, answers_of(VALUES, level)))
    drawn = drawings.lines(VALUES, found)
    assert {line["point"] for line in drawn["lines"]} == {drawn["left"] if level == 1 else drawn["right"]}
    assert drawn["lines"][-1]["y"] < drawn["height"]


def words_of(found):
    return " ".join(found)


def saved(seconds_a_page, instrument=INTERESTS):
    """Return when each answer was saved, so many seconds from one page of six to the next."""
    start = datetime.datetime.fromisoformat("2026-11-02 10:00:00")
    return {
        question.id: start + datetime.timedelta(seconds=rank // 6 * seconds_a_page) for rank, question in enumerate(instrument.questions)
    }


def varied(instrument=INTERESTS):
    return {question.id: rank % 5 + 1 for rank, question in enumerate(instrument.questions)}


def test_answers_that_vary_at_a_human_pace_call_for_no_caution():
    assert rules.cautions(INTERESTS, varied(), saved(40)) == []


@pytest.mark.parametrize(("run", "said"), [(23, False), (24, True)])
def test_the_same_answer_over_half_of_the_questions_is_told_with_its_rule(run, said):
    given = varied() | {question.id: 5 for question in INTERESTS.questions[:run]}
    given[INTERESTS.questions[run].id] = 1
    found = rules.cautions(INTERESTS, given, {})
    assert bool(found) is said
    assert not said or "24 fois de suite, sur 48 questions. Règle\u00a0: à partir de la moitié." in words_of(found)


def test_each_part_has_its_own_run():
    found = rules.cautions(VALUES, answers_of(VALUES, 3), {})
    assert len([one for one in found if "La même réponse" in one]) == 2


def test_pages_faster_than_one_reads_are_counted_the_first_apart():
    found = rules.cautions(INTERESTS, varied(), saved(3))
    assert "7\u00a0pages ont été remplies plus vite qu’on ne lit (la première est la 2e)" in words_of(found)
    assert "400 mots par minute" in words_of(found)


def test_a_page_taken_up_again_is_not_judged():
    moments = saved(40)
    late = datetime.datetime.fromisoformat("2026-11-02 12:00:00")
    moments |= {question.id: late for question in INTERESTS.questions[6:12]}
    assert rules.cautions(INTERESTS, varied(), moments) == []


@pytest.mark.parametrize(("skipped", "said"), [(9, False), (10, True)])
def test_more_than_one_answer_in_five_missing_is_told_without_reproach(skipped, said):
    given = varied() | {question.id: None for question in INTERESTS.questions[:skipped]}
    found = rules.cautions(INTERESTS, given, {})
    assert bool(found) is said
    assert not said or "Ne pas répondre est un droit" in words_of(found)
