"""Agreeing to tell HR something, revoking it, reading it."""

import datetime
from typing import Any

from bilan.database import now, transaction
from bilan.disclosure.models import Disclosure, DisclosureReading, Statement
from bilan.disclosure.rules import Block, blocks_of, digest, snapshot
from bilan.hr_review import actions as hr_review
from bilan.journal import Event, record
from bilan.journeys.models import Journey
from bilan.mail.actions import link_to, mail
from bilan.people.models import Person
from bilan.pieces.actions import hold
from bilan.plans.models import Step
from bilan.plans.rules import in_order
from bilan.scenarios.models import Scenario
from bilan.together import AGENT_WAY


class Changed(Exception):
    """What would be shown is no longer what the agent has read."""


class NoLonger(Exception):
    """The agreement was revoked, has expired, or its bilan is closed."""


@mail("disclosure_agreed")
def agreed_mail(*, disclosure: Disclosure, journey: Journey) -> dict[str, Any]:
    """Give the agent the receipt of her agreement; not a word of what she tells."""
    link = link_to("disclosure.index", id=journey.id, way=AGENT_WAY)
    told = {"recipient": disclosure.recipient.display_name, "until": disclosure.until, "digest": disclosure.digest}
    return {"to": journey.agent.email, "name": journey.agent.display_name, "link": link, **told}


@mail("disclosure_received")
def received_mail(*, disclosure: Disclosure, journey: Journey) -> dict[str, Any]:
    """Tell the HR officer that something waits for her."""
    link = link_to("disclosure.read", id=disclosure.id)
    person = disclosure.recipient
    return {"to": person.email, "name": person.display_name, "agent": journey.agent.display_name, "until": disclosure.until, "link": link}


@mail("disclosure_revoked")
def revoked_mail(*, disclosure: Disclosure, journey: Journey) -> dict[str, Any]:
    """Tell the HR officer that the agreement has ended."""
    person = disclosure.recipient
    return {"to": person.email, "name": person.display_name, "agent": journey.agent.display_name}


def offered(journey: Journey) -> list[Block]:
    """Return the blocks that an agent may choose from, as they are now."""
    return blocks_of(Statement.of_journey(journey), Scenario.of_journey(journey), in_order(Step.of_journey(journey)))


def shown(
    journey: Journey, *, recipient: Person, chosen: list[str], purpose: str, until: datetime.date
) -> tuple[list[dict[str, Any]], str]:
    """Return what the recipient would read, and its hash."""
    told = snapshot(offered(journey), chosen)
    return told, digest(told, recipient=str(recipient.id), purpose=purpose, until=until)


def agree(*, journey: Journey, recipient: Person, chosen: list[str], purpose: str, until: datetime.date, seen: str) -> Disclosure:
    """Agree to what was read as HR will read it (`seen` is its hash); raise Changed or JourneyAlreadyClosed.

    The agreement before it, with the same person, ends. The same one twice is one.
    """
    with transaction():
        hold(journey)
        told, found = shown(journey, recipient=recipient, chosen=chosen, purpose=purpose, until=until)
        if not told or found != seen:
            raise Changed
        live = Disclosure.select().where(
            Disclosure.journey == journey.id, Disclosure.recipient == recipient, Disclosure.revoked_at.is_null()
        )
        for before in live:
            if before.digest == found:
                return before
            Disclosure.update(revoked_at=now()).where(Disclosure.id == before.id).execute()
        content = {"blocks": told, "purpose": purpose}
        disclosure = Disclosure.create(journey=journey, recipient=recipient, content=content, digest=found, until=until)
        hr_review.follow_agreement(journey=journey, recipient=recipient, by=journey.agent)
        agreed_mail(disclosure=disclosure, journey=journey)
        received_mail(disclosure=disclosure, journey=journey)
        record(Event.DISCLOSURE_AGREED, person=journey.agent, journey_id=journey.id, subject_id=disclosure.id)
    return disclosure


def revoke(*, disclosure: Disclosure) -> None:
    """End an agreement at once; a second time changes nothing."""
    journey = disclosure.journey
    with transaction():
        ended = Disclosure.update(revoked_at=now()).where(Disclosure.id == disclosure.id, Disclosure.revoked_at.is_null())
        if ended.execute():
            revoked_mail(disclosure=disclosure, journey=journey)
            hr_review.follow_agreement(journey=journey, recipient=disclosure.recipient, by=journey.agent)
            record(Event.DISCLOSURE_REVOKED, person=journey.agent, journey_id=journey.id, subject_id=disclosure.id)


def read(*, disclosure: Disclosure, by: Person) -> Any:
    """Note that the recipient reads, and return what she reads; raise NoLonger.

    The row is held until the reading is noted: a revocation comes before it, or after.
    """
    with transaction():
        Disclosure.update(digest=Disclosure.digest).where(Disclosure.id == disclosure.id).execute()
        current = Disclosure.by_id_with_people(disclosure.id)
        if current is None or not current.is_live:
            raise NoLonger
        DisclosureReading.create(disclosure=current)
        record(Event.DISCLOSURE_READ, person=by, journey_id=current.journey_id, subject_id=current.id)
    return current.content
