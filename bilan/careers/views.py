"""The pages of the career path, which an agent and her counsellor share: experiences, skills, what helps and hinders."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import french
from bilan.careers import actions, rules
from bilan.careers.forms import ConditionForm, ExperienceForm, SkillForm, read_filter
from bilan.careers.models import Condition, Experience, Skill
from bilan.database import now
from bilan.fields import EmptyForm, as_uuid
from bilan.htmx import render, wants_fragment
from bilan.journeys.models import Journey
from bilan.occupations.models import Occupation
from bilan.permissions import Permission, requires
from bilan.pieces import writing as pieces
from bilan.pieces.writing import Sort
from bilan.together import WAY

blueprint = Blueprint("careers", __name__)
pieces.init_pieces(blueprint)


EXPERIENCE = Sort(Experience, "careers/experience.html", "careers.new_experience", "careers.path")
SKILL = Sort(Skill, "careers/skill.html", "careers.new_skill", "careers.skills")
CONDITION = Sort(Condition, "careers/condition.html", "careers.new_condition", "careers.conditions")


@blueprint.get(WAY + "/<uuid:id>/experiences")
@requires(Permission.READ_TOGETHER)
def path(journey: Journey) -> ResponseReturnValue:
    """Show the experiences as a line of time, each with its skills."""
    experiences = rules.in_order(Experience.of_journey(journey))
    return render(
        "careers/path.html",
        journey=journey,
        experiences=experiences,
        skills=Skill.by_experience(journey),
        occupations=Occupation.by_ids(one.occupation for one in experiences if one.occupation),
        lengths={one.id: rules.length_words(one.content, f"{french.to_paris(now()):%Y-%m}") for one in experiences},
    )


@blueprint.route(WAY + "/<uuid:id>/experiences/ordre", methods=["GET", "POST"])
@requires(Permission.WRITE_TOGETHER)
def order(journey: Journey) -> ResponseReturnValue:
    """Move an experience one place up or down, or go back to the order of the dates."""
    said = ""
    if EmptyForm().validate_on_submit():
        said, anchor = _reorder(journey)
        if not wants_fragment():
            flash(said, "done")
            return redirect(url_for("careers.order", id=journey.id, _anchor=anchor))
    experiences = rules.in_order(Experience.of_journey(journey))
    return render("careers/order.html", "careers/_ordered.html", journey=journey, experiences=experiences, said=said)


def _reorder(journey: Journey) -> tuple[str, str | None]:
    """Do what the pressed button asks; return the sentence that says it, and the experience that moved."""
    if "dates" in request.form:
        actions.order_by_dates(journey=journey, by=current_user)
        return "Les expériences sont dans l’ordre des dates, la plus récente en premier.", None
    up = "up" in request.form
    wanted = as_uuid(request.form.get("up" if up else "down")) or abort(404)
    moved, place = actions.move_experience(journey=journey, experience_id=wanted, up=up, by=current_user)
    return f"«\u00a0{moved.content['position']}\u00a0» est en position {place}.", f"experience-{moved.id}"


@blueprint.route(WAY + "/<uuid:id>/experiences/nouvelle", methods=["GET", "POST"])
@requires(Permission.WRITE_TOGETHER)
def new_experience(journey: Journey) -> ResponseReturnValue:
    """Write an experience."""
    return pieces.new(EXPERIENCE, journey, ExperienceForm.new(journey))


@blueprint.route(WAY + "/experiences/<uuid:id>", methods=["GET", "POST"])
@requires(Permission.WRITE_EXPERIENCE)
def experience(experience: Experience) -> ResponseReturnValue:
    """Complete or correct an experience."""
    return pieces.edit(EXPERIENCE, experience, ExperienceForm.of(experience))


@blueprint.route(WAY + "/experiences/<uuid:id>/retirer", methods=["GET", "POST"])
@requires(Permission.WRITE_EXPERIENCE)
def remove_experience(experience: Experience) -> ResponseReturnValue:
    """Remove an experience, once one has read what becomes of its skills."""
    return pieces.remove(EXPERIENCE, experience, skills=Skill.by_experience(experience.journey).get(experience.id, []))


@blueprint.get(WAY + "/<uuid:id>/competences")
@requires(Permission.READ_TOGETHER)
def skills(journey: Journey) -> ResponseReturnValue:
    """List the skills by kind and level, all or those looked for."""
    wanted = read_filter(request.args)
    found = Skill.of_journey(journey)
    kept = [one for one in found if wanted.keeps(one)]
    return render(
        "careers/skills.html",
        "careers/_filtered.html",
        journey=journey,
        wanted=wanted,
        filtering=wanted != rules.Filter(),
        total=len(found),
        count=len(kept),
        groups=rules.grouped(kept),
        experiences={one.id: one for one in rules.in_order(Experience.of_journey(journey))},
        kinds=rules.SkillKind,
        levels=rules.Level,
    )


@blueprint.route(WAY + "/<uuid:id>/competences/nouvelle", methods=["GET", "POST"])
@requires(Permission.WRITE_TOGETHER)
def new_skill(journey: Journey) -> ResponseReturnValue:
    """Write a skill, drawn from the experience that one comes from."""
    drawn_from = str(as_uuid(request.args.get("experience")) or "")
    return pieces.new(SKILL, journey, SkillForm.new(journey, experience=drawn_from), experience=drawn_from or None)


@blueprint.route(WAY + "/competences/<uuid:id>", methods=["GET", "POST"])
@requires(Permission.WRITE_SKILL)
def skill(skill: Skill) -> ResponseReturnValue:
    """Complete or correct a skill."""
    return pieces.edit(SKILL, skill, SkillForm.of(skill))


@blueprint.route(WAY + "/competences/<uuid:id>/retirer", methods=["GET", "POST"])
@requires(Permission.WRITE_SKILL)
def remove_skill(skill: Skill) -> ResponseReturnValue:
    """Remove a skill."""
    return pieces.remove(SKILL, skill)


@blueprint.get(WAY + "/<uuid:id>/appuis-et-freins")
@requires(Permission.READ_TOGETHER)
def conditions(journey: Journey) -> ResponseReturnValue:
    """Show the motivations, resources, constraints and obstacles."""
    return render("careers/conditions.html", journey=journey, groups=rules.by_kind(Condition.of_journey(journey)))


@blueprint.route(WAY + "/<uuid:id>/appuis-et-freins/nouveau", methods=["GET", "POST"])
@requires(Permission.WRITE_TOGETHER)
def new_condition(journey: Journey) -> ResponseReturnValue:
    """Write what helps or hinders."""
    return pieces.new(CONDITION, journey, ConditionForm.new(journey, kind=request.args.get("sorte")))


@blueprint.route(WAY + "/appuis-et-freins/<uuid:id>", methods=["GET", "POST"])
@requires(Permission.WRITE_CONDITION)
def condition(condition: Condition) -> ResponseReturnValue:
    """Complete or correct what helps or hinders."""
    return pieces.edit(CONDITION, condition, ConditionForm.of(condition))


@blueprint.route(WAY + "/appuis-et-freins/<uuid:id>/retirer", methods=["GET", "POST"])
@requires(Permission.WRITE_CONDITION)
def remove_condition(condition: Condition) -> ResponseReturnValue:
    """Remove what helps or hinders no longer."""
    return pieces.remove(CONDITION, condition)
