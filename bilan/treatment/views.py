"""The register of complaints and the page of each, for those who keep it; never for whom a complaint concerns."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan.complaints.actions import NotToBeJudged, TooManyFiles, reopen
from bilan.complaints.models import KEEPERS, STAFF, Complaint, ComplaintEntry, ComplaintFile
from bilan.complaints.rules import FILES_MAX, LETTERS, LINKS, Channel, EntryKind, Kind, Reason, State
from bilan.database import in_parts
from bilan.fields import form_status
from bilan.filetypes import ACCEPTED, EXTENSIONS, size_words
from bilan.htmx import render
from bilan.improvement.models import Improvement
from bilan.mail.models import Email
from bilan.pages import paginate
from bilan.people.models import Person
from bilan.permissions import Permission, requires
from bilan.printing import pdf, send_pdf
from bilan.tables import send_table
from bilan.treatment import actions
from bilan.treatment.forms import CloseForm, QualifyForm, WriteForm
from bilan.treatment.models import HEADERS, Line, register, rows, today
from bilan.treatment.rules import Wanted
from bilan.uploads import FILE_BYTES, send_download, takes_files

blueprint = Blueprint("treatment", __name__)
MANY = f"Il y a déjà {FILES_MAX} fichiers\u00a0: il n’y a plus de place."
WRITTEN = {
    EntryKind.STEP: "La note est enregistrée.",
    EntryKind.MESSAGE: "Ce que la personne a dit est enregistré.",
    EntryKind.REPLY: "Le message est écrit.",
    EntryKind.REOPENING: "La réclamation est rouverte.",
    EntryKind.ACKNOWLEDGEMENT: "L’accusé de réception est noté.",
}


@blueprint.get("/secretariat/reclamations")
@requires(Permission.KEEP_REGISTER)
def index() -> ResponseReturnValue:
    """List the complaints, the most urgent first."""
    wanted = Wanted.read(request.args)
    page = paginate(register(current_user, wanted))
    return render(
        "treatment/index.html",
        page=page,
        lines=[Line.of(complaint, today()) for complaint in page.rows],
        wanted=wanted,
        filters=(("etat", "État", State, wanted.state), ("sorte", "Sorte", Kind, wanted.kind), ("voie", "Voie", Channel, wanted.channel)),
        reasons=Reason,
        unsettled=Email.count_unsettled(without=Complaint.hidden_from(current_user)),
    )


@blueprint.get("/secretariat/reclamations/registre.<any(csv, ods):extension>")
@requires(Permission.KEEP_REGISTER)
def export(extension: str) -> ResponseReturnValue:
    """Give the register as a table: dates and words, nothing that anybody wrote."""
    found = rows(in_parts(register(current_user, Wanted.read(request.args))))
    return send_table(extension, HEADERS, found, name="registre-des-reclamations", sheet="Réclamations")


@blueprint.route("/secretariat/reclamations/<uuid:id>", methods=["GET", "POST"])
@takes_files
@requires(Permission.READ_COMPLAINT)
def show(complaint: Complaint) -> ResponseReturnValue:
    """Show a complaint, its thread and its e-mails; write a line of the thread."""
    form = WriteForm()
    form.offer(acknowledged=complaint.acknowledged_at is not None, reopening=complaint.may_be_reopened)
    if form.validate_on_submit():
        kind = EntryKind(form.what.data)
        try:
            _write(complaint, kind, form)
        except TooManyFiles:
            form.file.errors = [MANY]
        except (actions.AlreadyAcknowledged, NotToBeJudged):
            form.what.errors = ["C’est déjà fait. Rechargez la page."]
        else:
            flash(WRITTEN[kind], "done")
            return redirect(url_for("treatment.show", id=complaint.id))
    return _page(complaint, form, None)


def _write(complaint: Complaint, kind: EntryKind, form: WriteForm) -> None:
    line: dict[str, Any] = {"text": form.text.data, "file": form.file.joined(), "submission": form.number(), "by": current_user}
    if kind is EntryKind.ACKNOWLEDGEMENT:
        actions.acknowledge(complaint=complaint, **line)
    elif kind is EntryKind.REOPENING:
        reopen(complaint=complaint, text=form.text.data, submission=form.number(), by=current_user)
    elif kind is EntryKind.REPLY:
        actions.reply(complaint=complaint, **line)
    else:
        actions.note(complaint=complaint, kind=kind, **line)


@blueprint.post("/secretariat/reclamations/<uuid:id>/suivi")
@requires(Permission.READ_COMPLAINT)
def qualify(complaint: Complaint) -> ResponseReturnValue:
    """Say what it is, whom it concerns and who treats it; whoever names herself leaves it to the others."""
    form, staff = QualifyForm(), Person.active_of(*STAFF)
    form.offer(staff=staff, keepers=Person.active_of(*KEEPERS))
    if not form.validate_on_submit():
        return _page(complaint, None, form)
    about, owner = form.chosen(form.about, staff), form.chosen(form.owner, staff)
    actions.qualify(complaint=complaint, kind=Kind(form.kind.data), about=about, owner=owner, by=current_user)
    if about and about.id == current_user.id:
        flash("C’est noté\u00a0: le reste de l’équipe s’en occupe.", "done")
        return redirect(url_for("treatment.index"))
    flash("Le suivi est enregistré.", "done")
    return redirect(url_for("treatment.show", id=complaint.id))


@blueprint.route("/secretariat/reclamations/<uuid:id>/cloture", methods=["GET", "POST"])
@requires(Permission.READ_COMPLAINT)
def close(complaint: Complaint) -> ResponseReturnValue:
    """Close it with its written answer, its reason and its measure."""
    form = CloseForm()
    status = None
    if form.validate_on_submit():
        values = {"answer": form.answer.data, "measure": form.measure.data, "submission": form.number()}
        try:
            actions.close(
                complaint=complaint,
                reason=Reason(form.reason.data),
                measure_taken=form.measure_taken.data == "yes",
                by=current_user,
                **values,
            )
        except actions.AlreadyClosed:
            status = 409
        else:
            flash(
                "La réponse est écrite." if not complaint.content["email"] else "La réponse est écrite, la personne est prévenue.", "done"
            )
            return redirect(url_for("treatment.show", id=complaint.id))
    form.renumber()
    return render("treatment/close.html", complaint=complaint, form=form, taken=status == 409, status=status or form_status(form))


@blueprint.get("/secretariat/reclamations/fichiers/<uuid:id>")
@requires(Permission.READ_COMPLAINT_FILE)
def download(file: ComplaintFile) -> ResponseReturnValue:
    """Give a file of the thread back, to save."""
    return send_download(file.read(), name=file.name, media_type=file.media_type)


@blueprint.get("/secretariat/reclamations/echanges/<uuid:id>/lettre.pdf")
@requires(Permission.READ_COMPLAINT_ENTRY)
def letter(entry: ComplaintEntry) -> ResponseReturnValue:
    """Print what was written to the complainant, to be sent by post."""
    if entry.kind not in LETTERS:
        abort(404)
    complaint = entry.complaint
    paper = pdf("treatment/letter.pdf.html", title=complaint.title, entry=entry, complaint=complaint, content=complaint.content)
    return send_pdf(paper, f"{complaint.reference}.pdf")


def _page(complaint: Complaint, writing: WriteForm | None, qualifying: QualifyForm | None) -> ResponseReturnValue:
    """Return the page of a complaint; of a form that does not come back, a fresh one."""
    form, follow = writing or WriteForm(formdata=None), qualifying or _qualified(complaint)
    form.offer(acknowledged=complaint.acknowledged_at is not None, reopening=complaint.may_be_reopened)
    form.renumber()
    content = complaint.content
    return render(
        "treatment/show.html",
        complaint=complaint,
        content=content,
        line=Line.of(complaint, today()),
        relation=LINKS[content["link"]],
        thread=ComplaintEntry.of_complaint(complaint),
        improvements=Improvement.of_complaint(complaint),
        letters=LETTERS,
        emails=Email.about(complaint.id),
        form=form,
        follow=follow,
        size_words=size_words,
        accepted=ACCEPTED,
        extensions=EXTENSIONS,
        limits=(size_words(FILE_BYTES), FILES_MAX),
        max_bytes=FILE_BYTES,
        status=form_status(qualifying or form),
    )


def _qualified(complaint: Complaint) -> QualifyForm:
    known = {"kind": complaint.kind.value, "about": str(complaint.about_id or ""), "owner": str(complaint.owner_id or "")}
    form = QualifyForm(formdata=None, data=known)
    form.offer(staff=Person.active_of(*STAFF), keepers=Person.active_of(*KEEPERS))
    return form
