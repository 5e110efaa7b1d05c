"""Scoring, the Holland code and the pages of a questionnaire: pure functions.

Sources: the scales of the interests and their sums, Armstrong, Allison & Rounds (2008), Journal
of Vocational Behavior 73, 287–299; the code and the hexagon, Holland (1997), Making Vocational
Choices, 3rd ed.; the scales of the personality, the IPIP 50 markers (ipip.ori.org) and, for the
short form, Donnellan, Oswald, Baird & Lucas (2006), Psychological Assessment 18, 192–203.
What is ours is named so in each docstring. No score here is a norm, a percentile or a verdict.
"""

from collections.abc import Collection, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from bilan.questionnaires.instruments import Code, Instrument, Scoring
from bilan.questionnaires.instruments.definition import Gap
from bilan.questionnaires.instruments.questions import AnswerInvalid, Part, Question
from bilan.wording import Worded

HOLLAND = "RIASEC"
SCORED_SCALES_FOR_A_RANGE = 2

Answers = Mapping[str, Any]


class Channel(Worded):
    """How the answers reach the questionnaire."""

    ONLINE = "online", "en ligne"
    PAPER = "paper", "sur papier"
    PHONE = "phone", "par téléphone"
    MEETING = "meeting", "en entretien"


class Wording(Worded):
    """In which words the questions were read."""

    UNREAD = "", "pas encore lue"
    STANDARD = "standard", "courante"
    PLAIN = "plain", "facile à lire"
    BOTH = "both", "courante et facile à lire"


class Progress(NamedTuple):
    """How many questions have an answer (or "Je préfère ne pas répondre"), out of how many."""

    answered: int
    total: int


def score(instrument: Instrument, answers: Answers) -> dict[str, Any]:
    """Return the result of a filling, ready for JSON.

    `answers` goes from question to level; None is "Je préfère ne pas répondre", and counts as
    missing like an absent question. A reversed item counts lowest + highest level − answer. A scale
    is scored when the share of its items answered reaches the instrument's minimum (80 %: 7 of 8,
    not 6), by the mean of those answers × its number of items: points, rounded to 2 decimals, an
    int when whole; else its score is None. Result of one part: `scores` and `answered` (number of
    real answers) by letter, `complete` (every scale is scored), and, when the instrument declares a
    code, the keys of `holland_code` over the scales that are scored. Of several parts: the same two
    tables under `parts` and the part's key, then `gaps` by letter (first part − second, in points)
    and `ranking` (the letters put in order). Of a guided grid: `entries`, the answers by letter.
    Raises `AnswerInvalid`.
    """
    _refuse_wrong_answers(instrument, answers)
    result: dict[str, Any] = {"instrument": instrument.slug, "version": instrument.version}
    if instrument.scoring is None:
        return result | {"entries": _entries(instrument, answers)}
    tables = {part.key: _part_scores(instrument, part, instrument.scoring, answers) for part in instrument.scored_parts}
    complete = all(None not in table["scores"].values() for table in tables.values())
    if len(tables) == 1:
        (table,) = tables.values()
        result |= table | {"complete": complete}
        result |= holland_code(instrument.code, table["scores"]) if instrument.code else {}
    else:
        result |= {"parts": tables, "complete": complete}
        result |= {"gaps": _gaps(instrument.gap, tables)} if instrument.gap else {}
    return result | ({"ranking": _ranking(instrument, answers)} if instrument.ranking else {})


def _refuse_wrong_answers(instrument: Instrument, answers: Answers) -> None:
    for name, answer in answers.items():
        if name not in instrument.by_id:
            raise AnswerInvalid(f"La question «\u00a0{name}\u00a0» n’existe pas dans ce questionnaire.")
        if not instrument.by_id[name].holds(answer):
            raise AnswerInvalid(f"La réponse à la question «\u00a0{name}\u00a0» n’est pas un choix proposé.")
    if twice := ranked_twice(instrument, answers):
        raise AnswerInvalid(f"Le classement donne plusieurs places à {', '.join(twice)}.")


def ranked_twice(instrument: Instrument, answers: Answers) -> list[str]:
    """Return the names of the scales that a ranking puts at several places."""
    given = [answers.get(question.id) for question in instrument.ranks]
    return [scale.name for scale in instrument.scales if given.count(scale.letter) > 1]


