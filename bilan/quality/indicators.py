"""The indicators: what each counts, how it is measured and read (definitions: the service sheet and the national quality reference)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from bilan.french import NBSP, plural, points
from bilan.wording import Worded

PROMOTERS, DETRACTORS = 9, 6  # of the net promoter score: 9 and 10, 0 to 6

Values = Mapping[float, int]


class Unit(Worded):
    """In what an indicator is read."""

    PERCENT = "percent", "%"
    SCORE = "score", "points"
    DAYS = "days", "jours"
    HOURS = "hours", "heures"


class Figure(NamedTuple):
    """`n` things counted, `numerator` of them meet the definition (None where it has none), and the value in the indicator's unit."""

    n: int
    numerator: int | None
    value: float


def share(values: Values) -> Figure:
    """Return the percentage of the values that are 1."""
    n, met = sum(values.values()), values.get(1, 0)
    return Figure(n, met, 100 * met / n)


def satisfied(values: Values) -> Figure:
    """Return the percentage of levels in the best two of four (law-and-quality: "two best of four levels / valid answers")."""
    n, met = sum(values.values()), sum(count for value, count in values.items() if value >= 3)
    return Figure(n, met, 100 * met / n)


def net_promoters(values: Values) -> Figure:
    """Return the net promoter score, −100 to 100: % of 9 and 10 minus % of 0 to 6 (Reichheld, 2003)."""
    n = sum(values.values())
    up = sum(count for value, count in values.items() if value >= PROMOTERS)
    down = sum(count for value, count in values.items() if value <= DETRACTORS)
    return Figure(n, None, 100 * (up - down) / n)


