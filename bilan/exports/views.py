"""The copy of one's data: asked for, followed while it is made, taken, removed."""

from itertools import groupby

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan.database import now
from bilan.exports import actions
from bilan.exports.around import log_of
from bilan.exports.models import DataExport, kept_for
from bilan.fields import EmptyForm
from bilan.french import to_paris
from bilan.htmx import nothing_new, render, wants_fragment
from bilan.pages import paginate_list
from bilan.permissions import Permission, requires
from bilan.uploads import send_download

blueprint = Blueprint("exports", __name__)
PAGE_SIZE = 50


@blueprint.route("/mes-donnees/copie", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_BILAN)
def index() -> ResponseReturnValue:
    """Show where an agent's copy is; have one made."""
    if EmptyForm().validate_on_submit():
        actions.ask_for_export(by=current_user)
        flash("Votre copie est en préparation. Un e-mail vous prévient quand elle est prête.", "info")
        return redirect(url_for("exports.index"))
    copy = DataExport.of_agent(current_user)
    if wants_fragment() and copy and copy.is_waiting:
        return nothing_new()
    return render("exports/index.html", "exports/_made.html", copy=copy, days=kept_for().days)


@blueprint.get("/mes-donnees/journal")
@requires(Permission.SEE_OWN_BILAN)
def log() -> ResponseReturnValue:
    """Show an agent who did and read what, and when, day by day."""
    page = paginate_list(list(log_of(current_user)), PAGE_SIZE)
    days = [(day, list(lines)) for day, lines in groupby(page.rows, key=lambda line: to_paris(line["Le"]).date())]
    return render("exports/log.html", page=page, days=days)


@blueprint.post("/mes-donnees/copie/<uuid:id>/telecharger")
@requires(Permission.TAKE_EXPORT)
def take(export: DataExport) -> ResponseReturnValue:
    """Give the copy that is ready; that it was taken is written in the journal."""
    if not EmptyForm().validate_on_submit():
        return redirect(url_for("exports.index"))
    if not export.is_ready:
        abort(404)
    content = actions.take_export(export=export, by=current_user)
    return send_download(content, name=f"mes-donnees-{to_paris(now()).date()}.zip", media_type="application/zip")


@blueprint.post("/mes-donnees/copie/<uuid:id>/retirer")
@requires(Permission.TAKE_EXPORT)
def remove(export: DataExport) -> ResponseReturnValue:
    """Destroy the copy before its time."""
    if EmptyForm().validate_on_submit():
        actions.remove_export(export=export, by=current_user)
        flash("La copie est détruite.", "info")
    return redirect(url_for("exports.index"))
