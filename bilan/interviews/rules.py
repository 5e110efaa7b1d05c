"""The words of meetings: what they are for, where, what became of them, who reads their notes."""

import enum


class InterviewKind(enum.StrEnum):
    """What a meeting is for."""

    DIAGNOSTIC = "diagnostic"
    ACCOMPANIMENT = "accompaniment"
    RESTITUTION = "restitution"
    HR_REVIEW = "hr_review"

    @property
    def label(self) -> str:
        """Return the words that the screens use."""
        return KIND_LABELS[self]


KIND_LABELS = {
    InterviewKind.DIAGNOSTIC: "Entretien de diagnostic",
    InterviewKind.ACCOMPANIMENT: "Entretien d’accompagnement",
    InterviewKind.RESTITUTION: "Entretien de restitution",
    InterviewKind.HR_REVIEW: "Bilan avec le service RH",
}


class Mode(enum.StrEnum):
    """Where a meeting takes place."""

    ON_SITE = "on_site"
    REMOTE = "remote"

    @property
    def label(self) -> str:
        """Return the words that the screens use."""
        return {Mode.ON_SITE: "sur place", Mode.REMOTE: "à distance"}[self]


class Outcome(enum.StrEnum):
    """What became of a meeting."""

    HELD = "held"
    EXCUSED = "excused"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    CANCELLED_BY_SERVICE = "cancelled_by_service"

    @property
    def label(self) -> str:
        """Return the words that the screens use."""
        return OUTCOME_LABELS[self]


OUTCOME_LABELS = {
    Outcome.HELD: "tenu",
    Outcome.EXCUSED: "absence excusée",
    Outcome.NO_SHOW: "absence non prévenue",
    Outcome.CANCELLED: "annulé par l’agent",
    Outcome.CANCELLED_BY_SERVICE: "annulé par le service",
}
CANCELLED = (Outcome.CANCELLED, Outcome.CANCELLED_BY_SERVICE)


class CancelReason(enum.StrEnum):
    """Why an agent moves or cancels a meeting; health is never asked."""

    WORK = "work"
    PERSONAL = "personal"
    TRANSPORT = "transport"
    OTHER = "other"

    @property
    def label(self) -> str:
        """Return the words that the screens use."""
        return REASON_LABELS[self]


REASON_LABELS = {
    CancelReason.WORK: "Empêchement au travail",
    CancelReason.PERSONAL: "Empêchement personnel",
    CancelReason.TRANSPORT: "Problème de transport",
    CancelReason.OTHER: "Autre",
}


class NoteKind(enum.StrEnum):
    """Who reads a note."""

    PRIVATE = "private"
    SHARED = "shared"
