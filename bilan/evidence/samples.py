"""Sampled bilans, one line each: months, delays, numbers, yes or no.

Guarantee: no name, no reference, no text and no day; a content is opened to say whether something is written
in it, and nothing of it is kept. Ten bilans at most are opened at a time.
"""

import uuid
from collections.abc import Callable
from typing import Any

from bilan.closing.models import Attainment, Closing
from bilan.closing.rules import Side
from bilan.diagnostics.models import Diagnostic
from bilan.diagnostics.rules import Decision, objectives_of
from bilan.evidence.rules import Period, Table, month, sample, yes
from bilan.followup.models import Interruption, MidwayReview
from bilan.french import to_paris
from bilan.interviews.models import Interview
from bilan.interviews.rules import InterviewKind, Mode, Outcome
from bilan.journeys.models import Journey
from bilan.plans.models import Step
from bilan.prescriptions.models import Prescription
from bilan.synthesis.models import Synthesis
from bilan.vault import ContentDestroyed

DESTROYED = "contenu détruit"


def decided(period: Period, *, engaged: bool = False) -> list[uuid.UUID]:
    """Return the bilans whose diagnostic was decided in a period."""
    start, beyond = period.moments
    query = Diagnostic.select(Diagnostic.journey).where(Diagnostic.decided_at >= start, Diagnostic.decided_at < beyond)
    query = query.where(Diagnostic.decision == Decision.ENGAGED) if engaged else query
    return [one for (one,) in query.tuples().iterator()]


def ended(period: Period) -> list[uuid.UUID]:
    """Return the bilans that came to their end in a period."""
    start, beyond = period.moments
    stopped = Interruption.select(Interruption.journey)
    query = Journey.select(Journey.id).where(Journey.closed_at >= start, Journey.closed_at < beyond, Journey.id.not_in(stopped))
    return [one for (one,) in query.tuples().iterator()]


def _drawn(name: str, title: str, headers: tuple[str, ...], names: list[uuid.UUID], line: Callable[[uuid.UUID], list[Any]]) -> Table:
    """Return the table of a sample: its lines are numbered in their random order."""
    return Table(name, title, ("Ligne", *headers), [[rank, *line(one)] for rank, one in enumerate(names, start=1)])


def _written(read: Callable[[], Any]) -> str:
    """Return whether something is written, or that it was destroyed."""
    try:
        return yes(read())
    except ContentDestroyed:
        return DESTROYED


def needs(period: Period, seed: int) -> Table:
    """Return how the need was analysed."""
    headers = (
        "Mois de la décision",
        "Jours de la réception à la décision",
        "Demande de la collectivité écrite",
        "Attentes de l’agent écrites avant l’entretien",
        "Attentes notées à l’entretien",
        "Contraintes notées à l’entretien",
    )
    return _drawn(
        "echantillon", "Bilans tirés au sort, au diagnostic décidé dans la période", headers, sample(decided(period), seed, 4), _need
    )


def _need(name: uuid.UUID) -> list[Any]:
    diagnostic, asked = Diagnostic.get(Diagnostic.journey == name), Prescription.get_or_none(Prescription.id == name)
    received = asked.received_at if asked else None
    return [
        month(to_paris(diagnostic.decided_at).date()),
        (diagnostic.decided_at - received).days if received else None,
        _written(lambda: asked and asked.request and any(asked.request.values())),
        _written(lambda: asked and asked.wishes),
        _written(lambda: diagnostic.content.get("expectations")),
        _written(lambda: diagnostic.content.get("constraints")),
    ]


def objectives(period: Period, seed: int) -> Table:
    """Return how many objectives were defined, and whether the two assessed them."""
    headers = ("Mois de la décision", "Objectifs définis", "Évalués par l’agent", "Évalués par le conseiller ou la conseillère")
    title = "Bilans tirés au sort, engagés dans la période (les objectifs s’évaluent à la fin)"
    return _drawn("echantillon", title, headers, sample(decided(period, engaged=True), seed, 5), _aims)


