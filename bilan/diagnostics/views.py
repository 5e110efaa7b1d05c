"""The counsellor's grid of the diagnostic interview and its decision; the agent's programme and commitment."""

import datetime
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import errors, french
from bilan.database import now
from bilan.delicate import matters
from bilan.diagnostics import actions
from bilan.diagnostics.forms import DecisionForm, GridForm
from bilan.diagnostics.models import Diagnostic
from bilan.diagnostics.rules import TEXTS, Decision, readable_by_agent
from bilan.fields import EmptyForm, form_status
from bilan.htmx import render, wants_fragment
from bilan.journeys.models import Journey
from bilan.permissions import Permission, requires
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import MOTIVES

blueprint = Blueprint("diagnostics", __name__)
DECIDED = {
    Decision.ENGAGED: "Le programme est proposé à l’agent, qui s’engage dans son espace.",
    Decision.RECONSIDER: "C’est noté. La date vous sera rappelée dans vos parcours.",
    Decision.NOT_RELEVANT: "Le bilan est clos. Le service RH lit seulement « sans suite ».",
    Decision.NOT_READY: "Le bilan est clos. Le service RH lit seulement « sans suite ».",
}


@blueprint.get("/parcours/<uuid:id>/diagnostic")
@requires(Permission.READ_JOURNEY)
def show(journey: Journey) -> ResponseReturnValue:
    """Show the grid of the diagnostic interview."""
    return _grid_page(journey, Diagnostic.of_journey(journey))


@blueprint.post("/parcours/<uuid:id>/diagnostic")
@requires(Permission.WRITE_JOURNEY)
def save(journey: Journey) -> ResponseReturnValue:
    """Save the grid while it is typed (htmx) or by its button."""
    form = GridForm()
    if not form.validate_on_submit():
        return _refused(journey, form)
    try:
        saved = actions.save_grid(journey=journey, content=form.content(), base=form.base.data, by=current_user)
    except actions.GridConflict as conflict:
        return _conflict(journey, form, conflict.current)
    if wants_fragment():
        return render("diagnostics/_saved.html", "diagnostics/_saved.html", diagnostic=saved, matters=_delicate(saved))
    flash(f"Grille enregistrée à {french.clock(saved.saved_at)}.", "done")
    return redirect(url_for("diagnostics.show", id=journey.id))


@blueprint.route("/parcours/<uuid:id>/diagnostic/decision", methods=["GET", "POST"])
@requires(Permission.WRITE_JOURNEY)
def decide(journey: Journey) -> ResponseReturnValue:
    """Decide how the diagnostic interview ends."""
    diagnostic = Diagnostic.of_journey(journey)
    form = DecisionForm(data=_known(diagnostic))
    if form.validate_on_submit():
        decision = Decision(form.decision.data)
        try:
            actions.decide(journey=journey, decision=decision, programme=form.programme(), by=current_user)
        except actions.NotYetMet:
            form.form_errors.append("La décision se prend après le premier entretien : aucun n’a encore commencé.")
        except actions.ObjectivesMissing:
            form.form_errors.append("Écrivez d’abord les objectifs définis ensemble, dans la grille.")
        except actions.AlreadyCommitted:
            return errors.page(409, message="L’agent s’est déjà engagé sur ce programme.")
        else:
            flash(DECIDED[decision], "done")
            return redirect(url_for("journeys.show", id=journey.id))
    return render("diagnostics/decide.html", journey=journey, diagnostic=diagnostic, form=form, status=form_status(form))


@blueprint.route("/mon-bilan/programme", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_BILAN)
def programme() -> ResponseReturnValue:
    """Show the agent the programme: objectives, hours, rhythm, dates; she commits herself."""
    journey = Journey.of_agent(current_user) or abort(404)
    diagnostic = Diagnostic.of_journey(journey)
    if diagnostic is None or diagnostic.decision is not Decision.ENGAGED:
        abort(404)
    if journey.is_open and EmptyForm().validate_on_submit():
        try:
            actions.commit(journey=journey, by=current_user)
        except actions.NothingToCommit:
            flash("Votre engagement était déjà enregistré.", "info")
        else:
            flash("Votre engagement est enregistré. L’accompagnement commence.", "done")
        return redirect(url_for("journeys.mine"))
    return render("diagnostics/programme.html", journey=journey, diagnostic=diagnostic, shared=readable_by_agent(diagnostic.content))


def _known(diagnostic: Diagnostic | None) -> dict[str, Any]:
    if diagnostic is None or diagnostic.decision is None:
        sheet, today = current_app.config["BILAN"], french.to_paris(now()).date()
        # The usual programme, to be changed with the agent: it begins today and lasts as long as the service sheet says.
        return {
            "planned_minutes": min(max(sheet.quote_hours, sheet.hours_min), sheet.hours_max) * 60,
            "starts_on": today,
            "ends_on": today + datetime.timedelta(days=30 * sheet.months),
        }
    known = {name: getattr(diagnostic, name) for name in actions.PROGRAMME if getattr(diagnostic, name) is not None}
    return {**known, "decision": diagnostic.decision.value, "rhythm": diagnostic.rhythm.value if diagnostic.rhythm else "fortnightly"}


def _grid_page(
    journey: Journey, diagnostic: Diagnostic | None, *, form: GridForm | None = None, other: dict[str, Any] | None = None, status: int = 200
) -> ResponseReturnValue:
    content = diagnostic.content if diagnostic else {}
    if form is None:
        form = GridForm(formdata=None, data={**content, "base": diagnostic.revision if diagnostic else 0})
    prescription = Prescription.for_counsellor(journey.id)
    return render(
        "diagnostics/show.html",
        journey=journey,
        diagnostic=diagnostic,
        form=form,
        other=other or {},
        matters=_delicate(diagnostic),
        prescription=prescription,
        motive=MOTIVES.get((prescription.request or {}).get("motive", "")) if prescription else None,
        status=status,
    )


def _delicate(diagnostic: Diagnostic | None) -> list[str]:
    """Return the delicate matters of a grid; where adaptations are wished, they are what one asks."""
    content = diagnostic.content if diagnostic else {}
    return matters("\n".join(content.get(name, "") for name in TEXTS if name != "adaptations"))


def _refused(journey: Journey, form: GridForm) -> ResponseReturnValue:
    if wants_fragment():
        problem = " ".join(message for messages in form.errors.values() for message in messages)
        return render("diagnostics/_refused.html", "diagnostics/_refused.html", problem=problem, status=422)
    return _grid_page(journey, Diagnostic.of_journey(journey), form=form, status=422)


def _conflict(journey: Journey, form: GridForm, current: Diagnostic) -> ResponseReturnValue:
    """Show both texts of what differs; the next saving is on top of the other."""
    if wants_fragment():
        return render("diagnostics/_conflict.html", "diagnostics/_conflict.html", diagnostic=current, status=409)
    differing = {name: value for name, value in current.content.items() if value != form.content().get(name)}
    form.base.data = current.revision
    form.base.raw_data = None
    form.form_errors.append("Cette grille a été enregistrée ailleurs pendant que vous écriviez. Les deux textes sont ci-dessous.")
    return _grid_page(journey, current, form=form, other=differing, status=409)
