"""Forms of accounts."""

from typing import Any

from flask_security.forms import LoginForm
from wtforms import BooleanField, PasswordField, RadioField, SelectField, ValidationError
from wtforms.validators import Length

from bilan.fields import Form, email_field, line_field, not_empty, readable
from bilan.people.actions import is_password_of
from bilan.people.models import Person, Role
from bilan.people.rules import password_fault

PASSWORD_MAX = 200


class SignInForm(LoginForm):
    """Flask-Security's sign-in, in our words; the answer never tells whether the account exists."""

    class Meta(Form.Meta):
        pass

    email = email_field("Adresse e-mail", required="Indiquez votre adresse e-mail.")
    password = PasswordField("Mot de passe", validators=[not_empty("Indiquez votre mot de passe.")])
    remember = None
    submit = None


class AddressForm(Form):
    """Asks for an address to which a link is sent, if it has an account."""

    email = email_field("Adresse e-mail", required="Indiquez votre adresse e-mail.")


class PasswordForm(Form):
    """Asks for a new password, once: it may be shown while typing."""

    password = PasswordField(
        "Nouveau mot de passe",
        validators=[
            not_empty("Indiquez un mot de passe."),
            readable,
            Length(max=PASSWORD_MAX, message="Ce mot de passe est trop long : 200 caractères au plus."),
        ],
    )
    email = ""

    def validate_password(self, field: PasswordField) -> None:
        """Refuse what is guessed too easily."""
        fault = password_fault(field.data, self.email)
        if fault:
            raise ValidationError(fault)


class OwnPasswordForm(PasswordForm):
    """Changes one's password: asks for the present one first, from whoever has one."""

    current = PasswordField("Mot de passe actuel", validators=[not_empty("Indiquez votre mot de passe actuel."), readable])

    def __init__(self, *arguments: Any, person: Person, **others: Any) -> None:
        super().__init__(*arguments, **others)
        self.email, self.person = person.email, person
        if Person.get_by_id(person.id).password is None:
            del self.current

    def validate_current(self, field: PasswordField) -> None:
        """Refuse another password than hers."""
        if not is_password_of(self.person, field.data):
            raise ValidationError("Ce mot de passe n’est pas le vôtre.")


class InvitationForm(Form):
    """Opens an account."""

    display_name = line_field("Prénom et nom", required="Indiquez le prénom et le nom.", maximum=120)
    email = email_field("Adresse e-mail", required="Indiquez l’adresse e-mail.")
    role = SelectField(
        "Rôle",
        choices={"": "Choisissez un rôle"} | Role.choices(),
        validators=[not_empty("Choisissez un rôle.")],
    )
    employer = line_field("Collectivité", maximum=200)

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for the employer of an HR officer, whose bilans it decides, and of an agent."""
        valid = super().validate(extra_validators)
        if self.role.data in (Role.HR.value, Role.AGENT.value) and not self.employer.data:
            self.employer.errors = ["Indiquez la collectivité."]
            valid = False
        return valid


class DisplayForm(Form):
    """Display preferences."""

    theme = RadioField("Couleurs", choices={"auto": "Comme mon appareil", "light": "Claires", "dark": "Sombres"})
    text = RadioField("Taille du texte", choices={"normal": "Normale", "large": "Grande", "larger": "Très grande"})
    typeface = RadioField(
        "Police de caractères",
        choices={"system": "Celle de mon appareil", "readable": "Atkinson Hyperlegible, plus lisible"},
    )
    spacing = RadioField("Espacement du texte", choices={"normal": "Normal", "wide": "Large, entre les lettres, les mots et les lignes"})
    contrast = RadioField("Contraste", choices={"normal": "Normal", "strong": "Renforcé"})
    wide_targets = BooleanField("Des boutons et des cases plus grands")
    no_motion = BooleanField("Aucune animation")
    one_question = BooleanField("Une seule question par page dans les questionnaires")
    plain_texts = BooleanField("Des phrases courtes et simples dans les questionnaires")
