"""The evidence files: asked for, followed while they are made, taken, removed."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan.evidence import actions
from bilan.evidence.forms import EvidenceForm
from bilan.evidence.models import EvidenceFile
from bilan.evidence.rules import KEPT, SAMPLE
from bilan.fields import EmptyForm, form_status
from bilan.htmx import nothing_new, render, wants_fragment
from bilan.permissions import Permission, requires
from bilan.uploads import send_download

blueprint = Blueprint("evidence", __name__)


@blueprint.route("/qualite/preuves", methods=["GET", "POST"])
@requires(Permission.FOLLOW_QUALITY)
def index() -> ResponseReturnValue:
    """List the files; ask for another."""
    form = EvidenceForm()
    if form.validate_on_submit():
        actions.ask_for_evidence(period=form.period(), submission=form.number(), by=current_user)
        flash("Le fichier est en préparation. Cela prend quelques secondes.", "info")
        return redirect(url_for("evidence.index"))
    form.offer()
    files = EvidenceFile.listed()
    waiting = sum(one.is_waiting for one in files)
    if wants_fragment() and waiting and request.args.get("attente") == str(waiting):
        return nothing_new()
    return render(
        "evidence/index.html",
        "evidence/_made.html",
        status=form_status(form),
        form=form,
        files=files,
        waiting=waiting,
        days=KEPT.days,
        most=SAMPLE,
    )


@blueprint.get("/qualite/preuves/<uuid:id>/elements-de-preuve.zip")
@requires(Permission.READ_EVIDENCE)
def take(file: EvidenceFile) -> ResponseReturnValue:
    """Give a file that is ready."""
    if not file.is_ready:
        abort(404)
    name = f"elements-de-preuve-{file.starts_on}-{file.ends_on}.zip"
    return send_download(file.content, name=name, media_type="application/zip")


@blueprint.post("/qualite/preuves/<uuid:id>/retirer")
@requires(Permission.READ_EVIDENCE)
def remove(file: EvidenceFile) -> ResponseReturnValue:
    """Remove a file before its time."""
    if EmptyForm().validate_on_submit():
        actions.remove_evidence(file=file, by=current_user)
        flash("Le fichier est retiré.", "info")
    return redirect(url_for("evidence.index"))
