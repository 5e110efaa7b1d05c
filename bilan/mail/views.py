"""The secretariat's outbox: what left, what waits, what was refused."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan.complaints.models import Complaint
from bilan.htmx import render
from bilan.mail import actions
from bilan.mail.models import Email, EmailState
from bilan.mail.rules import without_personal_links
from bilan.pages import paginate
from bilan.permissions import Permission, requires
from bilan.vault import ContentDestroyed

blueprint = Blueprint("mail", __name__)


@blueprint.get("/secretariat/courriers")
@requires(Permission.RUN_RECEPTION)
def index() -> ResponseReturnValue:
    """List the e-mails, those that need somebody first."""
    wanted = request.args.get("etat", "")
    state = EmailState(wanted) if wanted in set(EmailState) else None
    # What concerns the reader herself in the complaints is nowhere: neither its e-mails nor their count.
    hidden = Complaint.hidden_from(current_user)
    page = paginate(Email.listed(state, without=hidden))
    unsettled = Email.count_unsettled(without=hidden)
    return render("mail/index.html", page=page, state=state, states=list(EmailState), unsettled=unsettled)


@blueprint.route("/secretariat/courriers/<uuid:id>", methods=["GET", "POST"])
@requires(Permission.READ_OUTBOX_MAIL)
def show(email: Email) -> ResponseReturnValue:
    """Show one e-mail without its personal links; send it again or settle it."""
    if request.method == "POST":
        choice = request.form.get("action")
        if choice not in ("again", "settle"):
            abort(404)
        if choice == "again":
            actions.send_again(email=email, by=current_user)
            flash("L’e-mail repart.", "done")
        else:
            actions.settle_by_hand(email=email, by=current_user)
            flash("L’e-mail est classé comme traité.", "done")
        return redirect(url_for("mail.show", id=email.id))
    try:
        envelope = email.envelope
    except ContentDestroyed as gone:
        return render("mail/show.html", email=email, envelope=None, body="", destroyed_at=gone.destroyed_at)
    body = without_personal_links(envelope["body"], envelope["personal_links"])
    return render("mail/show.html", email=email, envelope=envelope, body=body, destroyed_at=None)
