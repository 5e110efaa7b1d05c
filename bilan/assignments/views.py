"""Personal work: its list and its page, shared by the agent and her counsellor; giving it; its files."""

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import french
from bilan.assignments import actions
from bilan.assignments.forms import AnswerForm, ChangeForm, GiveForm
from bilan.assignments.models import Assignment, AssignmentComment, Attachment
from bilan.assignments.rules import FILES_MAX, JOURNEY_BYTES, PAGES, Kind, due_on, line, lines
from bilan.database import now
from bilan.fields import EmptyForm, form_status
from bilan.filetypes import ACCEPTED, EXTENSIONS, TYPES, size_words
from bilan.htmx import render
from bilan.interviews.models import Interview
from bilan.journeys.models import Journey
from bilan.permissions import Permission, requires
from bilan.questionnaires.actions import AlreadyAssigned
from bilan.together import WAY
from bilan.uploads import FILE_BYTES, send_download, takes_files

blueprint = Blueprint("assignments", __name__)


@blueprint.get(WAY + "/<uuid:id>/travail")
@requires(Permission.READ_TOGETHER)
def index(journey: Journey) -> ResponseReturnValue:
    """Show the work of a bilan: to do first, then done."""
    work = lines(Assignment.of_journey(journey), Interview.of_journey(journey), _today())
    return render("assignments/index.html", journey=journey, work=work)


@blueprint.route("/parcours/<uuid:id>/travail/nouveau", methods=["GET", "POST"])
@requires(Permission.WRITE_JOURNEY)
def give(journey: Journey) -> ResponseReturnValue:
    """Give work to the agent; from a session's page, come back to it."""
    interviews = Interview.of_journey(journey)
    session = next((one for one in interviews if str(one.id) == request.args.get("entretien")), None)
    form = GiveForm(interview=str(session.id) if session and not session.is_cancelled else "")
    form.offer(interviews)
    if form.validate_on_submit():
        try:
            actions.give(journey=journey, by=current_user, **form.values(interviews))
        except AlreadyAssigned:
            form.what.errors = ["L’agent a déjà ce questionnaire à remplir."]
        else:
            flash("Le travail est donné. L’agent en est prévenu par e-mail.", "done")
            return redirect(url_for("interviews.show", id=session.id) if session else url_for("assignments.index", id=journey.id))
    form.submission.data = form.submission.data or str(uuid.uuid4())
    usual = due_on(Assignment(created_at=now()), interviews)
    return render("assignments/give.html", form=form, journey=journey, session=session, usual=usual, status=form_status(form))


@blueprint.get(WAY + "/travail/<uuid:id>")
@requires(Permission.READ_ASSIGNMENT)
def show(assignment: Assignment) -> ResponseReturnValue:
    """Show one piece of work, what was written about it and its files."""
    return _page(assignment, AnswerForm(formdata=None))


@blueprint.post(WAY + "/travail/<uuid:id>/reponse")
@takes_files
@requires(Permission.COMMENT_ASSIGNMENT)
def answer(assignment: Assignment) -> ResponseReturnValue:
    """Write about work, or join a file to it."""
    form = AnswerForm()
    if form.validate_on_submit():
        try:
            actions.answer(assignment=assignment, by=current_user, **form.values())
        except actions.TooManyFiles:
            form.file.errors = [f"Il n’y a plus de place\u00a0: {FILES_MAX} fichiers par travail, {size_words(JOURNEY_BYTES)} par bilan."]
        else:
            flash("Le fichier est joint." if form.file.content else "Votre mot est enregistré.", "done")
            return redirect(url_for("assignments.show", id=assignment.id, _anchor="reponses"))
    return _page(assignment, form)


