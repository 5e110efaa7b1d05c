"""The complaint form and its follow-up page, open to all; the secretariat's list."""

import time
import uuid

from flask import Blueprint, abort, current_app, redirect, session, url_for
from flask.typing import ResponseReturnValue

from bilan.complaints import actions, rules
from bilan.complaints.forms import ComplaintForm
from bilan.complaints.models import Complaint
from bilan.fields import form_status
from bilan.htmx import render
from bilan.mail.models import Email
from bilan.pages import paginate, signed_in
from bilan.people.models import Person, Role
from bilan.people.rules import digest_of
from bilan.permissions import Permission, public, requires
from bilan.protection import limiter

blueprint = Blueprint("complaints", __name__)
FILED = "filed_complaint"


@blueprint.route("/reclamations", methods=["GET", "POST"])
@public
@limiter.limit("10 per hour", methods=["POST"], deduct_when=lambda response: response.status_code == 302)
@limiter.limit("60 per hour", methods=["POST"])
def new() -> ResponseReturnValue:
    """Take a complaint from anybody."""
    person = signed_in()
    known = {"name": person.display_name, "email": person.email} if person else {}
    if person and person.role is Role.AGENT:
        known["link"] = "agent"
    form = ComplaintForm(data=known)
    if form.validate_on_submit():
        if form.site_web.data:  # a robot fills what people do not see: it meets the page of success, nothing more
            return redirect(url_for("complaints.filed"))
        problem = _file(form, person)
        if problem is None:
            return redirect(url_for("complaints.filed"))
        form.form_errors.append(problem)
    form.proof.data = _proof()
    return render("complaints/new.html", form=form, status=form_status(form))


def _file(form: ComplaintForm, person: Person | None) -> str | None:
    """File the complaint, or return the sentence that says what to do."""
    try:
        submission = rules.read_proof(current_app.config["SECRET_KEY"], form.proof.data or "", moment=time.time())
    except rules.FormTooFast:
        return "Relisez votre texte, puis envoyez-le : il n’est pas encore parti."
    except rules.FormNotOurs:
        return "Cette page est restée ouverte longtemps. Votre texte est conservé : envoyez-le de nouveau."
    complaint, token = actions.file_complaint(content=form.content(), submission=submission, person=person)
    session[FILED] = {"reference": complaint.reference, "token": token, "email": form.email.data}
    return None


def _proof() -> str:
    return rules.sign_form(current_app.config["SECRET_KEY"], str(uuid.uuid4()))


@blueprint.get("/reclamations/recue")
@public
def filed() -> ResponseReturnValue:
    """Tell what happens next."""
    return render("complaints/filed.html", filed=session.get(FILED))


@blueprint.get("/reclamations/suivi/<token>")
@public
@limiter.limit("60 per hour")
def follow(token: str) -> ResponseReturnValue:
    """Show the bearer of the private address where the complaint stands."""
    complaint = Complaint.get_or_none(Complaint.follow_up_digest == digest_of(token))
    if complaint is None:
        abort(404)
    return render("complaints/follow.html", complaint=complaint, content=complaint.content, relation=rules.LINKS[complaint.content["link"]])


@blueprint.get("/secretariat/reclamations")
@requires(Permission.RUN_RECEPTION)
def index() -> ResponseReturnValue:
    """List the complaints with the state of their e-mail."""
    return render("complaints/index.html", page=paginate(Complaint.listed()), unsettled=Email.count_unsettled())


@blueprint.get("/secretariat/reclamations/<uuid:id>")
@requires(Permission.READ_COMPLAINT)
def show(complaint: Complaint) -> ResponseReturnValue:
    """Show one complaint and its e-mails."""
    emails = Email.about(complaint.id)
    return render(
        "complaints/show.html",
        complaint=complaint,
        content=complaint.content,
        relation=rules.LINKS[complaint.content["link"]],
        emails=emails,
    )
