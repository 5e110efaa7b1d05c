"""Signing in, links, the account, display preferences; the secretariat's list of accounts."""

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_security import login_user

from bilan import sessions
from bilan.fields import EmptyForm, as_uuid, clean_search, form_status
from bilan.htmx import render
from bilan.journal import Event, record
from bilan.pages import DISPLAY_COOKIE, YEAR_SECONDS, display, paginate, signed_in
from bilan.people import actions
from bilan.people.forms import AddressForm, DisplayForm, InvitationForm, PasswordForm
from bilan.people.models import Employer, LinkPurpose, OneTimeLink, Person, Role
from bilan.people.rules import Display, digest_of
from bilan.permissions import Permission, public, requires
from bilan.protection import limiter, typed_email

blueprint = Blueprint("people", __name__)
HOMES = {
    Role.AGENT: "journeys.mine",
    Role.COUNSELLOR: "journeys.index",
    Role.HR: "prescriptions.index",
    Role.SECRETARIAT: "reception.home",
    Role.DISABILITY_REFERENT: "people.account",
    Role.MANAGER: "quality.index",
}


@blueprint.get("/accueil")
@requires(Permission.USE_OWN_ACCOUNT)
def home() -> ResponseReturnValue:
    """Send each role to its own first page; what was kept at an expired session comes first."""
    if sessions.kept_entries(current_user):
        return redirect(url_for("people.resume"))
    return redirect(url_for(HOMES[current_user.role]))


@blueprint.route("/compte/reprise", methods=["GET", "POST"])
@requires(Permission.USE_OWN_ACCOUNT)
def resume() -> ResponseReturnValue:
    """Offer again what was being posted when the session expired."""
    form = EmptyForm()
    if form.validate_on_submit():
        entry_id = as_uuid(request.form.get("entry")) or abort(404)
        sessions.forget_entry(current_user, entry_id)
        flash("C’est abandonné.", "info")
        return redirect(url_for("people.home"))
    entries = sessions.kept_entries(current_user)
    if not entries:
        return redirect(url_for(HOMES[current_user.role]))
    return render("people/resume.html", entries=entries)


@blueprint.route("/connexion/lien", methods=["GET", "POST"])
@public
@limiter.limit("5 per 15 minutes", methods=["POST"], key_func=typed_email)
@limiter.limit("30 per 15 minutes", methods=["POST"])
def ask_link() -> ResponseReturnValue:
    """Send a sign-in link by e-mail; the answer is the same whether the account exists or not."""
    return _ask_address("people/ask_link.html", actions.send_sign_in_link)


@blueprint.route("/mot-de-passe-oublie", methods=["GET", "POST"])
@public
@limiter.limit("5 per 15 minutes", methods=["POST"], key_func=typed_email)
@limiter.limit("30 per 15 minutes", methods=["POST"])
def ask_reset() -> ResponseReturnValue:
    """Send a link to choose another password; the answer is the same whether the account exists or not."""
    return _ask_address("people/ask_reset.html", actions.send_reset_link)


def _ask_address(template: str, send: object) -> ResponseReturnValue:
    form = AddressForm()
    if form.validate_on_submit():
        send(email=form.email.data)  # type: ignore[operator]
        return render("people/link_sent.html", email=form.email.data)
    return render(template, form=form, status=form_status(form))


@blueprint.route("/connexion/lien/<token>", methods=["GET", "POST"])
@public
@limiter.limit("30 per 15 minutes", methods=["POST"])
def open_link(token: str) -> ResponseReturnValue:
    """Sign in by a link, at the press of a button: mail filters open links before people do."""
    form = EmptyForm()
    living = OneTimeLink.living(digest_of(token), LinkPurpose.SIGN_IN)
    if living and form.validate_on_submit():
        try:
            person = actions.open_by_link(token=token)
        except actions.LinkSpent:
            living = None
        else:
            login_user(person, authn_via=["link"])
            return redirect(url_for("people.home"))
    if living is None:
        return render("people/link_spent.html", status=410)
    return render("people/open_link.html", name=living.person.display_name)