@blueprint.post("/mon-bilan/travail/<uuid:id>/fait")
@requires(Permission.TICK_ASSIGNMENT)
def tick(assignment: Assignment) -> ResponseReturnValue:
    """Say that work is done, or that it is not after all."""
    done = request.form.get("done") == "yes"
    if EmptyForm().validate_on_submit():
        try:
            actions.tick(assignment=assignment, done=done, by=current_user)
        except actions.NotTicked:
            flash("Ce questionnaire sera noté comme fait quand vous l’aurez envoyé.", "info")
        else:
            flash("C’est noté\u00a0: ce travail est fait." if done else "C’est noté\u00a0: ce travail reste à faire.", "done")
    return redirect(url_for("assignments.show", id=assignment.id))


@blueprint.route("/parcours/travail/<uuid:id>/modifier", methods=["GET", "POST"])
@requires(Permission.WRITE_ASSIGNMENT)
def change(assignment: Assignment) -> ResponseReturnValue:
    """Change the words or the day of work."""
    form = ChangeForm(**assignment.content, due_on=assignment.due_on, base=assignment.revision)
    form.is_text, form.known_due = assignment.kind is Kind.TEXT, assignment.due_on
    form.title.flags.required, other = form.is_text, None
    if form.validate_on_submit():
        words = {"title": form.title.data or assignment.title, "details": form.details.data or ""}
        try:
            actions.change(assignment=assignment, due=form.due_on.data, base=form.base.data, by=current_user, **words)
        except actions.WorkConflict as conflict:
            other = conflict.current
            form.base.data, form.base.raw_data = other.revision, None
        else:
            flash("Le travail est modifié.", "done")
            return redirect(url_for("assignments.show", id=assignment.id))
    context = {"form": form, "assignment": assignment, "journey": assignment.journey, "other": other}
    return render("assignments/change.html", status=409 if other else form_status(form), **context)


@blueprint.post("/parcours/travail/<uuid:id>/retirer")
@requires(Permission.WRITE_ASSIGNMENT)
def withdraw(assignment: Assignment) -> ResponseReturnValue:
    """Take work back before the agent has begun."""
    if EmptyForm().validate_on_submit():
        try:
            actions.withdraw(assignment=assignment, by=current_user)
        except actions.AlreadyAnswered:
            flash("Ce travail est déjà commencé\u00a0: il reste, avec ce qui y est écrit.", "attention")
            return redirect(url_for("assignments.show", id=assignment.id))
        flash("Le travail est retiré.", "done")
    return redirect(url_for("assignments.index", id=assignment.journey_id))


@blueprint.get(WAY + "/travail/fichiers/<uuid:id>")
@requires(Permission.READ_ATTACHMENT)
def download(attachment: Attachment) -> ResponseReturnValue:
    """Give a file back, to save."""
    return send_download(attachment.read(), name=attachment.name, media_type=attachment.media_type)


@blueprint.post(WAY + "/travail/fichiers/<uuid:id>/retirer")
@requires(Permission.REMOVE_ATTACHMENT)
def remove_file(attachment: Attachment) -> ResponseReturnValue:
    """Remove one's own file."""
    if EmptyForm().validate_on_submit():
        actions.remove_file(attachment=attachment, by=current_user)
        flash("Le fichier est retiré.", "done")
    return redirect(url_for("assignments.show", id=attachment.assignment_id, _anchor="reponses"))


def _today() -> Any:
    return french.to_paris(now()).date()


def _page(assignment: Assignment, form: AnswerForm) -> ResponseReturnValue:
    form.submission.data = form.submission.data or str(uuid.uuid4())
    files = Attachment.of_assignment(assignment)
    return render(
        "assignments/show.html",
        assignment=assignment,
        journey=assignment.journey,
        line=line(assignment, Interview.of_journey(assignment.journey), _today()),
        page=PAGES.get(assignment.page),
        comments=AssignmentComment.of_assignment(assignment),
        files=[(one, size_words(one.size), TYPES[one.media_type].words) for one in files],
        form=form,
        accepted=ACCEPTED,
        extensions=EXTENSIONS,
        limits=(size_words(FILE_BYTES), FILES_MAX),
        max_bytes=FILE_BYTES,
        status=form_status(form),
    )
