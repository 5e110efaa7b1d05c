"""The picture of the scenarios, as coordinates in units of the drawing: the same figures as in the table beside it."""

from collections.abc import Iterable
from typing import Any

from bilan.scenarios.rules import MARK_MAX, MARK_MIN

WIDTH, HEIGHT = 400, 380
LEFT, RIGHT, TOP, BOTTOM = 40, 370, 40, 320
SIZE = 10
# Where the number of each stands beside its shape: two at the same place are both read.
LABELS = ((18, 6, "start"), (-18, 6, "end"), (0, -16, "middle"), (0, 28, "middle"))
# Each scenario has its shape, hollow, so that it is told without colour: a disc, a square, a triangle, a diamond.
SHAPES: tuple[tuple[tuple[float, float], ...], ...] = (
    (),
    ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    ((0, -1.2), (1.1, 0.8), (-1.1, 0.8)),
    ((0, -1.4), (1.4, 0), (0, 1.4), (-1.4, 0)),
)


def two_axes(scenarios: Iterable[Any]) -> dict[str, Any] | None:
    """Return the coordinates of the scenarios that are all weighed, realism to the right and relevance upwards; None without any."""
    drawn = []
    for rank, one in enumerate(scenarios):
        relevance, realism = (weight.mean for weight in one.weights)
        if relevance is None or realism is None:
            continue
        x, y = _across(realism), _upwards(relevance)
        right, down, anchor = LABELS[rank]
        outline = " ".join(f"{round(x + SIZE * across, 1)},{round(y + SIZE * under, 1)}" for across, under in SHAPES[rank])
        label = {"x": round(x + right, 1), "y": round(y + down, 1), "anchor": anchor}
        drawn.append({"number": rank + 1, "scenario": one, "x": x, "y": y, "outline": outline, "label": label})
    ticks = [{"mark": mark, "x": _across(mark), "y": _upwards(mark)} for mark in range(MARK_MIN, MARK_MAX + 1)]
    frame = {"width": WIDTH, "height": HEIGHT, "left": LEFT, "right": RIGHT, "top": TOP, "bottom": BOTTOM, "size": SIZE}
    return {**frame, "ticks": ticks, "points": drawn} if drawn else None


def _across(value: float) -> float:
    return round(LEFT + _share(value) * (RIGHT - LEFT), 1)


def _upwards(value: float) -> float:
    return round(BOTTOM - _share(value) * (BOTTOM - TOP), 1)


def _share(value: float) -> float:
    return (value - MARK_MIN) / (MARK_MAX - MARK_MIN)
