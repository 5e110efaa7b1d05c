"""Scoring, the Holland code, the hexagon and the pages of a questionnaire: pure functions.

Sources: the scales and their sums, Armstrong, Allison & Rounds (2008), Journal of Vocational
Behavior 73, 287–299; the code and the hexagon, Holland (1997), Making Vocational Choices, 3rd ed.
What is ours is named so in each docstring. No score here is a norm, a percentile or a verdict.
"""

import math
from collections.abc import Collection, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from bilan.questionnaires.instruments import Code, Instrument, Item, Scale, Scoring

HOLLAND = "RIASEC"
NOT_ENOUGH_ANSWERS = "Pas assez de réponses."
SCORED_SCALES_FOR_A_RANGE = 2
RADIUS, WIDTH, HEIGHT = 80, 400, 240  # of the drawing, in its own units: its labels are set in 16
LABEL_GAP, BASELINE = 14, 5


class AnswerInvalid(ValueError):
    """An answer that this instrument cannot hold; the message is a sentence for the screen."""


class Progress(NamedTuple):
    """How many items have an answer (or "Je préfère ne pas répondre"), out of how many."""

    answered: int
    total: int


def score(instrument: Instrument, answers: Mapping[str, int | None]) -> dict[str, Any]:
    """Return the result of a filling, ready for JSON.

    `answers` goes from item to level; None is "Je préfère ne pas répondre", and counts as missing
    like an absent item. A reversed item counts lowest + highest level − answer. A scale is scored
    when the share of its items answered reaches the instrument's minimum (80 %: 7 of 8, not 6), by
    the mean of those answers × its number of items: points, rounded to 2 decimals, an int when
    whole; else its score is None. Result: `scores` and `answered` (number of real answers) by
    letter, `complete` (every scale is scored), and, when the instrument declares a code, the keys
    of `holland_code` over the scales that are scored. Raises `AnswerInvalid`.
    """
    _refuse_wrong_answers(instrument, answers)
    scores, answered = {}, {}
    for scale in instrument.scales:
        items = instrument.items_of(scale.letter)
        given = [(item, answers.get(item.id)) for item in items]
        values = [_points(instrument, item, level) for item, level in given if level is not None]
        answered[scale.letter] = len(values)
        scores[scale.letter] = _scale_score(values, instrument.scoring)
    result = {
        "instrument": instrument.slug,
        "version": instrument.version,
        "scores": scores,
        "answered": answered,
        "complete": None not in scores.values(),
    }
    return result | holland_code(instrument.code, scores) if instrument.code else result


def _refuse_wrong_answers(instrument: Instrument, answers: Mapping[str, int | None]) -> None:
    known = {item.id for item in instrument.items}
    levels = {level.value for level in instrument.levels}
    for item_id, level in answers.items():
        if item_id not in known:
            raise AnswerInvalid(f"La question «\u00a0{item_id}\u00a0» n’existe pas dans ce questionnaire.")
        if level is not None and (type(level) is not int or level not in levels):
            raise AnswerInvalid(f"La réponse à la question «\u00a0{item_id}\u00a0» n’est pas un choix proposé.")


def _points(instrument: Instrument, item: Item, level: int) -> int:
    if item.reversed:
        return instrument.lowest_level + instrument.highest_level - level
    return level


def _scale_score(values: list[int], scoring: Scoring) -> float | None:
    size = scoring.items_per_scale
    if not values or len(values) / size < scoring.min_share_answered:
        return None
    return _tidy(sum(values) * size / len(values))


def _tidy(points: float) -> float:
    rounded = round(points, 2)
    return int(rounded) if rounded == int(rounded) else rounded


def holland_code(code: Code, scores: Mapping[str, float | None]) -> dict[str, Any]:
    """Return the code (raw ranks, Holland's tradition), its ties, the range and differentiation.

    The rule for ties is ours: letters come by decreasing score, and those of one score are shown
    in hexagon order, marked `tied` and listed together in `ties`. When the letters of one score do
    not all fit in the places left (three in all), none of them is chosen: the code stops before
    them and `ties` lists them; so six equal scores give "" and one tie of six. A tie beyond the
    last place is not listed. `range` is highest − lowest in points, `differentiated` is whether it
    reaches the threshold (8 on 8–40 sums); both are None when fewer than two scales are scored.
    """
    scored = {letter: points for letter, points in scores.items() if points is not None}
    ranked = sorted(scored, key=lambda letter: (-scored[letter], code.hexagon.index(letter)))
    letters: list[dict[str, Any]] = []
    ties: list[list[str]] = []
    for _, group in groupby(ranked, key=lambda letter: scored[letter]):
        equals = list(group)
        if len(letters) == code.max_letters:
            break
        if len(equals) > 1:
            ties.append(equals)
        if len(letters) + len(equals) > code.max_letters:
            break
        letters += [{"letter": letter, "tied": len(equals) > 1} for letter in equals]
    spread = None
    if len(scored) >= SCORED_SCALES_FOR_A_RANGE:
        spread = _tidy(max(scored.values()) - min(scored.values()))
    return {
        "code": "".join(entry["letter"] for entry in letters),
        "letters": letters,
        "ties": ties,
        "range": spread,
        "differentiated": None if spread is None else spread >= code.differentiation_threshold,
    }


def sentence_for(scale: Scale, points: float | None) -> str:
    """Return the sentence that mirrors a score, by thirds of the scale's possible range.

    The thirds are ours (8–40: low up to 18, high from 30): a place on the scale, not a norm. A
    score on the very edge is in the middle. None gives "Pas assez de réponses."
    """
    if points is None:
        return NOT_ENOUGH_ANSWERS
    span = scale.highest - scale.lowest
    if 3 * (points - scale.lowest) < span:
        return scale.low
    if 3 * (scale.highest - points) < span:
        return scale.high
    return scale.middle


def hexagon_distance(one: str, other: str, hexagon: str = HOLLAND) -> int:
    """Return the number of sides between two types round the hexagon, 0 to 3; ValueError else."""
    if not {one, other} <= set(hexagon):
        raise ValueError(f"«\u00a0{one}\u00a0» ou «\u00a0{other}\u00a0» n’est pas un type de l’hexagone.")
    steps = abs(hexagon.index(one) - hexagon.index(other))
    return min(steps, len(hexagon) - steps)


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
    steps = len(instrument.levels) - 1
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


def progress(instrument: Instrument, answers: Collection[str]) -> Progress:
    """Return how far a filling is; a stored None ("Je préfère ne pas répondre") is an answer."""
    return Progress(sum(item.id in answers for item in instrument.items), len(instrument.items))


def pages(instrument: Instrument, size: int) -> list[tuple[Item, ...]]:
    """Return the items in order of presentation, `size` a page (the last may have fewer)."""
    if size < 1:
        raise ValueError("Une page contient au moins une question.")
    items = instrument.items
    return [items[start : start + size] for start in range(0, len(items), size)]


def resume_page(instrument: Instrument, answered_ids: Collection[str], size: int) -> int | None:
    """Return the page (from 1) with the first item without an answer; None when all have one."""
    for number, page in enumerate(pages(instrument, size), start=1):
        if any(item.id not in answered_ids for item in page):
            return number
    return None
