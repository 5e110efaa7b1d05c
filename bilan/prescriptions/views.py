"""What the HR service does and follows: short pages to ask for a bilan, administrative facts afterwards."""

import uuid
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan.database import now
from bilan.fields import EmptyForm, as_uuid, clean_search, form_status
from bilan.hours.models import account_of
from bilan.htmx import render
from bilan.journeys.models import Suspension
from bilan.pages import paginate
from bilan.permissions import Permission, requires
from bilan.prescriptions import actions, rules
from bilan.prescriptions.facts import AdministrativeFacts
from bilan.prescriptions.forms import ALREADY_OPEN, FORMS, AgentForm, StepForm
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import STEPS, State
from bilan.quotes.models import Quote

blueprint = Blueprint("prescriptions", __name__)
GONE = "Ce brouillon a été supprimé. Continuez pour en commencer un autre : ce que vous avez écrit est ci-dessous."
SEND = "La demande est partie. Sa référence est {}."


@blueprint.get("/prescriptions")
@requires(Permission.FOLLOW_PRESCRIPTIONS)
def index() -> ResponseReturnValue:
    """Show what waits for the officer, then the bilans of her employer: names, states, dates and hours, nothing else."""
    employer_id, search = current_user.employer_id, clean_search(request.args.get("q"))
    finished = request.args.get("etat") == "termines"
    page = paginate(AdministrativeFacts.listed(employer_id, search=search, finished=finished))
    facts = [(one, _clock(one)) for one in page.rows]
    return render(
        "prescriptions/index.html",
        page=page,
        facts=facts,
        search=search,
        finished=finished,
        quotes=Quote.waiting(employer_id),
        drafts=Prescription.drafts(employer_id),
    )


@blueprint.route("/prescriptions/nouvelle", methods=["GET", "POST"])
@requires(Permission.FOLLOW_PRESCRIPTIONS)
def new() -> ResponseReturnValue:
    """Begin a request: its first page makes the draft."""
    form = AgentForm()
    submission = (as_uuid(request.form.get("submission")) or abort(404)) if request.method == "POST" else uuid.uuid4()
    known = Prescription.for_hr(submission)
    if known and (known.employer_id != current_user.employer_id or known.state is not State.DRAFT):
        abort(404)
    form.prescription = known
    if form.validate_on_submit():
        try:
            _save(submission, form.values())
        except actions.DraftGone:
            submission = uuid.uuid4()
            form.form_errors.append(GONE)
        else:
            return redirect(url_for("prescriptions.step", id=submission, step="situation"))
    return _step_page(form, "agent", None, submission=submission)


@blueprint.route("/prescriptions/<uuid:id>/<any(agent,situation,demande,modalites):step>", methods=["GET", "POST"])
@requires(Permission.WRITE_PRESCRIPTION)
def step(prescription: Prescription, step: str) -> ResponseReturnValue:
    """Write one page of a draft, or correct one of a sent prescription."""
    form = FORMS[step](data=prescription.answers())
    form.prescription = prescription
    if isinstance(form, AgentForm) and prescription.invited_at:
        form.lock_identity()
    later = prescription.state is State.DRAFT and request.form.get("then") == "later"
    if form.validate_on_submit() or (request.method == "POST" and later):
        if prescription.state is not State.DRAFT:
            return _correct(prescription, form, step)
        _save(prescription.id, form.values(valid_only=True))
        if later:
            flash("Le brouillon est enregistré. Vous le retrouvez ici.", "done")
            return redirect(url_for("prescriptions.index"))
        following = rules.step_after(step)
        here = {"id": prescription.id}
        return redirect(url_for("prescriptions.step", step=following, **here) if following else url_for("prescriptions.check", **here))
    return _step_page(form, step, prescription)


