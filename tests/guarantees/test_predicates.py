"""Every condition of every predicate decides: where the others hold, it alone makes the answer.

Pure: people and things are only what a predicate reads of them. `bench/mutations.py` takes away each condition in
turn and asks this table.
"""

import inspect
import uuid
from types import SimpleNamespace as Thing

import pytest

from bilan import predicates
from bilan.data_requests.rules import State as RequestState
from bilan.interviews.rules import InterviewKind
from bilan.journeys.models import Journey
from bilan.people.models import Role
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import State

ME, ANOTHER, TOWN, ANOTHER_TOWN = (uuid.UUID(int=rank) for rank in range(1, 5))


def somebody(role, *, employer=None):
    """Return who asks: always ME."""
    return Thing(id=ME, role=role, employer_id=employer, is_staff=role is not Role.AGENT)


AGENT, COUNSELLOR, SECRETARIAT, MANAGER, REFERENT = (
    somebody(role) for role in (Role.AGENT, Role.COUNSELLOR, Role.SECRETARIAT, Role.MANAGER, Role.DISABILITY_REFERENT)
)
HR, HR_OF_NOBODY = somebody(Role.HR, employer=TOWN), somebody(Role.HR)
EVERYBODY = (AGENT, COUNSELLOR, SECRETARIAT, MANAGER, REFERENT, HR, HR_OF_NOBODY)


def of_role(*those):
    """Return the cases of a predicate that looks at the role alone."""
    return [(one, None, one in those) for one in EVERYBODY]


def whose(role, name, *, through=None):
    """Return the cases of a predicate that wants a role and that the thing is hers; `through`: of the bilan it belongs to."""

    def thing(owner):
        held = Thing(**{f"{name}_id": owner})
        return Thing(**{through: held}) if through else held

    mine = somebody(role)
    others = [(one, thing(ME), False) for one in EVERYBODY if one.role is not role]
    return [(mine, thing(ME), True), (mine, thing(ANOTHER), False), *others]


def of_bilan(role, name):
    """Return the cases of a predicate about a bilan, asked about the bilan itself and about what belongs to it."""
    itself = [(somebody(role), Journey(**{name: owner}), owner == ME) for owner in (ME, ANOTHER)]
    return [*whose(role, name, through="journey"), *itself]


def replaced(owner, ends):
    """Return a bilan that somebody replaces in until a day."""
    return Thing(journey=Thing(replacement_id=owner, replacement_ends_at=ends))


def when(name, *, yes, no):
    """Return the cases of a predicate that looks at the thing alone, whoever asks."""
    return [(one, Thing(**{name: value}), answer) for one in (AGENT, COUNSELLOR) for value, answer in ((yes, True), (no, False))]


def disclosed(recipient, employer, **others):
    """Return what was agreed to tell somebody of an employer."""
    return Thing(recipient_id=recipient, journey=Thing(employer_id=employer), **others)


