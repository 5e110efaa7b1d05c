"""Pure rules of quotes: amounts in cents, states."""

import enum


class QuoteState(enum.StrEnum):
    """Where a quote stands; one that was replaced or cancelled keeps its number."""

    SENT = "sent"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    REPLACED = "replaced"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """Return the word that the screens use."""
        return STATE_LABELS[self]


STATE_LABELS = {
    QuoteState.SENT: "envoyé",
    QuoteState.ACCEPTED: "accepté",
    QuoteState.REFUSED: "refusé",
    QuoteState.REPLACED: "remplacé",
    QuoteState.CANCELLED: "annulé",
}
