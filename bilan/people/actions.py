"""Accounts: inviting, opening by a link, choosing a password, suspending."""

import datetime
import unicodedata
from typing import Any

from flask import current_app
from flask_security import hash_password, verify_password
from huey import crontab
from peewee import IntegrityError

from bilan.access.models import OpenSession
from bilan.database import now, transaction
from bilan.journal import Event, record
from bilan.mail.actions import link_to, mail
from bilan.people.models import Employer, KeptEntry, LinkPurpose, OneTimeLink, Person, Role, fresh_uniquifier
from bilan.people.rules import Display, digest_of, new_token
from bilan.worker import in_application, queue

KEPT_LIFE = datetime.timedelta(days=1)
LINK_TRACE = datetime.timedelta(days=30)


class AddressTaken(Exception):
    """An account with this address exists."""


class LinkSpent(Exception):
    """The link is unknown, expired or used."""


@mail("sign_in_link")
def sign_in_mail(*, person: Person, link: str) -> dict[str, Any]:
    """Bring the link that signs in once."""
    return {"to": person.email, "personal_links": [link], "link": link, "name": person.display_name, "relayed": False}


@mail("invitation")
def invitation_mail(*, person: Person, link: str) -> dict[str, Any]:
    """Bring the link that lets a new person choose the password."""
    return {"to": person.email, "personal_links": [link], "link": link, "name": person.display_name, "role": person.role_label}


@mail("password_reset")
def reset_mail(*, person: Person, link: str) -> dict[str, Any]:
    """Bring the link that lets a person choose another password."""
    return {"to": person.email, "personal_links": [link], "link": link, "name": person.display_name, "relayed": False}


@mail("password_changed")
def password_changed_mail(*, person: Person) -> dict[str, Any]:
    """Tell that the password was changed, so that a stranger's change is noticed."""
    return {"to": person.email, "name": person.display_name, "relayed": False}


@mail("email_changed")
def email_changed_mail(*, person: Person, to: str, old: str, new: str) -> dict[str, Any]:
    """Tell one of the two addresses that the account goes by another."""
    return {"to": to, "name": person.display_name, "old": old, "new": new, "relayed": False}


def invite(*, email: str, display_name: str, role: Role, employer_name: str, by: Person | None) -> Person:
    """Open an account without a password and send its invitation; raise AddressTaken.

    An employer that nobody has named yet is added; an empty name is no employer.
    """
    try:
        with transaction():
            if Person.by_email(email):
                raise AddressTaken(email)
            employer = Employer.get_or_create(name=employer_name)[0] if employer_name else None
            person = Person.create(email=email.lower(), display_name=display_name, role=role, employer=employer)
            invitation_mail(person=person, link=_link(person, LinkPurpose.INVITATION))
            record(Event.PERSON_INVITED, person=by, subject_id=person.id, detail=role.value)
    except IntegrityError:  # two invitations at once
        raise AddressTaken(email) from None
    return person


def invite_again(*, person: Person, by: Person) -> None:
    """Send a fresh invitation; the earlier links stop working."""
    with transaction():
        invitation_mail(person=person, link=invitation_link(person))
        record(Event.PERSON_INVITED, person=by, subject_id=person.id, detail="again")


def invitation_link(person: Person) -> str:
    """Return a fresh link that opens an account without a password, in the current transaction; the earlier ones stop working."""
    _spend_links(person)
    return _link(person, LinkPurpose.INVITATION)


def ask_for_link(*, purpose: LinkPurpose, email: str) -> None:
    """Let the worker send a link if the address may have one: the time of the answer says nothing of the account."""
    with transaction():
        send_link_task(purpose.value, email)


@queue.task()
@in_application
def send_link_task(purpose: str, email: str) -> None:
    """Send the link that somebody asked for."""
    send = send_sign_in_link if LinkPurpose(purpose) is LinkPurpose.SIGN_IN else send_reset_link
    send(email=email)


def send_sign_in_link(*, email: str) -> None:
    """Send a sign-in link if the address is an agent's; say nothing otherwise.

    Members of the team and HR sign in with a password: their accounts open more.
    """
    person = Person.by_email(email)
    if person is None or not person.active or person.is_staff:
        return
    with transaction():
        sign_in_mail(person=person, link=_link(person, LinkPurpose.SIGN_IN))
        record(Event.LINK_SENT, person=person, detail="sign_in")


