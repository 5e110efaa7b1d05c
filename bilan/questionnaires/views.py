"""Filling a questionnaire, by the agent or by a counsellor who types her answers; giving one, taking it back."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import french
from bilan.errors import page as error_page
from bilan.fields import EmptyForm, form_status
from bilan.htmx import render, wants_fragment
from bilan.journeys.models import Journey
from bilan.pages import display
from bilan.permissions import Permission, requires
from bilan.printing import pdf, send_pdf
from bilan.questionnaires import actions
from bilan.questionnaires.boxes import boxes
from bilan.questionnaires.forms import NO_ANSWER_LABEL, AssignForm, EntryForm, PageForm, one_answer, page_form
from bilan.questionnaires.instruments.questions import RANK, AnswerInvalid, Question
from bilan.questionnaires.models import Passation
from bilan.questionnaires.rules import Answers, Channel, Progress, Wording, pages, progress, ranked_twice, resume_page
from bilan.together import WAY

blueprint = Blueprint("questionnaires", __name__)
ITEMS_PER_PAGE = 6


def _size() -> int:
    return 1 if display().one_question else ITEMS_PER_PAGE


def _wording() -> Wording:
    return Wording.PLAIN if display().plain_texts else Wording.STANDARD


@blueprint.get(WAY + "/questionnaires/<uuid:id>")
@requires(Permission.READ_PASSATION)
def start(passation: Passation) -> ResponseReturnValue:
    """Introduce the questionnaire, or offer to resume at the exact place."""
    types = current_user.id != passation.journey.agent_id
    if passation.submitted_at:
        return redirect(url_for("results.show", id=passation.id)) if types else render("questionnaires/submitted.html", passation=passation)
    if passation.is_entered and not types:
        return render("questionnaires/entered.html", passation=passation)
    answered = passation.answered_items()
    return render(
        "questionnaires/start.html",
        passation=passation,
        instrument=passation.instrument,
        progress=progress(passation.instrument, answered),
        place=resume_page(passation.instrument, answered, _size()),
        plain=display().plain_texts,
    )


@blueprint.route(WAY + "/questionnaires/<uuid:id>/page/<int:number>", methods=["GET", "POST"])
@requires(Permission.SUBMIT_PASSATION)
def fill(passation: Passation, number: int) -> ResponseReturnValue:
    """Show one page of questions; save it by its button, and go on."""
    if passation.submitted_at:
        return redirect(url_for("questionnaires.start", id=passation.id))
    all_pages = pages(passation.instrument, _size())
    if not 1 <= number <= len(all_pages):
        abort(404)
    asked, form, plain = all_pages[number - 1], None, display().plain_texts
    held, answered = passation.answers_to([question.id for question in asked])
    if request.method == "POST":
        form = page_form(passation.instrument, asked, held, plain=plain)
        valid = form.validate()
        if not _save_page(passation, form, asked):
            return redirect(url_for("questionnaires.start", id=passation.id))
        given = form.answers(asked)
        held, answered = held | given, answered | given.keys()
        if valid:
            return redirect(_after(passation, number, len(all_pages)))
    places = {"number": number, "count": len(all_pages), "plain": plain, "form": form, **_marks(asked, held)}
    shown, done = boxes(passation.instrument, asked, held, form, plain=plain), progress(passation.instrument, answered)
    status = form_status(form) if form else 200
    return render("questionnaires/fill.html", passation=passation, boxes=shown, progress=done, status=status, **places)


def _marks(asked: tuple[Question, ...], held: Answers) -> dict[str, object]:
    """Return the parts that a page's questions are of, and the first of them that waits for an answer."""
    waiting = next((question.id for question in asked if question.id not in held), None)
    return {"parts": list(dict.fromkeys(question.part for question in asked)), "waiting": waiting}


def _save_page(passation: Passation, form: PageForm, asked: tuple[Question, ...]) -> bool:
    """Save what the page gives and had not been shown; False when the answers were handed in meanwhile."""
    changed = {}
    for name, answer in form.answers(asked).items():
        shown = request.form.get(f"shown-{name}", "").replace("\r\n", "\n")
        if (form[name].data or "") != shown:
            changed[name] = answer
    if not changed:
        return True
    try:
        saved = actions.save_answers(passation=passation, answers=changed, seen=form.seen.data or 0, wording=_wording())
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


