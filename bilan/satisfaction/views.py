"""The survey, open to whoever holds its personal address."""

from flask import Blueprint, abort, current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from bilan.fields import as_uuid, form_status
from bilan.htmx import render
from bilan.permissions import public
from bilan.protection import limiter
from bilan.satisfaction import actions
from bilan.satisfaction.forms import form_of
from bilan.satisfaction.models import Invitation
from bilan.satisfaction.rules import read_token

blueprint = Blueprint("satisfaction", __name__)


@blueprint.route("/avis/<token>", methods=["GET", "POST"])
@public
@limiter.limit("60 per hour")
def fill(token: str) -> ResponseReturnValue:
    """Show a survey and take its answer, once."""
    name = as_uuid(read_token(current_app.config["SECRET_KEY"], token))
    invitation = Invitation.with_recipient(name) if name else None
    if invitation is None:
        abort(404)
    survey = invitation.definition
    if not invitation.is_open:
        return render("satisfaction/over.html", invitation=invitation, survey=survey)
    form = form_of(survey.slug, survey.version)()
    if form.validate_on_submit():
        try:
            actions.answer(invitation=invitation, ratings=form.ratings(survey), texts=form.texts(survey))
        except actions.AlreadyAnswered:
            return redirect(url_for("satisfaction.fill", token=token))
        return redirect(url_for("satisfaction.thanks"))
    return render("satisfaction/fill.html", form=form, survey=survey, status=form_status(form))


@blueprint.get("/avis/merci")
@public
def thanks() -> ResponseReturnValue:
    """Say thank you."""
    return render("satisfaction/thanks.html")
