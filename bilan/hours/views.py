"""The page of a bilan's hours, for its agent and her counsellor."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from bilan.hours.models import account_of
from bilan.htmx import render
from bilan.interviews.models import Interview
from bilan.journeys.models import Journey
from bilan.permissions import Permission, requires
from bilan.together import WAY

blueprint = Blueprint("hours", __name__)


@blueprint.get(WAY + "/<uuid:id>/heures")
@requires(Permission.READ_TOGETHER)
def show(journey: Journey) -> ResponseReturnValue:
    """Show what is planned, held and left, the meetings that make it, and what is warned of."""
    account = account_of(journey.id, is_open=journey.is_open)
    return render("hours/show.html", journey=journey, account=account, interviews=Interview.of_journey(journey))
