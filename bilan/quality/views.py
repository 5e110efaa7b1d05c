"""The indicators: the manager's page, what is published."""

from typing import Any, NamedTuple

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan.fields import EmptyForm
from bilan.htmx import render
from bilan.permissions import Permission, public, requires
from bilan.quality import actions
from bilan.quality.drawings import bars
from bilan.quality.indicators import INDICATORS, Figure, Indicator, change_in_words, in_words
from bilan.quality.models import QualityReport
from bilan.quality.rules import Breakdown

blueprint = Blueprint("quality", __name__)


class Read(NamedTuple):
    """An indicator as a page shows it: its figure, that of the year before in words, its rows under the breakdown, their picture."""

    indicator: Indicator
    whole: Figure | None
    value: str
    change: str
    rows: list[tuple[str, Figure, str]]
    picture: dict[str, Any] | None
    parts: list[tuple[str, int]]
    questions: list[tuple[str, Figure, str]]


def read(indicator: Indicator, content: dict[str, Any], before: dict[str, Any], split: Breakdown | None) -> Read:
    """Return an indicator of a computed year, for a page."""
    found = content.get(indicator.key, {"whole": None, "rows": {}, "parts": [], "questions": []})
    whole = Figure(*found["whole"]) if found["whole"] else None
    earlier = before.get(indicator.key, {}).get("whole")
    rows = [(words, Figure(*figure)) for words, figure in found["rows"].get(split.value, [])] if split else []
    questions = [(words, Figure(*figure)) for words, figure in found["questions"]]
    unit = indicator.unit
    return Read(
        indicator,
        whole,
        in_words(unit, whole.value) if whole else "",
        change_in_words(unit, earlier[2], whole.value) if whole and earlier else "",
        [(words, figure, in_words(unit, figure.value)) for words, figure in rows],
        bars(unit, rows, indicator.key) if rows else None,
        [tuple(part) for part in found["parts"]],
        [(words, figure, in_words(unit, figure.value)) for words, figure in questions],
    )


def chosen_year(years: list[int]) -> int | None:
    """Return the year that the address names when it was computed, else the newest."""
    return next((year for year in years if str(year) == request.args.get("annee")), years[0] if years else None)


def shown_year(split: Breakdown | None) -> dict[str, Any]:
    """Return what a page shows of the year that its address names."""
    years = QualityReport.years()
    year = chosen_year(years)
    report = QualityReport.of_year(year) if year else None
    earlier = QualityReport.of_year(year - 1) if year else None
    before = earlier.figures if earlier else {}
    return {
        "years": years,
        "year": year,
        "report": report,
        "found": [read(one, report.figures, before, split) for one in INDICATORS] if report else [],
    }


@blueprint.get("/qualite")
@requires(Permission.FOLLOW_QUALITY)
def index() -> ResponseReturnValue:
    """Show the indicators of a year, split as the manager chooses."""
    split = next((one for one in Breakdown if one.value == request.args.get("par")), Breakdown.QUARTERS)
    return render("quality/index.html", split=split, splits=Breakdown.choices(), form=EmptyForm(), **shown_year(split))


@blueprint.post("/qualite/calculer")
@requires(Permission.FOLLOW_QUALITY)
def compute() -> ResponseReturnValue:
    """Have the figures computed now."""
    if EmptyForm().validate_on_submit():
        actions.ask_for_figures(by=current_user)
        flash("Le calcul est lancé. Rechargez la page dans quelques instants.", "info")
    return redirect(url_for("quality.index"))


@blueprint.get("/indicateurs")
@public
def published() -> ResponseReturnValue:
    """Show what is published: whole years, without any split."""
    found = shown_year(None)
    found["found"] = [one for one in found["found"] if one.indicator.published]
    return render("quality/published.html", **found)