CASES = {
    "is_signed_in": [(one, None, True) for one in EVERYBODY],
    "is_staff": [(one, None, one is not AGENT) for one in EVERYBODY],
    "is_own_session": [(AGENT, Thing(person_id=owner), owner == ME) for owner in (ME, ANOTHER)],
    "is_own_key": [(AGENT, Thing(person_id=owner), owner == ME) for owner in (ME, ANOTHER)],
    "is_agent": of_role(AGENT),
    "is_counsellor": of_role(COUNSELLOR),
    "is_hr": of_role(HR),
    "is_secretariat": of_role(SECRETARIAT),
    "is_manager": of_role(MANAGER),
    "is_disability_referent": of_role(REFERENT),
    "is_another_pair_of_eyes": [
        (SECRETARIAT, Thing(asked_by_id=ANOTHER, person_id=TOWN), True),
        (SECRETARIAT, Thing(asked_by_id=ME, person_id=ANOTHER), False),
        (SECRETARIAT, Thing(asked_by_id=ANOTHER, person_id=ME), False),
    ],
    "is_requester": whose(Role.AGENT, "agent"),
    "is_told_of_destruction": whose(Role.AGENT, "agent"),
    "is_asker": whose(Role.AGENT, "agent"),
    "is_not_withdrawn": [(SECRETARIAT, Thing(state=state), state is not RequestState.WITHDRAWN) for state in RequestState],
    "is_standing": when("is_open", yes=True, no=False),
    "is_not_subject": [(MANAGER, Thing(about_id=about), about != ME) for about in (ME, ANOTHER, None)],
    "is_agent_of_journey": of_bilan(Role.AGENT, "agent"),
    "is_referent_counsellor": of_bilan(Role.COUNSELLOR, "counsellor"),
    "is_replacement_counsellor": [
        (COUNSELLOR, replaced(ME, "a day to come"), True),
        (COUNSELLOR, replaced(ME, None), False),
        (COUNSELLOR, replaced(ANOTHER, "a day to come"), False),
        *((one, replaced(ME, "a day to come"), False) for one in EVERYBODY if one is not COUNSELLOR),
    ],
    "is_open": [(AGENT, Thing(journey=Thing(is_open=is_open)), is_open) for is_open in (True, False)],
    "is_closed": [(AGENT, Thing(journey=Thing(is_open=is_open)), not is_open) for is_open in (True, False)],
    "is_submitted": when("submitted_at", yes="a day", no=None),
    "is_unsubmitted": when("submitted_at", yes=None, no="a day"),
    "is_online": when("is_entered", yes=False, no=True),
    "is_entered": when("is_entered", yes=True, no=False),
    "is_grid": when("instrument", yes=Thing(scoring=None), no=Thing(scoring="a key")),
    "is_not_started": when("started_at", yes=None, no="a day"),
    "is_released": when("released_at", yes="a day", no=None),
    "is_prescriber": [
        (HR, Prescription(employer=TOWN), True),
        (HR, Prescription(employer=ANOTHER_TOWN), False),
        (HR, Thing(prescription=Thing(employer_id=TOWN)), True),
        (HR, Thing(prescription=Thing(employer_id=ANOTHER_TOWN)), False),
        (HR_OF_NOBODY, Thing(prescription=Thing(employer_id=None)), False),
        *((somebody(one.role, employer=TOWN), Prescription(employer=TOWN), False) for one in EVERYBODY if one.role is not Role.HR),
    ],
    "is_recipient": [
        (HR, disclosed(ME, TOWN), True),
        (HR, disclosed(ANOTHER, TOWN), False),
        (HR, disclosed(ME, ANOTHER_TOWN), False),
        (HR_OF_NOBODY, disclosed(ME, None), False),
        (somebody(Role.COUNSELLOR, employer=TOWN), disclosed(ME, TOWN), False),
    ],
    "is_live": when("is_live", yes=True, no=False),
    "is_invited": [
        (HR, disclosed(ME, TOWN, interview_id=ME), True),
        (HR, disclosed(ANOTHER, TOWN, interview_id=ME), False),
        (HR, disclosed(ME, ANOTHER_TOWN, interview_id=ME), False),
        (HR, disclosed(ME, TOWN, interview_id=None), False),
        (HR_OF_NOBODY, disclosed(ME, None, interview_id=ME), False),
        (somebody(Role.COUNSELLOR, employer=TOWN), disclosed(ME, TOWN, interview_id=ME), False),
    ],
    "is_between_two": [(AGENT, Thing(kind=kind), kind is not InterviewKind.HR_REVIEW) for kind in InterviewKind],
    "is_draft": [(HR, Thing(state=state), state is State.DRAFT) for state in State],
    "is_sent": [(HR, Thing(state=state), state is not State.DRAFT) for state in State],
    "is_before_first_interview": [
        (HR, Thing(is_open=True, has_begun=False), True),
        (HR, Thing(is_open=False, has_begun=False), False),
        (HR, Thing(is_open=True, has_begun=True), False),
    ],
    "is_slot_owner": whose(Role.COUNSELLOR, "counsellor"),
    "is_added_by": [(AGENT, Thing(added_by_id=owner), owner == ME) for owner in (ME, ANOTHER)],
    "is_pending": when("is_pending", yes=True, no=False),
}


def wrong(said):
    """Return the cases where a predicate of that module says something else than the table, or breaks."""
    return [
        f"{name}({one.role}, {subject}) is not {answer}"
        for name, cases in CASES.items()
        for one, subject, answer in cases
        if outcome(getattr(said, name), one, subject) is not answer
    ]


def outcome(predicate, one, subject):
    """Return what a predicate says, None when it cannot."""
    try:
        return predicate(one, subject)
    except AttributeError:
        return None


def test_each_predicate_says_what_the_table_says():
    assert wrong(predicates) == []


def test_every_predicate_is_in_the_table():
    defined = {name for name, one in inspect.getmembers(predicates, inspect.isfunction) if name.startswith("is_")}
    assert defined == set(CASES)


@pytest.mark.parametrize("name", sorted(set(CASES) - {"is_signed_in"}))
def test_the_table_holds_a_yes_and_a_no(name):
    assert {answer for _, _, answer in CASES[name]} == {True, False}
