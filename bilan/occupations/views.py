"""The occupations, which an agent and her counsellor look through together; the occupation that an experience was."""

import uuid

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import errors
from bilan.careers.actions import link_experience
from bilan.careers.models import Experience
from bilan.fields import as_uuid, clean_search, form_status
from bilan.htmx import render
from bilan.journeys.actions import JourneyAlreadyClosed
from bilan.journeys.models import Journey
from bilan.occupations import rules
from bilan.occupations.forms import NONE, LinkForm, families, read_wanted
from bilan.occupations.models import Occupation, OccupationSource, ground_of, interest_names
from bilan.pages import paginate
from bilan.permissions import Permission, requires
from bilan.pieces.actions import Gone
from bilan.together import WAY

blueprint = Blueprint("occupations", __name__)


@blueprint.get(WAY + "/<uuid:id>/metiers")
@requires(Permission.READ_TOGETHER)
def index(journey: Journey) -> ResponseReturnValue:
    """Search the occupations: by words, by family, by interest letters, those of local government only."""
    known = families()
    wanted = read_wanted(request.args, known)
    return render(
        "occupations/index.html",
        "occupations/_found.html",
        journey=journey,
        wanted=wanted,
        families=known,
        rome=OccupationSource.rome(),
        page=paginate(Occupation.matching(wanted), 20),
        names=interest_names(),
    )


@blueprint.get(WAY + "/<uuid:id>/metiers/<uuid:occupation_id>")
@requires(Permission.READ_TOGETHER)
def show(journey: Journey, occupation_id: uuid.UUID) -> ResponseReturnValue:
    """Show an occupation: what one does, its interests, its neighbours, and why it could fit."""
    occupation = Occupation.get_or_none_by_id(occupation_id) or abort(404)
    mine = current_user.id == journey.agent_id
    ground = ground_of(journey, by_agent=mine)
    return render(
        "occupations/show.html",
        journey=journey,
        occupation=occupation,
        entry=occupation.entry(),
        rome=OccupationSource.rome(),
        names=interest_names(),
        fields=rules.FIELDS,
        answered=ground.code is not None,
        person_code=ground.code or "",
        congruence=rules.congruence(ground.code or "", occupation.letters),
        neighbours=occupation.neighbours(),
        titles=occupation.other_titles(),
        reasons=ground.reasons(occupation.code, occupation.letters, interest_names(), whose="vos" if mine else "ses"),
    )


@blueprint.route(WAY + "/experiences/<uuid:id>/metier", methods=["GET", "POST"])
@requires(Permission.WRITE_EXPERIENCE)
def link(experience: Experience) -> ResponseReturnValue:
    """Choose the occupation that an experience was, among those whose title is near its position, or looked for by other words."""
    text = clean_search(request.args.get("q")) or experience.content["position"]
    linked = Occupation.by_ids([experience.occupation] if experience.occupation else [])
    form = LinkForm(occupation=experience.occupation or NONE)
    form.offer([*linked.values(), *Occupation.closest(text)])
    if form.validate_on_submit():
        link_experience(experience=experience, occupation_id=as_uuid(form.occupation.data), by=current_user)
        flash("C’est enregistré.", "done")
        return redirect(url_for("careers.path", id=experience.journey_id, _anchor=f"experience-{experience.id}"))
    return render(
        "occupations/link.html", journey=experience.journey, experience=experience, form=form, text=text, status=form_status(form)
    )


@blueprint.errorhandler(Gone)
def gone(_error: Gone) -> ResponseReturnValue:
    """Say that the experience was removed meanwhile."""
    return errors.page(404, message="Cette expérience a été retirée entre-temps.")


@blueprint.errorhandler(JourneyAlreadyClosed)
def closed(_error: JourneyAlreadyClosed) -> ResponseReturnValue:
    """Say that the bilan has just been closed."""
    return errors.page(409, message="Ce bilan vient d’être clos\u00a0: il ne se modifie plus.")