def _aims(name: uuid.UUID) -> list[Any]:
    diagnostic = Diagnostic.get(Diagnostic.journey == name)
    sides = {side for (side,) in Attainment.select(Attainment.side).where(Attainment.journey == name).tuples()}
    try:
        number: Any = len(objectives_of(diagnostic.content))
    except ContentDestroyed:
        number = DESTROYED
    return [month(to_paris(diagnostic.decided_at).date()), number, yes(Side.AGENT in sides), yes(Side.COUNSELLOR in sides)]


def programmes(period: Period, seed: int) -> Table:
    """Return the programmes on which agents committed themselves."""
    headers = ("Mois de la décision", "Heures prévues", "Rythme", "Semaines prévues", "Engagement de l’agent", "Entretiens")
    return _drawn("echantillon", "Programmes tirés au sort", headers, sample(decided(period, engaged=True), seed, 6), _programme)


def _programme(name: uuid.UUID) -> list[Any]:
    one = Diagnostic.get(Diagnostic.journey == name)
    return [
        month(to_paris(one.decided_at).date()),
        one.planned_minutes / 60 if one.planned_minutes else None,
        one.rhythm.label if one.rhythm else "",
        (one.ends_on - one.starts_on).days // 7 if one.ends_on and one.starts_on else None,
        yes(one.committed_at),
        modes(mode for (mode,) in Interview.select(Interview.mode).where(Interview.journey == name, Interview.not_cancelled()).tuples()),
    ]


def modes(found: Any) -> str:
    """Return where meetings take place: one way, or both."""
    met = set(found)
    return "sur place et à distance" if len(met) > 1 else next(iter(met)).label if met else ""


def meetings(period: Period, seed: int) -> Table:
    """Return the meetings of bilans that came to their end."""
    headers = (
        "Mois de la fin",
        "Entretiens tenus",
        "Heures tenues",
        "Durée du plus court (min)",
        "Durée du plus long (min)",
        "Semaines du premier au dernier",
        "À distance",
        "Évaluation à mi-parcours",
    )
    return _drawn("echantillon", "Bilans tirés au sort, terminés dans la période", headers, sample(ended(period), seed, 10), _met)


def _met(name: uuid.UUID) -> list[Any]:
    query = Interview.select().where(
        Interview.journey == name, Interview.outcome == Outcome.HELD, Interview.kind != InterviewKind.HR_REVIEW
    )
    held = list(query.order_by(Interview.starts_at))
    minutes = [one.held_minutes or 0 for one in held] or [0]
    return [
        month(to_paris(Journey.get_by_id(name).closed_at).date()),
        len(held),
        sum(minutes) / 60,
        min(minutes),
        max(minutes),
        (held[-1].starts_at - held[0].starts_at).days // 7 if held else None,
        sum(one.mode is Mode.REMOTE for one in held),
        yes(MidwayReview.select().where(MidwayReview.journey == name).exists()),
    ]


def endings(period: Period, seed: int) -> Table:
    """Return with what bilans came to their end."""
    headers = (
        "Mois de la fin",
        "Synthèse validée par les deux",
        "Synthèse remise",
        "Étapes du plan d’action",
        "Objectifs évalués par l’agent",
        "Objectifs évalués par le conseiller ou la conseillère",
    )
    return _drawn("echantillon", "Bilans tirés au sort, terminés dans la période", headers, sample(ended(period), seed, 11), _ending)


def _ending(name: uuid.UUID) -> list[Any]:
    journey = Journey.get_by_id(name)
    synthesis = Synthesis.of_journey(journey)
    sides = {side for (side,) in Attainment.select(Attainment.side).where(Attainment.journey == name).tuples()}
    return [
        month(to_paris(journey.closed_at).date()),
        yes(synthesis and synthesis.is_frozen),
        yes(Closing.of_journey(journey).handed_over_on),
        Step.count_of(journey),
        yes(Side.AGENT in sides),
        yes(Side.COUNSELLOR in sides),
    ]