@blueprint.route("/prescriptions/<uuid:id>/verification", methods=["GET", "POST"])
@requires(Permission.SEND_PRESCRIPTION)
def check(prescription: Prescription) -> ResponseReturnValue:
    """Read the whole request again, then send it; a request that has left shows its receipt."""
    form = EmptyForm()
    if prescription.state is not State.DRAFT:
        return redirect(url_for("prescriptions.show", id=prescription.id))
    if form.validate_on_submit():
        try:
            sent = actions.send_prescription(prescription=prescription, by=current_user)
        except actions.Incomplete as incomplete:
            form.form_errors.append(f"Il manque une réponse à la page « {STEPS[incomplete.steps[0]][0]} ».")
        except actions.AgentAlreadyPrescribed:
            form.form_errors.append(ALREADY_OPEN)
        except actions.AlreadySent:
            return redirect(url_for("prescriptions.show", id=prescription.id))
        else:
            flash(SEND.format(sent.reference), "done")
            return redirect(url_for("prescriptions.show", id=prescription.id))
    return _answers_page("prescriptions/check.html", prescription, form=form, namesakes=Prescription.namesakes(prescription))


@blueprint.post("/prescriptions/<uuid:id>/abandon")
@requires(Permission.DISCARD_DRAFT)
def discard(prescription: Prescription) -> ResponseReturnValue:
    """Throw a draft away."""
    actions.discard_draft(prescription=prescription)
    flash("Le brouillon est supprimé.", "done")
    return redirect(url_for("prescriptions.index"))


@blueprint.get("/prescriptions/<uuid:id>")
@requires(Permission.READ_PRESCRIPTION)
def show(prescription: Prescription) -> ResponseReturnValue:
    """Show the receipt of a prescription and its administrative facts."""
    fact = AdministrativeFacts.of_prescription(prescription)
    may_change = prescription.is_open and not prescription.has_begun
    return _answers_page(
        "prescriptions/show.html",
        prescription,
        fact=fact,
        clock=_clock(fact),
        may_change=may_change,
        account=account_of(prescription.id, is_open=False) if fact.phase else None,
        suspension=Suspension.current(prescription.id) if fact.phase else None,
        quotes=Quote.of_prescription(prescription),
    )


@blueprint.route("/prescriptions/<uuid:id>/retrait", methods=["GET", "POST"])
@requires(Permission.WITHDRAW_PRESCRIPTION)
def withdraw(prescription: Prescription) -> ResponseReturnValue:
    """Withdraw a prescription before the first interview, after a page that says what follows."""
    if EmptyForm().validate_on_submit():
        actions.withdraw_prescription(prescription=prescription, by=current_user)
        flash("La demande est retirée. Les personnes concernées sont prévenues.", "done")
        return redirect(url_for("prescriptions.index"))
    return render("prescriptions/withdraw.html", prescription=prescription)


def _save(prescription_id: uuid.UUID, values: dict[str, Any]) -> None:
    author = current_user._get_current_object()  # noqa: SLF001 -- the model wants the person, not the proxy
    actions.save_draft(prescription_id=prescription_id, employer=author.employer, author=author, values=values)


def _correct(prescription: Prescription, form: StepForm, step: str) -> ResponseReturnValue:
    try:
        changed = actions.correct_prescription(prescription=prescription, values=form.values(), by=current_user)
    except actions.AgentAlreadyPrescribed:
        form.form_errors.append(ALREADY_OPEN)
        return _step_page(form, step, prescription, status=422)
    if changed:
        flash("La demande est corrigée. Les personnes concernées sont prévenues.", "done")
    return redirect(url_for("prescriptions.show", id=prescription.id))


def _step_page(form: StepForm, step: str, prescription: Prescription | None, **others: Any) -> ResponseReturnValue:
    rank = list(STEPS).index(step) + 1
    status = others.pop("status", form_status(form))
    context = {"submission": None, "steps": len(STEPS), **others}
    return render("prescriptions/step.html", form=form, step=step, rank=rank, prescription=prescription, status=status, **context)


def _answers_page(template: str, prescription: Prescription, **context: Any) -> ResponseReturnValue:
    """Render a page that shows the whole request."""
    answers = rules.in_words(prescription.answers())
    form = context.get("form")
    return render(template, prescription=prescription, answers=answers, status=form_status(form) if form else 200, **context)


def _clock(fact: AdministrativeFacts) -> rules.Clock | None:
    days = current_app.config["BILAN"].first_interview_days
    if fact.received_at is None or not fact.clock_counts:
        return None
    return rules.clock(fact.received_at, fact.proposed_for, now(), days)
