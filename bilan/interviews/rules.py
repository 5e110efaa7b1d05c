"""The words of meetings: what they are for, where, what became of them."""

from bilan.wording import Worded


class InterviewKind(Worded):
    """What a meeting is for."""

    DIAGNOSTIC = "diagnostic", "Entretien de diagnostic"
    ACCOMPANIMENT = "accompaniment", "Entretien d’accompagnement"
    RESTITUTION = "restitution", "Entretien de restitution"
    HR_REVIEW = "hr_review", "Bilan avec le service RH"


class Mode(Worded):
    """Where a meeting takes place."""

    ON_SITE = "on_site", "sur place"
    REMOTE = "remote", "à distance"


class Outcome(Worded):
    """What became of a meeting."""

    HELD = "held", "tenu"
    EXCUSED = "excused", "absence excusée"
    NO_SHOW = "no_show", "absence non prévenue"
    CANCELLED = "cancelled", "annulé par l’agent"
    CANCELLED_BY_SERVICE = "cancelled_by_service", "annulé par le service"


CANCELLED = (Outcome.CANCELLED, Outcome.CANCELLED_BY_SERVICE)


class CancelReason(Worded):
    """Why an agent moves or cancels a meeting; health is never asked."""

    WORK = "work", "Empêchement au travail"
    PERSONAL = "personal", "Empêchement personnel"
    TRANSPORT = "transport", "Problème de transport"
    OTHER = "other", "Autre"


class LogReason(Worded):
    """Why a meeting that was held is written down afterwards."""

    UNPLANNED = "unplanned", "Il n’était pas prévu à l’agenda"
    FORGOTTEN = "forgotten", "Il n’avait pas été noté le jour même"
    OUTAGE = "outage", "Le service ne répondait pas ce jour-là"
    CORRECTION = "correction", "Il remplace un entretien noté par erreur"
