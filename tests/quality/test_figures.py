"""Every indicator, read again from the same histories by plain loops that share nothing with the product."""

import datetime
import statistics
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest
from factories import make_employer, make_person
from hypothesis import HealthCheck, given, settings
from pasts import SIZES, TODAY, histories, later, paris, quarter_start, write

from bilan.database import database
from bilan.people.models import Employer, Role
from bilan.quality.indicators import INDICATORS
from bilan.quality.models import NAMES, sources
from bilan.quality.rules import Breakdown, year_of

WORDS = {
    "small": "moins de 50 agents",
    "medium": "de 50 à 349 agents",
    "large": "350 agents et plus",
    "diagnostic": "Diagnostic",
    "accompaniment": "Accompagnement",
    "conclusion": "Conclusion",
    "agent": "l’agent",
    "employer": "la collectivité",
    "new_post": "Un nouveau poste ou un départ",
    "other": "Autre raison",
    "measure": "Mesure corrective",
    "explanation": "Explication donnée",
    "withdrawn": "Retirée par la personne",
    None: "",
}
OPINIONS = {"beneficiaire": "satisfaction", "six-mois": "months_later", "service-rh": "officers", "conseiller": "counsellors"}
FOLDER = Path(__file__).parents[2] / "bilan/satisfaction/surveys"
ASKED = {slug: {one["key"]: one for one in tomllib.loads((FOLDER / f"{slug}-1.toml").read_text())["questions"]} for slug in OPINIONS}


class Row(NamedTuple):
    """A thing counted."""

    day: datetime.date
    size: str
    value: float
    phase: str = ""
    part: str = ""


class Plain(dict):
    """What is counted, read plainly, by indicator, or by survey and question."""

    def add(self, key, *row):
        self.setdefault(key, []).append(Row(*row))


def read_plainly(found):  # noqa: C901 -- one loop over everything, on purpose
    plain = Plain()
    for one in found:
        if one.proposed is not None:
            spent = (paris(one.at(one.proposed)) - paris(one.received)).days
            within = [
                words for end, words in ((10, "10 jours au plus"), (20, "de 11 à 20 jours"), (30, "de 21 à 30 jours")) if spent <= end
            ]
            plain.add("delay", paris(one.received), one.size, spent <= 20, "", [*within, "plus de 30 jours"][0])
            plain.add("delay_median", paris(one.received), one.size, spent)
        finished = one.closed is not None and not one.stopped
        if one.engaged is not None:
            end = (
                paris(one.at(one.engaged + one.programme))
                if one.programme
                else add_months(paris(one.at(one.engaged)), one.at(one.engaged), 3)
            )
            became = "mené à terme" if finished else "en cours, au-delà de la date prévue"
            if end <= TODAY:
                plain.add("completion", end, one.size, finished, "", f"interrompu – {WORDS[one.origin]}" if one.stopped else became)
        if one.closed is not None:
            phase = phase_on(one, one.closed)
            why = f"{WORDS[one.why]} ({WORDS[phase].lower()})" if one.stopped else ""
            plain.add("interruption", paris(one.at(one.closed)), one.size, one.stopped, phase, why)
        if finished:
            hours = sum(length for _, outcome, length, with_hr in one.meetings if outcome == "held" and not with_hr) / 60
            ends = ((9, "moins de 9 heures"), (12, "de 9 à moins de 12 heures"), (15, "de 12 à 15 heures"))
            plain.add(
                "hours", paris(one.at(one.closed)), one.size, hours, "", [*(w for e, w in ends if hours <= e), "plus de 15 heures"][0]
            )
            plain.add("response", paris(one.at(one.closed)), one.size, one.overall is not None)
        for day, outcome, _, _ in one.meetings:
            if outcome in ("held", "no_show", "excused"):
                plain.add("no_show", paris(one.at(day)), one.size, outcome == "no_show", phase_on(one, day))
        for kind, after, acknowledged, answered, reason in one.grievances:
            if kind == "complaint":
                read_complaint(plain, one.at(after), acknowledged, answered, WORDS[reason])
        read_needs(plain, one)
        read_opinions(plain, one)
    return plain


def phase_on(one, day):
    if one.concluded is not None and day >= one.concluded:
        return "conclusion"
    return "accompaniment" if one.engaged is not None and day >= one.engaged else "diagnostic"


def read_opinions(plain, one):
    for survey, after, marks in one.opinions:
        for question, value in marks.items():
            if value is not None:
                asked = ASKED[survey][question]
                answer = asked["answers"][value - 1] if "answers" in asked else ""
                key = OPINIONS[survey] if question == "ensemble" else (OPINIONS[survey], asked["short"])
                key = "recommendation" if (survey, question) == ("beneficiaire", "recommandation") else key
                plain.add(key, paris(one.at(after)), one.size, value, "", answer)


def read_needs(plain, one):
    for after, decided, taken_back, suits in one.needs:
        moment = one.at(after)
        day = paris(moment)
        state = "reprise par la personne" if taken_back else "à étudier"
        if decided is not None:
            plain.add("adapted", day, "", (paris(later(moment, decided)) - day).days <= 7, "", state)
        elif not taken_back and (TODAY - day).days > 7:
            plain.add("adapted", day, "", False, "", state)
        if suits is not None:
            plain.add("suited", day, "", suits)


def read_complaint(plain, moment, acknowledged, answered, reason):
    day = paris(moment)
    plain.add("complaints", day, "", 1, "", reason)
    for key, hours, days in (("acknowledged", acknowledged, 7), ("answered", answered, 30)):
        if hours is None:
            if (TODAY - day).days > days:
                plain.add(key, day, "", False)
        else:
            plain.add(key, day, "", (paris(later(moment, hours)) - day).days <= days)


