"""The departure of somebody of the team: what she holds, who goes on, a page to check, then all at once."""

import uuid
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import errors, french
from bilan.confirmations import actions as confirmations
from bilan.confirmations.rules import ASKED, NOBODY_ELSE, Change
from bilan.departures import actions
from bilan.departures.forms import departure_form
from bilan.departures.models import Holding, may_leave
from bilan.fields import form_status
from bilan.htmx import render
from bilan.people.models import Person
from bilan.permissions import Permission, requires
from bilan.reception.actions import ConflictDeclared

blueprint = Blueprint("departures", __name__)
OVERTAKEN = "Quelque chose vient de changer\u00a0: un compte fermé, un bilan ou un conflit d’intérêts de plus. Reprenez le départ depuis la liste des comptes."


@blueprint.route("/secretariat/comptes/<uuid:id>/depart", methods=["GET", "POST"])
@requires(Permission.MANAGE_ACCOUNT)
def leave(person: Person) -> ResponseReturnValue:
    """Say what she holds, ask who goes on, show it to be checked, then do it."""
    if not may_leave(person, current_user):
        abort(404)
    holding = Holding.of(person)
    form = departure_form(person, holding)
    step = request.form.get("step")
    context: dict[str, Any]
    if not form.validate_on_submit() or step == "edit":
        context = {"leaving": person, "holding": holding, "form": form, "complaints": holding.complaints_for(current_user)}
        return render("departures/leave.html", status=form_status(form), **context)
    heirs, successor = form.heirs(), form.chosen_successor()
    if step != "confirm":
        context = {"leaving": person, "holding": holding, "form": form, "heirs": heirs, "successor": successor}
        watched = confirmations.is_watched(person.role)
        return render("departures/check.html", cancelled=holding.to_cancel(heirs), watched=watched, **context)
    return _confirm(person, heirs, successor)


def _confirm(person: Person, heirs: dict[uuid.UUID, Person], successor: Person | None) -> ResponseReturnValue:
    try:
        if confirmations.is_watched(person.role):
            confirmations.ask(change=Change.LEAVE, person=person, by=current_user, successor=successor)
            flash(ASKED, "info")
        else:
            actions.leave(person=person, heirs=heirs, successor=successor, by=current_user)
            flash(f"Le départ {french.of(person.display_name)} est enregistré. Son compte est fermé.", "done")
    except confirmations.NobodyElse:
        flash(NOBODY_ELSE, "problem")
    except (actions.Overtaken, ConflictDeclared):
        return errors.page(409, message=OVERTAKEN)
    return redirect(url_for("people.accounts"))
