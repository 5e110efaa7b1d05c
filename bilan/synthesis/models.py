"""The synthesis of a bilan, every version of it, and its printed copies: all words under the bilan's key."""

import datetime
import uuid
from typing import Any, Self

from flask import current_app
from peewee import SQL, DateTimeField, ForeignKeyField, IntegerField, ModelSelect
from playhouse.fields import EnumField

from bilan.careers.models import Condition, Skill
from bilan.database import BaseModel, now
from bilan.diagnostics.models import Diagnostic
from bilan.diagnostics.rules import objectives_of
from bilan.interviews.models import Interview
from bilan.journeys.models import Journey
from bilan.people.models import Person
from bilan.plans.models import Step
from bilan.plans.rules import in_order
from bilan.prescriptions.models import Prescription
from bilan.questionnaires.models import Passation
from bilan.results.models import Finding
from bilan.results.rules import in_brief
from bilan.scenarios.models import Scenario
from bilan.statements import one_row
from bilan.synthesis import rules
from bilan.synthesis.rules import Block, Setting, State, Variant
from bilan.vault import EncryptedBytesField, EncryptedJSONField, EncryptedTextField, cipher, is_destroyed

# A paper takes some seconds: one that still waits after this was lost with its worker.
STOPPED = datetime.timedelta(minutes=5)


class Synthesis(BaseModel):
    """The document of a journey. The validations are of its last version: a change clears them.

    `digest`: the SHA-256 of the frozen content, encrypted too, for a short text could be guessed from it.
    """

    journey = ForeignKeyField(Journey, unique=True, on_delete="RESTRICT")
    state = EnumField(State, max_length=10, default=State.DRAFT)
    proposed_at = DateTimeField(null=True)
    proposed_by = ForeignKeyField(Person, null=True, on_delete="RESTRICT")
    agent_validated_at = DateTimeField(null=True)
    counsellor_validated_at = DateTimeField(null=True)
    frozen_at = DateTimeField(null=True)
    digest = EncryptedTextField(null=True)

    class Meta:
        constraints = (
            SQL(
                "CONSTRAINT frozen_by_both CHECK "
                "(frozen_at IS NULL OR (agent_validated_at IS NOT NULL AND counsellor_validated_at IS NOT NULL))"
            ),
        )

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of the journey's key."""
        return self.journey_id

    @property
    def is_frozen(self) -> bool:
        """Whether nothing of it changes any more."""
        return self.frozen_at is not None

    @classmethod
    def of_journey(cls, journey: Journey) -> Self | None:
        """Return the synthesis of a journey, or None."""
        found = cls.get_or_none(cls.journey == journey.id)
        if found is not None:
            found.journey = journey
        return found

    def versions(self) -> list["SynthesisVersion"]:
        """Return every version with its author, the newest first; their content is not read."""
        columns = (SynthesisVersion.id, SynthesisVersion.number, SynthesisVersion.created_at)
        query = SynthesisVersion.select(*columns, Person).join(Person).where(SynthesisVersion.synthesis == self.id)
        return list(query.order_by(SynthesisVersion.number.desc()))

    def version(self, number: int | None = None) -> "SynthesisVersion | None":
        """Return a version with its author, the last one when none is named."""
        query = SynthesisVersion.select(SynthesisVersion, Person).join(Person).where(SynthesisVersion.synthesis == self.id)
        if number is not None:
            query = query.where(SynthesisVersion.number == number)
        found = query.order_by(SynthesisVersion.number.desc()).first()
        if found is not None:
            found.synthesis = self
        elif is_destroyed(self.journey_id):
            cipher(self.journey_id)  # it was destroyed: this says when
        return found


class SynthesisVersion(BaseModel):
    """What the document said. `content`: its blocks, see `rules.assemble`."""

    synthesis = ForeignKeyField(Synthesis, on_delete="RESTRICT")
    number = IntegerField()
    content = EncryptedJSONField()
    author = ForeignKeyField(Person, on_delete="RESTRICT")

    class Meta:
        indexes = ((("synthesis", "number"), True),)

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of the journey's key."""
        return self.synthesis.journey_id


class SynthesisPaper(BaseModel):
    """A printed copy of a version: asked for, then set by the worker."""

    version = ForeignKeyField(SynthesisVersion, on_delete="RESTRICT")
    variant = EnumField(Variant, max_length=10)
    state = EnumField(Setting, max_length=10, default=Setting.WAITING)
    content = EncryptedBytesField(null=True)
    asked_at = DateTimeField(default=now)
    done_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("version", "variant"), True),)

    @property
    def key_id(self) -> uuid.UUID:
        """Return the name of the journey's key."""
        return self.journey.id

    @property
    def journey(self) -> Journey:
        """Return the bilan that it belongs to."""
        return self.version.synthesis.journey

    @one_row
    def by_id_with_people(cls, paper_id: uuid.UUID) -> ModelSelect:
        """Return one paper with its version, its journey and its two people, or None."""
        query = cls.select(cls, SynthesisVersion, Synthesis, Journey).join(SynthesisVersion).join(Synthesis).join(Journey)
        return Journey.join_people(query).where(cls.id == paper_id)

    @classmethod
    def to_try_again(cls, paper_id: uuid.UUID) -> Any:
        """Return the update that lets a paper be set again: it had failed, or waits since its worker was stopped."""
        stopped = (cls.state == Setting.WAITING) & (cls.asked_at < now() - STOPPED)
        again = (cls.state == Setting.FAILED) | stopped
        return cls.update(state=Setting.WAITING, asked_at=now(), done_at=None).where(cls.id == paper_id, again)

    @property
    def is_waiting(self) -> bool:
        """Whether it is being set."""
        return self.state is Setting.WAITING

    @property
    def is_ready(self) -> bool:
        """Whether it can be read."""
        return self.state is Setting.READY


def sources_of(journey: Journey) -> dict[Block, str]:
    """Return what each block is assembled from, as the two have written it: what only one of them reads is not asked for."""
    diagnostic, prescription = Diagnostic.of_journey(journey), Prescription.for_counsellor(journey.id)
    shared = {"objectives": diagnostic.content.get("objectives", "")} if diagnostic else {}
    return {
        Block.IDENTITY: rules.identity_text(journey, current_app.config["BILAN"].centre_name),
        Block.CIRCUMSTANCES: rules.circumstances_text((prescription.wishes if prescription else "") or "", objectives_of(shared)),
        Block.COURSE: rules.course_text(Interview.counted(journey.id)),
        Block.RESULTS: rules.results_text(_results(journey)),
        Block.FINDINGS: rules.listed(Finding.of_journey(journey)),
        Block.SKILLS: rules.listed(Skill.of_journey(journey), "proof", "transferable"),
        Block.CONDITIONS: rules.conditions_text(Condition.of_journey(journey)),
        Block.SCENARIOS: rules.scenarios_text(Scenario.of_journey(journey)),
        Block.PLAN: rules.plan_text(in_order(Step.of_journey(journey))),
        Block.OBSERVATIONS: "",
        Block.NOTICE: rules.NOTICE,
    }


def _results(journey: Journey) -> list[tuple[str, Any]]:
    released = Passation.readable_of(journey, by_agent=True)
    return [(one.instrument.title, in_brief(one.instrument, one.result)) for one in released if one.withdrawn_at is None]
