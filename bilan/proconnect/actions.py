"""The story of ProConnect: an account recognised the first time, another refused, a sign-in that leaves nothing behind."""

import datetime
import uuid
from typing import Any

from huey import crontab
from peewee import IntegrityError

from bilan.access.actions import make_secrets_key
from bilan.access.models import OpenSession
from bilan.database import now, transaction
from bilan.journal import Event, record
from bilan.mail.actions import mail
from bilan.people.models import Person, Role
from bilan.proconnect.models import SUBJECT_MAX, ProconnectIdentity, ProconnectVisit
from bilan.vault import VaultError
from bilan.worker import in_application, queue

UNUSED = datetime.timedelta(days=1)


class NoAccount(Exception):
    """No account here is opened by that ProConnect account."""


@mail("proconnect_refused")
def refused_mail(*, person: Person) -> dict[str, Any]:
    """Tell that another ProConnect account came with the same address."""
    return {"to": person.email, "name": person.display_name, "relayed": False}


def recognise(*, email: str, subject: str) -> Person:
    """Return the HR account of somebody who comes from ProConnect; the first to come with its address keeps it. Raise NoAccount."""
    try:
        return _recognise(email, subject)
    except IntegrityError:  # two came first at the very same moment: the second one is told as whoever comes later
        return _recognise(email, subject)


def _recognise(email: str, subject: str) -> Person:
    with transaction():
        person = Person.by_email(email)
        if person is not None and person.active and person.role is Role.HR and len(subject) <= SUBJECT_MAX:
            known = ProconnectIdentity.of(person, subject)
            if not known:
                ProconnectIdentity.create(person=person, subject=subject)
                record(Event.PROCONNECT_LINKED, person=person)
                return person
            if [(one.person_id, one.subject) for one in known] == [(person.id, subject)]:
                return person
            refused_mail(person=person)
            record(Event.PROCONNECT_REFUSED, person=person)
        record(Event.SIGN_IN_REFUSED)
    raise NoAccount


def remember(*, person: Person, id_token: str) -> uuid.UUID:
    """Keep the identity token until its session ends: ProConnect asks for it at the sign-out."""
    make_secrets_key()
    with transaction():
        return ProconnectVisit.create(person=person, id_token=id_token).id


def attach(*, visit_id: uuid.UUID, person: Person, opened_id: uuid.UUID) -> None:
    """Give a sign-in by ProConnect its session: one ends with the other."""
    with transaction():
        mine = (ProconnectVisit.id == visit_id, ProconnectVisit.person == person, ProconnectVisit.opened.is_null())
        if OpenSession.select().where(OpenSession.id == opened_id).exists():
            ProconnectVisit.update(opened=opened_id).where(*mine).execute()


def token_of(opened_id: uuid.UUID) -> str | None:
    """Return the identity token of a session, None when ProConnect did not open it."""
    visit = ProconnectVisit.get_or_none(ProconnectVisit.opened == opened_id)
    try:
        return visit.id_token if visit else None
    except VaultError:  # the database came back without its keys: the session ends here at least
        return None


def is_linked(person: Person) -> bool:
    """Whether a ProConnect account is known to be this person's."""
    return bool(ProconnectIdentity.holders([person]))


def unlink(*, person: Person, by: Person) -> None:
    """Forget somebody's ProConnect account: the next to come with her address is hers."""
    with transaction():
        if ProconnectIdentity.delete().where(ProconnectIdentity.person == person).execute():
            record(Event.PROCONNECT_UNLINKED, person=by, subject_id=person.id)


@queue.periodic_task(crontab(hour="3", minute="41"))
@in_application
def forget_task() -> None:
    """Each night: forget the sign-ins that opened nothing."""
    forget_old()


def forget_old() -> None:
    """Delete the sign-ins that no session followed for a day."""
    with transaction():
        ProconnectVisit.delete().where(ProconnectVisit.opened.is_null(), ProconnectVisit.created_at < now() - UNUSED).execute()
