"""The story of access: a second factor added, used, lost; sessions opened and closed; a new browser told."""

import contextlib
import datetime
import time
import uuid
from typing import Any

from flask import current_app
from huey import crontab
from peewee import IntegrityError, OperationalError

from bilan.access.models import SECRETS_KEY, KnownBrowser, OpenSession, RecoveryCode, SecondFactor
from bilan.access.rules import browser_words, digest_of_code, new_recovery_codes, new_secret, step_of
from bilan.database import now, transaction
from bilan.french import moment
from bilan.journal import Event, record
from bilan.mail.actions import link_to, mail
from bilan.passkeys.models import Passkey
from bilan.people.models import Person, fresh_uniquifier
from bilan.people.rules import digest_of
from bilan.vault import KeyMissing, VaultError, cipher, create_key
from bilan.worker import in_application, queue

SESSION_LIFE = datetime.timedelta(days=1)
BROWSER_LIFE = datetime.timedelta(days=365)
SEEN_EVERY = datetime.timedelta(minutes=10)
ADDED, REMOVED, TAKEN_AWAY = "ajouté", "retiré", "retiré par le secrétariat"
CODES_MADE, CODE_USED = "doté de nouveaux codes de secours", "remplacé par un code de secours, une fois"


class CodeRefused(Exception):
    """The code is wrong, or has served."""


class SecretUnreadable(Exception):
    """The secret cannot be read any more: the database came back without its keys."""


class NothingPending(Exception):
    """No application waits for its first code."""


@mail("second_factor_changed")
def changed_mail(*, person: Person, what: str) -> dict[str, Any]:
    """Tell that the second factor changed, so that a stranger's change is noticed."""
    return {"to": person.email, "name": person.display_name, "what": what, "relayed": False}


@mail("new_device")
def new_device_mail(*, person: Person, browser: str) -> dict[str, Any]:
    """Tell of a sign-in from a browser that was never seen with this account."""
    reset = link_to("people.ask_reset")
    return {"to": person.email, "name": person.display_name, "browser": browser, "when": moment(now()), "link": reset, "relayed": False}


def begin(*, person: Person) -> None:
    """Prepare an application that waits for its first code; the present one, if any, still serves."""
    make_secrets_key()
    with transaction():
        factor = SecondFactor.of(person) or SecondFactor.create(person=person)
        factor.pending = new_secret()
        factor.save(only=[SecondFactor.pending])


def confirm(*, person: Person, code: str) -> list[str]:
    """Take the pending application; return recovery codes, unless those of a passkey serve. Raise CodeRefused or NothingPending."""
    with transaction():
        factor = SecondFactor.of(person)
        if factor is None or factor.pending is None:
            raise NothingPending
        step = step_of(factor.pending, code, time.time())
        if step is None:
            raise CodeRefused
        factor.secret, factor.pending = factor.pending, None
        factor.confirmed_at, factor.last_step = now(), step
        factor.save()
        changed_mail(person=person, what=ADDED)
        record(Event.SECOND_FACTOR_ADDED, person=person)
        return [] if Passkey.is_held_by(person) else make_codes(person)


def use_code(*, person: Person, code: str) -> None:
    """Accept a code of the application, once; raise CodeRefused or SecretUnreadable."""
    with transaction():
        factor = SecondFactor.of(person)
        try:
            secret = factor.secret if factor else None
        except VaultError:
            raise SecretUnreadable from None
        step = step_of(secret, code, time.time()) if secret else None
        if factor is None or step is None or not factor.spend(step):
            raise CodeRefused


def use_recovery_code(*, person: Person, code: str) -> None:
    """Accept a recovery code, once; raise CodeRefused."""
    with transaction():
        if not RecoveryCode.spend(person, digest_of_code(person.id, code)):
            raise CodeRefused
        changed_mail(person=person, what=CODE_USED)
        record(Event.RECOVERY_CODE_USED, person=person)


def renew_codes(*, person: Person) -> list[str]:
    """Make ten recovery codes and return them; the earlier ones die."""
    with transaction():
        changed_mail(person=person, what=CODES_MADE)
        record(Event.RECOVERY_CODES_MADE, person=person)
        return make_codes(person)


