"""What a result says, in sentences and figures, and the cautions for the counsellor: pure functions.

No score is a norm, a percentile or a verdict. The band of a score is its standard error of
measurement, SD·√(1 − alpha), on either side: about two scores in three of the same person would
fall within it (classical test theory).
"""

import datetime
from collections.abc import Mapping
from itertools import groupby
from typing import Any, NamedTuple

from bilan import french
from bilan.french import NBSP
from bilan.questionnaires.instruments import Instrument, Scale
from bilan.questionnaires.instruments.questions import LEVELS, RANK, TEXT
from bilan.questionnaires.rules import Answers, pages
from bilan.wording import Worded

FINDINGS_MAX = 40
NOT_ENOUGH_ANSWERS = "Pas assez de réponses."
GROUP, WORDS_A_MINUTE, SKIPPED_SHARE = 6, 400, 0.2
GAP_POINTS, LACKING_SHOWN = 2, 3


class Source(Worded):
    """What a cross-reading rests on."""

    INTERESTS = "interests", "les intérêts"
    VALUES = "values", "les valeurs"
    MOTIVATIONS = "motivations", "les motivations"
    PERSONALITY = "personality", "la personnalité"
    PATH = "path", "le parcours"
    CONDITIONS = "conditions", "les appuis et les freins"
    OTHERS = "others", "un autre questionnaire"


# Where a questionnaire is read beside the others; one that is not here, a centre's own, comes after under its title.
COLUMNS = {
    "Intérêts": ("interets",),
    "Valeurs": ("valeurs",),
    "Motivations": ("motivations",),
    "Personnalité": ("personnalite", "personnalite-courte"),
    "Ressources et freins": ("ressources-et-freins",),
}


class Row(NamedTuple):
    """What is shown of one scale: `points` in the direction of its name, None when it is not scored.

    `band` are the ends of the standard error, in points, within the bounds; `beside` the points of
    the second part, `gap` the first less the second.
    """

    scale: Scale
    points: float | None
    sentence: str
    band: tuple[float, float] | None = None
    beside: float | None = None
    gap: float | None = None
    gap_sentence: str = ""
    mean: float | None = None


def rows(instrument: Instrument, result: Mapping[str, Any]) -> list[Row]:
    """Return the scales of a scored result, in the order of its file; of a guided grid, none."""
    if instrument.scoring is None:
        return []
    gap = instrument.gap
    table = result["parts"][gap.of if gap else instrument.scored_parts[0].key] if "parts" in result else result
    beside = result["parts"][gap.minus]["scores"] if gap else {}
    found = []
    for scale in instrument.scales:
        points = shown(scale, table["scores"][scale.letter])
        apart = result.get("gaps", {}).get(scale.letter)
        found.append(
            Row(
                scale,
                points,
                sentence_for(scale, points),
                band(scale, points),
                shown(scale, beside.get(scale.letter)),
                apart,
                gap_sentence(instrument, apart),
                landmark(instrument, scale),
            )
        )
    return found


def shown(scale: Scale, points: float | None) -> float | None:
    """Return a score in the direction that the screens show: lowest + highest − score for a mirrored scale."""
    if points is None or not scale.mirrored:
        return points
    return tidy(scale.lowest + scale.highest - points)


def landmark(instrument: Instrument, scale: Scale) -> float | None:
    """Return the published mean of a scale in points, in the direction shown, None when there is none: a landmark, no norm."""
    if scale.published_mean is None or instrument.scoring is None:
        return None
    points = shown(scale, scale.published_mean * instrument.scoring.items_per_scale)
    return None if points is None else round(points, 1)


def band(scale: Scale, points: float | None) -> tuple[float, float] | None:
    """Return the score less and plus its standard error, to one decimal, within the scale; None when either is unknown."""
    error = scale.standard_error
    if points is None or error is None:
        return None
    return max(scale.lowest, round(points - error, 1)), min(scale.highest, round(points + error, 1))


def gap_sentence(instrument: Instrument, apart: float | None) -> str:
    """Return what is said of a gap, from two points of difference on (the threshold is ours); "" when it is not known."""
    if instrument.gap is None or apart is None:
        return ""
    if apart >= GAP_POINTS:
        return instrument.gap.lacking
    return instrument.gap.beyond if apart <= -GAP_POINTS else instrument.gap.met


def tidy(points: float) -> float:
    """Return points to two decimals, an int when whole."""
    rounded = round(points, 2)
    return int(rounded) if rounded == int(rounded) else rounded


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


def reading(instrument: Instrument, *, landmarks: bool) -> list[str]:
    """Return how a result is to be read: what it is not, where its margin and its landmark come from, source and licence."""
    said = [f"{instrument.notice[0].upper()}{instrument.notice[1:]}. Il dit ce qui a été répondu ce jour-là, rien de plus."]
    if any(scale.standard_error for scale in instrument.scales):
        said.append(
            "La marge de la mesure dit de combien un score peut bouger sans que la personne ait changé (erreur type : "
            "environ deux fois sur trois, un nouveau score y tomberait). Elle vient de réponses en anglais."
        )
    elif instrument.scoring:
        said.append("La marge de la mesure n’est pas connue pour ce questionnaire : un écart de quelques points ne veut rien dire.")
    # Raw interests cannot be read without it; elsewhere it is shown with the landmarks or not at all.
    if instrument.landmark and (landmarks or instrument.code):
        said.append(instrument.landmark.sentence)
    source = f"Source : {instrument.source}, {instrument.licence} ; {instrument.adaptation}. Version {instrument.version}."
    return [*said, source]


