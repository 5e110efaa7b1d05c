"""What is counted or listed for the evidence file: counts under five are hidden, complaints have neither words nor names."""

import datetime
import random
from collections import Counter
from collections.abc import Iterable
from typing import Any

from peewee import JOIN, Field

from bilan.adaptations.models import AdaptationRequest
from bilan.adaptations.rules import Decision as Answer
from bilan.closing.models import Attainment
from bilan.closing.rules import Level, Side
from bilan.complaints.models import Complaint
from bilan.database import now
from bilan.diagnostics.models import Diagnostic
from bilan.diagnostics.rules import Decision
from bilan.disclosure.models import Disclosure
from bilan.evidence.rules import Period, Table, counted, month, shown, yes
from bilan.evidence.samples import ended
from bilan.followup.models import Interruption, MidwayReview, SilenceTold
from bilan.french import to_paris
from bilan.improvement.models import Improvement
from bilan.interviews.models import Interview
from bilan.interviews.rules import Outcome
from bilan.journeys.models import Journey, Suspension
from bilan.measures.models import Measure
from bilan.occupations.models import Occupation
from bilan.people.models import Person, Role
from bilan.prescriptions.models import Prescription
from bilan.quality.models import QualityReport
from bilan.quality.readings import HEADERS, lines
from bilan.quality.rules import HIDDEN_UNDER
from bilan.questionnaires import instruments
from bilan.satisfaction import surveys
from bilan.satisfaction.rules import AT_CLOSING, COUNSELLOR, MONTHS_LATER, OFFICER
from bilan.vault import ContentDestroyed

PLAN = ("Ouverte en", "Origine", "Échéance", "État", "Effet constaté", "Ce qui est publié")
COUNTS = ("Ce qui est compté", "Nombre")
# From the best to the least: a bilan has the level of the objective that was reached the least.
LEVELS = tuple(Level)


def figures(period: Period, name: str, title: str, keys: Iterable[str]) -> Table:
    """Return some indicators of the whole years that a period touches, as they may be shown."""
    wanted, rows = set(keys), []
    for year in period.years:
        report = QualityReport.of_year(year)
        rows += list(lines(report, wanted)) if report else []
    return Table(name, title, HEADERS, rows)


def within(period: Period, moment: Field, what: Any) -> int:
    """Return how many different things have a moment in a period."""
    start, beyond = period.moments
    return moment.model.select(what).where(moment >= start, moment < beyond).distinct().count()


def decisions(period: Period) -> Table:
    """Return how the diagnostics of a period ended."""
    start, beyond = period.moments
    query = Diagnostic.select(Diagnostic.decision).where(Diagnostic.decided_at >= start, Diagnostic.decided_at < beyond)
    counts = Counter(Decision(one).label for (one,) in query.tuples().iterator())
    return Table("decisions", "Décisions à l’issue de l’entretien de diagnostic", COUNTS, counted(counts))


def conditions(period: Period) -> Table:
    """Return the notices and the agreements of a period."""
    counts = (
        ("agents invités, avec l’information sur la confidentialité", within(period, Prescription.invited_at, Prescription.id)),
        ("agents engagés sur un programme écrit", within(period, Diagnostic.committed_at, Diagnostic.id)),
        ("bilans où un rappel de rendez-vous est parti", within(period, Interview.reminded_at, Interview.journey)),
        ("bilans où un accord écrit fixe ce que le service RH lit", within(period, Disclosure.created_at, Disclosure.journey)),
    )
    return Table("informations", "Informations données", COUNTS, [[words, shown(count)] for words, count in counts])


def engagement(period: Period) -> Table:
    """Return what prevents a bilan from being dropped."""
    days = Suspension.select(Suspension.journey).where(Suspension.since >= period.start, Suspension.since <= period.end)
    counts = (
        ("bilans où un rappel de rendez-vous est parti", within(period, Interview.reminded_at, Interview.journey)),
        ("bilans où un silence a été signalé", within(period, SilenceTold.created_at, SilenceTold.journey)),
        ("bilans mis en pause, avec une date de reprise", days.distinct().count()),
        ("bilans évalués à mi-parcours", within(period, MidwayReview.saved_at, MidwayReview.journey)),
    )
    return Table("prevention", "Prévention des ruptures", COUNTS, [[words, shown(count)] for words, count in counts])


