"""The story of four eyes: a change asked for, confirmed by somebody else, refused, or forgotten after seven days."""

from typing import Any

from huey import crontab

from bilan.access import actions as access
from bilan.confirmations.models import ROLES, AccountRequest, confirmers
from bilan.confirmations.rules import TRACE, Change, Outcome
from bilan.database import now, transaction
from bilan.departures import actions as departures
from bilan.journal import Event, record
from bilan.mail.actions import link_to, mail
from bilan.people import actions as people
from bilan.people.models import Person, Role
from bilan.worker import in_application, queue


class NobodyElse(Exception):
    """There is nobody who could confirm."""


class AlreadyDecided(Exception):
    """Somebody else has just decided."""


@mail("confirmation_asked")
def asked_mail(*, to: Person, asker: Person) -> dict[str, Any]:
    """Tell somebody that a change waits for her."""
    return {"to": to.email, "name": to.display_name, "asker": asker.display_name, "link": link_to("confirmations.index"), "relayed": False}


def is_watched(role: Role) -> bool:
    """Whether what is done to an account of that role waits for a second person."""
    return role in ROLES


def ask(
    *,
    change: Change,
    person: Person | None,
    by: Person,
    email: str = "",
    display_name: str = "",
    role: Role | None = None,
    successor: Person | None = None,
) -> None:
    """Ask for a change, once however often it is asked; whoever may confirm is told. Raise NobodyElse, or people's AddressTaken."""
    if person is None and Person.by_email(email):
        raise people.AddressTaken(email)
    who = confirmers(asker=by, person=person)
    if not who:
        raise NobodyElse
    about = {"email": email.lower(), "display_name": person.display_name if person else display_name, "successor": successor}
    with transaction():
        whose = AccountRequest.person == person if person else AccountRequest.email == about["email"]
        if AccountRequest.pending().where(AccountRequest.change == change, whose).first():
            return
        asked = AccountRequest.create(asked_by=by, change=change, person=person, role=person.role if person else role, **about)
        for one in who:
            asked_mail(to=one, asker=by)
        record(Event.ACCOUNT_CHANGE_ASKED, person=by, subject_id=asked.id, detail=change.value)


def confirm(*, request: AccountRequest, by: Person) -> None:
    """Carry out what somebody else has asked. Raise AlreadyDecided, people's AddressTaken, or departures' Overtaken."""
    with transaction():
        if not request.settle(Outcome.CONFIRMED, by):
            raise AlreadyDecided
        record(Event.ACCOUNT_CHANGE_CONFIRMED, person=by, subject_id=request.id, detail=request.change.value)
        _carry_out(request)


def _carry_out(request: AccountRequest) -> None:
    by = request.asked_by
    if request.change is Change.INVITE:
        people.invite(email=request.email, display_name=request.display_name, role=request.role, employer_name="", by=by)
    elif request.change is Change.SUSPEND:
        people.suspend(person=request.person, by=by)
    elif request.change is Change.REOPEN:
        people.reopen(person=request.person, by=by)
    elif request.change is Change.LEAVE:
        departures.leave(person=request.person, heirs={}, successor=request.successor, by=by)
    else:
        access.take_away(person=request.person, by=by)


def refuse(*, request: AccountRequest, by: Person) -> None:
    """Refuse what somebody has asked; raise AlreadyDecided."""
    with transaction():
        if not request.settle(Outcome.REFUSED, by):
            raise AlreadyDecided
        record(Event.ACCOUNT_CHANGE_REFUSED, person=by, subject_id=request.id, detail=request.change.value)


@queue.periodic_task(crontab(hour="3", minute="47"))
@in_application
def forget_task() -> None:
    """Each night: forget the requests of long ago."""
    forget_old()


def forget_old() -> None:
    """Delete the requests after a month; the journal keeps what was decided."""
    with transaction():
        AccountRequest.delete().where(AccountRequest.created_at < now() - TRACE).execute()
