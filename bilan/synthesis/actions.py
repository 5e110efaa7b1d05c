"""The synthesis from its first assembling to the day when nothing of it changes any more.

Whoever changes it writes a version, and what was validated is to be validated again. Each
gesture holds the journey first: two at once come one after the other.
"""

import logging
import uuid
from typing import Any

from peewee import IntegrityError

from bilan.database import now, transaction
from bilan.journal import Event, record
from bilan.journeys.models import Journey
from bilan.mail.actions import link_to, mail
from bilan.people.models import Person
from bilan.pieces.actions import hold
from bilan.printing import pdf
from bilan.synthesis import rules
from bilan.synthesis.models import Synthesis, SynthesisPaper, SynthesisVersion, sources_of
from bilan.synthesis.rules import Block, Content, Setting, State, Variant
from bilan.together import way_of
from bilan.worker import in_application, queue

logger = logging.getLogger(__name__)


class Frozen(Exception):
    """The two have validated: the document does not change."""


class NotAssembled(Exception):
    """There is no document yet."""


class NotProposed(Exception):
    """The document is not proposed: it is not validated yet."""


class VersionOvertaken(Exception):
    """A newer version was written; `current` is it."""

    def __init__(self, current: SynthesisVersion) -> None:
        super().__init__("overtaken")
        self.current = current


@mail("synthesis_proposed")
def proposed_mail(*, journey: Journey) -> dict[str, Any]:
    """Tell the agent that the document is there to be read; not a word of it."""
    return _told(journey, journey.agent)


@mail("synthesis_validated")
def validated_mail(*, journey: Journey, person: Person) -> dict[str, Any]:
    """Tell one of the two that the document is validated by both; not a word of it."""
    return _told(journey, person)


def _told(journey: Journey, person: Person) -> dict[str, Any]:
    return {
        "to": person.email,
        "name": person.display_name,
        "counsellor": journey.counsellor.display_name,
        "link": link_to("synthesis.show", id=journey.id, way=way_of(person)),
    }


def assemble(*, journey: Journey, by: Person) -> Synthesis:
    """Assemble the document from what the two have written, and return it; the one that is there already, if there is."""
    with transaction():
        hold(journey)
        known = Synthesis.of_journey(journey)
        if known is not None:
            return known
        synthesis = Synthesis.create(journey=journey)
        SynthesisVersion.create(synthesis=synthesis, number=1, content=rules.assemble(sources_of(journey)), author=by)
        record(Event.SYNTHESIS_ASSEMBLED, person=by, journey_id=journey.id, subject_id=synthesis.id)
    return synthesis


def reword(*, journey: Journey, block: Block, text: str, base: int, by: Person) -> None:
    """Reword a block, written on version `base`; the document is to be proposed again. The same words are no version.

    Raises Frozen, NotAssembled, VersionOvertaken or JourneyAlreadyClosed, as all that follows.
    """
    with transaction():
        last = _held(journey)
        if rules.block_of(last.content, block)["text"] != text:
            _write(last, rules.with_block(last.content, block, text=text, reworded=True), base, block, by, state=State.DRAFT)


def restore_source(*, journey: Journey, block: Block, base: int, by: Person) -> None:
    """Assemble a block again as its source now stands, in place of what was reworded."""
    with transaction():
        last = _held(journey)
        content = rules.with_source(last.content, block, sources_of(journey)[block])
        if content != last.content:
            _write(last, content, base, block, by, state=State.DRAFT)


def leave_out(*, journey: Journey, block: Block, out: bool, base: int, by: Person) -> None:
    """Let the agent leave a block out of the document, or put it back."""
    with transaction():
        last = _held(journey)
        if rules.block_of(last.content, block)["left_out"] is not out:
            _write(last, rules.with_block(last.content, block, left_out=out), base, block, by)


def observe(*, journey: Journey, text: str, base: int, by: Person) -> None:
    """Let the agent write her observations."""
    with transaction():
        last = _held(journey)
        if rules.block_of(last.content, Block.OBSERVATIONS)["text"] != text:
            _write(last, rules.with_block(last.content, Block.OBSERVATIONS, text=text), base, Block.OBSERVATIONS, by)


def propose(*, journey: Journey, base: int, by: Person) -> None:
    """Propose to the agent the version that the counsellor has read; once more changes nothing."""
    with transaction():
        last = _held(journey)
        _refuse_overtaken(last, base)
        synthesis = last.synthesis
        if synthesis.state is not State.DRAFT:
            return
        synthesis.state, synthesis.proposed_at, synthesis.proposed_by = State.PROPOSED, now(), by
        synthesis.save()
        _forget_papers(last)
        record(Event.SYNTHESIS_PROPOSED, person=by, journey_id=journey.id, subject_id=synthesis.id, detail=str(base))
        proposed_mail(journey=journey)


