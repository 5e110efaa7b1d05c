"""Quotes: the secretariat draws one up, the HR service answers it, both print it; the employers' list."""

import datetime
import uuid
from typing import Any

from flask import Blueprint, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import errors, french
from bilan.database import now
from bilan.fields import clean_search, form_status
from bilan.htmx import render
from bilan.pages import paginate
from bilan.people.models import Employer
from bilan.permissions import Permission, requires
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import State
from bilan.printing import pdf, send_pdf
from bilan.proposals.actions import AddressOfStaff, NotToBeInvited
from bilan.quotes import actions
from bilan.quotes.forms import AnswerForm, EmployerForm, QuoteForm
from bilan.quotes.models import EmployerFacts, Quote
from bilan.quotes.rules import QUOTABLE, QuoteState, amounts

blueprint = Blueprint("quotes", __name__)
NOT_QUOTABLE = "Cette demande n’attend plus de devis : l’agent est déjà invité, ou la demande est close."
WITHDRAWN = "Cette demande de bilan est close : son devis n’attend plus de réponse."
STAFF = "L’agent ne peut pas être invité à cette adresse, qui est celle d’un compte professionnel. Corrigez-la, puis acceptez le devis."


@blueprint.route("/secretariat/prescriptions/<uuid:id>/devis", methods=["GET", "POST"])
@requires(Permission.TREAT_PRESCRIPTION)
def draw_up(prescription: Prescription) -> ResponseReturnValue:
    """Draw up a quote: the form, then the check page, then the sending."""
    form, step = QuoteForm(data=_usual_terms()), request.form.get("step", "edit")
    if request.method == "POST" and prescription.state not in QUOTABLE:
        return errors.page(409, message=NOT_QUOTABLE)
    if step == "edit" or not form.validate_on_submit():
        return _draw_up_page(prescription, form)
    terms = form.terms()
    if step != "send":
        sums = amounts(terms.minutes, terms.hourly_cents, terms.vat_points)
        return render("quotes/check.html", prescription=prescription, form=form, terms=terms, sums=sums)
    try:
        quote = actions.send_quote(prescription=prescription, terms=terms, submission=form.submission.data, by=current_user)
    except actions.NotQuotable:
        return errors.page(409, message=NOT_QUOTABLE)
    _say_sent(quote, prescription)
    return redirect(url_for("quotes.draw_up", id=prescription.id))


def _draw_up_page(prescription: Prescription, form: QuoteForm) -> ResponseReturnValue:
    return render(
        "quotes/draw_up.html",
        prescription=prescription,
        form=form if prescription.state in QUOTABLE else None,
        needs_no_quote=_needs_no_quote(prescription),
        quotes=Quote.of_prescription(prescription),
        status=form_status(form),
    )


def _needs_no_quote(prescription: Prescription) -> bool:
    """Whether an agreement covers the bilan, and no quote was sent yet."""
    return prescription.state is State.RECEIVED and prescription.employer.has_agreement(_today())


def _usual_terms() -> dict[str, Any]:
    sheet = current_app.config["BILAN"]
    return {
        "hours": sheet.quote_hours * 60,
        "hourly": sheet.quote_hourly_cents,
        "vat": sheet.quote_vat_points,
        "exemption": sheet.quote_exemption,
        "valid_until": _today() + datetime.timedelta(days=sheet.quote_valid_days),
        "submission": uuid.uuid4(),
    }


def _say_sent(quote: Quote, prescription: Prescription) -> None:
    people = ", ".join(person.email for person in Quote.correspondents(prescription))
    if people:
        flash(f"Le devis {quote.reference} est envoyé : {people}.", "done")
    else:
        words = "mais personne n’a de compte pour y répondre. Invitez le service RH, puis refaites ce devis."
        flash(f"Le devis {quote.reference} est établi, {words}", "attention")


@blueprint.route("/prescriptions/devis/<uuid:id>", methods=["GET", "POST"])
@requires(Permission.ANSWER_QUOTE)
def answer(quote: Quote) -> ResponseReturnValue:
    """Show a quote to the HR service; accept it, or refuse it in two steps."""
    form = AnswerForm()
    if form.validate_on_submit():
        accepted = form.answer.data == QuoteState.ACCEPTED.value
        try:
            actions.answer_quote(quote=quote, accepted=accepted, by=current_user)
        except actions.QuoteAlreadyAnswered as error:
            return errors.page(409, message=_already(error.quote))
        except actions.QuoteExpired:
            return errors.page(409, message=_expired(quote))
        except (actions.NotQuotable, NotToBeInvited):
            return errors.page(409, message=WITHDRAWN)
        except AddressOfStaff:
            return errors.page(409, message=STAFF)
        flash("Le devis est accepté. L’agent est invité à dire oui ou non." if accepted else "Le devis est refusé.", "done")
        return redirect(url_for("quotes.answer", id=quote.id))
    is_open = quote.is_waiting and not quote.is_expired and quote.prescription.state is State.QUOTED
    refusing = is_open and "refus" in request.args
    return render("quotes/answer.html", quote=quote, form=form, is_open=is_open, refusing=refusing, status=form_status(form))


def _already(quote: Quote) -> str:
    if quote.state is QuoteState.CANCELLED:
        return WITHDRAWN
    if quote.state is QuoteState.REPLACED:
        return "Ce devis a été remplacé par un autre. Répondez au plus récent."
    return f"Ce devis a déjà été {quote.state.label} le {french.short_day(quote.answered_at)}."


def _expired(quote: Quote) -> str:
    day = french.short_day(quote.valid_until)
    return f"Ce devis était valable jusqu’au {day}. Demandez-en un autre au secrétariat."


@blueprint.get("/prescriptions/devis/<uuid:id>/devis.pdf")
@requires(Permission.READ_QUOTE)
def document(quote: Quote) -> ResponseReturnValue:
    """Print a quote."""
    return send_pdf(pdf("quotes/quote.pdf.html", title=f"Devis {quote.reference}", quote=quote), f"devis-{quote.reference}.pdf")


@blueprint.get("/secretariat/collectivites")
@requires(Permission.RUN_RECEPTION)
def employers() -> ResponseReturnValue:
    """List the employers, with their agreement and the number of their prescriptions."""
    search = clean_search(request.args.get("q"))
    query, counted = EmployerFacts.listed(search)
    return render("quotes/employers.html", page=paginate(query, counted=counted), search=search, day=_today())


@blueprint.route("/secretariat/collectivites/<uuid:id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_EMPLOYER)
def employer(employer: Employer) -> ResponseReturnValue:
    """Correct an employer's name, address, agreement and size."""
    form = EmployerForm(obj=employer)
    if form.validate_on_submit():
        try:
            actions.change_employer(employer=employer, facts=form.data, by=current_user)
        except actions.EmployerNameTaken:
            form.name.errors = ["Une autre collectivité porte déjà ce nom."]
        else:
            flash(f"{form.name.data} : c’est enregistré.", "done")
            return redirect(url_for("quotes.employers"))
    return render("quotes/employer.html", employer=employer, form=form, status=form_status(form))


def _today() -> datetime.date:
    return french.to_paris(now()).date()
