"""The open answers and their themes, for the manager alone."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan.fields import as_uuid, clean_search, form_status
from bilan.htmx import render, wants_fragment
from bilan.pages import paginate, paginate_list
from bilan.permissions import Permission, requires
from bilan.satisfaction import surveys
from bilan.satisfaction.models import Verbatim
from bilan.verbatims import actions
from bilan.verbatims.forms import MergeForm, RedactForm, RemoveForm, SortForm, ThemeForm
from bilan.verbatims.models import Periods, Theme, found, opinions, readable, select
from bilan.verbatims.rules import Standing, Wanted, hide

blueprint = Blueprint("verbatims", __name__)
SIZE = 10
TAKEN = "Un thème porte déjà ce nom."
NOT_THERE = "Ces mots ne sont pas dans le texte. Recopiez-les tels qu’ils y sont écrits."


@blueprint.get("/qualite/avis")
@requires(Permission.FOLLOW_QUALITY)
def index() -> ResponseReturnValue:
    """List the open answers, those to sort first."""
    wanted, known = Wanted.read(request.args, clean_search(request.args.get("q"))), readable()
    query, themes = select(known, wanted), Theme.in_order()
    page = paginate_list(found(query, wanted.search), SIZE) if wanted.search else paginate(query, SIZE)
    left = select(known, Wanted(standing=Standing.TO_SORT)).count()
    return render(
        "verbatims/index.html",
        page=page,
        opinions=opinions(page.rows, known),
        themes=themes,
        wanted=wanted,
        filters=_filters(known, themes, wanted),
        left=left,
    )


def _filters(known: Periods, themes: list[Theme], wanted: Wanted) -> list[tuple[str, str, dict[str, str], str]]:
    """Return the filters: name, label, words by value, the value chosen."""
    asked = [surveys.find(slug) for slug in sorted({survey for survey, _ in known})]
    questions = {one.key: one.short for survey in asked for one in survey.of_kind(surveys.Kind.TEXT)}
    times = {one.key: one.name for one in sorted(set(known.values()), reverse=True)}
    standing = wanted.standing.value if wanted.standing else ""
    return [
        ("etat", "État", Standing.choices(), standing),
        ("theme", "Thème", {one.name: one.name for one in themes}, wanted.theme),
        ("enquete", "Enquête", {one.slug: one.title for one in asked}, wanted.survey),
        ("question", "Question", questions, wanted.question),
        ("periode", "Période", times, wanted.period),
    ]


@blueprint.post("/qualite/avis/<uuid:id>/themes")
@requires(Permission.SORT_VERBATIM)
def sort(verbatim: Verbatim) -> ResponseReturnValue:
    """Give a text its themes."""
    form = SortForm()
    form.offer(Theme.in_order())
    if not form.validate_on_submit():
        form.themes.data = []
        return _sorted(verbatim, None)
    added, removed = form.changed()
    return _sorted(verbatim, actions.sort(verbatim=verbatim, added=added, removed=removed, by=current_user))


def _sorted(verbatim: Verbatim, kept: list[Theme] | None) -> ResponseReturnValue:
    words = "Ce thème n’existe plus. Rechargez la page."
    if kept is not None:
        words = f"Enregistré\u00a0: {', '.join(one.name for one in kept)}." if kept else "Enregistré, sans thème."
    if wants_fragment():
        return render("verbatims/_sorted.html", "verbatims/_sorted.html", verbatim=verbatim, kept=kept, words=words)
    flash(words, "attention" if kept is None else "done")
    return redirect(url_for("verbatims.index", **_back()))


def _back() -> dict[str, Any]:
    """Return the words of the list that the form came from."""
    return Wanted.read(request.args, clean_search(request.args.get("q"))).query


@blueprint.route("/qualite/avis/<uuid:id>/masquer", methods=["GET", "POST"])
@requires(Permission.SORT_VERBATIM)
def redact(verbatim: Verbatim) -> ResponseReturnValue:
    """Hide a name in a text: chosen, read again, then for good."""
    form, proof = RedactForm(), ""
    if form.validate_on_submit():
        proof = hide(verbatim.text, form.words.data)
        if proof == verbatim.text:
            form.refuse(NOT_THERE)
            proof = ""
        elif form.step.data == "hide":
            actions.redact(verbatim=verbatim, words=form.words.data, by=current_user)
            flash("Les mots sont masqués.", "done")
            return redirect(url_for("verbatims.index"))
    return render("verbatims/redact.html", form=form, verbatim=verbatim, proof=proof, status=form_status(form))


@blueprint.route("/qualite/themes", methods=["GET", "POST"])
@requires(Permission.FOLLOW_QUALITY)
def themes() -> ResponseReturnValue:
    """List the themes with their counts; add one."""
    form = ThemeForm()
    if form.validate_on_submit():
        try:
            actions.add_theme(name=form.name.data, by=current_user)
        except actions.NameTaken:
            form.name.errors = [TAKEN]
        else:
            flash("Le thème est ajouté.", "done")
            return redirect(url_for("verbatims.themes"))
    return render("verbatims/themes.html", form=form, themes=Theme.in_order(), counts=Theme.counts(), status=form_status(form))


@blueprint.route("/qualite/themes/<uuid:id>", methods=["GET", "POST"])
@requires(Permission.KEEP_THEME)
def theme(theme: Theme) -> ResponseReturnValue:
    """Rename a theme; merge it with another, remove it."""
    form = ThemeForm(data={"name": theme.name})
    if form.validate_on_submit():
        try:
            actions.rename_theme(theme=theme, name=form.name.data, by=current_user)
        except actions.NameTaken:
            form.name.errors = [TAKEN]
        else:
            flash("Le thème est renommé.", "done")
            return redirect(url_for("verbatims.themes"))
    return _theme(theme, name=form)


@blueprint.post("/qualite/themes/<uuid:id>/reunir")
@requires(Permission.KEEP_THEME)
def merge(theme: Theme) -> ResponseReturnValue:
    """Put everything of a theme under another."""
    form = MergeForm()
    form.offer(_others(theme))
    if not form.validate_on_submit():
        return _theme(theme, merging=form)
    into = next(one for one in _others(theme) if one.id == as_uuid(form.into.data))
    actions.merge_theme(theme=theme, into=into, by=current_user)
    flash("Les deux thèmes n’en font plus qu’un.", "done")
    return redirect(url_for("verbatims.themes"))


@blueprint.post("/qualite/themes/<uuid:id>/retirer")
@requires(Permission.KEEP_THEME)
def remove(theme: Theme) -> ResponseReturnValue:
    """Remove a theme; texts that have it are to sort again, which is asked first."""
    form = RemoveForm()
    try:
        actions.remove_theme(theme=theme, confirmed=form.confirmed.data, by=current_user)
    except actions.ThemeInUse:
        form.confirmed.errors = ["Des avis ont ce thème\u00a0: ils seront à trier de nouveau. Cochez la case pour confirmer."]
        return _theme(theme, removing=form)
    flash("Le thème est retiré.", "done")
    return redirect(url_for("verbatims.themes"))


def _others(theme: Theme) -> list[Theme]:
    return [one for one in Theme.in_order() if one.id != theme.id]


def _theme(theme: Theme, **forms: Any) -> ResponseReturnValue:
    """Return the page of a theme; of a form that does not come back, a fresh one."""
    shown = {"name": ThemeForm(formdata=None, data={"name": theme.name}), "merging": MergeForm(formdata=None)}
    shown |= {"removing": RemoveForm(formdata=None)} | forms
    shown["merging"].offer(_others(theme))
    (posted,) = forms.values()
    return render("verbatims/theme.html", theme=theme, count=Theme.counts()[theme.id], **shown, status=form_status(posted))
