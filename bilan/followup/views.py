"""The journal of a bilan, its pause, its interruption, the mid-way evaluation."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import french
from bilan.fields import EmptyForm, form_status
from bilan.followup import actions
from bilan.followup.forms import InterruptForm, MidwayForm, SuspendForm
from bilan.followup.models import Interruption, MidwayReview, journal_of
from bilan.followup.rules import Pace, sentence
from bilan.htmx import render
from bilan.interviews.models import Interview
from bilan.journeys.models import Journey, Suspension
from bilan.journeys.rules import Phase
from bilan.pages import paginate
from bilan.permissions import Permission, requires
from bilan.together import WAY

blueprint = Blueprint("followup", __name__)
PAGE_SIZE = 30


@blueprint.get(WAY + "/<uuid:id>/suivi")
@requires(Permission.READ_TOGETHER)
def journal(journey: Journey) -> ResponseReturnValue:
    """Show the dates and facts of a bilan, the newest first."""
    page = paginate(journal_of(journey), PAGE_SIZE)
    return render(
        "followup/journal.html",
        journey=journey,
        page=page,
        lines=[(entry, sentence(entry.event, entry.detail)) for entry in page.rows],
        suspension=Suspension.current(journey.id),
        interruption=Interruption.of_journey(journey) if current_user.id != journey.agent_id else None,
    )


@blueprint.route("/parcours/<uuid:id>/pause", methods=["GET", "POST"])
@requires(Permission.WRITE_JOURNEY)
def suspend(journey: Journey) -> ResponseReturnValue:
    """Let a bilan wait until a day."""
    form = SuspendForm()
    if form.validate_on_submit():
        try:
            cancelled = actions.suspend(journey=journey, resumes_on=form.resumes_on.data, by=current_user)
        except actions.AlreadySuspended:
            flash("Le bilan est déjà en pause.", "info")
        else:
            meetings = f" {french.plural(cancelled, 'rendez-vous annulé', 'rendez-vous annulés')}." if cancelled else ""
            flash(
                f"Le bilan est en pause jusqu’au {french.short_day(form.resumes_on.data)}.{meetings} L’agent est prévenu par e-mail.",
                "done",
            )
        return redirect(url_for("followup.journal", id=journey.id))
    coming = Interview.coming_with_people(journey)
    return render("followup/suspend.html", journey=journey, form=form, coming=coming, status=form_status(form))


@blueprint.post("/parcours/<uuid:id>/reprise")
@requires(Permission.WRITE_JOURNEY)
def resume(journey: Journey) -> ResponseReturnValue:
    """End the pause of a bilan today."""
    if EmptyForm().validate_on_submit():
        resumed = actions.resume(journey=journey, by=current_user)
        flash(
            "Le bilan reprend. L’agent est prévenu par e-mail." if resumed else "Le bilan n’est pas en pause.",
            "done" if resumed else "info",
        )
    return redirect(url_for("followup.journal", id=journey.id))


@blueprint.route("/parcours/<uuid:id>/interruption", methods=["GET", "POST"])
@requires(Permission.WRITE_JOURNEY)
def interrupt(journey: Journey) -> ResponseReturnValue:
    """Stop a bilan before its end; before the agent's commitment, the diagnostic's own decision does that."""
    if journey.phase is Phase.DIAGNOSTIC:
        return redirect(url_for("diagnostics.decide", id=journey.id))
    form = InterruptForm()
    if form.validate_on_submit():
        actions.interrupt(journey=journey, by=current_user, **form.values())
        flash("Le bilan est interrompu. Le service RH lit seulement « interrompu ».", "done")
        return redirect(url_for("followup.journal", id=journey.id))
    return render("followup/interrupt.html", journey=journey, form=form, status=form_status(form))


@blueprint.get(WAY + "/<uuid:id>/point-a-mi-parcours")
@requires(Permission.READ_TOGETHER)
def midway(journey: Journey) -> ResponseReturnValue:
    """Show what the agent finds useful and what to adjust; she writes it here."""
    return _midway_page(journey, MidwayReview.of_journey(journey))


@blueprint.post("/mon-bilan/<uuid:id>/point-a-mi-parcours")
@requires(Permission.WRITE_OWN_JOURNEY)
def write_midway(journey: Journey) -> ResponseReturnValue:
    """Save what the agent says half-way."""
    form = MidwayForm()
    if not form.validate_on_submit():
        return _midway_page(journey, MidwayReview.of_journey(journey), form, status=422)
    try:
        actions.write_midway(journey=journey, content=form.content(), base=form.base.data, by=current_user)
    except actions.ReviewConflict as conflict:
        form.base.data, form.base.raw_data = conflict.current.revision if conflict.current else 0, None
        form.form_errors.append("Ce texte a été enregistré ailleurs pendant que vous écriviez. Les deux textes sont ci-dessous.")
        return _midway_page(journey, conflict.current, form, status=409)
    flash("C’est enregistré. Votre conseiller ou conseillère le lira.", "done")
    return redirect(url_for("followup.midway", id=journey.id))


def _midway_page(
    journey: Journey, review: MidwayReview | None, form: MidwayForm | None = None, *, status: int = 200
) -> ResponseReturnValue:
    content = review.content if review else {}
    if form is None and current_user.id == journey.agent_id and journey.is_open:
        form = MidwayForm(formdata=None, data={**content, "base": review.revision if review else 0})
    return render(
        "followup/midway.html", journey=journey, review=review, form=form, pace=Pace.choices().get(content.get("pace", "")), status=status
    )