def _part_scores(instrument: Instrument, part: Part, scoring: Scoring, answers: Answers) -> dict[str, Any]:
    scores, answered = {}, {}
    for scale in instrument.scales:
        given = [(question, answers.get(question.id)) for question in instrument.questions_of(scale.letter, part)]
        values = [_points(question, level) for question, level in given if level is not None]
        answered[scale.letter] = len(values)
        scores[scale.letter] = _scale_score(values, scoring)
    return {"scores": scores, "answered": answered}


def _points(question: Question, level: int) -> int:
    if question.item is not None and question.item.reversed:
        return question.part.levels[0].value + question.part.levels[-1].value - level
    return level


def _scale_score(values: list[int], scoring: Scoring) -> float | None:
    size = scoring.items_per_scale
    if not values or len(values) / size < scoring.min_share_answered:
        return None
    return _tidy(sum(values) * size / len(values))


def _tidy(points: float) -> float:
    rounded = round(points, 2)
    return int(rounded) if rounded == int(rounded) else rounded


def _gaps(gap: Gap, tables: dict[str, Any]) -> dict[str, float | None]:
    first, second = tables[gap.of]["scores"], tables[gap.minus]["scores"]
    return {letter: None if None in (first[letter], second[letter]) else _tidy(first[letter] - second[letter]) for letter in first}


def _ranking(instrument: Instrument, answers: Answers) -> list[str]:
    given = [answers.get(question.id) for question in instrument.ranks]
    return [letter for letter in given if letter is not None]


def _entries(instrument: Instrument, answers: Answers) -> dict[str, list[dict[str, Any]]]:
    """Return what a guided grid holds, by letter, in the order of its items: nothing of an item without any answer."""
    found: dict[str, list[dict[str, Any]]] = {scale.letter: [] for scale in instrument.scales}
    for item in instrument.items:
        given = {question.part.key: answers.get(question.id) for question in instrument.questions if question.item is item}
        if any(answer is not None for answer in given.values()):
            found[item.scale].append({"item": item.id, **given})
    return found


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


def hexagon_distance(one: str, other: str, hexagon: str = HOLLAND) -> int:
    """Return the number of sides between two types round the hexagon, 0 to 3; ValueError else."""
    if not {one, other} <= set(hexagon):
        raise ValueError(f"«\u00a0{one}\u00a0» ou «\u00a0{other}\u00a0» n’est pas un type de l’hexagone.")
    steps = abs(hexagon.index(one) - hexagon.index(other))
    return min(steps, len(hexagon) - steps)


def progress(instrument: Instrument, answers: Collection[str]) -> Progress:
    """Return how far a filling is; a stored None ("Je préfère ne pas répondre") is an answer."""
    asked = [question for question in instrument.questions if not question.part.optional] or instrument.questions
    return Progress(sum(question.id in answers for question in asked), len(asked))


def waiting(instrument: Instrument, answers: Collection[str]) -> list[str]:
    """Return the questions that need an answer and have none; where each may be left, the first when none is given."""
    needed = [question.id for question in instrument.questions if not question.part.optional]
    return [name for name in needed if name not in answers] if needed else [instrument.questions[0].id] * (not answers)


def pages(instrument: Instrument, size: int) -> list[tuple[Question, ...]]:
    """Return the questions in order of presentation, at most `size` a page; a page asks one part, a ranking is a page whole."""
    if size < 1:
        raise ValueError("Une page contient au moins une question.")
    found: list[tuple[Question, ...]] = []
    for key, group in groupby(instrument.questions, key=lambda question: "" if instrument.together else question.part.key):
        asked = tuple(group)
        step = len(asked) if key == "rang" else size
        found += [asked[start : start + step] for start in range(0, len(asked), step)]
    return found


def resume_page(instrument: Instrument, answered_ids: Collection[str], size: int) -> int | None:
    """Return the page (from 1) with the first question that waits for an answer; None when none does."""
    left = set(waiting(instrument, answered_ids))
    for number, page in enumerate(pages(instrument, size), start=1):
        if any(question.id in left for question in page):
            return number
    return None
