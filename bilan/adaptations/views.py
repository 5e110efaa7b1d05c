"""The agent's requests, and the public page's."""

import time
import uuid
from typing import Any

from flask import Blueprint, current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import errors
from bilan.adaptations import actions
from bilan.adaptations.forms import AskForm, JudgeForm, MessageForm, PublicForm, SharingForm
from bilan.adaptations.models import AdaptationEntry, AdaptationRequest
from bilan.adaptations.rules import SAID_TO_HER, EntryKind
from bilan.complaints.rules import FormRefused, read_proof, sign_form
from bilan.delicate import matters
from bilan.fields import EmptyForm, form_status
from bilan.htmx import render
from bilan.journeys.models import Journey
from bilan.measures.models import Measure
from bilan.permissions import Permission, public, requires
from bilan.prescriptions.models import Prescription
from bilan.protection import few_from_strangers

blueprint = Blueprint("adaptations", __name__)
BACK = "Vous avez repris cette demande\u00a0: elle ne change plus."
NOTHING = "Rien n’est encore en place pour cette demande."


@blueprint.errorhandler(actions.TakenBack)
def taken_back(_error: actions.TakenBack) -> ResponseReturnValue:
    """Say that a request taken back no longer changes."""
    return errors.page(409, message=BACK)


@blueprint.get("/mon-bilan/adaptations")
@requires(Permission.ASK_ADAPTATION)
def mine() -> ResponseReturnValue:
    """List the agent's own requests."""
    return render("adaptations/mine.html", requests=AdaptationRequest.of_agent(current_user), said=SAID_TO_HER)


@blueprint.route("/mon-bilan/adaptations/nouvelle", methods=["GET", "POST"])
@requires(Permission.ASK_ADAPTATION)
def ask() -> ResponseReturnValue:
    """Take a request in terms of needs, with who sees what of it."""
    form = AskForm()
    if form.validate_on_submit():
        journey_id, begun = _bilan()
        made = actions.ask(
            submission=form.number(), content=form.content(), shown=form.shown(), agent=current_user, journey_id=journey_id, begun=begun
        )
        flash("Votre demande est envoyée au référent handicap.", "done")
        return redirect(url_for("adaptations.read", id=made.id))
    form.renumber()
    return render("adaptations/ask.html", form=form, status=form_status(form))


def _bilan() -> tuple[uuid.UUID | None, bool]:
    """Return the agent's bilan, or the one that is proposed to her, and whether it has begun."""
    journey = Journey.of_agent(current_user)
    if journey and journey.is_open:
        return journey.id, True
    proposal = Prescription.proposed_to(current_user)
    return (proposal.id if proposal and proposal.is_open else None), False


@blueprint.route("/mon-bilan/adaptations/<uuid:id>", methods=["GET", "POST"])
@requires(Permission.READ_OWN_ADAPTATION)
def read(one: AdaptationRequest) -> ResponseReturnValue:
    """Show the agent her request, what was decided and what is in place; take a message."""
    form = MessageForm()
    if form.validate_on_submit():
        actions.write(request=one, kind=EntryKind.MESSAGE, text=form.text.data, submission=form.number(), by=current_user)
        flash("Votre message est envoyé.", "done")
        return redirect(url_for("adaptations.read", id=one.id))
    return _own_page(one, form, None)


@blueprint.post("/mon-bilan/adaptations/<uuid:id>/avis")
@requires(Permission.CHANGE_OWN_ADAPTATION)
def judge(one: AdaptationRequest) -> ResponseReturnValue:
    """Take whether what is in place suits her."""
    form = JudgeForm()
    if not form.validate_on_submit():
        return _own_page(one, None, form)
    words: dict[str, Any] = {"text": form.words.data or "", "submission": form.number()}
    try:
        actions.judge(request=one, suits=form.suits.data == "yes", by=current_user, **words)
    except actions.NotInPlace:
        return errors.page(409, message=NOTHING)
    flash("C’est noté. Merci." if form.suits.data == "yes" else "C’est noté. Le référent handicap revoit ce qui est en place.", "done")
    return redirect(url_for("adaptations.read", id=one.id))


def _own_page(one: AdaptationRequest, writing: MessageForm | None, judging: JudgeForm | None) -> ResponseReturnValue:
    form, opinion = writing or MessageForm(formdata=None), judging or JudgeForm(formdata=None)
    for each in (form, opinion):
        each.renumber()
    opinion.submission.id = "opinion-submission"
    return render(
        "adaptations/read.html",
        one=one,
        said=SAID_TO_HER[one.state],
        measures=[each for each in Measure.of_request(one) if each.ended_at is None],
        thread=AdaptationEntry.of_request(one),
        matters=matters(one.words),
        form=form,
        opinion=opinion,
        status=form_status(judging or form),
    )


@blueprint.route("/mon-bilan/adaptations/<uuid:id>/partage", methods=["GET", "POST"])
@requires(Permission.CHANGE_OWN_ADAPTATION)
def share(one: AdaptationRequest) -> ResponseReturnValue:
    """Let the agent change who sees what."""
    form = SharingForm(obj=one)
    if form.validate_on_submit():
        actions.share(request=one, shown=form.shown(), by=current_user)
        flash("C’est enregistré, à partir de maintenant.", "done")
        return redirect(url_for("adaptations.read", id=one.id))
    return render("adaptations/share.html", one=one, form=form, status=form_status(form))


@blueprint.route("/mon-bilan/adaptations/<uuid:id>/reprendre", methods=["GET", "POST"])
@requires(Permission.CHANGE_OWN_ADAPTATION)
def withdraw(one: AdaptationRequest) -> ResponseReturnValue:
    """Let the agent take her request back, after a page that says what follows."""
    if EmptyForm().validate_on_submit():
        actions.withdraw(request=one, by=current_user)
        flash("Votre demande est reprise. Le référent handicap ne la lit plus.", "done")
        return redirect(url_for("adaptations.mine"))
    return render("adaptations/withdraw.html", one=one)


@blueprint.route("/adaptations/demande", methods=["GET", "POST"])
@public
@few_from_strangers
def new() -> ResponseReturnValue:
    """Take a request of anybody."""
    form = PublicForm()
    if form.validate_on_submit():
        problem = None if form.site_web.data else _keep(form)  # a robot meets the page of success, nothing more
        if problem is None:
            return redirect(url_for("adaptations.received"))
        form.form_errors.append(problem)
    form.proof.data = sign_form(current_app.config["SECRET_KEY"], str(uuid.uuid4()))
    return render("adaptations/new.html", form=form, status=form_status(form))


def _keep(form: PublicForm) -> str | None:
    """Keep the request, or return the sentence that says what to do."""
    try:
        submission = read_proof(current_app.config["SECRET_KEY"], form.proof.data or "", moment=time.time())
    except FormRefused as refused:
        return refused.sentence
    whose: dict[str, Any] = {"agent": None, "journey_id": None, "begun": False}
    actions.ask(submission=uuid.UUID(submission), content=form.content(), shown=actions.ALL_SHOWN, **whose)
    return None


@blueprint.get("/adaptations/demande/recue")
@public
def received() -> ResponseReturnValue:
    """Tell what happens next."""
    return render("adaptations/received.html")
