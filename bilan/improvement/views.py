"""The improvement plan: the manager writes it, the secretariat reads it, everybody reads what is published of it."""

import datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan.complaints.models import KEEPERS, Complaint
from bilan.database import in_parts
from bilan.fields import EmptyForm, clean_search, form_status
from bilan.htmx import render
from bilan.improvement import actions
from bilan.improvement.forms import ChangeForm, SentenceForm, StartForm
from bilan.improvement.models import HEADERS, Improvement, rows, today
from bilan.improvement.rules import DRAFT_DAYS, Origin, State, Wanted, draft_of_complaint, draft_of_opinions
from bilan.pages import paginate
from bilan.people.models import Person
from bilan.permissions import Permission, public, requires
from bilan.printing import pdf, send_pdf
from bilan.satisfaction.models import Verbatim
from bilan.tables import send_table
from bilan.verbatims.models import Theme, opinions, readable

blueprint = Blueprint("improvement", __name__)
PUBLISHED = "La phrase de cette action est publiée\u00a0: retirez-la d’abord, l’action ne peut pas quitter l’état «\u00a0faite\u00a0»."


def _wanted() -> Wanted:
    return Wanted.read(request.args, clean_search(request.args.get("q")))


@blueprint.get("/qualite/plan")
@requires(Permission.FOLLOW_PLAN)
def index() -> ResponseReturnValue:
    """List the actions, those that are late first."""
    wanted = _wanted()
    page = paginate(Improvement.listed(wanted))
    filters = (("etat", "État", State, wanted.state), ("origine", "Origine", Origin, wanted.origin))
    return render("improvement/index.html", page=page, wanted=wanted, filters=filters)


@blueprint.get("/qualite/plan/plan.<any(csv, ods, pdf):extension>")
@requires(Permission.FOLLOW_PLAN)
def export(extension: str) -> ResponseReturnValue:
    """Give the plan as a table, or as a paper."""
    found = Improvement.listed(_wanted())
    if extension == "pdf":
        title = "Plan d’amélioration"
        return send_pdf(pdf("improvement/plan.pdf.html", title=title, found=list(found), on=today()), "plan-d-amelioration.pdf")
    return send_table(extension, HEADERS, rows(in_parts(found)), name="plan-d-amelioration", sheet="Plan")


@blueprint.route("/qualite/plan/nouvelle", methods=["GET", "POST"])
@requires(Permission.FOLLOW_QUALITY)
def new() -> ResponseReturnValue:
    """Add an action."""
    return _start({})


@blueprint.route("/qualite/plan/reclamations/<uuid:id>", methods=["GET", "POST"])
@requires(Permission.IMPROVE_COMPLAINT)
def from_complaint(complaint: Complaint) -> ResponseReturnValue:
    """Make an action of a complaint: its kind and its reason come along, nothing that was written."""
    return _start(draft_of_complaint(complaint.kind, complaint.reason), complaint)


@blueprint.route("/qualite/plan/themes/<uuid:id>", methods=["GET", "POST"])
@requires(Permission.KEEP_THEME)
def from_theme(theme: Theme) -> ResponseReturnValue:
    """Make an action of a theme."""
    return _start(draft_of_opinions(theme.name, Theme.counts()[theme.id]) | {"theme": str(theme.id)})


@blueprint.route("/qualite/plan/avis/<uuid:id>", methods=["GET", "POST"])
@requires(Permission.SORT_VERBATIM)
def from_verbatim(verbatim: Verbatim) -> ResponseReturnValue:
    """Make an action of an open answer: its theme comes along, or else what was asked; never a word of it."""
    (opinion,) = opinions([verbatim], readable())
    theme = opinion.themes[0] if opinion.themes else None
    return _start(draft_of_opinions(theme.name) | {"theme": str(theme.id)} if theme else draft_of_opinions(opinion.question))