def median(values: Values) -> Figure:
    """Return the median of the values."""
    n, seen = sum(values.values()), 0
    middle = ((n - 1) // 2, n // 2)
    found: list[float] = []
    for value in sorted(values):
        found += [value for rank in middle if seen <= rank < seen + values[value]]
        seen += values[value]
    return Figure(n, None, sum(found) / 2)


@dataclass(frozen=True)
class Indicator:
    """An indicator. `counted` says what n is, `met` what the numerator is; `by_batches`: opinions, published once, in batches."""

    key: str
    title: str
    definition: str
    counted: str
    unit: Unit
    measure: Callable[[Values], Figure]
    met: str = ""
    published: bool = False
    by_batches: bool = False
    parts: str = ""


INDICATORS = (
    Indicator(
        "satisfaction",
        "Satisfaction des bénéficiaires",
        "Part des réponses « très satisfaisant » et « satisfaisant » à la question d’ensemble, à la fin du bilan.",
        "réponses",
        Unit.PERCENT,
        satisfied,
        "réponses dans les deux meilleurs niveaux sur quatre",
        published=True,
        by_batches=True,
    ),
    Indicator(
        "recommendation",
        "Recommandation",
        "Part des notes de 9 et 10, moins la part des notes de 0 à 6, à la question « Conseilleriez-vous ce bilan ? ». De −100 à 100.",
        "notes",
        Unit.SCORE,
        net_promoters,
        published=True,
        by_batches=True,
    ),
    Indicator(
        "response",
        "Taux de réponse",
        "Part des bénéficiaires interrogés à la fin du bilan qui ont répondu.",
        "personnes interrogées",
        Unit.PERCENT,
        share,
        "réponses reçues",
        published=True,
        by_batches=True,
    ),
    Indicator(
        "months_later",
        "Satisfaction quelques mois après",
        "Part des réponses « très satisfaisant » et « satisfaisant » à la question d’ensemble, plusieurs mois après la fin du bilan.",
        "réponses",
        Unit.PERCENT,
        satisfied,
        "réponses dans les deux meilleurs niveaux sur quatre",
        published=True,
        by_batches=True,
    ),
    Indicator(
        "completion",
        "Taux de réalisation",
        "Parmi les bilans engagés dont la fin était prévue dans l’année, et est passée, part de ceux qui sont allés à leur terme.",
        "bilans engagés",
        Unit.PERCENT,
        share,
        "bilans menés à terme",
        published=True,
        parts="Ce que sont devenus les bilans engagés",
    ),
    Indicator(
        "interruption",
        "Interruptions",
        "Parmi les bilans qui se sont terminés dans l’année, part de ceux qui ont été interrompus.",
        "bilans terminés",
        Unit.PERCENT,
        share,
        "bilans interrompus",
        published=True,
        parts="Motifs et phases des interruptions",
    ),
    Indicator(
        "delay",
        "Délai d’accès",
        "Part des prescriptions reçues dans l’année dont le premier rendez-vous a été proposé dans le délai annoncé, en jours calendaires.",
        "prescriptions",
        Unit.PERCENT,
        share,
        "proposées dans le délai",
        published=True,
        parts="Délais",
    ),
    Indicator(
        "delay_median",
        "Délai d’accès médian",
        "La moitié des prescriptions reçues dans l’année ont attendu au plus ce nombre de jours entre la réception et le premier rendez-vous.",
        "prescriptions",
        Unit.DAYS,
        median,
        published=True,
    ),
    Indicator(
        "hours",
        "Heures par bilan",
        "La moitié des bilans menés à terme dans l’année ont duré au plus ce nombre d’heures, hors bilan avec le service RH.",
        "bilans menés à terme",
        Unit.HOURS,
        median,
        parts="Durée totale",
    ),
    Indicator(
        "no_show",
        "Absences non prévenues",
        "Parmi les rendez-vous de l’année qui n’ont pas été annulés, part des absences dont personne n’a prévenu.",
        "rendez-vous",
        Unit.PERCENT,
        share,
        "absences non prévenues",
    ),
    Indicator(
        "officers",
        "Satisfaction des services prescripteurs",
        "Part des réponses « très satisfaisant » et « satisfaisant » à la question d’ensemble de l’enquête des services RH.",
        "réponses",
        Unit.PERCENT,
        satisfied,
        "réponses dans les deux meilleurs niveaux sur quatre",
        by_batches=True,
    ),
    Indicator(
        "counsellors",
        "Conditions d’accompagnement",
        "Part des réponses « très satisfaisant » et « satisfaisant » à la question d’ensemble de l’enquête des conseillers et conseillères.",
        "réponses",
        Unit.PERCENT,
        satisfied,
        "réponses dans les deux meilleurs niveaux sur quatre",
        by_batches=True,
    ),
)


def in_words(unit: Unit, value: float) -> str:
    """Return a value as it is read: "84 %", "+42", "12 jours", "13,5 heures"."""
    rounded = round(value)
    if unit is Unit.PERCENT:
        return f"{rounded}{NBSP}%"
    if unit is Unit.SCORE:
        return f"+{rounded}" if rounded > 0 else str(rounded).replace("-", "−")
    if unit is Unit.DAYS:
        return plural(rounded, "jour", "jours") if value == rounded else f"{points(round(value, 1))}{NBSP}jours"
    return f"{points(round(value, 1))}{NBSP}{'heure' if value < 2 else 'heures'}"


def change_in_words(unit: Unit, before: float, after: float) -> str:
    """Return how a value moved since the year before: "+3 points", "−2 jours", "stable"."""
    moved = round(after) - round(before) if unit in (Unit.PERCENT, Unit.SCORE) else round(after - before, 1)
    if not moved:
        return "stable"
    sign = "+" if moved > 0 else "−"
    size = abs(moved)
    words = {
        Unit.PERCENT: ("point", "points"),
        Unit.SCORE: ("point", "points"),
        Unit.DAYS: ("jour", "jours"),
        Unit.HOURS: ("heure", "heures"),
    }[unit]
    return f"{sign}{points(size)}{NBSP}{words[0] if size < 2 else words[1]}"
