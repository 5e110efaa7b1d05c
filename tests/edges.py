"""States that the world of the walks does not hold, each made in a fresh copy of it, and the cells of the table that they change."""

import datetime
from collections.abc import Callable
from typing import NamedTuple

from rights import KEEPERS, NOBODY, SECRETARIAT, TABLE, on
from world import EVERYBODY

from bilan.adaptations.models import AdaptationRequest
from bilan.adaptations.rules import State
from bilan.assignments.models import Attachment
from bilan.complaints.models import Complaint
from bilan.confirmations.models import AccountRequest
from bilan.data_requests.models import DataRequest
from bilan.data_requests.rules import State as RequestState
from bilan.database import now
from bilan.interviews.models import Interview
from bilan.interviews.rules import InterviewKind
from bilan.journeys.models import Journey
from bilan.mail.models import Email
from bilan.questionnaires.models import Passation

# Of whoever published the slot, added the file, wrote the private note.
OWN = {"agenda.withdraw_slot", "assignments.remove_file", "notes.compare"}
OF_COMPLAINTS = (
    ("treatment.show", "GET"),
    ("treatment.show", "POST"),
    ("treatment.close", "GET"),
    ("treatment.close", "POST"),
    ("treatment.qualify", "POST"),
    ("treatment.letter", "GET"),
    ("treatment.download", "GET"),
)
OF_MANAGER = tuple(("improvement.from_complaint", method) for method in ("GET", "POST"))
OF_EMAILS = tuple(("mail.show", method) for method in ("GET", "POST"))
FOR_MEETINGS = tuple((f"agenda.{name}", method) for name in ("move", "move_for", "cancel", "cancel_for") for method in ("GET", "POST"))
OF_REQUESTS = (
    *((f"adaptations.{name}", method) for name in ("share", "withdraw") for method in ("GET", "POST")),
    ("adaptations.judge", "POST"),
    *((f"measures.{name}", method) for name in ("decide", "measure") for method in ("GET", "POST")),
    ("measures.check", "POST"),
)


OF_DATA = tuple(("data_requests.show", method) for method in ("GET", "POST"))


class Edge(NamedTuple):
    """A state in words, what makes it in the database, the cells that it changes, and for whom: the others are not walked."""

    words: str
    make: Callable[[object], None]
    table: dict
    people: tuple[str, ...] = EVERYBODY


def _replaced():
    """The cells of the referent, with her replacement beside her; on the other bilan the same person is the referent."""
    found = {}
    for (endpoint, method), cell in TABLE.items():
        if isinstance(cell, dict) and any("counsellor" in who for who in cell.values()) and endpoint not in OWN:
            found[endpoint, method] = {state: who | ({"other_counsellor"} & _stand_in(who)) for state, who in cell.items()}
    return found


def _stand_in(who):
    return {"other_counsellor"} if "counsellor" in who else set()


def replace_referent(world):
    tomorrow = now().date() + datetime.timedelta(days=2)
    ids = [world.home.journey.id, world.home.closed_journey.id]
    Journey.update(replacement=world.people["other_counsellor"], replacement_until=tomorrow).where(Journey.id.in_(ids)).execute()


def swap_files(world, who):
    """Let the agent (the counsellor) of each bilan have added the files of the other."""
    for bilan, name in ((world.home, f"other_{who}"), (world.away, who)):
        ids = [getattr(bilan, one).id for one in ("agent_file", "counsellor_file", "closed_file", "closed_other_file")]
        Attachment.update(added_by=world.people[name]).where(Attachment.id.in_(ids)).execute()


def replace_who_added(world):
    replace_referent(world)
    ids = [world.home.counsellor_file.id, world.home.closed_other_file.id]
    Attachment.update(added_by=world.people["other_counsellor"]).where(Attachment.id.in_(ids)).execute()


