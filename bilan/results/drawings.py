"""The pictures of a result, as coordinates in units of each drawing: the same figures as in the tables beside them."""

import math
from collections.abc import Mapping
from typing import Any

from bilan.questionnaires.instruments import Instrument, Scale
from bilan.results.rules import Row

RADIUS, WIDTH, HEIGHT = 80, 400, 240  # of the hexagon: its labels are set in 16
LABEL_GAP, BASELINE = 14, 5
LINE_LEFT, LINE_RIGHT, LINE_STEP, LINE_TOP, LINE_LABEL = 20, 380, 56, 26, 22


def lines(instrument: Instrument, found: list[Row]) -> dict[str, Any]:
    """Return the coordinates of the drawing of one line a scale: the place of its score, its band, and that of the second part."""
    drawn = []
    for rank, row in enumerate(found):
        at = LINE_TOP + rank * LINE_STEP + LINE_LABEL
        drawn.append(
            {
                "row": row,
                "label_y": at - 12,
                "y": at,
                "point": None if row.points is None else _along(row.scale, row.points),
                "band": row.band and tuple(_along(row.scale, end) for end in row.band),
                "beside": None if row.beside is None else _along(row.scale, row.beside),
            }
        )
    height = LINE_TOP + len(found) * LINE_STEP
    return {"id": f"lignes-{instrument.slug}", "width": WIDTH, "height": height, "left": LINE_LEFT, "right": LINE_RIGHT, "lines": drawn}


def _along(scale: Scale, points: float) -> float:
    return round(LINE_LEFT + _share(scale, points) * (LINE_RIGHT - LINE_LEFT), 1)


def hexagon_points(instrument: Instrument, scores: Mapping[str, float | None]) -> dict[str, Any]:
    """Return the coordinates of the hexagon's drawing; ValueError when the instrument has no code.

    The first letter is at the top, the others clockwise. The centre is the lowest possible score,
    the end of an axis the highest; one ring per level above the lowest. `shape` is None when a
    scale is not scored, since a corner at the centre would say that it is low; `point` of that axis
    is None too. Coordinates are in units of the drawing (`width` × `height`), to one decimal.
    """
    if instrument.code is None:
        raise ValueError(f"Le questionnaire «\u00a0{instrument.slug}\u00a0» n’a pas d’hexagone.")
    by_letter = {scale.letter: scale for scale in instrument.scales}
    axes: list[dict[str, Any]] = []
    for rank, letter in enumerate(instrument.code.hexagon):
        scale, points = by_letter[letter], scores.get(letter)
        place = None if points is None else _corner(rank, _share(scale, points))
        axis: dict[str, Any] = {"letter": letter, "name": scale.name, "score": points}
        axis |= {"lowest": scale.lowest, "highest": scale.highest}
        axis |= {"end": _corner(rank, 1), "label": _label(rank), "point": place}
        axes.append(axis)
    steps = len(instrument.scored_parts[0].levels) - 1
    places = [axis["point"] for axis in axes]
    return {
        "id": f"hexagone-{instrument.slug}",
        "width": WIDTH,
        "height": HEIGHT,
        "centre": {"x": WIDTH / 2, "y": HEIGHT / 2},
        "axes": axes,
        "rings": [_outline([_corner(rank, n / steps) for rank in range(6)]) for n in range(1, steps + 1)],
        "shape": None if None in places else _outline(places),
    }


def _share(scale: Scale, points: float) -> float:
    return (points - scale.lowest) / (scale.highest - scale.lowest)


def _corner(rank: int, share: float) -> dict[str, Any]:
    angle = math.radians(60 * rank - 90)
    x = WIDTH / 2 + share * RADIUS * math.cos(angle)
    y = HEIGHT / 2 + share * RADIUS * math.sin(angle)
    return {"x": round(x, 1), "y": round(y, 1)}


def _label(rank: int) -> dict[str, Any]:
    place = _corner(rank, 1 + LABEL_GAP / RADIUS)
    anchor = ("middle", "start", "start", "middle", "end", "end")[rank]
    return {"x": place["x"], "y": round(place["y"] + BASELINE, 1), "anchor": anchor}


def _outline(corners: list[dict[str, Any]]) -> str:
    return " ".join(f"{corner['x']},{corner['y']}" for corner in corners)
