"""The story of a passkey: added, used after the password, removed."""

import time

from flask import current_app
from peewee import IntegrityError

from bilan.access import actions as access
from bilan.access.models import RecoveryCode
from bilan.database import now, transaction
from bilan.journal import Event, record
from bilan.passkeys import rules
from bilan.passkeys.models import Passkey
from bilan.passkeys.rules import Challenge, Refused, Site
from bilan.people.models import Person

ADDED, REMOVED = "doté d’une clé d’accès", "privé d’une clé d’accès"


class TooManyKeys(Exception):
    """Ten keys are there already."""


class LastFactor(Exception):
    """No other second factor is left to somebody who must have one."""


def site() -> Site:
    """Return what keys are bound to here."""
    return rules.site_of(current_app.config["BILAN"].base_url)


def challenge_to_add(person: Person) -> Challenge:
    """Return what a new key of that person will sign; her keys know her by one name."""
    held = Passkey.of(person)
    return rules.new_challenge(rules.ADD, time.time(), held[0].handle if held else "")


def add(*, person: Person, name: str, challenge: Challenge | None, answer: str) -> list[str]:
    """Keep a key; return the recovery codes when it is the first second factor. Raise Refused or TooManyKeys."""
    if challenge is None or not challenge.is_live(rules.ADD, time.time()):
        raise Refused
    found = rules.added_key(site(), challenge, answer)
    try:
        with transaction():
            Person.hold(person.id)
            if len(Passkey.of(person)) >= rules.KEYS_MAX:
                raise TooManyKeys
            first = not access.has_factor(person)
            Passkey.create(person=person, name=name, handle=challenge.handle, **found._asdict())
            access.changed_mail(person=person, what=ADDED)
            record(Event.PASSKEY_ADDED, person=person)
            return access.make_codes(person) if first else []
    except IntegrityError:  # a key that is there already, be it somebody else's
        raise Refused from None


def use(*, person: Person, challenge: Challenge | None, answer: str) -> None:
    """Accept the answer of one of a person's keys, once; raise Refused."""
    if challenge is None or not challenge.is_live(rules.ENTER, time.time()):
        raise Refused
    credential, handle = rules.answering_key(answer)
    with transaction():
        key = Passkey.called(credential, person)
        if key is None or handle not in ("", key.handle):
            raise Refused
        count = rules.count_of_answer(site(), challenge, answer, public_key=bytes(key.public_key), sign_count=key.sign_count)
        if not key.spend(sign_count=count, challenged_at=challenge.made_at, used_at=now()):
            raise Refused


def remove(*, key: Passkey, by: Person) -> None:
    """Give up one of one's keys, and the recovery codes with the last factor; raise LastFactor."""
    with transaction():
        Person.hold(by.id)
        Passkey.delete().where(Passkey.id == key.id).execute()
        if not access.has_factor(by):
            if access.is_required_of(by):
                raise LastFactor
            RecoveryCode.delete().where(RecoveryCode.person == by).execute()
        access.changed_mail(person=by, what=REMOVED)
        record(Event.PASSKEY_REMOVED, person=by)
