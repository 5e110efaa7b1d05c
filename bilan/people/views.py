"""Signing in, links, the account, display preferences; the secretariat's list of accounts."""

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_security import login_user

from bilan import second_step, sessions
from bilan.access import actions as access
from bilan.access.models import SecondFactor
from bilan.confirmations import actions as confirmations
from bilan.confirmations.rules import ASKED, NOBODY_ELSE, Change
from bilan.fields import EmptyForm, as_uuid, clean_search, form_status
from bilan.french import of
from bilan.htmx import render
from bilan.journal import Event, record
from bilan.pages import display, keep_display, paginate, signed_in
from bilan.people import actions
from bilan.people.forms import AddressForm, DisplayForm, InvitationForm, OwnPasswordForm, PasswordForm
from bilan.people.models import Employer, LinkPurpose, OneTimeLink, Person, Role
from bilan.people.rules import Display, digest_of
from bilan.permissions import Permission, public, requires
from bilan.proconnect import actions as proconnect
from bilan.proconnect.models import ProconnectIdentity
from bilan.protection import is_refused, limiter, typed_email

blueprint = Blueprint("people", __name__)
HOMES = {
    Role.AGENT: "journeys.mine",
    Role.COUNSELLOR: "journeys.index",
    Role.HR: "prescriptions.index",
    Role.SECRETARIAT: "reception.home",
    Role.DISABILITY_REFERENT: "measures.index",
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
    return _ask_address("people/ask_link.html", LinkPurpose.SIGN_IN)


@blueprint.route("/mot-de-passe-oublie", methods=["GET", "POST"])
@public
@limiter.limit("5 per 15 minutes", methods=["POST"], key_func=typed_email)
@limiter.limit("30 per 15 minutes", methods=["POST"])
def ask_reset() -> ResponseReturnValue:
    """Send a link to choose another password; the answer is the same whether the account exists or not."""
    return _ask_address("people/ask_reset.html", LinkPurpose.RESET)


def _ask_address(template: str, purpose: LinkPurpose) -> ResponseReturnValue:
    form = AddressForm()
    if form.validate_on_submit():
        actions.ask_for_link(purpose=purpose, email=form.email.data)
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
            return second_step.sign_in(person, via="link")
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
        entered = "" if access.has_factor(person) else " Vous êtes connecté ou connectée."
        flash(f"Votre mot de passe est enregistré.{entered}", "done")
        return second_step.sign_in(person, via="password")
    return render("people/choose_password.html", form=form, who=living.person, status=form_status(form))


@blueprint.route("/compte", methods=["GET", "POST"])
@requires(Permission.USE_OWN_ACCOUNT)
@limiter.limit("10 per 15 minutes", methods=["POST"], key_func=lambda: f"own-password:{current_user.get_id()}", deduct_when=is_refused)
def account() -> ResponseReturnValue:
    """Show one's account; change the password."""
    form = OwnPasswordForm(person=current_user)
    if form.validate_on_submit():
        person = Person.get_by_id(current_user.id)
        actions.change_password(person=person, password=form.password.data)
        login_user(person, authn_via=["password"])
        flash("Votre mot de passe est changé. Vos autres sessions sont fermées.", "done")
        return redirect(url_for("people.account"))
    opened = sessions.opened_by(current_user)
    return render("people/account.html", form=form, opened=opened, status=form_status(form))


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
    keep_display(response, chosen)
    return response


@blueprint.route("/secretariat/comptes", methods=["GET", "POST"])
@requires(Permission.RUN_RECEPTION)
def accounts() -> ResponseReturnValue:
    """List the accounts, and invite a person."""
    form = InvitationForm()
    if form.validate_on_submit():
        try:
            flash(_invite(form), "done")
        except actions.AddressTaken:
            form.email.errors = ["Un compte utilise déjà cette adresse."]
        except confirmations.NobodyElse:
            form.role.errors = [NOBODY_ELSE]
        else:
            return redirect(url_for("people.accounts"))
    search = clean_search(request.args.get("q"))
    query, counted = Person.listed(search)
    page = paginate(query, counted=counted)
    found = {"page": page, "search": search, "employers": Employer.names(), "holders": SecondFactor.holders(page.rows)}
    found["proconnected"] = ProconnectIdentity.holders(page.rows)
    return render("people/accounts.html", form=form, **found, status=form_status(form))


def _invite(form: InvitationForm) -> str:
    role = Role(form.role.data)
    about = {"email": form.email.data, "display_name": form.display_name.data, "role": role}
    if confirmations.is_watched(role):
        confirmations.ask(change=Change.INVITE, person=None, by=current_user, **about)
        return ASKED
    person = actions.invite(employer_name=form.employer.data, by=current_user, **about)
    return f"L’invitation part à l’adresse {person.email}."


@blueprint.post("/secretariat/comptes/<uuid:id>")
@requires(Permission.MANAGE_ACCOUNT)
def manage_account(person: Person) -> ResponseReturnValue:
    """Invite again, suspend or reopen an account; take away a lost second factor, detach a ProConnect account."""
    choice, name = request.form.get("action", ""), person.display_name
    if choice == "invite" and person.active and person.password is None:
        actions.invite_again(person=person, by=current_user)
        flash(f"Une nouvelle invitation part à l’adresse {person.email}.", "done")
    elif choice == "proconnect" and proconnect.is_linked(person):
        proconnect.unlink(person=person, by=current_user)
        flash(f"Le compte ProConnect {of(name)} est détaché. Le prochain qui vient avec son adresse sera le sien.", "done")
    elif not _may_change(person, choice):
        abort(404)
    elif confirmations.is_watched(person.role):
        try:
            confirmations.ask(change=Change(choice), person=person, by=current_user)
            flash(ASKED, "info")
        except confirmations.NobodyElse:
            flash(NOBODY_ELSE, "problem")
    else:
        flash(_change(person, Change(choice)), "done")
    return redirect(url_for("people.accounts"))


def _may_change(person: Person, choice: str) -> bool:
    if choice == "factor":
        return person.id != current_user.id and access.has_factor(person)
    return choice == "reopen" or (choice == "suspend" and person.id != current_user.id)


def _change(person: Person, change: Change) -> str:
    name = person.display_name
    if change is Change.SUSPEND:
        actions.suspend(person=person, by=current_user)
        return f"Le compte {of(name)} est suspendu. Vous pouvez le rouvrir."
    if change is Change.FACTOR:
        access.take_away(person=person, by=current_user)
        return f"Le second facteur {of(name)} est retiré. Ses connexions sont fermées."
    actions.reopen(person=person, by=current_user)
    return f"Le compte {of(name)} est rouvert."


def render_sign_in(template: str, **context: Any) -> ResponseReturnValue:
    """Render the sign-in as our pages are: 422 when the form comes back with errors, and the journal knows."""
    form = context["login_user_form"]
    if request.method == "POST":
        record(Event.SIGN_IN_REFUSED)
        form.form_errors = list(dict.fromkeys(form.form_errors))
    offered = bool(current_app.config["BILAN"].proconnect_discovery)
    return render(template, status=form_status(form), proconnect=offered, **context)


def after_sign_in(_sender: object, user: Person, **_rest: object) -> None:
    """Note a sign-in in the journal."""
    record(Event.SIGNED_IN, person=user)
