"""What an agent asks about her data, on her own pages; what the secretariat answers."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import errors
from bilan.data_requests import actions
from bilan.data_requests.forms import AnswerForm, CorrectedForm, CorrectionForm, ErasedForm, ErasureForm, corrected_form, erased_form
from bilan.data_requests.holdings import held_of
from bilan.data_requests.models import DataRequest
from bilan.data_requests.rules import WHERE, Datum, Held, Kind, Outcome
from bilan.fields import RELOAD, EmptyForm, form_status
from bilan.htmx import render
from bilan.pages import paginate
from bilan.permissions import Permission, requires
from bilan.privacy.models import terms
from bilan.privacy.rules import months_words

blueprint = Blueprint("data_requests", __name__)
SENT = "Votre demande est envoyée au secrétariat."
WAITING = "Une demande comme celle-ci attend déjà une réponse."
OVER = "Cette demande est finie\u00a0: elle ne change plus."


@blueprint.errorhandler(actions.AlreadyOver)
def already_over(_error: actions.AlreadyOver) -> ResponseReturnValue:
    """Say that a request that is over no longer changes."""
    return errors.page(409, message=OVER)


@blueprint.route("/mes-donnees/demandes/effacement", methods=["GET", "POST"])
@requires(Permission.ASK_ABOUT_DATA)
def ask_erasure() -> ResponseReturnValue:
    """Say what may go, what may not and why; take the request."""
    form = ErasureForm()
    if form.validate_on_submit():
        return _asked(Kind.ERASE, form)
    form.renumber()
    known, held = terms(), held_of(current_user)
    facts = {
        "held": [one for one in held if one.may_go],
        "later": [one for one in held if not one.may_go and one.kind not in (Held.ADMINISTRATIVE, Held.QUOTES)],
        "hours": months_words(known.administrative),
        "quotes": months_words(known.quotes),
        "waiting": DataRequest.open_of(current_user, Kind.ERASE),
    }
    return render("data_requests/erase.html", form=form, status=form_status(form), **facts)


@blueprint.route("/mes-donnees/demandes/correction", methods=["GET", "POST"])
@requires(Permission.ASK_ABOUT_DATA)
def ask_correction() -> ResponseReturnValue:
    """Take what is wrong, and how it should be."""
    form = CorrectionForm()
    if form.validate_on_submit():
        return _asked(Kind.RECTIFY, form, Datum(form.datum.data))
    form.renumber()
    waiting = DataRequest.open_of(current_user, Kind.RECTIFY)
    return render("data_requests/correct.html", form=form, waiting=waiting, status=form_status(form))


def _asked(kind: Kind, form: ErasureForm | CorrectionForm, datum: Datum | None = None) -> ResponseReturnValue:
    words: dict[str, Any] = {"words": form.words.data or "", "submission": form.number()}
    try:
        made = actions.ask(kind=kind, datum=datum, by=current_user, **words)
    except actions.AlreadyAsked:
        return errors.page(409, message=WAITING)
    flash(SENT, "done")
    return redirect(url_for("data_requests.read", id=made.id))


@blueprint.get("/mes-donnees/demandes/<uuid:id>")
@requires(Permission.READ_OWN_DATA_REQUEST)
def read(one: DataRequest) -> ResponseReturnValue:
    """Show an agent her request, how long is left, and the answer."""
    return render("data_requests/read.html", one=one, told=one.told_to(None))


@blueprint.route("/mes-donnees/demandes/<uuid:id>/reprendre", methods=["GET", "POST"])
@requires(Permission.READ_OWN_DATA_REQUEST)
def withdraw(one: DataRequest) -> ResponseReturnValue:
    """Let an agent take her request back, after a page that says what follows."""
    if EmptyForm().validate_on_submit():
        actions.withdraw(request=one, by=current_user)
        flash("Votre demande est reprise. Rien n’a changé.", "done")
        return redirect(url_for("privacy.mine", _anchor="demandes"))
    return render("data_requests/withdraw.html", one=one)


@blueprint.get("/secretariat/demandes-donnees")
@requires(Permission.RUN_RECEPTION)
def index() -> ResponseReturnValue:
    """List the requests, the first to answer before."""
    over = request.args.get("etat") == "finies"
    return render("data_requests/index.html", page=paginate(DataRequest.listed(over=over)), over=over)


@blueprint.route("/secretariat/demandes-donnees/<uuid:id>", methods=["GET", "POST"])
@requires(Permission.TREAT_DATA_REQUEST)
def show(one: DataRequest) -> ResponseReturnValue:
    """Show a request; answer it, once."""
    held = [each for each in held_of(one.agent) if not each.hidden_from(str(current_user.id))] if one.kind is Kind.ERASE else []
    form = erased_form([each for each in held if each.may_go]) if one.kind is Kind.ERASE else corrected_form(one)
    if form.validate_on_submit():
        try:
            _answer(one, form)
        except actions.NotToBeDestroyed:
            form.form_errors.append(f"Ce qui peut être détruit a changé. {RELOAD}")
        else:
            flash("La réponse est écrite, la personne est prévenue.", "done")
            return redirect(url_for("data_requests.show", id=one.id))
    facts = {"stays": [each for each in held if not each.may_go], "told": one.told_to(current_user)}
    return render("data_requests/show.html", one=one, form=form, where=WHERE, status=form_status(form), **facts)


def _answer(one: DataRequest, form: AnswerForm) -> None:
    words: dict[str, Any] = {"request": one, "answer": form.answer.data, "by": current_user}
    if isinstance(form, ErasedForm):
        actions.answer_erasure(choices=form.choices(), **words)
    elif isinstance(form, CorrectedForm):
        name = form.name.data if "name" in form else None
        actions.answer_correction(outcome=Outcome(form.outcome.data), name=name, **words)
