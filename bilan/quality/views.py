"""The indicators: the manager's page, what is published."""

from functools import lru_cache
from typing import NamedTuple

from flask import Blueprint, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from bilan.fields import EmptyForm
from bilan.htmx import render
from bilan.permissions import Permission, public, requires
from bilan.quality import actions
from bilan.quality.indicators import INDICATORS
from bilan.quality.models import QualityReport
from bilan.quality.readings import HEADERS, Read, Spread, lines, read
from bilan.quality.rules import Breakdown
from bilan.tables import send_table

blueprint = Blueprint("quality", __name__)
# How many years the public page compares.
YEARS = 5
# The pages of indicators that a process remembers, some 40 kB each with what they are written of.
WRITTEN = 20


def chosen_year(years: list[int]) -> int | None:
    """Return the year that the address names when it was computed, else the newest."""
    return next((year for year in years if str(year) == request.args.get("annee")), years[0] if years else None)


class Shown(NamedTuple):
    """The figures that the address of a page names, with those of the year before, as kept; None where there are none."""

    years: list[int]
    year: int | None
    report: QualityReport | None
    earlier: QualityReport | None

    def read(self, split: Breakdown | None) -> list[Read]:
        """Return each indicator as a page shows it."""
        before = self.earlier.figures if self.earlier else {}
        return [read(one, self.report.figures, before, split) for one in INDICATORS] if self.report else []


def shown_year() -> Shown:
    """Return what the address names."""
    years = QualityReport.years()
    year = chosen_year(years)
    return Shown(years, year, QualityReport.of_year(year) if year else None, QualityReport.of_year(year - 1) if year else None)


@blueprint.get("/qualite")
@requires(Permission.FOLLOW_QUALITY)
def index() -> ResponseReturnValue:
    """Show the indicators of a year, split as the manager chooses."""
    split = next((one for one in Breakdown if one.value == request.args.get("par")), Breakdown.QUARTERS)
    shown = shown_year()
    html = _written(split, shown.year, shown.report.content, shown.earlier.content if shown.earlier else "{}") if shown.report else ""
    return render("quality/index.html", split=split, splits=Breakdown.choices(), indicators=html, **shown._asdict())


@lru_cache(WRITTEN)
def _written(split: Breakdown, year: int, content: str, before: str) -> Markup:
    """Return the indicators of a year as HTML, of the contents of two reports: once for all who read them, until they change, at night."""
    reports = [QualityReport(year=year, content=content), QualityReport(year=year - 1, content=before)]
    found = Shown([], year, *reports).read(split)
    html = current_app.jinja_env.get_template("quality/_indicators.html").render(found=found, split=split, year=year)
    return Markup(html)  # noqa: S704 -- Jinja has escaped it


@blueprint.get("/qualite/indicateurs.<any(csv, ods):extension>")
@requires(Permission.FOLLOW_QUALITY)
def export(extension: str) -> ResponseReturnValue:
    """Give what the page shows of a year, under every breakdown, as a table."""
    year = chosen_year(QualityReport.years())
    report = QualityReport.of_year(year) if year else None
    name = f"indicateurs-{year}" if year else "indicateurs"
    return send_table(extension, HEADERS, lines(report) if report else (), name=name, sheet="Indicateurs")


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
    shown = shown_year()
    reports = QualityReport.until(shown.year, YEARS) if shown.year else []
    found = [(one, Spread.of_years(one.indicator, reports)) for one in shown.read(None) if one.indicator.published]
    return render("quality/published.html", found=found, **shown._asdict())
