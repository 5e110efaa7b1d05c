"""The pages of what is written piece by piece: a form to add one, to complete it, to remove it."""

import uuid
from typing import Any, NamedTuple

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import errors
from bilan.delicate import matters
from bilan.fields import as_uuid, form_status
from bilan.htmx import render
from bilan.journeys.actions import JourneyAlreadyClosed
from bilan.journeys.models import Journey
from bilan.pieces import actions
from bilan.pieces.forms import PieceForm, RemovalForm
from bilan.pieces.models import Piece
from bilan.together import written_by


class Sort(NamedTuple):
    """One sort of piece: its table, its form's page, and where it is written and listed."""

    model: type[Piece]
    page: str
    writing: str
    listing: str


def init_pieces(blueprint: Blueprint) -> None:
    """Let a room say what happened when a piece, or the bilan, went away under the one who writes."""
    blueprint.register_error_handler(actions.Gone, gone)
    blueprint.register_error_handler(JourneyAlreadyClosed, closed)


def recall(text: str) -> None:
    """Say gently that what was just saved seems to hold delicate matters; it is saved all the same."""
    if found := matters(text):
        flash(f"Ce texte semble parler de {', '.join(found)}. Est-ce utile au bilan\u00a0? N’y laissez que ce qui l’est.", "info")


def gone(_error: actions.Gone) -> ResponseReturnValue:
    """Say that somebody has removed it, with what was typed."""
    return errors.page(404, message="Cette fiche a été retirée entre-temps. Ce que vous aviez écrit est ci-dessous.")


def closed(_error: JourneyAlreadyClosed) -> ResponseReturnValue:
    """Say that the bilan has just been closed, with what was typed."""
    return errors.page(409, message="Ce bilan vient d’être clos\u00a0: il ne se modifie plus. Ce que vous aviez écrit est ci-dessous.")


def new(sort: Sort, journey: Journey, form: PieceForm, *, back: str | None = None, **again: Any) -> ResponseReturnValue:
    """Write a piece, or answer with its form and what is wrong in it; `back` is where one goes then, the listing if not given."""
    submission = as_uuid(request.form.get("submission")) or uuid.uuid4()
    if form.validate_on_submit():
        try:
            actions.add(model=sort.model, journey=journey, values=form.values(), submission=submission, by=current_user)
        except actions.TooMany:
            form.form_errors.append(f"Ce bilan en contient déjà {sort.model.maximum}, et c’est le maximum. Regroupez-en ou retirez-en.")
        else:
            flash("C’est enregistré.", "done")
            recall(" ".join(map(str, form.data.values())))
            another = request.form.get("then") == "another"
            return redirect(url_for(sort.writing, id=journey.id, **again) if another else back or url_for(sort.listing, id=journey.id))
    return _page(sort, journey, form, submission=submission, back=back)


def edit(sort: Sort, piece: Any, form: PieceForm, *, back: str | None = None) -> ResponseReturnValue:
    """Complete or correct a piece; one that was saved elsewhere comes back with both texts."""
    if form.validate_on_submit():
        try:
            actions.save(piece=piece, values=form.values(), base=form.base.data, by=current_user)
        except actions.Overtaken as overtaken:
            return _overtaken(sort, overtaken.current, form, back)
        flash("C’est enregistré.", "done")
        recall(" ".join(map(str, form.data.values())))
        return redirect(back or url_for(sort.listing, id=piece.journey_id))
    return _page(sort, piece.journey, form, piece=piece, back=back)


def _overtaken(sort: Sort, current: Any, form: PieceForm, back: str | None) -> ResponseReturnValue:
    """Show both texts of what differs; the next saving is on top of the other."""
    other = form.differing(current)
    form.base.data, form.base.raw_data = current.revision, None
    author = "vous, sur une autre page," if written_by(current.saved_by) == "vous" else current.saved_by.display_name
    form.form_errors.append(f"Cette fiche a été enregistrée par {author} pendant que vous écriviez. Les deux textes sont ci-dessous.")
    return _page(sort, current.journey, form, piece=current, other=other, back=back, status=409)


def _page(
    sort: Sort, journey: Journey, form: PieceForm, *, back: str | None, status: int | None = None, **others: Any
) -> ResponseReturnValue:
    context = {"piece": None, "other": {}, "submission": None, **others}
    back = back or url_for(sort.listing, id=journey.id)
    return render(sort.page, journey=journey, form=form, back=back, status=status or form_status(form), **context)


def remove(sort: Sort, piece: Any, *, back: str | None = None, **others: Any) -> ResponseReturnValue:
    """Remove a piece, once one has read what goes with it."""
    form, status = RemovalForm(base=piece.revision), None
    if form.validate_on_submit():
        try:
            actions.remove(piece=piece, base=form.base.data, by=current_user)
        except actions.Overtaken as overtaken:
            piece, status = overtaken.current, 409
            form.base.data, form.base.raw_data = piece.revision, None
            form.form_errors.append("Cette fiche a été modifiée pendant ce temps. Relisez-la avant de la retirer.")
        else:
            flash("C’est retiré.", "done")
            return redirect(back or url_for(sort.listing, id=piece.journey_id))
    context = {"skills": [], "surveys": [], "steps": [], **others}
    back = back or url_for(sort.listing, id=piece.journey_id)
    return render(
        "pieces/remove.html", journey=piece.journey, piece=piece, form=form, back=back, status=status or form_status(form), **context
    )
