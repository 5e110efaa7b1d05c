"""Between the password and the session: the key or the code of the second factor.

Guarantees: whoever has a second factor is signed in by no way without it, be it the password, a
link or a password just chosen; whoever must have one and has none reaches nothing but its set-up.
"""

import time

from flask import current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_security import login_user
from flask_security.utils import validate_redirect_url

from bilan.access import actions as access
from bilan.htmx import leave_for, wants_fragment
from bilan.passkeys.models import Passkey
from bilan.people.models import Person
from bilan.protection import is_refused, limiter

AWAITING = "awaiting_code"
AWAITING_SECONDS = 10 * 60
ADDRESS_MAX = 1000
# What is reached before the second factor is there: its set-up.
SET_UP = {"access.factor", "access.begin", "access.image", "passkeys.add"}


def sign_in(person: Person, *, via: str, address: str = "") -> ResponseReturnValue:
    """Sign somebody in by a link, a password just chosen or ProConnect, or ask for the code first."""
    if access.has_factor(person):
        return ask_code(person, via=via, address=address)
    login_user(person, authn_via=[via])
    return redirect(_ours(address))


def ask_code(person: Person, *, via: str, address: str = "") -> ResponseReturnValue:
    """Remember for ten minutes who has given the password, and ask for the key, or the code where there is none."""
    session[AWAITING] = {"who": person.fs_uniquifier, "since": int(time.time()), "via": via, "next": address[:ADDRESS_MAX]}
    return redirect(url_for("passkeys.enter" if Passkey.is_held_by(person) else "access.code"))


def awaiting() -> Person | None:
    """Return who has given the password in this browser less than ten minutes ago, and not the code."""
    held = session.get(AWAITING)
    if held is None or time.time() - held["since"] > AWAITING_SECONDS:
        return None
    return Person.get_or_none(Person.fs_uniquifier == held["who"], Person.active)


def awaited_account() -> str:
    """Return whose codes are being tried, for their limit."""
    return f"code:{session.get(AWAITING, {}).get('who', '')}"


# One count for the keys, the codes and the recovery codes of an account.
few_codes = limiter.shared_limit("10 per 15 minutes", scope="codes", methods=["POST"], key_func=awaited_account, deduct_when=is_refused)


def complete(person: Person) -> ResponseReturnValue:
    """Sign in whoever has given the code or the key too."""
    held = session.pop(AWAITING)
    login_user(person, authn_via=[held["via"], "code"])
    return redirect(_ours(held["next"]))


def _ours(address: str) -> str:
    return address if address.startswith("/") and validate_redirect_url(address) else url_for("people.home")


def demand_second_factor() -> ResponseReturnValue | None:
    """Lead whoever must have a second factor and has none to its set-up, whatever was asked."""
    person = current_user._get_current_object()  # noqa: SLF001 -- the proxy asks for the session at each attribute
    if not person.is_authenticated or person.has_second_factor or not access.is_required_of(person):
        return None
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or request.endpoint in SET_UP or request.endpoint == "security.logout" or hasattr(view, "is_public"):
        return None
    address = url_for("access.factor")
    return leave_for(address) if wants_fragment() else redirect(address)


class SecondStep:
    """What Flask-Security's sign-in asks once the password is right, in the place of its own second factors."""

    def tf_enter(self, user: Person, _remember: bool | None, via: str, next_loc: str | None) -> ResponseReturnValue | None:  # noqa: FBT001 -- Flask-Security's signature
        """Ask for the code; None lets the sign-in go on."""
        if not access.has_factor(user):
            return None
        return ask_code(user, via=via, address=request.form.get("next") or request.args.get("next") or "")
