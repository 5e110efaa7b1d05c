"""The code asked after the password; one's second factor, recovery codes and open sessions."""

import io

import segno
from flask import Blueprint, Response, current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import second_step
from bilan.access import actions
from bilan.access.forms import CodeForm, RecoveryForm
from bilan.access.models import OpenSession, RecoveryCode, SecondFactor
from bilan.access.rules import address_for_application, in_groups
from bilan.database import transaction
from bilan.fields import Form, form_status
from bilan.htmx import render
from bilan.journal import Event, record
from bilan.passkeys.models import Passkey
from bilan.passkeys.rules import KEYS_MAX
from bilan.permissions import Permission, public, requires
from bilan.proof import ProofForm, few_passwords

blueprint = Blueprint("access", __name__)
REFUSED = "Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant, puis réessayez."
RECOVERY_REFUSED = "Ce code n’est pas le bon, ou il a déjà servi."
ADDED = "Votre téléphone est ajouté. Vos codes de secours restent les mêmes."
REMOVED = "Votre second facteur est retiré. Votre mot de passe suffit de nouveau."
KEY_LEFT = "Votre téléphone est retiré. Votre clé d’accès reste demandée après le mot de passe."
UNREADABLE = "Votre second facteur ne peut plus être lu. Utilisez un code de secours, ou demandez au secrétariat de le retirer."


@blueprint.route("/connexion/code", methods=["GET", "POST"])
@public
@second_step.few_codes
def code() -> ResponseReturnValue:
    """Ask for the code of the application, the password once given."""
    return _ask(CodeForm(), "access/code.html", actions.use_code, REFUSED)


@blueprint.route("/connexion/code-de-secours", methods=["GET", "POST"])
@public
@second_step.few_codes
def recovery() -> ResponseReturnValue:
    """Ask for a recovery code in the place of the application's."""
    return _ask(RecoveryForm(), "access/recovery.html", actions.use_recovery_code, RECOVERY_REFUSED)


def _ask(form: CodeForm | RecoveryForm, template: str, use: object, refused: str) -> ResponseReturnValue:
    person = second_step.awaiting()
    if person is None:
        return render("access/too_late.html", status=410)
    keys, application = Passkey.is_held_by(person), actions.has_application(person)
    if not application and isinstance(form, CodeForm):
        return redirect(url_for("passkeys.enter" if keys else "security.login"))
    if form.validate_on_submit():
        try:
            use(person=person, code=form.code.data)  # type: ignore[operator]
        except actions.CodeRefused:
            form.code.errors = [refused]
            with transaction():
                record(Event.SIGN_IN_REFUSED)
        except actions.SecretUnreadable:
            form.code.errors = [UNREADABLE]
        else:
            return second_step.complete(person)
    return render(template, form=form, keys=keys, application=application, status=form_status(form))


@blueprint.route("/compte/second-facteur", methods=["GET", "POST"])
@requires(Permission.KEEP_SECOND_FACTOR)
@few_passwords
def factor() -> ResponseReturnValue:
    """Show one's second factor; take the first code of an application."""
    form = CodeForm()
    if form.validate_on_submit():
        try:
            codes = actions.confirm(person=current_user, code=form.code.data)
        except actions.NothingPending:
            return redirect(url_for("access.factor"))
        except actions.CodeRefused:
            form.code.errors = [REFUSED]
        else:
            return render("access/codes.html", codes=codes) if codes else _told(ADDED)
    return _show(form)


def _show(form: Form) -> ResponseReturnValue:
    held = SecondFactor.of(current_user)
    return render(
        "access/factor.html",
        form=form,
        code_form=form if isinstance(form, CodeForm) else CodeForm(formdata=None),
        proof=form if isinstance(form, ProofForm) else ProofForm(formdata=None),
        application=held is not None and held.confirmed_at is not None,
        protected=current_user.has_second_factor,
        keys=Passkey.of(current_user),
        keys_max=KEYS_MAX,
        secret=in_groups(held.pending) if held and held.pending else "",
        codes_left=RecoveryCode.left(current_user),
        required=actions.is_required_of(current_user),
        status=form_status(form),
    )


@blueprint.get("/compte/second-facteur/image.svg")
@requires(Permission.KEEP_SECOND_FACTOR)
def image() -> ResponseReturnValue:
    """Draw what the telephone reads."""
    held = SecondFactor.of(current_user)
    if held is None or held.pending is None:
        return redirect(url_for("access.factor"))
    address = address_for_application(held.pending, current_user.email, current_app.config["BILAN"].centre_name)
    drawn = io.BytesIO()
    segno.make(address, micro=False).save(drawn, kind="svg", scale=5, border=4, light="#fff", dark="#000", xmldecl=False)
    return Response(drawn.getvalue(), mimetype="image/svg+xml")


@blueprint.post("/compte/second-facteur/application")
@requires(Permission.KEEP_SECOND_FACTOR)
@few_passwords
def begin() -> ResponseReturnValue:
    """Prepare an application, the first or another."""
    form = ProofForm()
    if not form.validate_on_submit():
        return _show(form)
    actions.begin(person=current_user)
    return redirect(url_for("access.factor"))


@blueprint.post("/compte/second-facteur/codes")
@requires(Permission.KEEP_SECOND_FACTOR)
@few_passwords
def renew() -> ResponseReturnValue:
    """Make recovery codes again, shown once."""
    form = ProofForm()
    if not current_user.has_second_factor:
        return redirect(url_for("access.factor"))
    if not form.validate_on_submit():
        return _show(form)
    return render("access/codes.html", codes=actions.renew_codes(person=current_user))


@blueprint.post("/compte/second-facteur/retrait")
@requires(Permission.KEEP_SECOND_FACTOR)
@few_passwords
def remove() -> ResponseReturnValue:
    """Give up the application, where a key is left or nothing is required."""
    form = ProofForm()
    if not current_user.has_application or (actions.is_required_of(current_user) and not current_user.has_passkey):
        return redirect(url_for("access.factor"))
    if not form.validate_on_submit():
        return _show(form)
    actions.remove(person=current_user)
    return _told(KEY_LEFT if current_user.has_passkey else REMOVED)


def _told(words: str) -> ResponseReturnValue:
    flash(words, "done")
    return redirect(url_for("access.factor"))


@blueprint.post("/compte/connexions/<uuid:id>")
@requires(Permission.CLOSE_SESSION)
def close(opened: OpenSession) -> ResponseReturnValue:
    """Close one of one's sessions."""
    actions.close_session(opened_id=opened.id, by=current_user)
    flash("Cette connexion est fermée.", "done")
    return redirect(url_for("people.account"))


@blueprint.post("/compte/connexions")
@requires(Permission.USE_OWN_ACCOUNT)
def close_others() -> ResponseReturnValue:
    """Close one's other sessions."""
    actions.close_others(opened_id=current_user.opened.id, by=current_user)
    flash("Vos autres connexions sont fermées.", "done")
    return redirect(url_for("people.account"))