def _start(draft: dict[str, str], complaint: Complaint | None = None) -> ResponseReturnValue:
    day = today() + datetime.timedelta(days=DRAFT_DAYS)
    form = StartForm(data={"due_on": day, "owner": str(current_user.id)} | draft)
    _offer(form, complaint=complaint is not None)
    if form.validate_on_submit():
        made = actions.start(submission=form.number(), values=form.values(), complaint=complaint, by=current_user)
        flash("L’action est dans le plan.", "done")
        return redirect(url_for("improvement.show", id=made.id))
    form.renumber()
    return render("improvement/new.html", form=form, complaint=complaint, status=form_status(form))


def _offer(form: StartForm | ChangeForm, *, complaint: bool) -> None:
    form.offer(keepers=Person.active_of(*KEEPERS), themes=Theme.in_order(), complaint=complaint)


@blueprint.get("/qualite/plan/<uuid:id>")
@requires(Permission.READ_IMPROVEMENT)
def show(improvement: Improvement) -> ResponseReturnValue:
    """Show an action: before, after, what is published, its history."""
    reference = improvement.reference_for(current_user)
    return render("improvement/show.html", one=improvement, reference=reference, history=improvement.history(), form=EmptyForm())


@blueprint.route("/qualite/plan/<uuid:id>/modifier", methods=["GET", "POST"])
@requires(Permission.WRITE_IMPROVEMENT)
def edit(improvement: Improvement) -> ResponseReturnValue:
    """Change an action; what was saved elsewhere meanwhile is shown beside."""
    form, other = ChangeForm(data=ChangeForm.typed(improvement)), {}
    _offer(form, complaint=improvement.origin is Origin.COMPLAINT)
    if form.validate_on_submit():
        try:
            actions.change(improvement=improvement, values=form.values(), base=form.base.data, by=current_user)
        except actions.StillPublished:
            form.state.errors = [PUBLISHED]
        except actions.Overtaken as overtaken:
            other = form.differing(overtaken.current)
            form.base.data, form.base.raw_data = overtaken.current.revision, None
            return render("improvement/edit.html", form=form, one=improvement, other=other, overtaken=True, status=409)
        else:
            flash("L’action est enregistrée.", "done")
            return redirect(url_for("improvement.show", id=improvement.id))
    return render("improvement/edit.html", form=form, one=improvement, other=other, overtaken=False, status=form_status(form))


@blueprint.route("/qualite/plan/<uuid:id>/publier", methods=["GET", "POST"])
@requires(Permission.WRITE_IMPROVEMENT)
def publish(improvement: Improvement) -> ResponseReturnValue:
    """Write the sentence that the public reads, read it as the public will, publish it."""
    if improvement.state is not State.DONE:
        abort(404)
    form = SentenceForm(data={"sentence": improvement.sentence})
    valid = form.validate_on_submit()
    if valid and form.step.data == "publish":
        actions.publish(improvement=improvement, sentence=form.sentence.data, by=current_user)
        flash("La phrase est publiée.", "done")
        return redirect(url_for("improvement.show", id=improvement.id))
    proof: dict[str, Any] = {"on": today()} if valid and form.step.data != "rewrite" else {}
    return render("improvement/publish.html", form=form, one=improvement, proof=proof, status=form_status(form))


@blueprint.post("/qualite/plan/<uuid:id>/retirer")
@requires(Permission.WRITE_IMPROVEMENT)
def withdraw(improvement: Improvement) -> ResponseReturnValue:
    """Take the sentence back from the public page."""
    if EmptyForm().validate_on_submit():
        actions.withdraw(improvement=improvement, by=current_user)
        flash("La phrase n’est plus publiée.", "done")
    return redirect(url_for("improvement.show", id=improvement.id))


@blueprint.get("/ameliorations")
@public
def published() -> ResponseReturnValue:
    """Show everybody what their returns have changed."""
    return render("improvement/published.html", years=Improvement.published())
