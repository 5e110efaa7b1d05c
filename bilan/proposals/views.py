"""What the agent is offered: the employer's words, the approach, who sees what; she accepts or declines."""

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import errors
from bilan.fields import EmptyForm, form_status
from bilan.htmx import render
from bilan.permissions import Permission, requires
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import State, in_words
from bilan.proposals import actions
from bilan.proposals.forms import WishesForm

blueprint = Blueprint("proposals", __name__)
ANSWERED = "Vous avez déjà répondu à cette proposition. Pour revenir sur votre réponse, appelez le secrétariat."


@blueprint.route("/mon-bilan/proposition", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_BILAN)
def show() -> ResponseReturnValue:
    """Show what is proposed word for word; accept it, or write again what one hopes of it."""
    prescription = _own()
    form = WishesForm(wishes=prescription.wishes)
    if form.validate_on_submit():
        if prescription.state is State.ACCEPTED:
            actions.write_wishes(prescription=prescription, wishes=form.wishes.data)
            flash("Vos attentes sont enregistrées.", "done")
            return redirect(url_for("proposals.show"))
        try:
            actions.accept_proposal(prescription=prescription, wishes=form.wishes.data, by=current_user)
        except actions.ProposalAnswered:
            return errors.page(409, message=ANSWERED)
        flash("Vous avez accepté le bilan. Merci de votre réponse.", "done")
        return redirect(url_for("adaptations.ask" if form.needs.data else "journeys.mine"))
    asked = in_words({**(prescription.agent_file or {}), **(prescription.request or {})})
    return render("proposals/show.html", form=form, prescription=prescription, asked=asked, status=form_status(form))


@blueprint.route("/mon-bilan/proposition/refus", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_BILAN)
def decline() -> ResponseReturnValue:
    """Decline, after a page that says what follows and that it is no fault."""
    prescription = _own()
    if prescription.state is not State.INVITED:
        return errors.page(409, message=ANSWERED)
    if EmptyForm().validate_on_submit():
        try:
            actions.decline_proposal(prescription=prescription, by=current_user)
        except actions.ProposalAnswered:
            return errors.page(409, message=ANSWERED)
        return redirect(url_for("proposals.show"))
    return render("proposals/decline.html", prescription=prescription)


def _own() -> Prescription:
    prescription = Prescription.proposed_to(current_user)
    if prescription is None:
        abort(404)
    return prescription
