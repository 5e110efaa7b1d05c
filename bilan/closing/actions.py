"""The decisions of a bilan's end, and the closing itself."""

import datetime
from typing import Any

from bilan.closing.models import Attainment, Closing, items_of, side_of
from bilan.closing.rules import Item, Keep, forbidding, to_explain
from bilan.database import now, transaction
from bilan.french import to_paris
from bilan.interviews.models import Interview
from bilan.journal import Event, record
from bilan.journeys import actions as journeys
from bilan.journeys.models import Journey, Suspension
from bilan.mail.actions import link_to, mail
from bilan.people.models import Person
from bilan.pieces.actions import hold
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import State
from bilan.satisfaction import actions as satisfaction
from bilan.synthesis.models import Synthesis
from bilan.together import AGENT_WAY


class NotReady(Exception):
    """Something forbids the closing, or is not explained; `items` says what."""

    def __init__(self, items: list[Item]) -> None:
        super().__init__("not ready")
        self.items = items


class NotValidated(Exception):
    """The synthesis is not validated by the two: it is not handed over yet, or not before that day."""


class Overtaken(Exception):
    """Somebody on the same side has saved since this page was opened; `current` is what was saved."""

    def __init__(self, current: Any) -> None:
        super().__init__("overtaken")
        self.current = current


@mail("journey_concluded")
def concluded_mail(*, journey: Journey) -> dict[str, Any]:
    """Tell the agent that her bilan is finished, and where she finds what she was given."""
    link = link_to("closing.show", id=journey.id, way=AGENT_WAY)
    return {"to": journey.agent.email, "name": journey.agent.display_name, "link": link}


@mail("prescription_concluded")
def certificate_mail(*, prescription: Prescription, to: str, link: str) -> dict[str, Any]:
    """Tell HR that a bilan is finished, and where the attendance certificate is: dates and durations only."""
    return {"to": to, "subject_id": prescription.id, "reference": prescription.reference, "link": link}


def hand_over(*, journey: Journey, on: datetime.date, by: Person) -> None:
    """Say which day the validated synthesis was handed over; the last saying holds. Raises NotValidated, JourneyAlreadyClosed."""
    with transaction():
        closing = _held(journey)
        synthesis = Synthesis.of_journey(journey)
        if synthesis is None or synthesis.frozen_at is None or on < to_paris(synthesis.frozen_at).date():
            raise NotValidated
        if closing.handed_over_on == on:
            return
        closing.handed_over_on = on
        closing.save()
        record(Event.SYNTHESIS_HANDED_OVER, person=by, journey_id=journey.id, detail=on.isoformat())


def tell_nothing(*, journey: Journey, by: Person) -> None:
    """Let the agent say that HR is told nothing; once more changes nothing. Raises JourneyAlreadyClosed."""
    with transaction():
        closing = _held(journey)
        if closing.nothing_told_at is None:
            closing.nothing_told_at = now()
            closing.save()
            record(Event.NOTHING_TOLD, person=by, journey_id=journey.id)


def skip_review(*, journey: Journey, by: Person) -> None:
    """Let the agent say that she wishes no review with HR; once more changes nothing. Raises JourneyAlreadyClosed."""
    with transaction():
        closing = _held(journey)
        if closing.no_review_at is None:
            closing.no_review_at = now()
            closing.save()
            record(Event.HR_REVIEW_NOT_WISHED, person=by, journey_id=journey.id)


def assess(*, journey: Journey, content: dict[str, dict[str, str]], base: int, by: Person) -> None:
    """Save how far each objective was reached, as the one or the other says it, on their version `base` (0: nothing was said).

    Neither writes over the other. Raises Overtaken, JourneyAlreadyClosed.
    """
    side = side_of(journey, by)
    with transaction():
        hold(journey)
        known = Attainment.of_journey(journey).get(side)
        if known and known.content == content:
            return
        if (known.revision if known else 0) != base:
            raise Overtaken(known)
        if known is None:
            known = Attainment.create(journey=journey, side=side, content=content, saved_by=by)
        else:
            known.content, known.revision, known.saved_by, known.saved_at = content, base + 1, by, now()
            known.save()
        record(Event.ATTAINMENT_SAVED, person=by, journey_id=journey.id, subject_id=known.id, detail=side.value)


def choose_keeping(*, journey: Journey, keep: Keep, months: int | None, need: str, base: int, by: Person) -> None:
    """Let the agent choose what is kept, for how many months, for which need, on her version `base`.

    Raises Overtaken, JourneyAlreadyClosed.
    """
    wanted = (keep, None, None) if keep is Keep.NOTHING else (keep, months, need)
    with transaction():
        closing = _held(journey)
        if closing.keep_chosen_at is not None and (closing.keep, closing.keep_months, closing.need) == wanted:
            return
        if closing.revision != base:
            raise Overtaken(closing)
        closing.keep, closing.keep_months, closing.need = wanted
        closing.keep_chosen_at, closing.revision = now(), base + 1
        closing.save()
        record(Event.KEEPING_CHOSEN, person=by, journey_id=journey.id, detail=keep.value)


def close(*, journey: Journey, reasons: dict[str, str], by: Person) -> None:
    """Close a bilan that has come to its end: the agent and HR are told; `reasons` by key of what is left undone.

    Raises NotReady, JourneyAlreadyClosed.
    """
    with transaction():
        closing = _held(journey)
        current = Journey.by_id_with_people(journey.id)
        assert current is not None  # noqa: S101 -- it is held
        items = items_of(current)
        explained = {one.key: reasons.get(one.key, "") for one in to_explain(items)}
        missing = [one for one in to_explain(items) if not explained[one.key]]
        if forbidding(items) or missing:
            raise NotReady([*forbidding(items), *missing])
        closing.reasons = explained
        closing.save()
        journeys.close_journey(journey=current, by=by)
        today = to_paris(now()).date()
        Suspension.update(resumes_on=today).where(Suspension.journey == journey.id, Suspension.resumes_on > today).execute()
        record(Event.JOURNEY_CONCLUDED, person=by, journey_id=journey.id)
        _end_prescription(current)
        concluded_mail(journey=current)
        satisfaction.ask_at_closing(journey=current)


def _end_prescription(journey: Journey) -> None:
    prescription = Prescription.for_secretariat(journey.id)
    if prescription is None:
        return
    Prescription.update(state=State.ENDED, ended_at=now()).where(Prescription.id == journey.id).execute()
    if prescription.author_id:
        # Without a meeting held there is no certificate: the page of the prescription says the rest.
        page = "interviews.certificate" if Interview.attendance(journey.id) else "prescriptions.show"
        certificate_mail(prescription=prescription, to=prescription.author.email, link=link_to(page, id=journey.id))


def _held(journey: Journey) -> Closing:
    """Return the decisions of a journey, which nobody else changes before the end of the transaction; the first one makes their row."""
    hold(journey)
    closing = Closing.of_journey(journey)
    if Closing.get_or_none_by_id(closing.id) is None:
        closing.save(force_insert=True)
    return closing