@blueprint.route("/mot-de-passe/<token>", methods=["GET", "POST"])
@public
@limiter.limit("30 per 15 minutes", methods=["POST"])
def choose_password(token: str) -> ResponseReturnValue:
    """Let the bearer of an invitation or a reset link choose the password."""
    living = OneTimeLink.living(digest_of(token), LinkPurpose.INVITATION, LinkPurpose.RESET)
    if living is None:
        return render("people/link_spent.html", status=410)
    form = PasswordForm()
    form.email = living.person.email
    if form.validate_on_submit():
        try:
            person = actions.choose_password(token=token, password=form.password.data)
        except actions.LinkSpent:
            return render("people/link_spent.html", status=410)
        login_user(person, authn_via=["password"])
        flash("Votre mot de passe est enregistré. Vous êtes connecté ou connectée.", "done")
        return redirect(url_for("people.home"))
    return render("people/choose_password.html", form=form, who=living.person, status=form_status(form))


@blueprint.route("/compte", methods=["GET", "POST"])
@requires(Permission.USE_OWN_ACCOUNT)
def account() -> ResponseReturnValue:
    """Show one's account; change the password."""
    form = PasswordForm()
    form.email = current_user.email
    if form.validate_on_submit():
        person = Person.get_by_id(current_user.id)
        actions.change_password(person=person, password=form.password.data)
        login_user(person, authn_via=["password"])
        flash("Votre mot de passe est changé. Vos autres sessions sont fermées.", "done")
        return redirect(url_for("people.account"))
    return render("people/account.html", form=form, status=form_status(form))


@blueprint.route("/affichage", endpoint="display", methods=["GET", "POST"])
@public
def show_display() -> ResponseReturnValue:
    """Let anybody choose how pages look; kept in a cookie, and with the account when there is one."""
    form = DisplayForm(obj=display())
    if not form.validate_on_submit():
        return render("people/display.html", form=form, status=form_status(form))
    chosen = Display(**form.data)
    if person := signed_in():
        actions.prefer(person=person, display=chosen)
    flash("Vos préférences d’affichage sont enregistrées.", "done")
    response = redirect(url_for("people.display"))
    secure = current_app.config["BILAN"].secure
    response.set_cookie(DISPLAY_COOKIE, chosen.dump(), max_age=YEAR_SECONDS, secure=secure, httponly=True, samesite="Lax")
    return response


@blueprint.route("/secretariat/comptes", methods=["GET", "POST"])
@requires(Permission.RUN_RECEPTION)
def accounts() -> ResponseReturnValue:
    """List the accounts, and invite a person."""
    form = InvitationForm()
    if form.validate_on_submit():
        try:
            person = _invite(form)
        except actions.AddressTaken:
            form.email.errors = ["Un compte utilise déjà cette adresse."]
        else:
            flash(f"L’invitation part à l’adresse {person.email}.", "done")
            return redirect(url_for("people.accounts"))
    search = clean_search(request.args.get("q"))
    page = paginate(Person.listed(search))
    return render("people/accounts.html", form=form, page=page, search=search, employers=Employer.names(), status=form_status(form))


def _invite(form: InvitationForm) -> Person:
    return actions.invite(
        email=form.email.data,
        display_name=form.display_name.data,
        role=Role(form.role.data),
        employer_name=form.employer.data,
        by=current_user,
    )


@blueprint.post("/secretariat/comptes/<uuid:id>")
@requires(Permission.MANAGE_ACCOUNT)
def manage_account(person: Person) -> ResponseReturnValue:
    """Invite again, suspend or reopen an account."""
    choice = request.form.get("action")
    if choice == "invite" and person.active and person.password is None:
        actions.invite_again(person=person, by=current_user)
        flash(f"Une nouvelle invitation part à l’adresse {person.email}.", "done")
    elif choice == "suspend" and person.id != current_user.id:
        actions.suspend(person=person, by=current_user)
        flash(f"Le compte de {person.display_name} est suspendu. Vous pouvez le rouvrir.", "done")
    elif choice == "reopen":
        actions.reopen(person=person, by=current_user)
        flash(f"Le compte de {person.display_name} est rouvert.", "done")
    else:
        abort(404)
    return redirect(url_for("people.accounts"))


def render_sign_in(template: str, **context: Any) -> ResponseReturnValue:
    """Render the sign-in as our pages are: 422 when the form comes back with errors, and the journal knows."""
    form = context["login_user_form"]
    if request.method == "POST":
        record(Event.SIGN_IN_REFUSED)
        form.form_errors = list(dict.fromkeys(form.form_errors))
    return render(template, status=form_status(form), **context)


def after_sign_in(_sender: object, user: Person, **_rest: object) -> None:
    """Note a sign-in in the journal."""
    record(Event.SIGNED_IN, person=user)
