"""Pure rules of the follow-up: what the journal says, when a silence is told, why a bilan stops."""

import datetime
from collections.abc import Mapping
from typing import NamedTuple

from bilan.events import Event
from bilan.interviews.rules import Outcome
from bilan.journeys.rules import Phase
from bilan.plans.rules import State
from bilan.wording import Worded


class Origin(Worded):
    """Who stops a bilan before its end."""

    AGENT = "agent", "L’agent"
    EMPLOYER = "employer", "La collectivité"
    CENTRE = "centre", "Le centre"


class Reason(Worded):
    """Why a bilan stops before its end; health is never asked."""

    NEW_POST = "new_post", "Un nouveau poste ou un départ"
    CHANGED_MIND = "changed_mind", "La personne ne souhaite plus continuer"
    UNAVAILABLE = "unavailable", "Une indisponibilité qui dure"
    NO_NEWS = "no_news", "Plus de nouvelles malgré les relances"
    AGREEMENT = "agreement", "L’accord de la collectivité a pris fin"
    OTHER = "other", "Autre raison"


class Pace(Worded):
    """What the agent says of the rhythm half-way."""

    SLOW = "slow", "Un peu lent pour moi"
    RIGHT = "right", "Il me convient"
    FAST = "fast", "Un peu rapide pour moi"


