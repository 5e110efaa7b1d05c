"""The picture of an indicator's rows, as coordinates in units of the drawing: the same figures as in the table beside it."""

from collections.abc import Sequence
from typing import Any

from bilan.quality.indicators import Figure, Unit

WIDTH, LEFT, RIGHT, STEP, TOP = 400, 20, 380, 46, 24
LONGEST_LABEL = 32  # letters, at their size on a narrow screen; the table beside has them all
SCALES = {Unit.PERCENT: (0, 100), Unit.SCORE: (-100, 100)}


def bars(unit: Unit, rows: Sequence[tuple[str, Figure]], key: str) -> dict[str, Any]:
    """Return the coordinates of a bar per row, from the zero of the scale; days and hours go up to the highest."""
    lowest, highest = SCALES.get(unit, (0, max([figure.value for _, figure in rows] + [1])))

    def along(value: float) -> float:
        return round(LEFT + (value - lowest) / (highest - lowest) * (RIGHT - LEFT), 1)

    drawn = []
    for rank, (words, figure) in enumerate(rows):
        ends = sorted((along(0), along(figure.value)))
        y = TOP + rank * STEP
        drawn.append(
            {"words": _label(words), "figure": figure, "label_y": y - 6, "y": y, "x": ends[0], "width": round(max(ends[1] - ends[0], 1), 1)}
        )
    frame = {"width": WIDTH, "height": TOP + len(rows) * STEP, "left": LEFT, "right": RIGHT, "zero": along(0)}
    return {**frame, "id": f"barres-{key}", "bars": drawn}


def _label(words: str) -> str:
    return words if len(words) <= LONGEST_LABEL else f"{words[: LONGEST_LABEL - 1].rstrip()}…"
