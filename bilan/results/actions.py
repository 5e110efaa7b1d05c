"""Opening a result to the agent, commenting it, keeping it out of the synthesis, taking a grid over into the path."""

from typing import Any

from bilan.careers.models import Condition
from bilan.database import now, transaction
from bilan.journal import Event, record
from bilan.mail.actions import link_to, mail
from bilan.people.models import Person
from bilan.pieces.actions import TooMany, hold
from bilan.questionnaires.models import Passation
from bilan.together import AGENT_WAY


class CommentConflict(Exception):
    """The comment was saved elsewhere since this page was opened; `text` is what was saved, `revision` its version."""

    def __init__(self, text: str, revision: int) -> None:
        super().__init__("overtaken")
        self.text = text
        self.revision = revision


class AlreadyCarried(Exception):
    """The grid was taken over already."""


@mail("result_released")
def released_mail(*, passation: Passation) -> dict[str, Any]:
    """Tell the agent that a result may be read."""
    link = link_to("results.show", way=AGENT_WAY, id=passation.id)
    return {"to": passation.journey.agent.email, "name": passation.journey.agent.display_name, "link": link}


def release(*, passation: Passation, by: Person) -> None:
    """Open a result to the agent, once."""
    with transaction():
        opened = Passation.update(released_at=now()).where(Passation.id == passation.id, Passation.released_at.is_null())
        if opened.execute():
            released_mail(passation=passation)
            record(Event.RESULT_RELEASED, person=by, journey_id=passation.journey_id, subject_id=passation.id)


def comment(*, passation: Passation, text: str, base: int, by: Person) -> None:
    """Save the comment of the agent, or of whoever accompanies her, written on its version `base`; raise CommentConflict.

    The same words again are no conflict: the double click, or the second sending of a lost answer.
    """
    mine = by.id == passation.journey.agent_id
    field, revision = (Passation.own_comment, Passation.own_comment_revision) if mine else (Passation.comment, Passation.comment_revision)
    setattr(passation, field.name, text)
    with transaction():
        written = {field: field.seal_for(passation), revision: base + 1}
        saved = Passation.update(written).where(Passation.id == passation.id, revision == base).execute()
        if not saved:
            current = Passation.get_by_id(passation.id)
            if (getattr(current, field.name) or "") == text:
                return
            raise CommentConflict(getattr(current, field.name) or "", getattr(current, revision.name))
        record(Event.RESULT_COMMENTED, person=by, journey_id=passation.journey_id, subject_id=passation.id)


def keep_out(*, passation: Passation, out: bool, by: Person) -> None:
    """Keep a result out of the synthesis, or put it back; the same again changes nothing."""
    with transaction():
        was = Passation.withdrawn_at.is_null(out)
        changed = Passation.update(withdrawn_at=now() if out else None).where(Passation.id == passation.id, was).execute()
        if changed:
            event = Event.RESULT_KEPT_OUT if out else Event.RESULT_PUT_BACK
            record(event, person=by, journey_id=passation.journey_id, subject_id=passation.id)


def carry_over(*, passation: Passation, by: Person) -> int:
    """Write each sentence of a guided grid among the supports and obstacles, once; return how many.

    Raises AlreadyCarried, TooMany or JourneyAlreadyClosed.
    """
    journey, kinds = passation.journey, {scale.letter: scale.condition for scale in passation.instrument.scales}
    with transaction():
        hold(journey)
        if not Passation.update(carried_at=now()).where(Passation.id == passation.id, Passation.carried_at.is_null()).execute():
            raise AlreadyCarried
        entries = [(kinds[letter], one) for letter, ones in passation.result["entries"].items() for one in ones if one.get("phrase")]
        if Condition.count_of(journey) + len(entries) > Condition.maximum:
            raise TooMany
        for kind, one in entries:
            content = {"kind": kind, "sentence": one["phrase"], "strength": str(one.get("force") or ""), "answer": ""}
            Condition.create(journey=journey, content=content, written_by=by, saved_by=by)
        record(Event.RESULT_CARRIED, person=by, journey_id=journey.id, subject_id=passation.id)
    return len(entries)
