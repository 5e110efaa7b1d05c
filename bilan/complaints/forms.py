"""The complaint form, open to all."""

from typing import Any

from wtforms import BooleanField, HiddenField, SelectField, StringField, ValidationError

from bilan.complaints.rules import LINKS
from bilan.fields import Form, email_field, line_field, not_empty, text_field

PHONE_CHARACTERS = set("0123456789 +.-()/")
DIGITS_MIN = 6


class ComplaintForm(Form):
    """What happened, what is expected, and how to answer. `site_web` is a trap: people do not see it."""

    name = line_field("Votre nom", required="Indiquez votre nom, pour que nous puissions vous répondre.", maximum=120)
    email = email_field("Votre adresse e-mail")
    phone = line_field("Votre téléphone", maximum=40)
    link = SelectField(
        "Votre lien avec le service",
        choices={"": "Choisissez"} | LINKS,
        validators=[not_empty("Choisissez ce qui vous correspond le mieux.")],
    )
    happened = text_field("Que s’est-il passé ?", required="Racontez ce qui s’est passé, avec vos mots.", maximum=10_000)
    expected = text_field("Qu’attendez-vous de nous ?", maximum=5_000)
    call_back = BooleanField("Je souhaite être rappelé ou rappelée")
    proof = HiddenField()
    site_web = StringField("Ne remplissez pas ce champ")

    def validate_phone(self, field: StringField) -> None:
        """Refuse what cannot be dialled."""
        digits = sum(character.isdigit() for character in field.data)
        if set(field.data) - PHONE_CHARACTERS or digits < DIGITS_MIN:
            raise ValidationError("Indiquez un numéro de téléphone, comme 04 77 68 42 88.")

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for one way to answer at least; an empty field would not be asked by a check of its own."""
        valid = super().validate(extra_validators)
        if not self.email.data and not self.phone.data:
            self.email.errors = ["Indiquez une adresse e-mail ou un téléphone, pour que nous puissions vous répondre."]
            valid = False
        if self.call_back.data and not self.phone.data:
            self.phone.errors = ["Indiquez le numéro auquel vous rappeler."]
            valid = False
        return valid

    def content(self) -> dict[str, Any]:
        """Return what is kept, encrypted."""
        names = ("name", "email", "phone", "link", "happened", "expected", "call_back")
        return {name: self[name].data or ("" if name != "call_back" else False) for name in names}