def interruptions(period: Period) -> Table:
    """Return why bilans stopped before their end."""
    start, beyond = period.moments
    query = Interruption.select(Interruption.reason).where(Interruption.created_at >= start, Interruption.created_at < beyond)
    counts = Counter(reason.label for (reason,) in query.tuples().iterator())
    return Table("interruptions", "Motifs des interruptions, les plus petits réunis", COUNTS, counted(counts))


def attainment(period: Period, side: Side) -> Table:
    """Return how far the objectives of bilans that came to their end were reached, as one of the two says it: a level per bilan."""
    start, beyond = period.moments
    of_period = Journey.select(Journey.id).where(Journey.closed_at >= start, Journey.closed_at < beyond)
    query = Attainment.select(Attainment.journey, Attainment.content).where(Attainment.side == side, Attainment.journey.in_(of_period))
    counts, through = Counter[str](), set(ended(period))
    for one in query.iterator():
        if one.journey_id in through and (level := _least(one)):
            counts[level.label] += 1
    title = f"Atteinte des objectifs dite par {side.label.lower()}\u00a0: bilans, par niveau de leur objectif le moins atteint"
    return Table(f"atteinte-{side.value}", title, COUNTS, counted(counts))


def _least(one: Attainment) -> Level | None:
    try:
        said = [LEVELS.index(Level(value["level"])) for value in one.content.values() if value.get("level")]
    except ContentDestroyed:
        return None
    return LEVELS[max(said)] if said else None


def outcomes(period: Period) -> Table:
    """Return what became of the meetings of a period."""
    start, beyond = period.moments
    query = Interview.select(Interview.outcome).where(
        Interview.starts_at >= start, Interview.starts_at < beyond, ~Interview.outcome.is_null()
    )
    counts = Counter(Outcome(one).label for (one,) in query.tuples().iterator())
    return Table("rendez-vous", "Ce que sont devenus les rendez-vous de la période", COUNTS, counted(counts))


def adaptations(period: Period) -> Table:
    """Return what became of the requests for an adaptation received in a period."""
    received = AdaptationRequest.received_on.between(period.start, period.end)
    every = list(
        AdaptationRequest.select(AdaptationRequest.decision, AdaptationRequest.applied_at, AdaptationRequest.suits).where(received)
    )
    counts = (
        ("demandes reçues", len(every)),
        ("demandes accordées, en tout ou en partie", sum(one.decision in (Answer.GRANTED, Answer.PARTLY) for one in every)),
        ("demandes dont les mesures sont en place", sum(one.applied_at is not None for one in every)),
        ("demandes dont la personne dit que cela lui convient", sum(one.suits is True for one in every)),
    )
    return Table("adaptations", "Demandes d’adaptation reçues dans la période", COUNTS, [[words, shown(count)] for words, count in counts])


def measures(period: Period) -> Table:
    """Return the measures put in place in a period by kind, those under five put together."""
    start, beyond = period.moments
    query = Measure.select(Measure.kind).where(Measure.applied_at >= start, Measure.applied_at < beyond)
    counts = Counter(kind.label.lower() for (kind,) in query.tuples().iterator())
    return Table("mesures", "Mesures mises en place dans la période, les plus petits nombres réunis", COUNTS, counted(counts))


def means(period: Period) -> Table:
    """Return who accompanies, and where the meetings held took place."""
    start, beyond = period.moments
    query = Interview.select(Interview.mode).where(
        Interview.starts_at >= start, Interview.starts_at < beyond, Interview.outcome == Outcome.HELD
    )
    counts = counted(Counter(f"entretiens tenus {mode.label}" for (mode,) in query.tuples().iterator()))
    counsellors = Person.select().where(Person.role == Role.COUNSELLOR, Person.active).count()
    return Table("moyens", "Moyens", COUNTS, [["conseillers et conseillères aujourd’hui", shown(counsellors)], *counts])


