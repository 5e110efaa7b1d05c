"""Pure rules of the diagnostic interview: its decision, the rhythm of a programme."""

import enum


class Decision(enum.StrEnum):
    """How the diagnostic interview ends."""

    ENGAGED = "engaged"
    NOT_RELEVANT = "not_relevant"
    RECONSIDER = "reconsider"
    NOT_READY = "not_ready"

    @property
    def label(self) -> str:
        """Return the words that the screens use."""
        return DECISION_LABELS[self]


DECISION_LABELS = {
    Decision.ENGAGED: "Le bilan s’engage",
    Decision.NOT_RELEVANT: "Un bilan ne répond pas à la demande",
    Decision.RECONSIDER: "À revoir à une date",
    Decision.NOT_READY: "La personne n’est pas prête à s’engager",
}


class Rhythm(enum.StrEnum):
    """How often the two meet."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    THREE_WEEKLY = "three_weekly"
    FREE = "free"

    @property
    def label(self) -> str:
        """Return the words that the screens use."""
        return RHYTHM_LABELS[self]


RHYTHM_LABELS = {
    Rhythm.WEEKLY: "un entretien par semaine",
    Rhythm.FORTNIGHTLY: "un entretien toutes les deux semaines",
    Rhythm.THREE_WEEKLY: "un entretien toutes les trois semaines",
    Rhythm.FREE: "des dates fixées au fur et à mesure",
}
