"""The password asked again before what protects an account changes."""

from typing import Any

from flask_login import current_user
from wtforms import PasswordField, ValidationError

from bilan.fields import Form, not_empty
from bilan.people.actions import is_password_of
from bilan.protection import is_refused, limiter
from bilan.sessions import proved_lately

few_passwords = limiter.shared_limit(
    "10 per 15 minutes", scope="proofs", methods=["POST"], key_func=lambda: f"proof:{current_user.get_id()}", deduct_when=is_refused
)


class ProofForm(Form):
    """Asks for the password of whoever signed in more than a quarter of an hour ago."""

    password = PasswordField("Votre mot de passe", validators=[not_empty("Indiquez votre mot de passe.")])

    def __init__(self, *arguments: Any, **others: Any) -> None:
        super().__init__(*arguments, **others)
        if proved_lately():
            del self.password

    def validate_password(self, field: PasswordField) -> None:
        """Refuse another password than hers."""
        if not is_password_of(current_user, field.data):
            raise ValidationError("Ce mot de passe n’est pas le vôtre.")