@blueprint.post(WAY + "/questionnaires/<uuid:id>/reponses/<item>")
@requires(Permission.ANSWER_PASSATION)
def save(passation: Passation, item: str) -> ResponseReturnValue:
    """Save one answer as it is given (htmx): the status line, the progress, the revision."""
    question = passation.instrument.by_id.get(item) or abort(404)
    try:
        answer, seen = one_answer(question, request.form)
        saved = actions.save_answers(passation=passation, answers={item: answer}, seen=seen, wording=_wording())
    except AnswerInvalid as fault:
        return error_page(422, message=f"Non enregistré : {fault}")
    except actions.AlreadySubmitted:
        return error_page(409, message="Non enregistré : ce questionnaire a déjà été envoyé.")
    if not wants_fragment():
        return redirect(url_for("questionnaires.start", id=passation.id))
    done = Progress(passation.count_answered(), progress(passation.instrument, ()).total)
    twice = ranked_twice(passation.instrument, passation.answers()) if question.part.kind == RANK else []
    page, posted = "questionnaires/_saved.html", request.form.get(item, "")
    return render(page, page, saved=saved, progress=done, item=item, posted=posted, twice=twice)


@blueprint.route(WAY + "/questionnaires/<uuid:id>/verification", methods=["GET", "POST"])
@requires(Permission.SUBMIT_PASSATION)
def check(passation: Passation) -> ResponseReturnValue:
    """Let one read the answers again, then hand them in for good."""
    if passation.submitted_at:
        return redirect(url_for("questionnaires.start", id=passation.id))
    form, missing, twice = EmptyForm(), [], []
    if form.validate_on_submit():
        try:
            actions.submit(passation=passation, by=current_user)
        except actions.AnswersMissing as absent:
            missing = absent.items
        except actions.RankedTwice as ranked:
            twice = ranked.names
        except actions.AlreadySubmitted:
            return redirect(url_for("questionnaires.start", id=passation.id))
        else:
            flash(f"Les réponses sont envoyées, le {french.short_day(passation.submitted_at)}.", "done")
            return redirect(url_for("questionnaires.start", id=passation.id))
    return _check_page(passation, missing, twice)


def _check_page(passation: Passation, missing: list[str], twice: list[str]) -> ResponseReturnValue:
    instrument, answers = passation.instrument, passation.answers()
    asked = instrument.by_id
    return render(
        "questionnaires/check.html",
        passation=passation,
        words={name: NO_ANSWER_LABEL if answer is None else asked[name].said(answer) for name, answer in answers.items()},
        missing=missing,
        twice=twice,
        pages=pages(instrument, _size()),
        progress=progress(instrument, answers),
        plain=display().plain_texts,
        status=422 if missing or twice else 200,
    )


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
            return redirect(url_for("results.index", id=journey.id))
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
    return redirect(url_for("results.index", id=passation.journey_id))


@blueprint.route("/parcours/questionnaires/<uuid:id>/saisie", methods=["GET", "POST"])
@requires(Permission.ENTER_PASSATION)
def enter(passation: Passation) -> ResponseReturnValue:
    """Choose how the answers are given: online by the agent, or typed by the counsellor."""
    form = EntryForm(channel=passation.channel.value)
    if form.validate_on_submit():
        channel = Channel(form.channel.data)
        try:
            actions.enter(passation=passation, channel=channel, by=current_user)
        except actions.AlreadySubmitted:
            flash("Ce questionnaire vient d’être envoyé.", "info")
        if channel is Channel.ONLINE:
            return redirect(url_for("results.index", id=passation.journey_id))
        return redirect(url_for("questionnaires.start", id=passation.id))
    return render("questionnaires/enter.html", form=form, passation=passation, journey=passation.journey, status=form_status(form))


@blueprint.get("/parcours/questionnaires/<uuid:id>/a-remplir.pdf")
@requires(Permission.ENTER_PASSATION)
def blank(passation: Passation) -> ResponseReturnValue:
    """Print the questionnaire, to be filled on paper."""
    instrument, plain = passation.instrument, display().plain_texts
    paper = pdf("questionnaires/blank.pdf.html", title=instrument.title, instrument=instrument, pages=pages(instrument, 100), plain=plain)
    return send_pdf(paper, f"{instrument.slug}.pdf")