def stands_out(instrument: Instrument, result: Mapping[str, Any]) -> list[str]:
    """Return what a result says first, in words: what its reader would remember of it, never all of it.

    The letters of the code; else the scales in the upper or lower third of what they can be, then
    those that lack today; of a guided grid, its sentences.
    """
    if instrument.scoring is None:
        return [one["phrase"] for ones in result["entries"].values() for one in ones if one.get("phrase")]
    if instrument.code:
        names = [instrument.scale(entry["letter"]).name for entry in result["letters"]]
        return [f"{', '.join(names)} (code {result['code']})"] if names else ["Aucun type ne se détache."]
    found = rows(instrument, result)
    said = [row.sentence for row in found if row.sentence in (row.scale.high, row.scale.low)]
    if instrument.gap is None:
        return said
    lacking = sorted((row for row in found if (row.gap or 0) >= GAP_POINTS), key=lambda row: -(row.gap or 0))
    missed = ", ".join(row.scale.name for row in lacking[:LACKING_SHOWN])
    return [*said, f"Ce qui manque le plus aujourd’hui{NBSP}: {missed}."] if missed else said


def columns(slugs: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Return what is read side by side: a label and the slugs under it, of these questionnaires (slug to title), empty ones included."""
    known = [(label, [slug for slug in ones if slug in slugs]) for label, ones in COLUMNS.items()]
    placed = {slug for ones in COLUMNS.values() for slug in ones}
    return known + [(title, [slug]) for slug, title in slugs.items() if slug not in placed]


def in_brief(instrument: Instrument, result: Mapping[str, Any]) -> list[str]:
    """Return the same for the page where results are read together: what was put in order comes first, and is enough with what lacks."""
    said = stands_out(instrument, result)
    if not result.get("ranking"):
        return said
    ranked = ", ".join(instrument.scale(letter).name for letter in result["ranking"])
    return [f"En tête{NBSP}: {ranked}.", *(said[-1:] if instrument.gap else said)]


def cautions(instrument: Instrument, answers: Answers, saved_at: Mapping[str, datetime.datetime]) -> list[str]:
    """Return, for the counsellor, what invites to read these answers with care, each with its rule.

    The same answer all along: a run of identical answers over half of a part at least, as Curran
    (2016), Journal of Experimental Social Psychology 66, 4–19, proposes. Too fast: a page saved
    faster than 400 words a minute after the page before, which next to nobody reads (Brysbaert
    2019, Journal of Memory and Language 109, 104047, finds 175 to 300); the first page, a page
    taken up again and answers typed by somebody else (`saved_at` empty) are not judged. Too many
    missing: more than one answer in five. The thresholds are ours.
    """
    found = []
    for part in instrument.parts if instrument.scoring else ():
        questions = [question for question in instrument.questions if question.part is part and part.kind == LEVELS]
        given = [answers.get(question.id) for question in questions]
        run = max((len(list(same)) for level, same in groupby(given) if level is not None), default=0)
        if questions and 2 * run >= len(questions):
            found.append(
                f"La même réponse est donnée {run} fois de suite, sur {len(questions)} questions. Règle{NBSP}: à partir de la moitié."
            )
    if fast := _fast_pages(instrument, saved_at):
        count = french.plural(len(fast), "page a été remplie", "pages ont été remplies")
        found.append(
            f"{count} plus vite qu’on ne lit (la première est la {fast[0]}e). Règle{NBSP}: "
            f"moins de temps qu’à {WORDS_A_MINUTE} mots par minute, par pages de {GROUP} questions, la toute première exceptée."
        )
    asked = [question for question in instrument.questions if question.part.kind != TEXT and not question.part.optional]
    skipped = sum(answers.get(question.id) is None for question in asked)
    if asked and skipped > SKIPPED_SHARE * len(asked):
        found.append(
            f"{skipped} questions sur {len(asked)} sont restées sans réponse. Règle{NBSP}: plus d’une sur cinq. "
            "Ne pas répondre est un droit\u00a0: c’est à reprendre ensemble, sans insister."
        )
    return found


def _fast_pages(instrument: Instrument, saved_at: Mapping[str, datetime.datetime]) -> list[int]:
    """Return the numbers, from 1, of the pages of six that were saved faster than they can be read."""
    found, before = [], None
    for number, page in enumerate(pages(instrument, GROUP), start=1):
        moments = [saved_at[question.id] for question in page if question.id in saved_at]
        last = max(moments, default=None)
        if before is not None and last is not None and last >= before and page[0].part.kind != RANK:
            words = sum(min(len(question.worded(plain=plain).split()) for plain in (False, True)) for question in page)
            if (last - before).total_seconds() < words * 60 / WORDS_A_MINUTE:
                found.append(number)
        before = last
    return found