def close_over_what_waits(world):
    """Put what was not ended into the closed bilan, as a closing that met it would have left it; the referent is replaced."""
    replace_referent(world)
    for bilan in world.bilans.values():
        Interview.update(journey=bilan.closed_journey).where(Interview.id == bilan.coming.id).execute()
        ids = [bilan.entered.id, bilan.assigned.id]
        Passation.update(journey=bilan.closed_journey).where(Passation.id.in_(ids)).execute()


def meet_hr(world):
    ids = [bilan.coming.id for bilan in world.bilans.values()]
    Interview.update(kind=InterviewKind.HR_REVIEW).where(Interview.id.in_(ids)).execute()


def change_grids(world, **values):
    ids = [bilan.grid.id for bilan in world.bilans.values()]
    Passation.update(**values).where(Passation.id.in_(ids)).execute()


def close_grids(world):
    replace_referent(world)
    for bilan in world.bilans.values():
        Passation.update(journey=bilan.closed_journey).where(Passation.id == bilan.grid.id).execute()


def take_back(world):
    AdaptationRequest.update(state=State.WITHDRAWN).execute()


def take_back_requests(_world):
    DataRequest.update(state=RequestState.WITHDRAWN, closed_at=now(), answer=None, answered_by=None).execute()


def manager_asks(world):
    AccountRequest.update(asked_by=world.people["manager"]).execute()


def concern(world, who):
    Complaint.update(about=world.people[who]).execute()
    Email.update(subject_id=world.complaint.id).where(Email.id == world.refused.id).execute()


def without(cells, states, table=TABLE):
    """Return these cells, closed to everybody on these states."""
    return {key: dict(table[key]) | on(states, NOBODY) for key in cells}


REPLACED = _replaced()
ANSWERING = tuple(
    key
    for key in TABLE
    if key[0] in ("questionnaires.fill", "questionnaires.check", "questionnaires.save", "questionnaires.enter", "questionnaires.withdraw")
)
CARRY = ("results.carry", "POST")
FILES = {("assignments.remove_file", "POST"): TABLE["assignments.remove_file", "POST"]}

EDGES = (
    Edge("the referent is replaced", replace_referent, REPLACED, ("other_counsellor",)),
    Edge("somebody of another bilan added the files", lambda world: swap_files(world, "agent"), {next(iter(FILES)): {}}),
    Edge("a former referent added the files", lambda world: swap_files(world, "counsellor"), {next(iter(FILES)): {}}),
    Edge(
        "the replacement added a file",
        replace_who_added,
        {next(iter(FILES)): on("agent_file", {"agent"}) | on("counsellor_file", {"other_counsellor"})},
    ),
    Edge(
        "the bilan was closed over what waited",
        close_over_what_waits,
        without((*FOR_MEETINGS, *ANSWERING), "coming entered assigned", TABLE | REPLACED),
    ),
    Edge("the meeting is with the HR service", meet_hr, without(FOR_MEETINGS, "coming")),
    Edge("the grid is not open to the agent", lambda world: change_grids(world, released_at=None), {CARRY: on("grid", {"counsellor"})}),
    Edge(
        "the grid is not handed in",
        lambda world: (replace_referent(world), change_grids(world, submitted_at=None, released_at=None, result=None)),
        {CARRY: {}},
    ),
    Edge("the grid is of a closed bilan", close_grids, {CARRY: {}}),
    Edge("the requests were taken back", take_back, without(OF_REQUESTS, "adaptation hidden")),
    Edge("the requests about data were taken back", take_back_requests, dict.fromkeys(OF_DATA, NOBODY)),
    Edge("the manager has asked for the change of account", manager_asks, {("confirmations.decide", "POST"): SECRETARIAT}),
    Edge(
        "the complaints concern the secretariat",
        lambda world: concern(world, "secretariat"),
        dict.fromkeys(OF_COMPLAINTS, KEEPERS - SECRETARIAT) | dict.fromkeys(OF_EMAILS, NOBODY),
    ),
    Edge(
        "the complaints concern the manager",
        lambda world: concern(world, "manager"),
        dict.fromkeys(OF_COMPLAINTS, SECRETARIAT) | dict.fromkeys(OF_MANAGER, NOBODY),
    ),
)
