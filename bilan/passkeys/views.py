"""The key asked after the password; one's keys, added and removed."""

import time

from flask import Blueprint, current_app, flash, redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import second_step
from bilan.access.actions import has_application
from bilan.database import transaction
from bilan.fields import form_status
from bilan.htmx import render
from bilan.journal import Event, record
from bilan.passkeys import actions, rules
from bilan.passkeys.forms import AnswerForm, KeyForm
from bilan.passkeys.models import Passkey
from bilan.passkeys.rules import Challenge
from bilan.permissions import Permission, public, requires
from bilan.proof import ProofForm, few_passwords

blueprint = Blueprint("passkeys", __name__)
CHALLENGE = "passkey_challenge"
REFUSED = "Cette clé n’a pas été reconnue, ou la demande a plus de cinq minutes. Réessayez, ou entrez d’une autre façon."
NOT_ADDED = "Cette clé n’a pas pu être ajoutée. Réessayez, ou prenez une autre clé."
TOO_MANY = f"Vous avez déjà {rules.KEYS_MAX} clés. Retirez-en une d’abord."
LAST = "Le centre demande un second facteur. Ajoutez une autre clé ou votre téléphone avant de retirer celle-ci."


@blueprint.route("/connexion/cle", methods=["GET", "POST"])
@public
@second_step.few_codes
def enter() -> ResponseReturnValue:
    """Ask for a key, the password once given."""
    person = second_step.awaiting()
    if person is None:
        return render("access/too_late.html", status=410)
    held, form = Passkey.of(person), AnswerForm()
    if form.validate_on_submit():
        try:
            actions.use(person=person, challenge=_given(), answer=form.answer.data or "")
        except rules.Refused:
            form.form_errors = [REFUSED]
            with transaction():
                record(Event.SIGN_IN_REFUSED)
        else:
            return second_step.complete(person)
    if not held:
        return redirect(url_for("access.code"))
    challenge = rules.new_challenge(rules.ENTER, time.time())
    options = rules.asked_to_enter(actions.site(), _kept(challenge), [key.credential for key in held])
    return render("passkeys/enter.html", form=form, options=options, application=has_application(person), status=form_status(form))


@blueprint.route("/compte/second-facteur/cles", methods=["GET", "POST"])
@requires(Permission.KEEP_SECOND_FACTOR)
@few_passwords
def add() -> ResponseReturnValue:
    """Add a key."""
    form = KeyForm()
    if form.validate_on_submit():
        try:
            codes = actions.add(person=current_user, name=form.name.data, challenge=_given(), answer=form.answer.data or "")
        except actions.TooManyKeys:
            form.form_errors = [TOO_MANY]
        except rules.Refused:
            form.form_errors = [NOT_ADDED]
        else:
            flash(f"La clé «\u00a0{form.name.data}\u00a0» est ajoutée.", "done")
            return render("access/codes.html", codes=codes) if codes else redirect(url_for("access.factor"))
    return render("passkeys/add.html", form=form, options=_asked_to_add(), status=form_status(form))


def _asked_to_add() -> str:
    account = {"service": current_app.config["BILAN"].service_name, "account": current_user.email, "name": current_user.display_name}
    known = [key.credential for key in Passkey.of(current_user)]
    return rules.asked_to_add(actions.site(), _kept(actions.challenge_to_add(current_user)), known=known, **account)


@blueprint.route("/compte/second-facteur/cles/<uuid:id>", methods=["GET", "POST"])
@requires(Permission.REMOVE_PASSKEY)
@few_passwords
def remove(key: Passkey) -> ResponseReturnValue:
    """Remove a key, the page once read."""
    form = ProofForm()
    if form.validate_on_submit():
        try:
            actions.remove(key=key, by=current_user)
        except actions.LastFactor:
            form.form_errors = [LAST]
        else:
            flash(f"La clé «\u00a0{key.name}\u00a0» est retirée.", "done")
            return redirect(url_for("access.factor"))
    return render("passkeys/remove.html", form=form, key=key, status=form_status(form))


def _kept(challenge: Challenge) -> Challenge:
    session[CHALLENGE] = list(challenge)
    return challenge


def _given() -> Challenge | None:
    held = session.pop(CHALLENGE, None)
    return Challenge(*held) if held else None
