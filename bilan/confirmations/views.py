"""What waits for a second person: read, confirmed, refused by the secretariat and the manager."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import errors
from bilan.confirmations import actions
from bilan.confirmations.models import AccountRequest
from bilan.departures.actions import Overtaken
from bilan.htmx import render
from bilan.people.actions import AddressTaken
from bilan.permissions import Permission, requires

blueprint = Blueprint("confirmations", __name__)


@blueprint.get("/comptes/demandes")
@requires(Permission.READ_ACCOUNT_REQUESTS)
def index() -> ResponseReturnValue:
    """List what waits."""
    return render("confirmations/index.html", requests=list(AccountRequest.pending()))


@blueprint.post("/comptes/demandes/<uuid:id>")
@requires(Permission.DECIDE_ACCOUNT_REQUEST)
def decide(asked: AccountRequest) -> ResponseReturnValue:
    """Confirm or refuse."""
    choice = request.form.get("action")
    if choice not in ("confirm", "refuse"):
        abort(404)
    try:
        (actions.confirm if choice == "confirm" else actions.refuse)(request=asked, by=current_user)
    except actions.AlreadyDecided:
        return errors.page(409, message="Quelqu’un vient de répondre à cette demande.")
    except AddressTaken:
        return errors.page(409, message="Un compte utilise maintenant cette adresse.")
    except Overtaken:
        return errors.page(409, message="Ce compte est déjà fermé\u00a0: refusez la demande.")
    flash("C’est confirmé, et fait." if choice == "confirm" else "C’est refusé.", "done")
    return redirect(url_for("confirmations.index"))
