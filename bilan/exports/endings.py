"""The last chapters of a bilan: its document, and what was said half-way and at its end."""

from collections.abc import Iterator

from bilan.closing.models import Attainment, Closing
from bilan.exports.around import each, named
from bilan.exports.rules import Record, said
from bilan.followup.models import MidwayReview
from bilan.journeys.models import Journey
from bilan.synthesis.models import Synthesis


def synthesis(journey: Journey) -> Iterator[Record]:
    """Return the document, with all its versions."""

    def make(one: Synthesis) -> Record:
        one.journey = journey
        versions = []
        for line in reversed(one.versions()):
            version = one.version(line.number)
            blocks = version.content if version else []
            versions.append({"Version": line.number, "De": named(line.author), "Le": line.created_at, "Contenu": said("synthesis", blocks)})
        validated = {
            "Validé par vous le": one.agent_validated_at,
            "Validé par la personne qui vous accompagne le": one.counsellor_validated_at,
        }
        return {"État": one.state, "Proposé le": one.proposed_at, **validated, "Figé le": one.frozen_at, "Versions": versions}

    yield from each(lambda: Synthesis.select().where(Synthesis.journey == journey.id), make)


def end(journey: Journey) -> Iterator[Record]:
    """Return the point half-way, how far the objectives were reached, what is kept."""

    def midway(one: MidwayReview) -> Record:
        return {"Votre point à mi-parcours, le": one.saved_at} | said("midway_review", one.content)

    def reached(one: Attainment) -> Record:
        return {"Objectifs atteints, dit par": one.side, "Le": one.saved_at} | said("attainment", one.content)

    def closed(one: Closing) -> Record:
        days = {"Synthèse remise le": one.handed_over_on, "Rien de dit au service RH, le": one.nothing_told_at}
        kept = {"Ce qui est gardé": one.keep, "Pendant (mois)": one.keep_months, "Pour": one.need, "Choisi le": one.keep_chosen_at}
        return (
            days
            | {"Pas de rencontre avec le service RH, le": one.no_review_at, **kept}
            | {"Raisons de ce qui n’a pas été fait": list((one.reasons or {}).values())}
        )

    for model, make in ((MidwayReview, midway), (Attainment, reached), (Closing, closed)):
        yield from each(lambda model=model: model.select().where(model.journey == journey.id), make)  # type: ignore[misc]
