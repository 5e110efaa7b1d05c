"""The indicators: the manager's page, what is published."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import tables
from bilan.fields import EmptyForm
from bilan.htmx import render
from bilan.permissions import Permission, public, requires
from bilan.quality import actions
from bilan.quality.indicators import INDICATORS
from bilan.quality.models import QualityReport
from bilan.quality.readings import HEADERS, Spread, lines, read
from bilan.quality.rules import Breakdown
from bilan.uploads import send_download

blueprint = Blueprint("quality", __name__)
# How many years the public page compares.
YEARS = 5


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


@blueprint.get("/qualite/indicateurs.<any(csv, ods):extension>")
@requires(Permission.FOLLOW_QUALITY)
def export(extension: str) -> ResponseReturnValue:
    """Give what the page shows of a year, under every breakdown, as a table."""
    year = chosen_year(QualityReport.years())
    report = QualityReport.of_year(year) if year else None
    rows, name = list(lines(report)) if report else [], f"indicateurs-{year}" if year else "indicateurs"
    if extension == "csv":
        return send_download(tables.as_csv(HEADERS, rows), name=f"{name}.csv", media_type=tables.CSV_TYPE)
    return send_download(tables.as_ods("Indicateurs", HEADERS, rows), name=f"{name}.ods", media_type=tables.ODS_TYPE)


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
    """Show what is published: whole years, without any split, each beside those before."""
    found = shown_year(None)
    reports = QualityReport.until(found["year"], YEARS) if found["year"] else []
    found["found"] = [(one, Spread.of_years(one.indicator, reports)) for one in found["found"] if one.indicator.published]
    return render("quality/published.html", **found)