def remove(*, person: Person) -> None:
    """Give up one's application, and the recovery codes unless a passkey is left."""
    with transaction():
        Person.hold(person.id)
        SecondFactor.delete().where(SecondFactor.person == person).execute()
        if not Passkey.is_held_by(person):
            RecoveryCode.delete().where(RecoveryCode.person == person).execute()
        changed_mail(person=person, what=REMOVED)
        record(Event.SECOND_FACTOR_REMOVED, person=person)


def take_away(*, person: Person, by: Person | None) -> None:
    """Take away the second factor that its owner has lost, application and keys: her sessions end, and she is told."""
    with transaction():
        for one in (SecondFactor, Passkey, RecoveryCode):
            one.delete().where(one.person == person).execute()
        Person.update(fs_uniquifier=fresh_uniquifier()).where(Person.id == person.id).execute()
        OpenSession.close_all(person)
        changed_mail(person=person, what=TAKEN_AWAY)
        record(Event.SECOND_FACTOR_TAKEN_AWAY, person=by, subject_id=person.id)


def open_session(*, person: Person, user_agent: str, token: str) -> uuid.UUID:
    """Open a session in a browser, and tell the team and HR of one that is new to the account."""
    with transaction():
        words = browser_words(user_agent)
        opened = OpenSession.create(person=person, browser=words)
        digest, known = digest_of(token), KnownBrowser.select().where(KnownBrowser.person == person)
        if KnownBrowser.update(seen_at=now()).where(KnownBrowser.person == person, KnownBrowser.digest == digest).execute():
            return opened.id
        if person.is_staff and known.exists():
            new_device_mail(person=person, browser=words)
            record(Event.NEW_DEVICE, person=person)
        KnownBrowser.create(person=person, digest=digest)
        return opened.id


def touch(*, opened: OpenSession) -> None:
    """Note that a session is used, every ten minutes at most; a page is read even where nothing can be written."""
    if now() - opened.seen_at > SEEN_EVERY:
        with contextlib.suppress(OperationalError), transaction():
            OpenSession.update(seen_at=now()).where(OpenSession.id == opened.id).execute()


def close_session(*, opened_id: uuid.UUID, by: Person) -> None:
    """Close one session; signing out of one's own says nothing in the journal."""
    with transaction():
        if OpenSession.delete().where(OpenSession.id == opened_id, OpenSession.person == by).execute():
            record(Event.SESSIONS_CLOSED, person=by)


def end_session(*, opened_id: uuid.UUID) -> None:
    """Forget the session of somebody who signs out, or was away too long."""
    with transaction():
        OpenSession.delete().where(OpenSession.id == opened_id).execute()


def close_others(*, opened_id: uuid.UUID, by: Person) -> int:
    """Close every session but this one; return how many."""
    with transaction():
        closed = OpenSession.close_all(by, but=opened_id)
        if closed:
            record(Event.SESSIONS_CLOSED, person=by)
        return closed


@queue.periodic_task(crontab(hour="3", minute="23"))
@in_application
def forget_task() -> None:
    """Each night: forget the sessions and browsers that nobody uses."""
    forget_old()


def forget_old() -> None:
    """Delete the sessions unused for a day, whose cookies are dead, and the browsers unused for a year."""
    with transaction():
        OpenSession.delete().where(OpenSession.seen_at < now() - SESSION_LIFE).execute()
        KnownBrowser.delete().where(KnownBrowser.seen_at < now() - BROWSER_LIFE).execute()


def is_required_of(person: Person) -> bool:
    """Whether this person must have a second factor here."""
    return person.is_team and current_app.config["BILAN"].second_factor_required


def has_application(person: Person) -> bool:
    """Whether an application shows this person's codes."""
    factor = SecondFactor.of(person)
    return factor is not None and factor.confirmed_at is not None


def has_factor(person: Person) -> bool:
    """Whether this person signs in with a code or a key too."""
    return has_application(person) or Passkey.is_held_by(person)


def make_codes(person: Person) -> list[str]:
    """Make ten recovery codes in the place of the earlier ones."""
    codes = new_recovery_codes()
    RecoveryCode.delete().where(RecoveryCode.person == person).execute()
    for code in codes:
        RecoveryCode.create(person=person, digest=digest_of_code(person.id, code))
    return codes


def make_secrets_key() -> None:
    """Make the key of the secrets of accounts, at the first of them."""
    try:
        cipher(SECRETS_KEY)
    except KeyMissing:
        try:
            create_key(SECRETS_KEY)
        except IntegrityError:  # two people at once
            cipher(SECRETS_KEY)