def add_months(_day, moment, months):
    total = moment.year * 12 + moment.month - 1 + months
    year, month = total // 12, total % 12 + 1
    day = moment.day
    while True:
        try:
            return paris(moment.replace(year=year, month=month, day=day))
        except ValueError:
            day -= 1


def value_of(key, values):
    if key in ("delay_median", "hours"):
        return statistics.median(values)
    if key == "complaints":
        return len(values)
    if key in ("recommendation", "score"):
        return 100 * (len([v for v in values if v >= 9]) - len([v for v in values if v <= 6])) / len(values)
    if key in ("level", *OPINIONS.values()):
        return 100 * len([v for v in values if v >= 3]) / len(values)
    return 100 * len([v for v in values if v]) / len(values)


def published_runs(rows):
    """The quarters whose opinions are shown, read plainly: closed sixty days after their end, put together until there are five."""
    kept, waiting = [], []
    for quarter in sorted({quarter_start(row.day) for row in rows}):
        following = datetime.date(quarter.year + 1, 1, 1) if quarter.month == 10 else datetime.date(quarter.year, quarter.month + 3, 1)
        if following + datetime.timedelta(days=59) < TODAY:
            waiting.append(quarter)
            if len([1 for row in rows if quarter_start(row.day) in waiting]) >= 5:
                kept.append(waiting)
                waiting = []
    return kept


def of_year(rows, year, *, opinions):
    """The rows that a year shows, and its groups of quarters."""
    if not opinions:
        mine = [row for row in rows if row.day.year == year]
        return mine, [[quarter] for quarter in sorted({quarter_start(row.day) for row in mine})]
    runs = [run for run in published_runs(rows) if run[-1].year == year]
    return [row for row in rows if any(quarter_start(row.day) in run for run in runs)], runs


def name_of(run):
    names = [f"T{(quarter.month - 1) // 3 + 1}\u00a0{quarter.year}" for quarter in run]
    return names[0] if len(names) == 1 else f"{names[0]} à {names[-1]}"


def same(figure, key, rows):
    assert (figure.n, round(figure.value, 6)) == (len(rows), round(value_of(key, [row.value for row in rows]), 6))


def same_parts(parts, rows):
    """Each group counts the rows of its words."""
    for words, n in parts:
        assert n == len([row for row in rows if row.part and row.part in words])


def compare(key, seen, mine, runs):
    """Compare what is shown of a year with its rows; return the kinds of what was shown."""
    same(seen.whole, key, mine)
    for words, figure in seen.rows.get(Breakdown.QUARTERS, []):
        (run,) = [run for run in runs if name_of(run) == words]
        same(figure, key, [row for row in mine if quarter_start(row.day) in run])
    for words, figure in seen.rows.get(Breakdown.SIZES, []):
        same(figure, key, [row for row in mine if WORDS[row.size] == words])
    for words, figure in seen.rows.get(Breakdown.PHASES, []):
        same(figure, key, [row for row in mine if WORDS[row.phase] == words])
    same_parts(seen.parts, mine)
    return {split.value for split, rows in seen.rows.items() if rows} | ({"parts"} if seen.parts else set())


def compare_questions(key, seen, plain, year):
    """Compare the other questions of a survey; return their names."""
    for measure, figures in (("level", seen.questions), ("score", seen.marks)):
        for words, figure in figures:
            same(figure, measure, of_year(plain[key, words], year, opinions=True)[0])
    for words, parts in seen.choices:
        assert year == 2025, "a year that is not over is not told further"
        same_parts(parts, of_year(plain[key, words], year, opinions=True)[0])
    return {words for words, _ in [*seen.questions, *seen.marks, *seen.choices]}


@pytest.fixture
def people(app):
    with app.test_request_context():
        employers = {size: make_employer() for size in SIZES}
        for size, employer in employers.items():
            Employer.update(size=size).where(Employer.id == employer.id).execute()
        return make_person(Role.AGENT, employer=employers["small"]), make_person(Role.COUNSELLOR), employers


def test_each_indicator_is_what_a_plain_reading_finds(app, people):
    shown = {}

    @settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(histories)
    def check(found):
        with database.atomic() as transaction:
            write(found, people)
            computed = sources(days=20, months=3, today=TODAY)
            transaction.rollback()
        plain = read_plainly(found)
        for indicator in INDICATORS:
            rows = plain.get(indicator.key, [])
            for year in (2025, 2026):
                seen = year_of(indicator, computed[indicator.key], year, TODAY, NAMES)
                mine, runs = of_year(rows, year, opinions=indicator.by_batches)
                if len(mine) < 5:
                    assert seen.whole is None
                    continue
                kinds = compare(indicator.key, seen, mine, runs) | compare_questions(indicator.key, seen, plain, year)
                shown.setdefault(indicator.key, set()).update(kinds)

    check()
    assert {key for key, kinds in shown.items() if "trimestres" in kinds} == {one.key for one in INDICATORS}
    assert {key for key, kinds in shown.items() if "parts" in kinds} == {one.key for one in INDICATORS if one.parts}
    assert {key for key, kinds in shown.items() if "phases" in kinds} == {"interruption", "no_show"}
    for slug, key in OPINIONS.items():
        asked = {one["short"] for name, one in ASKED[slug].items() if one["kind"] != "text" and name != "ensemble"}
        if slug == "beneficiaire":
            asked = {"Écoute et confidentialité", "Réponse aux attentes"}  # the others are as this one
        assert shown[key] >= asked, f"{asked - shown[key]} of {slug} were never shown"
