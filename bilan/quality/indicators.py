"""The indicators: what each counts, how it is measured and read (definitions: the service sheet and the national quality reference)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from bilan.wording import Worded

PROMOTERS, DETRACTORS = 9, 6  # of the net promoter score: 9 and 10, 0 to 6

Values = Mapping[float, int]


class Unit(Worded):
    """In what an indicator is read."""

    PERCENT = "percent", "%"
    SCORE = "score", "points"
    DAYS = "days", "jours"
    HOURS = "hours", "heures"
    COUNT = "count", "en tout"


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


def number(values: Values) -> Figure:
    """Return how many there are."""
    n = sum(values.values())
    return Figure(n, None, n)


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
    """An indicator. `counted` says what n is, `met` what the numerator is; `by_batches`: opinions, published once, in batches.

    `beside`: the indicators before it that count some of the same things.
    """

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
    beside: tuple[str, ...] = ()


INDICATORS = (
    Indicator(
        "satisfaction",
        "Satisfaction des bénéficiaires",
        "Part des réponses «\u00a0très satisfaisant\u00a0» et «\u00a0satisfaisant\u00a0» à la question d’ensemble, à la fin du bilan.",
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
        "Part des notes de 9 et 10, moins la part des notes de 0 à 6, à la question «\u00a0Conseilleriez-vous ce bilan\u00a0?\u00a0». De −100 à 100.",
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
        "Part des réponses «\u00a0très satisfaisant\u00a0» et «\u00a0satisfaisant\u00a0» à la question d’ensemble, plusieurs mois après la fin du bilan.",
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
        "Part des réponses «\u00a0très satisfaisant\u00a0» et «\u00a0satisfaisant\u00a0» à la question d’ensemble de l’enquête des services RH.",
        "réponses",
        Unit.PERCENT,
        satisfied,
        "réponses dans les deux meilleurs niveaux sur quatre",
        by_batches=True,
    ),
    Indicator(
        "counsellors",
        "Conditions d’accompagnement",
        "Part des réponses «\u00a0très satisfaisant\u00a0» et «\u00a0satisfaisant\u00a0» à la question d’ensemble de l’enquête des conseillers et conseillères.",
        "réponses",
        Unit.PERCENT,
        satisfied,
        "réponses dans les deux meilleurs niveaux sur quatre",
        by_batches=True,
    ),
    Indicator(
        "complaints",
        "Réclamations",
        "Réclamations reçues dans l’année, par quelque voie que ce soit. Les difficultés et les dangers signalés n’en sont pas, "
        "ni les réclamations qui concernent une personne de la direction ou du secrétariat.",
        "réclamations",
        Unit.COUNT,
        number,
        published=True,
        parts="Motifs de clôture",
    ),
    Indicator(
        "acknowledged",
        "Accusés de réception dans le délai",
        "Part des réclamations reçues dans l’année dont l’accusé de réception est parti dans le délai annoncé, en jours ouvrés. "
        "Celles qui attendent encore dans leur délai ne sont pas comptées, ni celles qui concernent la direction ou le secrétariat.",
        "réclamations",
        Unit.PERCENT,
        share,
        "accusés de réception partis dans le délai",
        published=True,
        beside=("complaints",),
    ),
    Indicator(
        "answered",
        "Réponses dans le délai",
        "Part des réclamations reçues dans l’année dont la première réponse est partie dans le délai annoncé, en jours calendaires. "
        "Celles qui attendent encore dans leur délai ne sont pas comptées, ni celles qui concernent la direction ou le secrétariat.",
        "réclamations",
        Unit.PERCENT,
        share,
        "réponses parties dans le délai",
        published=True,
        beside=("complaints", "acknowledged"),
    ),
    Indicator(
        "adapted",
        "Adaptations décidées dans le délai",
        "Part des demandes d’adaptation reçues dans l’année qui ont été décidées dans le délai annoncé, en jours ouvrés. "
        "Celles qui attendent encore dans leur délai, ou ont été reprises avant, ne sont pas comptées.",
        "demandes",
        Unit.PERCENT,
        share,
        "demandes décidées dans le délai",
        parts="Où en sont les demandes",
    ),
    Indicator(
        "suited",
        "Adaptations qui conviennent",
        "Parmi les demandes de l’année dont la personne a dit ce qu’elle pensait de ce qui est en place, part de celles où cela lui convient.",
        "avis",
        Unit.PERCENT,
        share,
        "adaptations qui conviennent",
        beside=("adapted",),
    ),
)
