"""How the invented bilans end: reviews with HR, syntheses, opinions on the objectives, what is kept."""

import contextlib
import datetime

from bilan.agenda.models import Slot, TimeTaken
from bilan.closing.models import Attainment, Closing, objectives_in
from bilan.closing.rules import Keep, Level, Side
from bilan.database import now
from bilan.disclosure.actions import shown
from bilan.disclosure.models import Disclosure, Statement, recipients_of
from bilan.disclosure.rules import Subject
from bilan.followup.models import Interruption
from bilan.french import from_paris, to_paris
from bilan.hr_review.models import HrMinutes, HrMinutesReading, HrReview
from bilan.interviews.models import Interview
from bilan.interviews.rules import InterviewKind, Mode, Outcome
from bilan.journeys.models import Journey
from bilan.journeys.rules import Phase
from bilan.people.models import Person
from bilan.plans.models import Step
from bilan.synthesis import rules
from bilan.synthesis.models import Synthesis, SynthesisVersion, sources_of

PROPOSED, PLANNED, HELD = 0, 1, 6
DAY = datetime.timedelta(days=1)
CONCLUSION = "Le bilan va vers l’accueil du public, avec une immersion au printemps."
PURPOSE = "préparer une mobilité interne"
MINUTES = (
    "Le projet d’accueil est présenté. La collectivité propose une immersion d’une semaine en mars, "
    "au service de l’état civil.\nUne formation à l’outil d’accueil est demandée pour l’automne."
)
OPINIONS = {
    Side.AGENT: (
        (Level.REACHED, "Je sais ce que je veux, et pourquoi."),
        (Level.PARTLY, "Il reste à rencontrer quelqu’un du métier."),
        (Level.REACHED, ""),
    ),
    Side.COUNSELLOR: (
        (Level.REACHED, "Les récits ont fait apparaître un fil, dit avec vos mots."),
        (Level.PARTLY, "Une enquête sur deux a été faite."),
        (Level.REACHED, ""),
    ),
}
NO_PLAN = "Le projet est de rester au même poste pour l’instant\u00a0: il n’y a pas d’étape à planifier."
NEED = "Refaire le point dans six mois, avec ma synthèse sous les yeux."


def end(journey: Journey, rank: int) -> None:
    """Tell the end of a journey, or what of it has begun."""
    officers = recipients_of(journey)
    if rank == PROPOSED:
        HrReview.create(journey=journey, recipient=officers[0], proposed_by=journey.counsellor, created_at=now() - 2 * DAY)
    elif rank == PLANNED:
        _planned(journey, officers[0])
    elif rank == HELD:
        _held(journey, officers[0])
        _synthesis(journey, now() - 5 * DAY, frozen=False)
        _opinion(journey, Side.AGENT, now() - 2 * DAY)
    if journey.phase is Phase.CLOSED and Interruption.of_journey(journey) is None:
        _closed(journey, rank)


def _planned(journey: Journey, officer: Person) -> None:
    """Fix a review for next week, on what the agent tells already."""
    local = to_paris(now()).replace(tzinfo=None) + 7 * DAY
    local += datetime.timedelta(days=max(0, local.weekday() - 4) and 7 - local.weekday())
    moment = {"starts_at": from_paris(local.replace(hour=11, minute=0, second=0, microsecond=0)), "planned_minutes": 60}
    interview = Interview.create(journey=journey, kind=InterviewKind.HR_REVIEW, mode=Mode.ON_SITE, reminded_at=now(), **moment)
    with contextlib.suppress(TimeTaken):
        Slot.follow(interview, journey.counsellor)
    asked = now() - 3 * DAY
    review = {"proposed_by": journey.agent, "accepted_at": asked, "created_at": asked, "place": "Mairie, salle du conseil"}
    HrReview.create(journey=journey, recipient=officer, interview=interview, **review)


def _held(journey: Journey, officer: Person) -> None:
    """Tell a review that was held last week, its minutes, and their reading."""
    asked = now() - 20 * DAY
    authors = {"written_by": journey.counsellor, "saved_by": journey.agent, "created_at": asked, "saved_at": asked}
    statement = Statement.create(journey=journey, content={"subject": Subject.CONCLUSION.value, "text": CONCLUSION}, **authors)
    until = to_paris(now()).date() + 20 * DAY
    told, digest = shown(journey, recipient=officer, chosen=[f"text-{statement.id}"], purpose=PURPOSE, until=until)
    content = {"blocks": told, "purpose": PURPOSE}
    Disclosure.create(journey=journey, recipient=officer, content=content, digest=digest, until=until, created_at=asked)
    starts_at = (now() - 7 * DAY).replace(hour=9, minute=0, second=0, microsecond=0)
    held = {"planned_minutes": 60, "held_minutes": 60, "outcome": Outcome.HELD, "mode": Mode.ON_SITE}
    interview = Interview.create(journey=journey, kind=InterviewKind.HR_REVIEW, starts_at=starts_at, **held)
    people = {"recipient": officer, "proposed_by": journey.counsellor}
    review = HrReview.create(journey=journey, interview=interview, accepted_at=asked, created_at=asked, **people)
    written = {"saved_by": journey.counsellor, "saved_at": now() - 6 * DAY, "agreed_at": now() - 5 * DAY}
    minutes = HrMinutes.create(review=review, text=MINUTES, created_at=now() - 6 * DAY, **written)
    HrMinutesReading.create(minutes=minutes, created_at=now() - 4 * DAY)


def _synthesis(journey: Journey, moment: datetime.datetime, *, frozen: bool) -> None:
    """Assemble the synthesis as it was on that day: validated by the two, or by the counsellor alone."""
    content = rules.assemble(sources_of(journey))
    state = rules.State.VALIDATED if frozen else rules.State.PROPOSED
    synthesis = Synthesis(journey=journey, state=state, proposed_at=moment - DAY, proposed_by=journey.counsellor, created_at=moment - DAY)
    synthesis.counsellor_validated_at = moment
    if frozen:
        synthesis.agent_validated_at = synthesis.frozen_at = moment
        synthesis.digest = rules.digest(content)
    synthesis.save(force_insert=True)
    SynthesisVersion.create(synthesis=synthesis, number=1, content=content, author=journey.counsellor, created_at=moment - DAY)


def _opinion(journey: Journey, side: Side, moment: datetime.datetime) -> None:
    pairs = zip(objectives_in(journey), OPINIONS[side], strict=False)
    content = {objective: {"level": level.value, "sentence": sentence} for objective, (level, sentence) in pairs}
    author = journey.agent if side is Side.AGENT else journey.counsellor
    Attainment.create(journey=journey, side=side, content=content, saved_by=author, saved_at=moment, created_at=moment)


def _closed(journey: Journey, rank: int) -> None:
    """Tell what was decided before a closing, on the day before it."""
    assert journey.closed_at is not None  # noqa: S101 -- it is closed
    moment = journey.closed_at - DAY
    _synthesis(journey, moment - DAY, frozen=True)
    for side in Side:
        _opinion(journey, side, moment)
    keeps = rank % 3 == 0
    kept = {"keep": Keep.SYNTHESIS, "keep_months": 6, "need": NEED} if keeps else {"keep": Keep.NOTHING}
    reasons = {} if Step.count_of(journey) else {"plan": NO_PLAN}
    said = {"nothing_told_at": moment, "no_review_at": moment, "keep_chosen_at": moment, "revision": 1}
    Closing.create(journey=journey, handed_over_on=to_paris(moment).date(), reasons=reasons, **kept, **said)
