"""What people think of the service, for the world and for its own tests."""

from figured import write_figures
from flask import current_app

from bilan.satisfaction import actions
from bilan.satisfaction.models import Invitation
from bilan.satisfaction.rules import AT_CLOSING, MONTHS_LATER, sign


def token_of(invitation):
    """Return the token of the personal address of an invitation."""
    return sign(current_app.config["SECRET_KEY"], str(invitation.id))


def ask_opinions(bilan, markers, marker_kind):
    """Ask for opinions after a closed bilan, one of them answered, and keep figures; return the token of one that waits."""
    actions.ask_at_closing(journey=bilan.closed_journey)
    text = "marque-avis-libre-de-quelqu-un"
    markers["avis-libre"] = marker_kind("avis-libre", text, set())
    answered = Invitation.with_recipient(Invitation.get(Invitation.survey == AT_CLOSING).id)
    actions.answer(invitation=answered, ratings={"ensemble": 4, "recommandation": 9}, texts={"points_forts": text})
    waiting = actions.ask_months_later(journey=bilan.closed_journey)
    assert waiting.survey == MONTHS_LATER
    write_figures()
    return token_of(waiting)
