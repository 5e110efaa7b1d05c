"""Computing the indicators: at night, or when the manager asks."""

import json

from flask import current_app
from huey import crontab

from bilan.database import now, transaction
from bilan.french import to_paris
from bilan.journal import Event, record
from bilan.people.models import Person
from bilan.quality.indicators import INDICATORS
from bilan.quality.models import NAMES, QualityReport, sources
from bilan.quality.populations import figures_of
from bilan.quality.rules import Year
from bilan.worker import in_application, queue


@queue.periodic_task(crontab(hour="3", minute="20"))
@in_application
def compute_task() -> None:
    """Each night: compute the indicators."""
    compute()


@queue.task()
@in_application
def compute_now_task() -> None:
    """Compute the indicators in the background."""
    compute()


def ask_for_figures(*, by: Person) -> None:
    """Have the indicators computed now."""
    with transaction():
        compute_now_task()
        record(Event.FIGURES_ASKED, person=by)


def compute() -> list[int]:
    """Compute every year since the first thing counted, and keep what may be shown; return the years."""
    sheet, today = current_app.config["BILAN"], to_paris(now()).date()
    found = sources(days=sheet.first_interview_days, months=sheet.months, today=today)
    first = min((key[0].year for one in found.values() for key in one.tally), default=today.year)
    years = sorted(set(range(first, today.year + 1)) - QualityReport.final_years())
    moment = now()
    with transaction():
        for year in years:
            content = {key: computed(shown) for key, shown in figures_of(INDICATORS, found, year, today, NAMES).items()}
            row = {"year": year, "computed_at": moment, "content": json.dumps(content, ensure_ascii=False)}
            preserved = [QualityReport.computed_at, QualityReport.content]
            QualityReport.insert(row).on_conflict(conflict_target=[QualityReport.year], preserve=preserved).execute()
    return years


def freeze(before: int) -> None:
    """Compute every year once more, and never again those before that one: rows that they count are about to go."""
    if QualityReport.select().where(QualityReport.year < before, ~QualityReport.final).exists() or not QualityReport.years():
        compute()
        QualityReport.update(final=True).where(QualityReport.year < before).execute()


def computed(year: Year) -> dict[str, object]:
    """Return what is kept of an indicator: `whole` (n, numerator, value) or None, `rows` by breakdown, the rest as in Year."""
    return {**year._asdict(), "rows": {split.value: rows for split, rows in year.rows.items()}}
