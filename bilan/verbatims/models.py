"""Themes, which open answers have which, and the only queries that give an open answer to a page.

Guarantee: an open answer is read once its survey is closed and five people have answered it, never before:
a new text on the page would otherwise date whoever wrote it (docs/decisions/0021-indicators.md).
"""

import datetime
import uuid
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple, Self

from peewee import Case, CharField, Expression, ForeignKeyField, ModelSelect, fn

from bilan.database import BaseModel, now
from bilan.french import folded, to_paris
from bilan.satisfaction import surveys
from bilan.satisfaction.models import SurveyAnswer, Verbatim
from bilan.verbatims.rules import NAME_MAX, Period, Standing, Wanted, periods

NOTHING = Verbatim.id.is_null()


class Theme(BaseModel):
    """A subject under which open answers are put together; two names that read the same are one."""

    name = CharField(max_length=NAME_MAX)
    folded = CharField(max_length=2 * NAME_MAX, unique=True)

    @classmethod
    def in_order(cls) -> list[Self]:
        """Return the themes by name."""
        return list(cls.select().order_by(cls.folded))

    @classmethod
    def counts(cls) -> Counter[uuid.UUID]:
        """Return how many texts each theme holds. The manager reads each of them: nothing is hidden, nothing published."""
        query = Sorting.select(Sorting.theme, fn.COUNT(Sorting.id)).group_by(Sorting.theme)
        return Counter(dict(query.tuples()))


class Sorting(BaseModel):
    """That a text has a theme."""

    created_at = None
    verbatim = ForeignKeyField(Verbatim, on_delete="CASCADE")
    theme = ForeignKeyField(Theme, on_delete="CASCADE")

    class Meta:
        indexes = ((("verbatim", "theme"), True),)


class Opinion(NamedTuple):
    """A text as the page shows it: what was asked, when, and its themes."""

    verbatim: Verbatim
    question: str
    survey: str
    period: Period
    themes: Sequence[Theme]


Periods = dict[tuple[str, datetime.date], Period]


def readable() -> Periods:
    """Return the periods whose texts may be read, by survey and quarter."""
    query = SurveyAnswer.select(SurveyAnswer.survey, SurveyAnswer.quarter, fn.COUNT(SurveyAnswer.id))
    rows = query.group_by(SurveyAnswer.survey, SurveyAnswer.quarter).tuples()
    return periods({(survey, quarter): count for survey, quarter, count in rows}, to_paris(now()).date())


def by_id(verbatim_id: uuid.UUID) -> Verbatim | None:
    """Return one open answer, None as long as it may not be read."""
    found = Verbatim.get_or_none(Verbatim.id == verbatim_id)
    return found if found and (found.survey, found.quarter) in readable() else None


def select(known: Periods, wanted: Wanted) -> ModelSelect:
    """Return the open answers that may be read and are wanted, those to sort first; the search is not in it: see found()."""
    places = [place for place, period in known.items() if wanted.period in ("", period.key)]
    allowed: Expression = NOTHING
    for survey, quarter in places:
        allowed |= (Verbatim.survey == survey) & (Verbatim.quarter == quarter)
    query = Verbatim.select().where(allowed)
    sorted_ones = Sorting.select(Sorting.verbatim)
    if wanted.survey:
        query = query.where(Verbatim.survey == wanted.survey)
    if wanted.question:
        query = query.where(Verbatim.question == wanted.question)
    if wanted.standing:
        is_sorted = wanted.standing is Standing.SORTED
        query = query.where(Verbatim.id.in_(sorted_ones) if is_sorted else Verbatim.id.not_in(sorted_ones))
    if wanted.theme:
        themed = Sorting.select(Sorting.verbatim).join(Theme).where(Theme.folded == folded(wanted.theme))
        query = query.where(Verbatim.id.in_(themed))
    last = Case(None, ((Verbatim.id.in_(sorted_ones), 1),), 0)
    return query.order_by(last, Verbatim.quarter.desc(), Verbatim.survey, Verbatim.question, Verbatim.id)


def found(query: ModelSelect, search: str) -> list[Verbatim]:
    """Return those whose text holds the words: each is decrypted and read, no index keeps anything of it."""
    words = folded(search)
    return [one for one in query if words in folded(one.text)]


def opinions(rows: Sequence[Verbatim], known: Periods) -> list[Opinion]:
    """Return texts with what was asked and their themes, in one query."""
    themes: dict[uuid.UUID, list[Theme]] = defaultdict(list)
    joined = Sorting.select(Sorting, Theme).join(Theme).where(Sorting.verbatim.in_([one.id for one in rows]))
    for one in joined.order_by(Theme.folded):
        themes[one.verbatim_id].append(one.theme)
    return [_opinion(one, themes[one.id], known) for one in rows]


def _opinion(verbatim: Verbatim, themes: list[Theme], known: Periods) -> Opinion:
    survey = surveys.find(verbatim.survey, verbatim.version)
    period = known[verbatim.survey, verbatim.quarter]
    return Opinion(verbatim, survey.by_key[verbatim.question].short, survey.title, period, themes)
