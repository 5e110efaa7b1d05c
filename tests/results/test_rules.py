"""What a result says in sentences, bands and gaps; its drawings; the cautions for the counsellor."""

from dataclasses import replace
from pathlib import Path

import jinja2
import pytest

from bilan import french
from bilan.questionnaires.instruments import find
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
