"""Restitution: the results of a bilan, each of them, what its two people say of it, and what stands out of all together."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import french
from bilan.careers.models import Condition, Experience, Skill
from bilan.careers.rules import in_order
from bilan.database import now
from bilan.htmx import render
from bilan.journeys.models import Journey
from bilan.permissions import Permission, requires
from bilan.pieces import writing as pieces
from bilan.pieces.actions import TooMany
from bilan.pieces.writing import Sort
from bilan.printing import pdf, send_pdf
from bilan.questionnaires.models import Passation
from bilan.results import actions
from bilan.results.drawings import hexagon_points, lines
from bilan.results.forms import CommentForm, FindingForm
from bilan.results.models import Finding
from bilan.results.rules import cautions, columns, in_brief, reading, rows, stands_out
from bilan.together import WAY

blueprint = Blueprint("results", __name__)
pieces.init_pieces(blueprint)
FINDING = Sort(Finding, "results/finding.html", "results.new_finding", "results.crossing")


@blueprint.get(WAY + "/<uuid:id>/resultats")
@requires(Permission.READ_TOGETHER)
def index(journey: Journey) -> ResponseReturnValue:
    """List the questionnaires of a bilan: to fill, handed in, released."""
    return render("results/index.html", journey=journey, passations=Passation.of_journey(journey))


@blueprint.get(WAY + "/questionnaires/<uuid:id>/resultat")
@requires(Permission.READ_RESULT)
def show(passation: Passation) -> ResponseReturnValue:
    """Show a result: to the agent once it is released, to whoever accompanies her once it is handed in."""
    return _page(passation, _own_form(passation))


@blueprint.get(WAY + "/questionnaires/<uuid:id>/resultat.pdf")
@requires(Permission.READ_RESULT)
def paper(passation: Passation) -> ResponseReturnValue:
    """Print a result."""
    title = f"{passation.instrument.title}, {passation.journey.agent.display_name}"
    content = pdf("results/paper.pdf.html", title=title, **_told(passation))
    return send_pdf(content, f"resultat-{passation.slug}.pdf")


@blueprint.post("/parcours/questionnaires/<uuid:id>/ouvrir")
@requires(Permission.DEBRIEF_RESULT)
def release(passation: Passation) -> ResponseReturnValue:
    """Open the result to the agent."""
    actions.release(passation=passation, by=current_user)
    flash(f"Le résultat est ouvert à {passation.journey.agent.display_name}.", "done")
    return redirect(url_for("results.show", id=passation.id))


@blueprint.post(WAY + "/questionnaires/<uuid:id>/commentaire")
@requires(Permission.WRITE_RESULT)
def comment(passation: Passation) -> ResponseReturnValue:
    """Save what one of the two says of the result."""
    form, other, status = CommentForm(), None, 422
    if form.validate_on_submit():
        try:
            actions.comment(passation=passation, text=form.text.data, base=form.base.data, by=current_user)
        except actions.CommentConflict as conflict:
            other, status = conflict.text, 409
            form.base.raw_data, form.base.data = None, conflict.revision
        else:
            flash(f"Commentaire enregistré à {french.clock(now())}.", "done")
            pieces.recall(form.text.data)
            return redirect(url_for("results.show", id=passation.id))
    return _page(passation, form, other=other, status=status)


@blueprint.post("/mon-bilan/questionnaires/<uuid:id>/synthese")
@requires(Permission.KEEP_RESULT_OUT)
def keep_out(passation: Passation) -> ResponseReturnValue:
    """Keep the result out of the synthesis, or put it back."""
    out = "out" in request.form
    actions.keep_out(passation=passation, out=out, by=current_user)
    flash("Ce résultat restera hors de la synthèse." if out else "Ce résultat pourra servir à la synthèse.", "done")
    return redirect(url_for("results.show", id=passation.id))


@blueprint.post(WAY + "/questionnaires/<uuid:id>/reprendre")
@requires(Permission.CARRY_RESULT)
def carry(passation: Passation) -> ResponseReturnValue:
    """Write the sentences of a guided grid among the supports and obstacles."""
    try:
        count = actions.carry_over(passation=passation, by=current_user)
    except actions.AlreadyCarried:
        flash("Cette grille a déjà été reprise.", "info")
    except TooMany:
        flash(f"Un bilan a au plus {Condition.maximum} appuis et freins. Retirez-en, puis réessayez.", "attention")
        return redirect(url_for("results.show", id=passation.id))
    else:
        flash(f"{french.plural(count, 'phrase est reprise', 'phrases sont reprises')} dans les appuis et freins.", "done")
    return redirect(url_for("careers.conditions", id=passation.journey_id))


@blueprint.get(WAY + "/<uuid:id>/lecture-croisee")
@requires(Permission.READ_TOGETHER)
def crossing(journey: Journey) -> ResponseReturnValue:
    """Show interests, values, motivations and path side by side, and what the two write of them together."""
    results: dict[str, Any] = {}
    for passation in Passation.readable_of(journey, by_agent=current_user.id == journey.agent_id):
        results.setdefault(passation.slug, (passation, in_brief(passation.instrument, passation.result)))
    return render(
        "results/crossing.html",
        journey=journey,
        results=results,
        columns=columns({slug: passation.instrument.title for slug, (passation, _) in results.items()}),
        experiences=in_order(Experience.of_journey(journey)),
        skills=Skill.of_journey(journey),
        conditions=Condition.of_journey(journey),
        findings=Finding.of_journey(journey),
    )


@blueprint.route(WAY + "/<uuid:id>/lecture-croisee/nouvelle", methods=["GET", "POST"])
@requires(Permission.WRITE_TOGETHER)
def new_finding(journey: Journey) -> ResponseReturnValue:
    """Write what stands out."""
    return pieces.new(FINDING, journey, FindingForm.new(journey))


@blueprint.route(WAY + "/lecture-croisee/<uuid:id>", methods=["GET", "POST"])
@requires(Permission.WRITE_FINDING)
def finding(finding: Finding) -> ResponseReturnValue:
    """Reword what stands out."""
    return pieces.edit(FINDING, finding, FindingForm.of(finding))


@blueprint.route(WAY + "/lecture-croisee/<uuid:id>/retirer", methods=["GET", "POST"])
@requires(Permission.WRITE_FINDING)
def remove_finding(finding: Finding) -> ResponseReturnValue:
    """Remove what stands out no longer."""
    return pieces.remove(FINDING, finding)


def _is_agents(passation: Passation) -> bool:
    return current_user.id == passation.journey.agent_id


def _own_form(passation: Passation) -> CommentForm:
    if _is_agents(passation):
        return CommentForm(formdata=None, text=passation.own_comment, base=passation.own_comment_revision)
    return CommentForm(formdata=None, text=passation.comment, base=passation.comment_revision)


def _page(passation: Passation, form: CommentForm, *, other: str | None = None, status: int = 200) -> ResponseReturnValue:
    mine = _is_agents(passation)
    # The cautions are made for the counsellor alone: for the agent they are not even looked for.
    timed = {} if mine or passation.is_entered else passation.saved_at()
    found = [] if mine else cautions(passation.instrument, passation.answers(), timed)
    page = "results/own.html" if mine else "results/debrief.html"
    return render(page, form=form, other=other, cautions=found, status=status, **_told(passation))


def _told(passation: Passation) -> dict[str, Any]:
    """Return what the pages and the paper of a result show of it."""
    instrument, result = passation.instrument, passation.result
    found, landmarks = rows(instrument, result), current_app.config["BILAN"].landmarks == "oui"
    return {
        "passation": passation,
        "journey": passation.journey,
        "instrument": instrument,
        "result": result,
        "rows": found,
        "outstanding": stands_out(instrument, result),
        "reading": reading(instrument, landmarks=landmarks),
        "hexagon": hexagon_points(instrument, result["scores"]) if instrument.code else None,
        "lines": lines(instrument, found) if found and not instrument.code else None,
        "with_landmarks": landmarks,
    }