def send_reset_link(*, email: str) -> None:
    """Send a link to choose another password if the address has an account; say nothing otherwise."""
    person = Person.by_email(email)
    if person is None or not person.active:
        return
    with transaction():
        reset_mail(person=person, link=_link(person, LinkPurpose.RESET))
        record(Event.LINK_SENT, person=person, detail="reset")


def open_by_link(*, token: str) -> Person:
    """Spend a sign-in link and return its person; raise LinkSpent."""
    with transaction():
        link = OneTimeLink.living(digest_of(token), LinkPurpose.SIGN_IN)
        if link is None or not link.use():
            raise LinkSpent
        return link.person


def choose_password(*, token: str, password: str) -> Person:
    """Spend an invitation or a reset link, and set the password; raise LinkSpent."""
    with transaction():
        link = OneTimeLink.living(digest_of(token), LinkPurpose.INVITATION, LinkPurpose.RESET)
        if link is None or not link.use():
            raise LinkSpent
        _set_password(link.person, password)
        return link.person


def is_password_of(person: Person, typed: str) -> bool:
    """Whether this is the person's password, in the normal form of Unicode in which it was hashed."""
    known = Person.get_by_id(person.id).password
    return known is not None and bool(verify_password(unicodedata.normalize("NFKD", typed), known))


def change_password(*, person: Person, password: str) -> None:
    """Set the password of somebody who is signed in; every other session ends."""
    with transaction():
        _set_password(person, password)


def change_email(*, person: Person, email: str) -> None:
    """Give an account another address: its sessions and links end, both addresses are told; raise AddressTaken."""
    old, new = person.email, email.strip().lower()
    try:
        with transaction():
            Person.update(email=new, fs_uniquifier=fresh_uniquifier()).where(Person.id == person.id).execute()
            OpenSession.close_all(person)
            _spend_links(person)
            for address in (old, new):
                email_changed_mail(person=person, to=address, old=old, new=new)
            record(Event.EMAIL_CHANGED, subject_id=person.id)
    except IntegrityError:
        raise AddressTaken from None


def suspend(*, person: Person, by: Person) -> None:
    """Close an account at once: no sign-in, and its sessions end."""
    with transaction():
        Person.update(active=False, fs_uniquifier=fresh_uniquifier()).where(Person.id == person.id).execute()
        OpenSession.close_all(person)
        _spend_links(person)
        record(Event.ACCOUNT_SUSPENDED, person=by, subject_id=person.id)


def reopen(*, person: Person, by: Person) -> None:
    """Open a suspended account again."""
    with transaction():
        Person.update(active=True).where(Person.id == person.id).execute()
        record(Event.ACCOUNT_REOPENED, person=by, subject_id=person.id)


def prefer(*, person: Person, display: Display) -> None:
    """Keep the display preferences with the account."""
    with transaction():
        Person.update(preferences=display.dump()).where(Person.id == person.id).execute()


def _set_password(person: Person, password: str) -> None:
    # The sign-in form compares what is typed in this normal form of Unicode.
    person.password = hash_password(unicodedata.normalize("NFKD", password))
    person.fs_uniquifier = fresh_uniquifier()
    person.save(only=[Person.password, Person.fs_uniquifier])
    OpenSession.close_all(person)
    _spend_links(person)
    password_changed_mail(person=person)
    record(Event.PASSWORD_CHOSEN, person=person)


def _spend_links(person: Person) -> None:
    OneTimeLink.update(used_at=now()).where(OneTimeLink.person == person, OneTimeLink.used_at.is_null()).execute()


def _link(person: Person, purpose: LinkPurpose) -> str:
    settings = current_app.config["BILAN"]
    life = (
        datetime.timedelta(days=settings.invitation_days)
        if purpose is LinkPurpose.INVITATION
        else datetime.timedelta(minutes=settings.sign_in_link_minutes)
    )
    token, digest = new_token()
    OneTimeLink.create(person=person, purpose=purpose, digest=digest, expires_at=now() + life)
    endpoint = "people.open_link" if purpose is LinkPurpose.SIGN_IN else "people.choose_password"
    return link_to(endpoint, token=token)


@queue.periodic_task(crontab(minute="17"))
@in_application
def forget_task() -> None:
    """Each hour: forget what waits for nobody."""
    forget_old()


def forget_old() -> None:
    """Delete the entries kept at expired sessions after a day, and the links that expired a month ago."""
    with transaction():
        KeptEntry.delete().where(KeptEntry.created_at < now() - KEPT_LIFE).execute()
        OneTimeLink.delete().where(OneTimeLink.expires_at < now() - LINK_TRACE).execute()
