"""The complaint form and its follow-up page, open to all; logging what was told to somebody of the service."""

import time
import uuid
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import errors, french
from bilan.complaints import actions, rules
from bilan.complaints.forms import ComplaintForm, JudgementForm, LogForm, MessageForm
from bilan.complaints.models import KEEPERS, STAFF, Complaint, ComplaintEntry, ComplaintFile
from bilan.complaints.rules import Channel, EntryKind, Kind, State
from bilan.database import now
from bilan.fields import as_uuid, form_status
from bilan.filetypes import ACCEPTED, EXTENSIONS, size_words
from bilan.htmx import render
from bilan.improvement.models import Improvement
from bilan.journeys.models import Journey
from bilan.pages import signed_in
from bilan.people.models import Person, Role
from bilan.people.rules import digest_of
from bilan.permissions import Permission, public, requires
from bilan.protection import few_from_strangers, limiter
from bilan.uploads import FILE_BYTES, send_download, takes_files

blueprint = Blueprint("complaints", __name__)
FILED = "filed_complaint"
MANY = "Il y a déjà autant de fichiers que possible. Envoyez les autres par e-mail, avec la référence."
LATE = "Cette demande a changé entre-temps. Rechargez la page pour voir où elle en est."


@blueprint.route("/reclamations", methods=["GET", "POST"])
@public
@few_from_strangers
def new() -> ResponseReturnValue:
    """Take a complaint from anybody."""
    person = signed_in()
    counsellor = _counsellor(person)
    form = ComplaintForm(data=_known(person))
    if counsellor:
        form.about_counsellor.label.text = f"Cela concerne {counsellor.display_name}"
    if form.validate_on_submit():
        if form.site_web.data:  # a robot fills what people do not see: it meets the page of success, nothing more
            return redirect(url_for("complaints.filed"))
        problem = _file(form, person, counsellor)
        if problem is None:
            return redirect(url_for("complaints.filed"))
        form.form_errors.append(problem)
    form.proof.data = _proof()
    return render("complaints/new.html", form=form, status=form_status(form))


def _known(person: Person | None) -> dict[str, Any]:
    """Return what the form holds before anybody writes: the kind that the address names, what an account says."""
    asked = request.args.get("sorte", "")
    known: dict[str, Any] = {"kind": asked} if asked in set(Kind) else {}
    if person:
        known |= {"name": person.display_name, "email": person.email}
    if person and person.role is Role.AGENT:
        known["link"] = "agent"
    return known


def _counsellor(person: Person | None) -> Person | None:
    """Return the referent of the signed-in agent."""
    journey = Journey.of_agent(person) if person and person.role is Role.AGENT else None
    return journey.counsellor if journey else None


def _file(form: ComplaintForm, person: Person | None, counsellor: Person | None) -> str | None:
    """File the complaint, or return the sentence that says what to do."""
    try:
        submission = rules.read_proof(current_app.config["SECRET_KEY"], form.proof.data or "", moment=time.time())
    except rules.FormRefused as refused:
        return refused.sentence
    about = counsellor if form.about_counsellor.data else None
    facts = {"kind": Kind(form.kind.data), "about": about}
    complaint, token = actions.file_complaint(content=form.content(), submission=submission, person=person, **facts)
    session[FILED] = {"reference": complaint.reference, "token": token, "email": form.email.data, "logged": False}
    return None


def _proof() -> str:
    return rules.sign_form(current_app.config["SECRET_KEY"], str(uuid.uuid4()))


@blueprint.get("/reclamations/recue")
@public
def filed() -> ResponseReturnValue:
    """Tell what happens next."""
    return render("complaints/filed.html", filed=session.get(FILED))


@blueprint.route("/reclamations/consigner", methods=["GET", "POST"])
@requires(Permission.LOG_COMPLAINT)
def log() -> ResponseReturnValue:
    """Log what somebody told; whoever logs it keeps its reference and, but for the keepers, reads nothing of it again."""
    form = LogForm(received_on=french.to_paris(now()).date())
    keeper = current_user.role in KEEPERS
    form.offer(Person.active_of(*STAFF) if keeper else None)
    if form.validate_on_submit():
        about = as_uuid(form.about.data) if keeper else None
        facts = {"kind": Kind(form.kind.data), "channel": Channel(form.channel.data), "received_on": form.received_on.data}
        complaint, _ = actions.file_complaint(
            content=form.content(), submission=str(form.number()), person=None, about=about, logged_by=current_user, **facts
        )
        session[FILED] = {"reference": complaint.reference, "token": None, "email": form.email.data, "logged": True}
        return redirect(url_for("complaints.filed"))
    form.renumber()
    return render("complaints/log.html", form=form, status=form_status(form))


