"""What HR is told: the agent's choice and its receipt, what the two write for HR, and HR's own page."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import errors
from bilan.disclosure import actions
from bilan.disclosure.forms import AgreementForm, StatementForm
from bilan.disclosure.models import Disclosure, Statement
from bilan.fields import EmptyForm, as_uuid, form_status
from bilan.hr_review.models import HrReview
from bilan.htmx import render
from bilan.journeys.models import Journey
from bilan.people.models import Person
from bilan.permissions import Permission, requires
from bilan.pieces import writing as pieces
from bilan.pieces.writing import Sort
from bilan.printing import pdf, send_pdf
from bilan.together import WAY

blueprint = Blueprint("disclosure", __name__)
pieces.init_pieces(blueprint)
STATEMENT = Sort(Statement, "disclosure/statement.html", "disclosure.new_statement", "disclosure.index")


@blueprint.get(WAY + "/<uuid:id>/communication")
@requires(Permission.READ_TOGETHER)
def index(journey: Journey) -> ResponseReturnValue:
    """Show what HR is told, to whom, until when, who has read it; and what is written for HR."""
    statements, disclosures = Statement.of_journey(journey), Disclosure.of_journey(journey)
    review = HrReview.current(journey)
    return render("disclosure/index.html", journey=journey, statements=statements, disclosures=disclosures, review=review)


@blueprint.route(WAY + "/<uuid:id>/communication/textes", methods=["GET", "POST"])
@requires(Permission.WRITE_TOGETHER)
def new_statement(journey: Journey) -> ResponseReturnValue:
    """Write a text for HR, which nobody there reads yet."""
    return pieces.new(STATEMENT, journey, StatementForm.new(journey))


@blueprint.route(WAY + "/communication/textes/<uuid:id>", methods=["GET", "POST"])
@requires(Permission.WRITE_STATEMENT)
def statement(statement: Statement) -> ResponseReturnValue:
    """Reword a text for HR; what was agreed to before does not change."""
    return pieces.edit(STATEMENT, statement, StatementForm.of(statement))


@blueprint.route(WAY + "/communication/textes/<uuid:id>/retirer", methods=["GET", "POST"])
@requires(Permission.WRITE_STATEMENT)
def remove_statement(statement: Statement) -> ResponseReturnValue:
    """Remove a text for HR."""
    return pieces.remove(STATEMENT, statement)


@blueprint.route("/mon-bilan/<uuid:id>/communication/accord", methods=["GET", "POST"])
@requires(Permission.WRITE_OWN_JOURNEY)
def agree(journey: Journey) -> ResponseReturnValue:
    """Let the agent choose, read as HR will read, and agree."""
    offered = actions.offered(journey)
    form = AgreementForm.of(journey, offered)
    if not form.validate_on_submit() or request.form.get("step") == "edit":
        status = form_status(form) if request.form.get("step") != "edit" else 200
        return render("disclosure/choose.html", journey=journey, form=form, offered=offered, status=status)
    chosen = {"chosen": form.blocks.data, "purpose": form.purpose.data, "until": form.until.data}
    recipient = Person.get_by_id(as_uuid(form.recipient.data))
    changed = False
    if request.form.get("step") == "agree":
        try:
            actions.agree(journey=journey, recipient=recipient, seen=request.form.get("seen", ""), **chosen)
        except actions.Changed:
            changed = True
        else:
            flash(f"Votre accord est donné. {recipient.display_name} en est prévenu ou prévenue.", "done")
            return redirect(url_for("disclosure.index", id=journey.id))
    blocks, seen = actions.shown(journey, recipient=recipient, **chosen)
    context = {"blocks": blocks, "seen": seen, "recipient": recipient, "changed": changed, "purpose": form.purpose.data}
    return render("disclosure/preview.html", journey=journey, form=form, status=409 if changed else 200, **context)


@blueprint.post("/mon-bilan/communication/<uuid:id>/retirer")
@requires(Permission.REVOKE_DISCLOSURE)
def revoke(disclosure: Disclosure) -> ResponseReturnValue:
    """End an agreement, at once."""
    actions.revoke(disclosure=disclosure)
    flash("Votre accord est retiré. Le service RH ne peut plus rien lire.", "done")
    return redirect(url_for("disclosure.index", id=disclosure.journey_id))


@blueprint.get("/prescriptions/restitutions")
@requires(Permission.FOLLOW_PRESCRIPTIONS)
def received() -> ResponseReturnValue:
    """List what agents tell this HR officer today, and the reviews to which they invite her."""
    disclosures, reviews = Disclosure.received_by(current_user), HrReview.meeting(current_user)
    return render("disclosure/received.html", disclosures=disclosures, reviews=reviews)


@blueprint.route("/prescriptions/restitutions/<uuid:id>", methods=["GET", "POST"])
@requires(Permission.READ_DISCLOSURE)
def read(disclosure: Disclosure) -> ResponseReturnValue:
    """Say what waits, then show it when asked: each reading is noted, and the agent sees it."""
    if not EmptyForm().validate_on_submit():
        return render("disclosure/cover.html", disclosure=disclosure)
    try:
        content = actions.read(disclosure=disclosure, by=current_user)
    except actions.NoLonger:
        return errors.page(404)
    context = {"blocks": content["blocks"], "purpose": content["purpose"], "recipient": current_user, "until": disclosure.until}
    if "pdf" in request.form:
        title = f"Restitution, {disclosure.journey.agent.display_name}"
        return send_pdf(pdf("disclosure/paper.pdf.html", title=title, disclosure=disclosure, **context), "restitution.pdf")
    return render("disclosure/read.html", disclosure=disclosure, **context)