def validate(*, journey: Journey, base: int, by: Person) -> None:
    """Validate the version that was read; with the other's validation the document is frozen. Raises NotProposed too."""
    with transaction():
        last = _held(journey)
        _refuse_overtaken(last, base)
        synthesis = last.synthesis
        if synthesis.state is not State.PROPOSED:
            raise NotProposed
        column = "agent_validated_at" if by.id == journey.agent_id else "counsellor_validated_at"
        if getattr(synthesis, column) is not None:
            return
        setattr(synthesis, column, now())
        _forget_papers(last)
        record(Event.SYNTHESIS_VALIDATED, person=by, journey_id=journey.id, subject_id=synthesis.id, detail=str(base))
        if synthesis.agent_validated_at and synthesis.counsellor_validated_at:
            _freeze(synthesis, last, by)
        synthesis.save()


def _freeze(synthesis: Synthesis, last: SynthesisVersion, by: Person) -> None:
    journey = synthesis.journey
    synthesis.state, synthesis.frozen_at, synthesis.digest = State.VALIDATED, now(), rules.digest(last.content)
    record(Event.SYNTHESIS_FROZEN, person=by, journey_id=journey.id, subject_id=synthesis.id, detail=str(last.number))
    for person in (journey.agent, journey.counsellor):
        validated_mail(journey=journey, person=person)


def _held(journey: Journey) -> SynthesisVersion:
    """Return the last version of the journey's document, which nobody else changes before the end of the transaction."""
    hold(journey)
    synthesis = Synthesis.of_journey(journey)
    last = synthesis.version() if synthesis else None
    if last is None:
        raise NotAssembled
    if last.synthesis.is_frozen:
        raise Frozen
    return last


def _forget_papers(version: SynthesisVersion) -> None:
    """Let no printed copy say that a version is less far than it is."""
    SynthesisPaper.delete().where(SynthesisPaper.version == version.id).execute()


def _refuse_overtaken(last: SynthesisVersion, base: int) -> None:
    if last.number != base:
        raise VersionOvertaken(last)


def _write(last: SynthesisVersion, content: Content, base: int, block: Block, by: Person, *, state: State | None = None) -> None:
    _refuse_overtaken(last, base)
    synthesis = last.synthesis
    SynthesisVersion.create(synthesis=synthesis, number=base + 1, content=content, author=by)
    synthesis.agent_validated_at = synthesis.counsellor_validated_at = None
    synthesis.state = state or synthesis.state
    synthesis.save()
    record(Event.SYNTHESIS_REWORDED, person=by, journey_id=synthesis.journey_id, subject_id=synthesis.id, detail=block.value)


def print_version(*, version: SynthesisVersion, variant: Variant, by: Person) -> SynthesisPaper:
    """Have a version set as a PDF, and return its paper: the same one for the same version, tried again when it had failed."""
    try:
        with transaction():
            paper = SynthesisPaper.create(version=version, variant=variant)
            record(Event.SYNTHESIS_PRINTED, person=by, journey_id=version.synthesis.journey_id, subject_id=paper.id, detail=variant.value)
            set_paper_task(str(paper.id))
    except IntegrityError:
        paper = SynthesisPaper.get(SynthesisPaper.version == version.id, SynthesisPaper.variant == variant)
        with transaction():
            if SynthesisPaper.to_try_again(paper.id).execute():
                set_paper_task(str(paper.id))
    return paper


@queue.task()
@in_application
def set_paper_task(paper_id: str) -> None:
    """Set one paper in the background."""
    set_paper(uuid.UUID(paper_id))


def set_paper(paper_id: uuid.UUID) -> None:
    """Set a paper that waits, and keep it encrypted; a failure is kept as its state."""
    paper = SynthesisPaper.by_id_with_people(paper_id)
    if paper is None or paper.state is not Setting.WAITING:
        return
    version, journey = paper.version, paper.journey
    title = f"Synthèse du bilan professionnel, {journey.agent.display_name}"
    large = paper.variant is Variant.LARGE
    try:
        paper.content = pdf(
            "synthesis/document.pdf.html", title=title, journey=journey, synthesis=version.synthesis, version=version, large=large
        )
        paper.state = Setting.READY
    except Exception:  # whatever it is, somebody waits for a word
        logger.exception("a synthesis could not be set")
        paper.state = Setting.FAILED
    paper.done_at = now()
    paper.save(only=[SynthesisPaper.content, SynthesisPaper.state, SynthesisPaper.done_at])