@blueprint.route("/reclamations/suivi/<token>", methods=["GET", "POST"])
@public
@takes_files
@limiter.limit("60 per hour")
@limiter.limit("10 per hour", methods=["POST"], deduct_when=lambda response: response.status_code == 302)
def follow(token: str) -> ResponseReturnValue:
    """Show the bearer of the private address where the complaint stands, and what was written; take a message."""
    complaint, form = _of_bearer(token), MessageForm()
    if form.validate_on_submit():
        try:
            actions.write_message(complaint=complaint, text=form.text.data, file=form.file.joined(), submission=form.number())
        except actions.TooManyFiles:
            form.file.errors = [MANY]
        except actions.ThreadOver:
            return errors.page(409, message=LATE)
        else:
            flash("Votre message est envoyé.", "done")
            return redirect(url_for("complaints.follow", token=token))
    return _follow(complaint, token, form, None)


@blueprint.post("/reclamations/suivi/<token>/avis")
@public
@limiter.limit("20 per hour")
def judge(token: str) -> ResponseReturnValue:
    """Take what the complainant thinks of the answer, or her asking that it is looked at again."""
    complaint, form = _of_bearer(token), JudgementForm()
    form.offer(reopening=complaint.reopened_at is None)
    if not form.validate_on_submit():
        return _follow(complaint, token, None, form)
    words: dict[str, Any] = {"text": form.words.data or "", "submission": form.number()}
    try:
        if form.verdict.data == "again":
            actions.reopen(complaint=complaint, **words)
        else:
            actions.judge(complaint=complaint, satisfied=form.verdict.data == "yes", **words)
    except actions.NotToBeJudged:
        return errors.page(409, message=LATE)
    flash(
        "C’est noté. Merci." if form.verdict.data != "again" else "Votre demande est rouverte. Vous recevrez une nouvelle réponse.", "done"
    )
    return redirect(url_for("complaints.follow", token=token))


@blueprint.get("/reclamations/suivi/<token>/fichiers/<uuid:file_id>")
@public
@limiter.limit("60 per hour")
def download(token: str, file_id: uuid.UUID) -> ResponseReturnValue:
    """Give a file of the thread back to the bearer of its private address."""
    complaint, file = _of_bearer(token), ComplaintFile.by_id_with_complaint(file_id)
    if file is None or file.entry.complaint_id != complaint.id or file.entry.kind is EntryKind.STEP:
        abort(404)
    return send_download(file.read(), name=file.name, media_type=file.media_type)


def _of_bearer(token: str) -> Complaint:
    complaint = Complaint.get_or_none(Complaint.follow_up_digest == digest_of(token))
    if complaint is None:
        abort(404)
    return complaint


def _follow(complaint: Complaint, token: str, form: MessageForm | None, judgement: JudgementForm | None) -> ResponseReturnValue:
    """Return the page; of a form that does not come back, an empty one."""
    shown, asked = form or MessageForm(formdata=None), judgement or JudgementForm(formdata=None)
    asked.offer(reopening=complaint.reopened_at is None)
    for one in (shown, asked):
        one.renumber()
    asked.submission.id = "judgement-submission"
    return render(
        "complaints/follow.html",
        complaint=complaint,
        content=complaint.content,
        token=token,
        improvements=Improvement.told_to(complaint),
        thread=[one for one in ComplaintEntry.of_complaint(complaint) if one.kind is not EntryKind.STEP],
        form=shown,
        judgement=asked,
        over=complaint.state is State.CLOSED,
        size_words=size_words,
        accepted=ACCEPTED,
        extensions=EXTENSIONS,
        limit=size_words(FILE_BYTES),
        max_bytes=FILE_BYTES,
        status=form_status(shown) if form else form_status(asked),
    )
