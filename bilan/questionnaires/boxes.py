"""The questions of a page as HTML.

Guarantee: what is remembered from one reader to the next is a question and one of its proposed answers, never a sentence nor whose it is.
"""

from functools import lru_cache

from flask import current_app
from markupsafe import Markup

from bilan.questionnaires import instruments
from bilan.questionnaires.forms import PageForm, page_form
from bilan.questionnaires.instruments import Instrument
from bilan.questionnaires.instruments.questions import TEXT, Question
from bilan.questionnaires.rules import Answers

# What a process remembers, some 2 kB each.
KEPT = 500


def boxes(
    instrument: Instrument, asked: tuple[Question, ...], held: Answers, form: PageForm | None, *, plain: bool
) -> list[tuple[Question, Markup]]:
    """Return each question of a page with its HTML: as the form has it, else with the answer held, in one of the two wordings."""
    several, found = len({question.part for question in asked}) > 1, []
    for question in asked:
        name = question.id
        if form:
            box = _box(question, form, held, plain, several)
        else:
            # What somebody wrote is not kept in memory.
            known = _known_box.__wrapped__ if question.part.kind == TEXT else _known_box
            box = known(instrument.slug, instrument.version, name, plain, several, *([held[name]] if name in held else []))
        found.append((question, box))
    return found


@lru_cache(KEPT)
def _known_box(slug: str, version: int, name: str, plain: bool, several: bool, *answer: int | str | None) -> Markup:  # noqa: FBT001 -- a key of the memory
    """Return one question with its answer, if there is one, as HTML: written once for all who answer so, it was half of a page's time."""
    instrument = instruments.find(slug, version)
    question, held = instrument.by_id[name], dict(zip([name], answer, strict=False))
    return _box(question, page_form(instrument, [question], held, plain=plain), held, plain, several)


def _box(question: Question, form: PageForm, held: Answers, plain: bool, several: bool) -> Markup:  # noqa: FBT001 -- as above
    hint = question.worded(plain=plain) if question.again else question.part.asked(plain=plain) if several else None
    field = form[question.id]
    shown = (field.data or "") if question.id in held else ""
    html = current_app.jinja_env.get_template("questionnaires/_question.html").render(
        question=question, field=field, shown=shown, hint=hint
    )
    return Markup(html)  # noqa: S704 -- Jinja has escaped it
