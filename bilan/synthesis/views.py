"""The synthesis: the document and its blocks, its proposal, its validations, its versions, its printed copies."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import errors
from bilan.fields import EmptyForm, form_status
from bilan.htmx import nothing_new, render, wants_fragment
from bilan.journeys.models import Journey
from bilan.permissions import Permission, requires
from bilan.pieces import writing as pieces
from bilan.printing import send_pdf
from bilan.synthesis import actions
from bilan.synthesis.actions import Frozen, NotAssembled, NotProposed, VersionOvertaken
from bilan.synthesis.forms import BaseForm, ProposeForm, TextForm
from bilan.synthesis.models import Synthesis, SynthesisPaper, SynthesisVersion, sources_of
from bilan.synthesis.rules import REMOVABLE, REWORDABLE, Block, State, Variant, block_of, changed, stages, warnings
from bilan.together import WAY

blueprint = Blueprint("synthesis", __name__)
pieces.init_pieces(blueprint)


REFUSALS: dict[type[Exception], tuple[int, str]] = {
    Frozen: (409, "Le document de synthèse est validé par les deux\u00a0: il ne change plus."),
    NotProposed: (409, "Le document n’est pas encore proposé, ou il a été reformulé depuis\u00a0: il se valide une fois proposé."),
    VersionOvertaken: (409, "Le document a changé pendant ce temps. Relisez la version la plus récente, puis recommencez."),
    NotAssembled: (404, "Le document de synthèse n’est pas encore assemblé."),
}


def _key(blocks: tuple[Block, ...]) -> str:
    return f"/<any({','.join(blocks)}):key>"


@blueprint.get(WAY + "/<uuid:id>/synthese")
@requires(Permission.READ_TOGETHER)
def show(journey: Journey) -> ResponseReturnValue:
    """Show the document as it stands, or offer to assemble it."""
    synthesis = Synthesis.of_journey(journey)
    if synthesis is None:
        return render("synthesis/start.html", journey=journey)
    version = _last(synthesis)
    writable = journey.is_open and not synthesis.is_frozen
    return render(
        "synthesis/show.html",
        journey=journey,
        synthesis=synthesis,
        version=version,
        versions=synthesis.versions(),
        stages=stages(synthesis),
        changed=changed(version.content, sources_of(journey)) if writable else set(),
        rewordable=REWORDABLE if writable else (),
        removable=REMOVABLE if writable and current_user.id == journey.agent_id else (),
        writable=writable,
        variants=Variant,
    )


@blueprint.post(WAY + "/<uuid:id>/synthese/assembler")
@requires(Permission.WRITE_TOGETHER)
def assemble(journey: Journey) -> ResponseReturnValue:
    """Assemble the document."""
    if EmptyForm().validate_on_submit():
        actions.assemble(journey=journey, by=current_user)
        flash("Le document est assemblé. Relisez-le bloc par bloc.", "done")
    return _back(journey)


@blueprint.get(WAY + "/<uuid:id>/synthese/versions/<int:number>")
@requires(Permission.READ_TOGETHER)
def version(journey: Journey, number: int) -> ResponseReturnValue:
    """Show a version of the document, to be read only."""
    synthesis = Synthesis.of_journey(journey)
    # A number that no database column holds is no version's.
    found = synthesis.version(number) if synthesis and number < 1_000_000 else None
    if synthesis is None or found is None:
        abort(404)
    return render("synthesis/version.html", journey=journey, synthesis=synthesis, version=found)


@blueprint.route(WAY + "/<uuid:id>/synthese/blocs" + _key(REWORDABLE), methods=["GET", "POST"])
@requires(Permission.WRITE_TOGETHER)
def block(journey: Journey, key: str) -> ResponseReturnValue:
    """Reword a block."""
    return _edit(journey, Block(key))


@blueprint.route("/mon-bilan/<uuid:id>/synthese/observations", methods=["GET", "POST"])
@requires(Permission.WRITE_OWN_JOURNEY)
def observations(journey: Journey) -> ResponseReturnValue:
    """Let the agent write her observations."""
    return _edit(journey, Block.OBSERVATIONS)


def _edit(journey: Journey, key: Block) -> ResponseReturnValue:
    last, other = _writable(journey), None
    form = TextForm(text=block_of(last.content, key)["text"], base=last.number)
    form.text.label.text = "Vos observations" if key is Block.OBSERVATIONS else key.label
    if form.validate_on_submit():
        values = {"journey": journey, "text": form.text.data, "base": form.base.data, "by": current_user}
        try:
            actions.observe(**values) if key is Block.OBSERVATIONS else actions.reword(block=key, **values)
        except VersionOvertaken as overtaken:
            other = block_of(overtaken.current.content, key)["text"]
            form.base.data, form.base.raw_data = overtaken.current.number, None
        else:
            flash("C’est enregistré.", "done")
            pieces.recall(form.text.data)
            return _back(journey, key)
    status = form_status(form) if other is None else 409
    return render("synthesis/block.html", journey=journey, block=key, form=form, other=other, status=status)


@blueprint.post(WAY + "/<uuid:id>/synthese/blocs" + _key(REWORDABLE) + "/reprendre")
@requires(Permission.WRITE_TOGETHER)
def restore(journey: Journey, key: str) -> ResponseReturnValue:
    """Assemble a block again as its source now stands."""
    form = BaseForm()
    if form.validate_on_submit():
        actions.restore_source(journey=journey, block=Block(key), base=form.base.data, by=current_user)
        flash(f"«\u00a0{Block(key).label}\u00a0» est repris de sa source.", "done")
    return _back(journey, Block(key))


@blueprint.post("/mon-bilan/<uuid:id>/synthese/blocs" + _key(REMOVABLE) + "/laisser")
@requires(Permission.WRITE_OWN_JOURNEY)
def leave_out(journey: Journey, key: str) -> ResponseReturnValue:
    """Let the agent leave a block out of the document, or put it back."""
    form, out = BaseForm(), "out" in request.form
    if form.validate_on_submit():
        actions.leave_out(journey=journey, block=Block(key), out=out, base=form.base.data, by=current_user)
        said = "est laissé hors du document" if out else "est remis dans le document"
        flash(f"«\u00a0{Block(key).label}\u00a0» {said}.", "done")
    return _back(journey, Block(key))


@blueprint.route("/parcours/<uuid:id>/synthese/proposer", methods=["GET", "POST"])
@requires(Permission.WRITE_JOURNEY)
def propose(journey: Journey) -> ResponseReturnValue:
    """Propose the document to the agent, once what it should not hold was looked at."""
    last = _writable(journey)
    found, form = warnings(last.content), ProposeForm(base=last.number)
    form.warned = bool(found)
    if form.validate_on_submit():
        actions.propose(journey=journey, base=form.base.data, by=current_user)
        flash(f"Le document est proposé à {journey.agent.display_name}.", "done")
        return _back(journey)
    return render("synthesis/propose.html", journey=journey, form=form, version=last, warnings=found, status=form_status(form))


@blueprint.route(WAY + "/<uuid:id>/synthese/valider", methods=["GET", "POST"])
@requires(Permission.WRITE_TOGETHER)
def validate(journey: Journey) -> ResponseReturnValue:
    """Validate the version that was read."""
    last, form = _writable(journey), BaseForm()
    if last.synthesis.state is not State.PROPOSED:
        raise NotProposed
    if not form.is_submitted():
        form.base.data = last.number
    if form.validate_on_submit():
        actions.validate(journey=journey, base=form.base.data, by=current_user)
        flash("Votre validation est enregistrée.", "done")
        return _back(journey)
    return render("synthesis/validate.html", journey=journey, form=form, version=last, status=form_status(form))


@blueprint.post(WAY + "/<uuid:id>/synthese/pdf")
@requires(Permission.READ_TOGETHER)
def print_document(journey: Journey) -> ResponseReturnValue:
    """Have the last version set as a PDF."""
    wanted, synthesis = request.form.get("variant", ""), Synthesis.of_journey(journey)
    if synthesis is None:
        raise NotAssembled
    if not EmptyForm().validate_on_submit() or wanted not in Variant.choices():
        flash("Choisissez une des deux présentations.", "attention")
        return _back(journey)
    paper = actions.print_version(version=_last(synthesis), variant=Variant(wanted), by=current_user)
    return redirect(url_for("synthesis.paper", id=paper.id))


@blueprint.get(WAY + "/synthese/pdf/<uuid:id>")
@requires(Permission.READ_SYNTHESIS_PAPER)
def paper(paper: SynthesisPaper) -> ResponseReturnValue:
    """Say where the setting of a paper is, then give it."""
    if wants_fragment() and paper.is_waiting:
        return nothing_new()
    return render("synthesis/paper.html", "synthesis/_paper.html", journey=paper.journey, paper=paper)


@blueprint.get(WAY + "/synthese/pdf/<uuid:id>/document.pdf")
@requires(Permission.READ_SYNTHESIS_PAPER)
def document(paper: SynthesisPaper) -> ResponseReturnValue:
    """Give the PDF of a paper that is set."""
    if not paper.is_ready:
        abort(404)
    return send_pdf(paper.content, "synthese.pdf")


@blueprint.errorhandler(Frozen)
@blueprint.errorhandler(NotProposed)
@blueprint.errorhandler(VersionOvertaken)
@blueprint.errorhandler(NotAssembled)
def refused(error: Exception) -> ResponseReturnValue:
    """Say why the document did not change."""
    code, message = REFUSALS[type(error)]
    return errors.page(code, message=message)


def _last(synthesis: Synthesis) -> SynthesisVersion:
    found = synthesis.version()
    assert found is not None  # noqa: S101 -- a document is written with its first version
    return found


def _writable(journey: Journey) -> SynthesisVersion:
    synthesis = Synthesis.of_journey(journey)
    if synthesis is None:
        raise NotAssembled
    if synthesis.is_frozen:
        raise Frozen
    return _last(synthesis)


def _back(journey: Journey, key: Block | None = None) -> ResponseReturnValue:
    return redirect(url_for("synthesis.show", id=journey.id, _anchor=f"bloc-{key.value}" if key else None))
