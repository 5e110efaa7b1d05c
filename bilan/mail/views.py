"""The secretariat's outbox: what left, what waits, what was refused; what is to be told by phone or by post."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan.complaints.models import Complaint
from bilan.htmx import render
from bilan.mail import actions
from bilan.mail.models import Email, EmailState, Notice, Relaying
from bilan.mail.rules import without_personal_links
from bilan.pages import paginate
from bilan.permissions import Permission, requires
from bilan.printing import pdf, send_pdf
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


@blueprint.get("/secretariat/avis")
@requires(Permission.RUN_RECEPTION)
def notices() -> ResponseReturnValue:
    """List what is to be told by phone or by post, the oldest first; or what was told."""
    done = request.args.get("etat") == "faits"
    return render("mail/notices.html", page=paginate(Notice.listed(done=done)), done=done)


@blueprint.route("/secretariat/avis/<uuid:id>", methods=["GET", "POST"])
@requires(Permission.TELL_NOTICE)
def notice(one: Notice) -> ResponseReturnValue:
    """Show what is to be told; note that it was."""
    if request.method == "POST":
        told = request.form.get("action") != "untold"
        actions.tell_notice(notice=one, told=told, by=current_user)
        flash("C’est noté." if told else "L’avis est de nouveau à donner.", "done")
        return redirect(url_for("mail.notices"))
    envelope = one.email.envelope
    body = without_personal_links(envelope["body"], envelope["personal_links"])
    return render("mail/notice.html", one=one, subject=envelope["subject"], body=body, by_post=one.channel is Relaying.POST)


@blueprint.get("/secretariat/avis/<uuid:id>/lettre.pdf")
@requires(Permission.TELL_NOTICE)
def letter(one: Notice) -> ResponseReturnValue:
    """Print the text of the e-mail, to be sent by post."""
    envelope = one.email.envelope
    body = without_personal_links(envelope["body"], envelope["personal_links"])
    paper = pdf("mail/letter.pdf.html", title=envelope["subject"], one=one, body=body)
    return send_pdf(paper, f"avis-{one.created_at:%Y-%m-%d}.pdf")
