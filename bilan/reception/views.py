"""The secretariat's first page, its list of prescriptions with the 20 days, and what it does with each."""

import datetime
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import errors, french
from bilan.complaints.models import Complaint
from bilan.data_requests.models import DataRequest
from bilan.database import now
from bilan.fields import EmptyForm, clean_search, form_status
from bilan.htmx import render
from bilan.journeys import actions as journeys
from bilan.journeys.models import Journey
from bilan.mail.models import Email, Notice
from bilan.pages import paginate
from bilan.people.models import Person, Role
from bilan.permissions import Permission, requires
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import DelayReason, in_words
from bilan.proposals import actions as proposals
from bilan.quotes.models import Quote
from bilan.reception import actions
from bilan.reception.forms import DelayForm, ReferentForm, ReplacementForm
from bilan.reception.models import Line, Load, Today, year_of_delays
from bilan.reception.rules import Next
from bilan.treatment.models import count_late

blueprint = Blueprint("reception", __name__)
CONFLICT = "Cette personne a déclaré un conflit d’intérêts. Choisissez quelqu’un d’autre."
OVER = "Cette demande est finie : elle ne change plus."
STAFF = "L’adresse de l’agent est celle d’un compte professionnel. Demandez-en une autre au service RH."


@blueprint.get("/secretariat")
@requires(Permission.RUN_RECEPTION)
def home() -> ResponseReturnValue:
    """Show what waits for the secretariat today."""
    days = _days()
    return render(
        "reception/home.html",
        lines=Line.ours(days),
        todays=Today.read(),
        unsettled=Email.count_unsettled(without=Complaint.hidden_from(current_user)),
        notices=Notice.count_left(),
        data_requests=DataRequest.waiting(),
        complaints=Complaint.count_since(now() - datetime.timedelta(days=7), current_user),
        late_complaints=count_late(current_user),
        delay=year_of_delays(days),
    )


@blueprint.get("/secretariat/prescriptions")
@requires(Permission.RUN_RECEPTION)
def index() -> ResponseReturnValue:
    """List the prescriptions, those at risk first."""
    search, over = clean_search(request.args.get("q")), request.args.get("etat") == "finies"
    query, counted = Line.query(search=search, over=over)
    page = paginate(query, counted=counted)
    lines = [Line.of(prescription, _days()) for prescription in page.rows]
    return render("reception/index.html", page=page, lines=lines, search=search, over=over)


@blueprint.route("/secretariat/prescriptions/<uuid:id>", methods=["GET", "POST"])
@requires(Permission.TREAT_PRESCRIPTION)
def show(prescription: Prescription) -> ResponseReturnValue:
    """Show a prescription without its motive or expectations; say why its delay is exceeded."""
    form = DelayForm(reason=prescription.delay_reason and prescription.delay_reason.value, note=prescription.delay_note)
    if form.validate_on_submit():
        actions.explain_delay(prescription=prescription, reason=DelayReason(form.reason.data), note=form.note.data, by=current_user)
        flash("La raison du dépassement est enregistrée.", "done")
        return redirect(url_for("reception.show", id=prescription.id))
    return render(
        "reception/show.html",
        prescription=prescription,
        line=Line.of(prescription, _days()),
        answers=in_words(prescription.file()),
        form=form,
        quotes=Quote.of_prescription(prescription),
        journey=Journey.by_id_with_people(prescription.id),
        emails=Email.about(prescription.id),
        status=form_status(form),
    )


@blueprint.post("/secretariat/prescriptions/<uuid:id>/invitation")
@requires(Permission.TREAT_PRESCRIPTION)
def invite(prescription: Prescription) -> ResponseReturnValue:
    """Invite the agent, or invite her again."""
    line = Line.of(prescription, _days())
    if line.next in (Next.QUOTE, Next.HR_ANSWER):
        return errors.page(409, message="La collectivité n’a pas encore accepté de devis pour cette demande.")
    try:
        proposals.invite_agent(prescription_id=prescription.id, by=current_user)
    except proposals.NotToBeInvited:
        return errors.page(
            409,
            message="Cette demande n’attend pas d’invitation : l’agent a déjà répondu, elle est finie, ou une autre est en cours pour la même personne.",
        )
    except proposals.AddressOfStaff:
        return errors.page(409, message=STAFF)
    flash("L’invitation part à l’adresse de l’agent.", "done")
    return redirect(url_for("reception.show", id=prescription.id))


@blueprint.route("/secretariat/prescriptions/<uuid:id>/referent", methods=["GET", "POST"])
@requires(Permission.TREAT_PRESCRIPTION)
def assign(prescription: Prescription) -> ResponseReturnValue:
    """Name the counsellor, with everybody's load in view; or another one, from now on."""
    form = ReferentForm(counsellor=str(prescription.counsellor_id or ""))
    shown = _offer(form, Load.listed(prescription))
    if form.validate_on_submit():
        counsellor = _counsellor(form)
        try:
            actions.name_referent(prescription=prescription, counsellor=counsellor, by=current_user)
        except actions.ConflictDeclared:
            form.counsellor.errors = [CONFLICT]
        except actions.CounsellorGone:
            abort(404)
        except (actions.PrescriptionOver, journeys.JourneyAlreadyClosed):
            return errors.page(409, message=OVER)
        else:
            flash(f"{counsellor.display_name} accompagne cette personne. L’équipe et l’agent sont prévenus.", "done")
            return redirect(url_for("reception.show", id=prescription.id))
    return render("reception/assign.html", prescription=prescription, form=form, status=form_status(form), **shown)


@blueprint.route("/secretariat/prescriptions/<uuid:id>/remplacement", methods=["GET", "POST"])
@requires(Permission.TREAT_PRESCRIPTION)
def replace(prescription: Prescription) -> ResponseReturnValue:
    """Open the journey to another counsellor until a day, or close it before."""
    journey = Journey.by_id_with_people(prescription.id)
    if journey is None or not journey.is_open:
        return errors.page(409, message="Un remplacement se fait dans un bilan en cours.")
    if request.form.get("action") == "end" and EmptyForm().validate_on_submit():
        journeys.end_replacement(journey=journey, by=current_user)
        flash("Le remplacement est terminé.", "done")
        return redirect(url_for("reception.show", id=prescription.id))
    form = ReplacementForm()
    shown = _offer(form, [one for one in Load.listed(prescription) if one.counsellor.id != journey.counsellor_id])
    if form.validate_on_submit():
        counsellor = _counsellor(form)
        journeys.open_replacement(journey=journey, counsellor=counsellor, until=form.until.data, by=current_user)
        flash(f"{counsellor.display_name} a accès au bilan jusqu’au {french.short_day(form.until.data)}. L’agent est prévenu.", "done")
        return redirect(url_for("reception.show", id=prescription.id))
    return _replacement_page(prescription, journey, form=form, **shown)


def _replacement_page(prescription: Prescription, journey: Journey, **context: Any) -> ResponseReturnValue:
    return render("reception/replace.html", prescription=prescription, journey=journey, status=form_status(context["form"]), **context)


def _offer(form: ReferentForm, team: list[Load]) -> dict[str, Any]:
    """Offer the team, as far as a page shows it; return what the page says of it."""
    search = clean_search(request.args.get("q"))
    loads = Load.shown(team, search, form.counsellor.data)
    form.offer(loads)
    return {"loads": loads, "search": search, "team": len(team)}


def _counsellor(form: ReferentForm) -> Person:
    return Person.by_id_of_role(form.counsellor.data, Role.COUNSELLOR) or abort(404)


def _days() -> int:
    return current_app.config["BILAN"].first_interview_days