def resources() -> tuple[Table, ...]:
    """Return the questionnaires and the occupations that are offered today: public facts."""
    headers = ("Questionnaire", "Version", "Minutes", "Source", "Licence")
    rows = [[one.title, one.version, one.minutes, one.source, one.licence] for one in instruments.published()]
    territorial = Occupation.select().where(Occupation.territorial, Occupation.withdrawn_in.is_null()).count()
    others = Occupation.listed().where(~Occupation.territorial).count()
    counts = [["métiers de la fonction publique territoriale", territorial], ["métiers du ROME", others]]
    return Table("questionnaires", "Questionnaires", headers, rows), Table("metiers", "Fiches de métiers", COUNTS, counts)


def questions() -> Table:
    """Return what is asked: of agents at the end and months later, of HR services, of counsellors."""
    found = [surveys.find(slug) for slug in (AT_CLOSING, MONTHS_LATER, OFFICER, COUNSELLOR)]
    rows = [[one.title, one.version, question.text] for one in found for question in one.questions]
    return Table("questions", "Questions posées", ("Enquête", "Version", "Question"), rows)


def complaints(period: Period, seed: int) -> Table:
    """Return the register of a period in a random order; not a line when there are fewer than five.

    What concerns somebody of the direction is not there: they read this file, and never meet it.
    """
    query = Complaint.select(Complaint, Person.role.alias("role")).join(Person, JOIN.LEFT_OUTER, on=(Complaint.about == Person.id))
    query = query.where(Complaint.received_on >= period.start, Complaint.received_on <= period.end)
    found = [one for one in query.order_by(Complaint.id).objects() if one.role is not Role.MANAGER]
    random.Random(f"{seed}:31").shuffle(found)
    headers = (
        "Ligne",
        "Sorte",
        "Mois de réception",
        "Jours jusqu’à l’accusé de réception",
        "Accusé dans le délai",
        "Jours jusqu’à la première réponse",
        "Réponse dans le délai",
        "Motif de clôture",
        "Mesure prise",
        "Rouverte",
    )
    rows = [[rank, *_complaint(one)] for rank, one in enumerate(found, start=1)] if len(found) >= HIDDEN_UNDER else []
    return Table("registre", "Registre des difficultés, dangers et réclamations reçus dans la période", headers, rows)


def _complaint(one: Complaint) -> list[Any]:
    acknowledged, answered = (to_paris(moment).date() if moment else None for moment in (one.acknowledged_at, one.answered_at))
    return [
        one.kind.noun,
        month(one.received_on),
        (acknowledged - one.received_on).days if acknowledged else None,
        _in_time(acknowledged, one.acknowledge_by),
        (answered - one.received_on).days if answered else None,
        _in_time(answered, one.answer_by),
        one.reason.label if one.closed_at and one.reason else "",
        yes(one.measure_taken) if one.closed_at else "",
        yes(one.reopened_at),
    ]


def _in_time(day: datetime.date | None, until: datetime.date) -> str:
    if day is None and until >= to_paris(now()).date():
        return "en attente"
    return yes(day and day <= until)


def improvement(period: Period) -> Table:
    """Return the actions begun in a period: months, origin, state; of their words, only those that are published."""
    start, beyond = period.moments
    begun = Improvement.select().where(Improvement.created_at >= start, Improvement.created_at < beyond)
    rows = [
        [
            month(one.created_at),
            one.origin.label,
            month(one.due_on),
            one.state.label,
            yes(one.effect),
            one.sentence if one.published_at else "",
        ]
        for one in begun.order_by(Improvement.created_at).iterator()
    ]
    return Table("plan", "Plan d’amélioration", PLAN, rows)
