"""Going to ProConnect, coming back, leaving it.

A link leads there and not a form, and the sign-out by a page that opens another: the policy of our pages
lets no form send anybody elsewhere, and ProConnect passes on to identity providers that we do not know.
"""

import time
from collections.abc import Callable
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from authlib.common.urls import add_params_to_uri
from flask import Blueprint, Flask, abort, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, user_logged_in

from bilan import second_step, sessions
from bilan.fields import as_uuid
from bilan.htmx import render
from bilan.mail.actions import link_to
from bilan.people.models import Person
from bilan.permissions import public
from bilan.proconnect import actions
from bilan.proconnect.provider import Attempt, Unreachable, init_proconnect, proconnect
from bilan.proconnect.rules import Unbelievable, new_secret
from bilan.protection import limiter

blueprint = Blueprint("proconnect", __name__)
STARTED, VISIT, LEAVING = "proconnect_started", "proconnect_visit", "proconnect_leaving"
ATTEMPT_SECONDS = 15 * 60
few = limiter.shared_limit("60 per 15 minutes", scope="proconnect")


@blueprint.get("/connexion/proconnect")
@public
@few
def begin() -> ResponseReturnValue:
    """Lead to ProConnect."""
    service = proconnect() or abort(HTTPStatus.NOT_FOUND)
    attempt = Attempt(new_secret(), new_secret(), new_secret())
    try:
        address = service.address(attempt, link_to("proconnect.back"))
    except (Unreachable, Unbelievable):
        return render("proconnect/unreachable.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
    following = request.args.get("next", "")[: second_step.ADDRESS_MAX]
    session[STARTED] = {**asdict(attempt), "since": int(time.time()), "next": following}
    return redirect(address)


@blueprint.get("/connexion/proconnect/retour")
@public
@few
def back() -> ResponseReturnValue:
    """Let in whoever comes back from ProConnect, or say why not."""
    service = proconnect() or abort(HTTPStatus.NOT_FOUND)
    held = session.pop(STARTED, None)
    if held is None or time.time() - held["since"] > ATTEMPT_SECONDS or request.args.get("state") != held["state"]:
        return render("proconnect/again.html", status=HTTPStatus.BAD_REQUEST)
    attempt = Attempt(held["state"], held["nonce"], held["verifier"])
    try:
        visitor = service.visitor(attempt, request.args.get("code", ""), link_to("proconnect.back"))
        person = actions.recognise(email=visitor.email, subject=visitor.subject)
    except Unreachable:
        return render("proconnect/unreachable.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
    except Unbelievable:
        return render("proconnect/again.html", status=HTTPStatus.BAD_REQUEST)
    except actions.NoAccount:
        return render("proconnect/no_account.html", status=HTTPStatus.FORBIDDEN)
    session[VISIT] = str(actions.remember(person=person, id_token=visitor.id_token))
    return second_step.sign_in(person, via="proconnect", address=held["next"])


@blueprint.get("/deconnexion/proconnect")
@public
def left() -> ResponseReturnValue:
    """Receive whoever has left ProConnect too."""
    if proconnect() is None:
        abort(HTTPStatus.NOT_FOUND)
    state = session.pop(LEAVING, None)
    if state and request.args.get("state") == state:
        flash("Vous avez quitté ProConnect aussi.", "done")
    return redirect(url_for("security.login"))


def attach(_sender: object, user: Person, **_rest: object) -> None:
    """Tie a sign-in by ProConnect to the session it has opened."""
    visit, opened = as_uuid(session.pop(VISIT, None)), as_uuid(session.get(sessions.OPENED))
    if visit and opened:
        actions.attach(visit_id=visit, person=user, opened_id=opened)


def leaving(sign_out: Callable[..., Any]) -> Callable[[], ResponseReturnValue]:
    """Sign out here as `sign_out` does, then of ProConnect when it has opened the session."""

    def leave() -> ResponseReturnValue:
        opened = as_uuid(session.get(sessions.OPENED)) if current_user.is_authenticated else None
        token = actions.token_of(opened) if opened and proconnect() else None
        answer = sign_out()
        return _leave_proconnect(token) if token else answer

    return leave


def _leave_proconnect(token: str) -> ResponseReturnValue:
    service = proconnect() or abort(HTTPStatus.NOT_FOUND)
    try:
        end_session = service.provider().end_session
    except (Unreachable, Unbelievable):
        return render("proconnect/leaving.html", address="")
    session[LEAVING] = new_secret()
    told = [("id_token_hint", token), ("state", session[LEAVING]), ("post_logout_redirect_uri", link_to("proconnect.left"))]
    address = add_params_to_uri(end_session, told)
    response = render("proconnect/leaving.html", address=address)
    response.headers["Refresh"] = f"0; url={address}"
    return response


def init_sign_out(app: Flask) -> None:
    """Install ProConnect around the sign-in and the sign-out of the accounts."""
    init_proconnect(app)
    app.view_functions["security.logout"] = leaving(app.view_functions["security.logout"])
    user_logged_in.connect(attach, app)
