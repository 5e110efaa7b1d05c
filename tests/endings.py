"""Reviews with HR and closings, for the world and for their own tests."""

import datetime

from copies import make_copy
from told import tell

from bilan.agenda.models import Slot
from bilan.closing import actions as closing
from bilan.closing.models import Closing, objectives_in
from bilan.closing.rules import Keep
from bilan.database import now
from bilan.disclosure.models import recipients_of
from bilan.hr_review import actions
from bilan.hr_review.models import HrReview
from bilan.interviews.models import Interview
from bilan.interviews.rules import Mode
from bilan.journeys.models import Journey
from bilan.journeys.rules import Phase
from bilan.privacy.models import Certificate
from bilan.privacy.rules import Kind, Method


def make_review(journey, *, by=None, recipient=None, days=None, place=""):
    """Return a review that the agent has accepted, planned in so many days when `days` is given; its agreement is there already."""
    journey = Journey.by_id_with_people(journey.id)
    recipient = recipient or recipients_of(journey)[0]
    review = HrReview.by_id_with_people(actions.propose(journey=journey, recipient=recipient, by=by or journey.agent).id)
    return plan_review(review, days=days, place=place) if days else review


def plan_review(review, *, days, place=""):
    """Fix the date of a review."""
    starts_at = now().replace(microsecond=0) + datetime.timedelta(days=days)
    meeting = {"mode": Mode.ON_SITE, "starts_at": starts_at, "planned_minutes": 60, "place": place}
    actions.plan(review=review, by=review.journey.counsellor, **meeting)
    return HrReview.by_id_with_people(review.id)


def hold_review(review):
    """Make a planned review one that was held yesterday."""
    yesterday = now() - datetime.timedelta(days=1)
    held = {"starts_at": yesterday, "outcome": "held", "held_minutes": 60}
    Slot.leave(review.interview)
    Interview.update(**held).where(Interview.id == review.interview_id).execute()
    return HrReview.by_id_with_people(review.id)


def report(review, text, *, agreed=True):
    """Write the minutes of a review that was held, and let the agent agree to them."""
    actions.write_minutes(review=review, text=text, base=0, by=review.journey.counsellor)
    if agreed:
        actions.agree_minutes(review=review, base=1, by=review.journey.agent)
    return HrReview.by_id_with_people(review.id)


def assess(journey, by, *objectives, level="partly", sentence="", base=0):
    """Say the same of each objective."""
    content = {objective: {"level": level, "sentence": sentence} for objective in objectives}
    closing.assess(journey=journey, content=content, base=base, by=by)


def conclude(journey):
    """Bring a bilan into its last phase."""
    moment = now()
    Journey.update(phase=Phase.CONCLUSION, accompaniment_at=moment, conclusion_at=moment).where(Journey.id == journey.id).execute()
    return Journey.by_id_with_people(journey.id)


def end(prefix, journey, marker):
    """Say all that is said at the end of a bilan; return its review: accepted, and with agreed minutes in a bilan about to be closed."""
    both = ("agent", "counsellor")
    journey = Journey.by_id_with_people(journey.id)
    if objectives := objectives_in(journey):
        for person, side in ((journey.agent, "agent"), (journey.counsellor, "conseil")):
            assess(journey, person, *objectives, sentence=marker(f"{prefix}objectif-avis-{side}", *both))
    need = marker(f"{prefix}besoin-de-suivi", *both)
    closing.choose_keeping(journey=journey, keep=Keep.SYNTHESIS, months=6, need=need, base=0, by=journey.agent)
    if not prefix:
        return make_review(journey)
    certify(journey.agent)
    Closing.update(reasons=Closing.reasons.seal_for(_reasons(journey, marker))).where(Closing.journey == journey.id).execute()
    return report(hold_review(make_review(journey, days=8)), marker("closed_compte-rendu-rh", *both))


def _reasons(journey, marker):
    return Closing(journey=journey, reasons={"plan": marker("closed_raison-de-clore", "agent", "counsellor")})


def tell_and_review(journey, officer, **options):
    """Agree to tell the plan to an HR officer, then ask for a review with her."""
    tell(journey, officer, "plan")
    return make_review(journey, recipient=officer, **options)


def certify(agent):
    """Give an agent a certificate of something destroyed long ago, and a copy of her data."""
    make_copy(agent)
    numbered = {"year": 2020, "number": Certificate.next_number(2020), "kind": Kind.KEPT, "method": Method.KEY}
    return Certificate.create(**numbered, agent=agent, counts='{"synthesis": 2}', completed_at=now())
