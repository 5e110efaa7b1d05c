"""The page of a bilan's hours, for its agent and her counsellor."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from bilan.assignments.models import Assignment
from bilan.hours.models import account_of, bounds_for
from bilan.hours.rules import length_warning
from bilan.htmx import render
from bilan.interviews.models import Interview
from bilan.interviews.rules import InterviewKind
from bilan.journeys.models import Journey
from bilan.permissions import Permission, requires
from bilan.together import WAY

blueprint = Blueprint("hours", __name__)


@blueprint.get(WAY + "/<uuid:id>/heures")
@requires(Permission.READ_TOGETHER)
def show(journey: Journey) -> ResponseReturnValue:
    """Show what is planned, held and left, the meetings that make it, and what is warned of."""
    interviews, bounds = Interview.of_journey(journey), bounds_for(journey.id)
    return render(
        "hours/show.html",
        journey=journey,
        account=account_of(journey.id, is_open=journey.is_open),
        interviews=interviews,
        unusual={
            one.id: length_warning(one.held_minutes, bounds)
            for one in interviews
            if one.is_held and one.kind is not InterviewKind.HR_REVIEW
        },
        work=Assignment.done_and_given(journey),
    )
