"""Sessions that expire, and what somebody was posting when it happened.

Guarantee: a post that meets an expired session is neither carried out nor lost; after
the next sign-in of the same person in the same browser it is offered again. A session
whose row was closed, from another browser or by a change of password, opens nothing.
"""

import contextlib
import datetime
import json
import secrets
import time
import uuid
from http import HTTPStatus
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from flask import Flask, Response, after_this_request, current_app, flash, redirect, render_template, request, session, url_for
from flask.sessions import SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user
from werkzeug.exceptions import HTTPException

from bilan.access import actions as access
from bilan.access.models import OpenSession
from bilan.database import now, transaction
from bilan.fields import as_uuid
from bilan.htmx import leave_for, wants_fragment
from bilan.people.models import KeptEntry, Person
from bilan.signatures import Remembering

SEEN, EXPIRED, KEPT, OPENED = "seen", "expired_person", "kept_entry", "opened"
REFRESH_SECONDS = 60
PROVED_SECONDS = 15 * 60
BROWSER_COOKIE, YEAR_SECONDS = "bilan-navigateur", 365 * 24 * 3600
KEPT_LIMIT = 300_000
KEPT_WORDS = {
    "notes.save": "Une note d’entretien",
    "questionnaires.save": "Une réponse à un questionnaire",
    "questionnaires.fill": "Une page de questionnaire",
    "results.comment": "Un commentaire de résultat",
    "assignments.answer": "Un mot sur un travail personnel",
    "messages.send": "Un message",
}


class SignedSessions(SecureCookieSessionInterface):
    """Flask's signed cookies, whose serializer is made once instead of at each request, and remembers."""

    def get_signing_serializer(self, app: Flask) -> Remembering:
        """Return the serializer of this application."""
        if "session_serializer" not in app.extensions:
            how = {"key_derivation": self.key_derivation, "digest_method": self.digest_method}
            app.extensions["session_serializer"] = Remembering(
                app.secret_key, salt=self.salt, serializer=self.serializer, signer_kwargs=how
            )
        return app.extensions["session_serializer"]


def idle_limit(person: Person) -> int:
    """Return how many seconds without a request close this person's session."""
    settings = current_app.config["BILAN"]
    return 60 * (settings.staff_idle_minutes if person.is_staff else settings.agent_idle_minutes)


def is_over(person: Person, seen: int) -> bool:
    """Whether a session ends: its person was away too long, or has been there since too long."""
    longest = datetime.timedelta(hours=current_app.config["BILAN"].session_hours)
    return time.time() - seen > idle_limit(person) or now() - person.opened.created_at > longest


def expire_session() -> None:
    """Close a session that is over; keep who it was, for `keep_entry`."""
    person = current_user._get_current_object()  # noqa: SLF001 -- the proxy asks for the session at each attribute
    if "_user_id" not in session or not person.is_authenticated:
        return
    seen = session.get(SEEN, 0)
    moment = int(time.time())
    if is_over(person, seen):
        session[EXPIRED] = str(person.id)
        logout_user()
    elif moment - seen > REFRESH_SECONDS:
        session[SEEN] = moment
        access.touch(opened=person.opened)


def begin(_sender: object, user: Person, **_rest: object) -> None:
    """Open the session's row and start the idle clock at sign-in; forget an entry that somebody else was posting."""
    opened = access.open_session(person=user, user_agent=request.user_agent.string, token=_browser_token())
    session[OPENED] = str(opened)
    session[SEEN] = int(time.time())
    session.permanent = True
    if session.pop(EXPIRED, str(user.id)) != str(user.id):
        session.pop(KEPT, None)


def end(_sender: object, **_rest: object) -> None:
    """Close the session's row at sign-out, or after too long a while."""
    opened = as_uuid(session.pop(OPENED, None))
    if opened:
        access.end_session(opened_id=opened)


