"""What an agent reads of what is kept of her; what the secretariat reads of what goes soon."""

from collections import Counter
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan.closing.models import Closing
from bilan.closing.rules import Keep
from bilan.data_requests.models import DataRequest
from bilan.database import now
from bilan.disclosure.models import Disclosure
from bilan.fields import EmptyForm
from bilan.french import to_paris
from bilan.hr_review.models import HrReview
from bilan.hr_review.rules import State
from bilan.htmx import render
from bilan.journeys.models import Journey
from bilan.permissions import Permission, requires
from bilan.printing import pdf, send_pdf
from bilan.privacy import actions
from bilan.privacy.actions import forecast
from bilan.privacy.models import Certificate, dues, terms
from bilan.privacy.rules import FORECAST_DAYS, WHY, countdown

blueprint = Blueprint("privacy", __name__)


@blueprint.get("/mes-donnees")
@requires(Permission.SEE_OWN_BILAN)
def mine() -> ResponseReturnValue:
    """Show an agent what is kept of her, why, until when; and the certificates of what was destroyed."""
    known, today = terms(), to_paris(now()).date()
    kept = [(one, WHY[one.kind], countdown(one.last, today)) for one in dues(known, agent=current_user)]
    journey = Journey.of_agent(current_user)
    certificates = Certificate.of_agent(current_user)
    agreements = [one for one in Disclosure.of_journey(journey) if one.is_live] if journey else []
    review = HrReview.current(journey) if journey and journey.is_open else None
    keeping = list(Closing.select(Closing, Journey).join(Journey).where(Journey.agent == current_user.id, Closing.keep != Keep.NOTHING))
    facts: dict[str, Any] = {
        "review": review if review and review.state in (State.ACCEPTED, State.PLANNED) else None,
        "running": journey is not None and journey.is_open,
        "keeping": [one for one in keeping if not one.journey.is_open],
    }
    facts |= {"kept": kept, "known": known, "certificates": certificates, "agreements": agreements, "journey": journey}
    facts["requests"] = DataRequest.of_agent(current_user)
    return render("privacy/mine.html", **facts)


@blueprint.get("/mes-donnees/attestations/<uuid:id>")
@requires(Permission.READ_CERTIFICATE)
def certificate(certificate: Certificate) -> ResponseReturnValue:
    """Show what was destroyed, how many, when and how."""
    return render("privacy/certificate.html", certificate=certificate)


@blueprint.get("/mes-donnees/attestations/<uuid:id>/attestation.pdf")
@requires(Permission.READ_CERTIFICATE)
def document(certificate: Certificate) -> ResponseReturnValue:
    """Print a certificate of destruction."""
    title = f"Attestation de destruction {certificate.reference}"
    return send_pdf(pdf("privacy/certificate.pdf.html", title=title, certificate=certificate), f"attestation-{certificate.reference}.pdf")


@blueprint.route("/mes-donnees/conservation/<uuid:id>/retirer", methods=["GET", "POST"])
@requires(Permission.STOP_KEEPING)
def stop_keeping(journey: Journey) -> ResponseReturnValue:
    """Say what follows when an agent keeps nothing any more; do it."""
    if EmptyForm().validate_on_submit():
        if actions.stop_keeping(journey=journey, by=current_user):
            flash("C’est noté. Ce qui était gardé est détruit cette nuit.", "info")
        return redirect(url_for("privacy.mine"))
    return render("privacy/stop_keeping.html", journey=journey, closing=Closing.of_journey(journey))


@blueprint.get("/secretariat/conservation")
@requires(Permission.RUN_RECEPTION)
def coming() -> ResponseReturnValue:
    """Show what goes within the next weeks, per day and kind: how many, never whose."""
    counted = Counter((one.last, one.kind) for one in forecast(FORECAST_DAYS))
    return render("privacy/coming.html", lines=sorted(counted.items()), days=FORECAST_DAYS)