# What the journal of a bilan says to its two people. What is not here is nobody's news:
# a private note, a reading, what only the secretariat does.
SENTENCES = {
    Event.JOURNEY_OPENED: "Le bilan est ouvert",
    Event.REFERENT_NAMED: "Un nouveau conseiller référent ou une nouvelle conseillère référente est désigné",
    Event.REPLACEMENT_OPENED: "Un remplacement commence",
    Event.REPLACEMENT_ENDED: "Le remplacement prend fin",
    Event.INTERVIEW_PLANNED: "Un entretien est noté",
    Event.INTERVIEW_BOOKED: "Un rendez-vous est pris",
    Event.INTERVIEW_MOVED: "Un rendez-vous est déplacé",
    Event.INTERVIEW_CHANGED: "Un entretien est modifié",
    Event.INTERVIEW_CANCELLED: "Un rendez-vous est annulé",
    Event.INTERVIEW_CLOSED: "Un entretien est clos",
    Event.INTERVIEW_LOGGED: "Un entretien déjà tenu est noté",
    Event.DIAGNOSTIC_DECIDED: "Le diagnostic est conclu",
    Event.PROGRAMME_COMMITTED: "L’agent s’engage sur le programme",
    Event.PHASE_CHANGED: "Nouvelle phase",
    Event.PASSATION_ASSIGNED: "Un questionnaire est donné",
    Event.PASSATION_WITHDRAWN: "Un questionnaire est retiré",
    Event.PASSATION_SUBMITTED: "Un questionnaire est rempli",
    Event.PASSATION_ENTERED: "La façon de répondre à un questionnaire change",
    Event.RESULT_RELEASED: "Un résultat est restitué",
    Event.RESULT_KEPT_OUT: "L’agent garde un résultat hors de la synthèse",
    Event.RESULT_PUT_BACK: "L’agent remet un résultat dans la synthèse",
    Event.RESULT_CARRIED: "Une grille est reprise dans les appuis et freins",
    Event.FINDING_SAVED: "Une lecture croisée est écrite",
    Event.LEAD_SAVED: "Une piste est écrite",
    Event.LEAD_SORTED: "Une piste est triée",
    Event.LEAD_REMOVED: "Une piste est retirée",
    Event.SURVEY_SAVED: "Une enquête métier est écrite",
    Event.SCENARIO_SAVED: "Un scénario est écrit",
    Event.SCENARIO_CHOSEN: "L’agent donne son avis sur un scénario",
    Event.SCENARIO_REMOVED: "Un scénario est retiré",
    Event.STEP_SAVED: "Une étape du plan est écrite",
    Event.STEP_MOVED: "Une étape du plan change d’état",
    Event.STEP_REMOVED: "Une étape du plan est retirée",
    Event.PLAN_REVIEW_ASKED: "Un point sur le plan est proposé",
    Event.PLAN_REVIEWED: "L’agent fait le point sur une étape du plan",
    Event.SYNTHESIS_ASSEMBLED: "La synthèse est assemblée",
    Event.SYNTHESIS_REWORDED: "La synthèse est modifiée",
    Event.SYNTHESIS_PROPOSED: "La synthèse est proposée à l’agent",
    Event.SYNTHESIS_VALIDATED: "La synthèse est validée par l’une des deux personnes",
    Event.SYNTHESIS_FROZEN: "La synthèse est validée par les deux et ne change plus",
    Event.SYNTHESIS_PRINTED: "La synthèse est mise en page pour l’impression",
    Event.ASSIGNMENT_GIVEN: "Un travail personnel est donné",
    Event.ASSIGNMENT_DONE: "Un travail personnel est fait",
    Event.ASSIGNMENT_WITHDRAWN: "Un travail personnel est retiré",
    Event.ATTACHMENT_ADDED: "Un fichier est joint",
    Event.ATTACHMENT_REMOVED: "Un fichier est retiré",
    Event.MESSAGE_SENT: "Un message est envoyé",
    Event.EXPERIENCE_SAVED: "Une expérience est écrite",
    Event.SKILL_SAVED: "Une compétence est écrite",
    Event.MIDWAY_WRITTEN: "Le point à mi-parcours est écrit",
    Event.STATEMENT_SAVED: "Un texte pour le service RH est écrit",
    Event.DISCLOSURE_AGREED: "L’agent donne son accord pour une communication au service RH",
    Event.DISCLOSURE_REVOKED: "L’agent retire son accord",
    Event.DISCLOSURE_READ: "Le service RH lit ce qui lui est communiqué",
    Event.HR_REVIEW_PROPOSED: "Un bilan avec le service RH est proposé",
    Event.HR_REVIEW_ACCEPTED: "L’agent accepte un bilan avec le service RH",
    Event.HR_REVIEW_ENDED: "Le bilan avec le service RH n’aura pas lieu",
    Event.HR_MINUTES_SAVED: "Le compte rendu du bilan avec le service RH est écrit",
    Event.HR_MINUTES_AGREED: "L’agent valide le compte rendu du bilan avec le service RH",
    Event.HR_MINUTES_READ: "Le service RH lit le compte rendu",
    Event.SYNTHESIS_HANDED_OVER: "La synthèse est remise à l’agent",
    Event.NOTHING_TOLD: "L’agent ne communique rien au service RH",
    Event.HR_REVIEW_NOT_WISHED: "L’agent ne souhaite pas de bilan avec le service RH",
    Event.ATTAINMENT_SAVED: "Un avis sur les objectifs est écrit",
    Event.KEEPING_CHOSEN: "L’agent choisit ce qui est gardé",
    Event.JOURNEY_SUSPENDED: "Le bilan est mis en pause",
    Event.JOURNEY_RESUMED: "Le bilan reprend",
    Event.JOURNEY_INTERRUPTED: "Le bilan est interrompu",
    Event.JOURNEY_CLOSED: "Le bilan est terminé",
}
DETAILS: Mapping[Event, Mapping[str, str]] = {
    Event.INTERVIEW_CLOSED: Outcome.choices(),
    Event.INTERVIEW_CANCELLED: Outcome.choices(),
    Event.PHASE_CHANGED: Phase.choices(),
    Event.STEP_MOVED: State.choices(),
}


def sentence(event: Event, detail: str) -> str:
    """Return what the journal says of an event: its sentence, and what it led to when that is a word."""
    words = DETAILS.get(event, {}).get(detail)
    return f"{SENTENCES[event]}\u00a0: {words.lower()}" if words else SENTENCES[event]


class Silence(NamedTuple):
    """A bilan where nothing happens: for how many days, and the threshold last reached."""

    days: int
    threshold: int


def silence(last: datetime.datetime, moment: datetime.datetime, thresholds: tuple[int, int]) -> Silence | None:
    """Return the silence of a bilan since its people last did something, None before the first threshold (in days)."""
    days = (moment - last).days
    reached = [threshold for threshold in sorted(thresholds) if days >= threshold]
    return Silence(days, reached[-1]) if reached else None


def is_half_way(held: int, planned: int | None) -> bool:
    """Whether half of the programme's minutes were held."""
    return planned is not None and held * 2 >= planned