def opened_by(person: Person) -> list[OpenSession]:
    """Return the sessions of the person who asks that are not over, the last used first."""
    # A session's row is written at every tenth minute of use: one that looks over may not be.
    since = now() - datetime.timedelta(seconds=idle_limit(person)) - access.SEEN_EVERY
    return OpenSession.of(person, since)


def proved_lately() -> bool:
    """Whether the person who asks has signed in less than a quarter of an hour ago."""
    return time.time() - session.get("fs_paa", 0) < PROVED_SECONDS


def _browser_token() -> str:
    """Return what this browser is known by, kept for a year in a cookie of its own."""
    secure = current_app.config["BILAN"].secure
    name = f"__Host-{BROWSER_COOKIE}" if secure else BROWSER_COOKIE
    token = request.cookies.get(name) or secrets.token_urlsafe(32)

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(name, token, max_age=YEAR_SECONDS, secure=secure, httponly=True, samesite="Lax")
        return response

    return token


def ask_to_sign_in() -> ResponseReturnValue:
    """Answer somebody who must sign in first, keeping what was posted."""
    kept = request.method == "POST" and _keep_entry()
    if request.method == "POST" and wants_fragment():
        return render_template("people/_session_expired.html", kept=kept), 401
    if request.method == "GET":
        address = url_for("security.login", next=request.full_path.rstrip("?"))
        return leave_for(url_for("security.login")) if wants_fragment() else redirect(address)
    if kept:
        flash("Votre session a expiré par sécurité. Ce que vous aviez écrit est gardé : reconnectez-vous pour l’enregistrer.", "info")
    else:
        flash("Connectez-vous pour continuer.", "info")
    return redirect(url_for("security.login"))


def _keep_entry() -> bool:
    person_id = session.get(EXPIRED)
    fields = [[name, value] for name, value in request.form.items(multi=True) if name != "csrf_token"]
    raw = json.dumps(fields).encode()
    if person_id is None or not fields or len(raw) > KEPT_LIMIT:
        return False
    key = session[KEPT]["key"] if KEPT in session else Fernet.generate_key().decode()
    with transaction():
        KeptEntry.delete().where(KeptEntry.person == uuid.UUID(person_id), KeptEntry.path == request.path).execute()
        KeptEntry.create(person=uuid.UUID(person_id), path=request.path[:500], sealed=Fernet(key).encrypt(raw))
    session[KEPT] = {"key": key}
    return True


def kept_entries(person: Person) -> list[dict[str, Any]]:
    """Return what this browser kept for this person: identifier, path and fields of each entry."""
    if KEPT not in session:
        return []
    cipher = Fernet(session[KEPT]["key"])
    found = []
    for entry in KeptEntry.select().where(KeptEntry.person == person).order_by(KeptEntry.created_at):
        try:
            fields = json.loads(cipher.decrypt(bytes(entry.sealed)))
        except InvalidToken:  # kept by another browser, which holds its key
            continue
        found.append({"id": entry.id, "path": entry.path, "fields": fields, "created_at": entry.created_at, "words": _words(entry.path)})
    return found


def _words(path: str) -> str:
    """Say in words what was being posted to that address."""
    try:
        endpoint, _ = current_app.url_map.bind("").match(path, method="POST")
    except HTTPException:
        return "Un formulaire"
    return KEPT_WORDS.get(endpoint, "Un formulaire")


def forget_resumed(response: Response) -> Response:
    """Delete a kept entry once its fields were posted again and accepted."""
    entry_id = request.form.get("kept_entry", "") if request.method == "POST" and response.status_code < HTTPStatus.BAD_REQUEST else ""
    if entry_id and current_user.is_authenticated:
        with contextlib.suppress(ValueError):
            forget_entry(current_user, uuid.UUID(entry_id))
        if response.location and kept_entries(current_user):
            response.location = url_for("people.resume")
    return response


def forget_entry(person: Person, entry_id: uuid.UUID) -> None:
    """Delete one kept entry of this person."""
    KeptEntry.delete().where(KeptEntry.id == entry_id, KeptEntry.person == person).execute()
