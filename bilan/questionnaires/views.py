"""The agent's way through a questionnaire, and the counsellor's: giving one, reading it, releasing it."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import french
from bilan.database import now
from bilan.errors import page as error_page
from bilan.fields import EmptyForm, form_status
from bilan.htmx import render, wants_fragment
from bilan.journeys.models import Journey
from bilan.pages import display
from bilan.permissions import Permission, requires
from bilan.questionnaires import actions
from bilan.questionnaires.forms import NO_ANSWER_LABEL, AssignForm, CommentForm, PageForm, one_answer, page_form
from bilan.questionnaires.instruments import Item
from bilan.questionnaires.models import Passation
from bilan.questionnaires.rules import Progress, hexagon_points, pages, progress, resume_page, sentence_for

blueprint = Blueprint("questionnaires", __name__)
ITEMS_PER_PAGE = 6


def _size() -> int:
    return 1 if display().one_question else ITEMS_PER_PAGE


@blueprint.get("/mon-bilan/questionnaires/<uuid:id>")
@requires(Permission.READ_PASSATION)
def start(passation: Passation) -> ResponseReturnValue:
    """Introduce the questionnaire, or offer to resume at the exact place."""
    if passation.submitted_at:
        return render("questionnaires/submitted.html", passation=passation)
    answered = passation.answered_items()
    instrument = passation.instrument
    return render(
        "questionnaires/start.html",
        passation=passation,
        instrument=instrument,
        progress=progress(instrument, answered),
        place=resume_page(instrument, answered, _size()),
    )


@blueprint.route("/mon-bilan/questionnaires/<uuid:id>/page/<int:number>", methods=["GET", "POST"])
@requires(Permission.SUBMIT_PASSATION)
def fill(passation: Passation, number: int) -> ResponseReturnValue:
    """Show one page of items; save it by its button, and go on."""
    if passation.submitted_at:
        return redirect(url_for("questionnaires.start", id=passation.id))
    instrument, all_pages = passation.instrument, pages(passation.instrument, _size())
    if not 1 <= number <= len(all_pages):
        abort(404)
    items, held = all_pages[number - 1], passation.answers()
    form = page_form(instrument, items, held)
    valid = form.validate_on_submit()
    if form.is_submitted() and not _save_page(passation, form, items):
        return redirect(url_for("questionnaires.start", id=passation.id))
    if valid:
        return redirect(_after(passation, number, len(all_pages)))
    held |= form.answers()
    places = {"number": number, "count": len(all_pages), "items": items, "seen": passation.revision}
    done, status = progress(instrument, held), form_status(form)
    return render(
        "questionnaires/fill.html", passation=passation, instrument=instrument, form=form, held=held, progress=done, status=status, **places
    )


def _save_page(passation: Passation, form: PageForm, items: tuple[Item, ...]) -> bool:
    """Save what the page gives and had not been shown; False when the answers were handed in meanwhile."""
    shown = {item.id: request.form.get(f"shown-{item.id}", "") for item in items}
    changed = {item: level for item, level in form.answers().items() if form[item].data != shown[item]}
    if not changed:
        return True
    try:
        saved = actions.save_answers(passation=passation, answers=changed, seen=form.seen.data or 0)
    except actions.AlreadySubmitted:
        flash("Ce questionnaire a déjà été envoyé : ses réponses ne changent plus.", "info")
        return False
    passation.revision = saved.revision
    if saved.overtaken and not wants_fragment():
        flash("Ce questionnaire est aussi ouvert ailleurs. Pour chaque question, la dernière réponse donnée est gardée.", "info")
    return True


def _after(passation: Passation, number: int, count: int) -> str:
    if number < count and request.form.get("go") != "check":
        return url_for("questionnaires.fill", id=passation.id, number=number + 1)
    return url_for("questionnaires.check", id=passation.id)


@blueprint.post("/mon-bilan/questionnaires/<uuid:id>/reponses/<item>")
@requires(Permission.ANSWER_PASSATION)
def save(passation: Passation, item: str) -> ResponseReturnValue:
    """Save one answer as it is given (htmx): the status line, the progress, the revision."""
    instrument = passation.instrument
    if all(one.id != item for one in instrument.items):
        abort(404)
    try:
        level, seen = one_answer(instrument, item, request.form)
        saved = actions.save_answers(passation=passation, answers={item: level}, seen=seen)
    except ValueError as fault:
        return error_page(422, message=f"Non enregistré : {fault}")
    except actions.AlreadySubmitted:
        return error_page(409, message="Non enregistré : ce questionnaire a déjà été envoyé.")
    if not wants_fragment():
        return redirect(url_for("questionnaires.start", id=passation.id))
    done = Progress(passation.count_answered(), len(instrument.items))
    return render(
        "questionnaires/_saved.html", "questionnaires/_saved.html", saved=saved, progress=done, item=item, posted=request.form[item]
    )


@blueprint.route("/mon-bilan/questionnaires/<uuid:id>/verification", methods=["GET", "POST"])
@requires(Permission.SUBMIT_PASSATION)
def check(passation: Passation) -> ResponseReturnValue:
    """Let the agent read her answers again, then hand them in for good."""
    if passation.submitted_at:
        return redirect(url_for("questionnaires.start", id=passation.id))
    form, missing = EmptyForm(), []
    if form.validate_on_submit():
        try:
            actions.submit(passation=passation)
        except actions.AnswersMissing as absent:
            missing = absent.items
        except actions.AlreadySubmitted:
            return redirect(url_for("questionnaires.start", id=passation.id))
        else:
            flash(f"Vos réponses sont envoyées, le {french.short_day(passation.submitted_at)}.", "done")
            return redirect(url_for("questionnaires.start", id=passation.id))
    return _check_page(passation, missing)


def _check_page(passation: Passation, missing: list[str]) -> ResponseReturnValue:
    instrument, answers = passation.instrument, passation.answers()
    labels = {level.value: level.label for level in instrument.levels}
    words = {item: NO_ANSWER_LABEL if level is None else labels[level] for item, level in answers.items()}
    return render(
        "questionnaires/check.html",
        passation=passation,
        instrument=instrument,
        words=words,
        missing=missing,
        pages=pages(instrument, _size()),
        progress=progress(instrument, answers),
        status=422 if missing else 200,
    )


@blueprint.get("/mon-bilan/questionnaires/<uuid:id>/resultat")
@requires(Permission.READ_OWN_RESULT)
def result(passation: Passation) -> ResponseReturnValue:
    """Show the agent a released result."""
    return render("questionnaires/result.html", passation=passation, **result_context(passation))


@blueprint.route("/parcours/<uuid:id>/questionnaires/nouveau", methods=["GET", "POST"])
@requires(Permission.WRITE_JOURNEY)
def assign(journey: Journey) -> ResponseReturnValue:
    """Give a questionnaire to the agent."""
    form = AssignForm()
    if form.validate_on_submit():
        try:
            actions.assign(journey=journey, slug=form.slug.data, due_on=form.due_on.data, by=current_user)
        except actions.AlreadyAssigned:
            form.slug.errors = ["Ce questionnaire est déjà donné, et pas encore rempli."]
        else:
            flash(f"Le questionnaire est donné à {journey.agent.display_name}, qui en reçoit l’annonce par e-mail.", "done")
            return redirect(url_for("journeys.show", id=journey.id))
    return render("questionnaires/assign.html", form=form, journey=journey, status=form_status(form))


@blueprint.post("/parcours/questionnaires/<uuid:id>/retirer")
@requires(Permission.WITHDRAW_PASSATION)
def withdraw(passation: Passation) -> ResponseReturnValue:
    """Take back a questionnaire that the agent has not begun."""
    try:
        actions.withdraw(passation=passation, by=current_user)
        flash("Le questionnaire est retiré.", "done")
    except actions.AlreadyStarted:
        flash("Ce questionnaire est déjà commencé : il ne peut plus être retiré.", "attention")
    return redirect(url_for("journeys.show", id=passation.journey_id))


@blueprint.get("/parcours/questionnaires/<uuid:id>")
@requires(Permission.READ_RESULT)
def debrief(passation: Passation) -> ResponseReturnValue:
    """Show the counsellor a result, to comment and release."""
    form = CommentForm(text=passation.comment, base=passation.comment_revision)
    return render("questionnaires/debrief.html", passation=passation, form=form, other=None, **result_context(passation))


@blueprint.post("/parcours/questionnaires/<uuid:id>/ouvrir")
@requires(Permission.DEBRIEF_RESULT)
def release(passation: Passation) -> ResponseReturnValue:
    """Open the result to the agent."""
    actions.release(passation=passation, by=current_user)
    flash(f"Le résultat est ouvert à {passation.journey.agent.display_name}.", "done")
    return redirect(url_for("questionnaires.debrief", id=passation.id))


@blueprint.post("/parcours/questionnaires/<uuid:id>/commentaire")
@requires(Permission.DEBRIEF_RESULT)
def comment(passation: Passation) -> ResponseReturnValue:
    """Save the comment beside the result."""
    form, other, status = CommentForm(), None, 422
    if form.validate_on_submit():
        try:
            actions.comment(passation=passation, text=form.text.data, base=form.base.data, by=current_user)
        except actions.CommentConflict:
            other, status = Passation.get_by_id(passation.id), 409
            form.base.raw_data, form.base.data = None, other.comment_revision
        else:
            flash(f"Commentaire enregistré à {french.clock(now())}.", "done")
            return redirect(url_for("questionnaires.debrief", id=passation.id))
    page = "questionnaires/debrief.html"
    return render(page, passation=passation, form=form, other=other, status=status, **result_context(passation))


def result_context(passation: Passation) -> dict[str, Any]:
    """Return what the pages of a result show of it."""
    instrument, found = passation.instrument, passation.result
    sentences = {scale.letter: sentence_for(scale, found["scores"][scale.letter]) for scale in instrument.scales}
    hexagon = hexagon_points(instrument, found["scores"]) if instrument.code else None
    return {"instrument": instrument, "result": found, "sentences": sentences, "hexagon": hexagon}
