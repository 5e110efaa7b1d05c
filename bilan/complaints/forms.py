"""The complaint form, open to all, and the one of whoever logs what was told; what the complainant writes afterwards."""

import datetime
from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, DateField, Field, HiddenField, RadioField, SelectField, StringField, ValidationError

from bilan import french
from bilan.complaints.rules import LINKS, Channel, Kind
from bilan.database import now
from bilan.fields import Form, NumberedForm, email_field, line_field, not_empty, text_field
from bilan.people.models import Person
from bilan.uploads import UploadField

PHONE_CHARACTERS = set("0123456789 +.-()/")
DIGITS_MIN = 6
MESSAGE_MAX = 10_000
OLDEST_DAYS = 366
KINDS = {
    Kind.COMPLAINT.value: "Une réclamation\u00a0: je conteste ou je regrette quelque chose",
    Kind.DIFFICULTY.value: "Une difficulté\u00a0: quelque chose à arranger",
    Kind.HAZARD.value: "Un danger\u00a0: quelque chose menace une personne",
}


# The words of the same fields where somebody of the service fills them.
SAID_OF_HER = {
    "kind": "Ce qui est signalé",
    "name": "Le nom de la personne",
    "email": "Son adresse e-mail",
    "phone": "Son téléphone",
    "link": "Son lien avec le service",
    "expected": "Qu’attend-elle de nous\u00a0?",
}


class TellingForm(Form):
    """Who tells what, and how to answer."""

    kind = RadioField("Ce que vous signalez", choices=KINDS, default=Kind.COMPLAINT.value)
    name = line_field("Votre nom", required="Indiquez votre nom, pour que nous puissions vous répondre.", maximum=120)
    email = email_field("Votre adresse e-mail")
    phone = line_field("Votre téléphone", maximum=40)
    link = SelectField(
        "Votre lien avec le service",
        choices={"": "Choisissez"} | LINKS,
        validators=[not_empty("Choisissez ce qui vous correspond le mieux.")],
    )
    happened = text_field("Que s’est-il passé\u00a0?", required="Racontez ce qui s’est passé, avec vos mots.", maximum=MESSAGE_MAX)
    expected = text_field("Qu’attendez-vous de nous\u00a0?", maximum=5_000)

    def validate_phone(self, field: StringField) -> None:
        """Refuse what cannot be dialled."""
        digits = sum(character.isdigit() for character in field.data)
        if set(field.data) - PHONE_CHARACTERS or digits < DIGITS_MIN:
            raise ValidationError("Indiquez un numéro de téléphone, comme 04 77 68 42 88.")

    def content(self) -> dict[str, Any]:
        """Return what is kept, encrypted."""
        names = ("name", "email", "phone", "link", "happened", "expected")
        return {name: self[name].data or "" for name in names} | {"address": "", "call_back": False, "about_counsellor": False}


class ComplaintForm(TellingForm):
    """What anybody tells. `site_web` is a trap: people do not see it."""

    about_counsellor = BooleanField("Cela concerne mon conseiller ou ma conseillère")
    call_back = BooleanField("Je souhaite être rappelé ou rappelée")
    proof = HiddenField()
    site_web = StringField("Ne remplissez pas ce champ")

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
        return super().content() | {"call_back": self.call_back.data, "about_counsellor": self.about_counsellor.data}


class LogForm(TellingForm, NumberedForm):
    """What was told by phone, by letter or face to face. Whom it concerns is for the keepers of the register to say."""

    channel = SelectField(
        "Comment c’est arrivé",
        choices={"": "Choisissez"} | {one.value: one.label for one in Channel if one is not Channel.FORM},
        validators=[not_empty("Choisissez comment cela vous est arrivé.")],
    )
    received_on = DateField("Reçue le", validators=[not_empty("Indiquez le jour où cela vous est arrivé.")])
    address = text_field("Son adresse postale", maximum=400)
    about = SelectField("Personne de l’équipe concernée", default="")

    def __init__(self, *arguments: Any, **others: Any) -> None:
        super().__init__(*arguments, **others)
        for name, label in SAID_OF_HER.items():
            self[name].label.text = label

    def offer(self, people: Iterable[Person] | None) -> None:
        """Offer whom it may concern; None: whoever logs it does not say so."""
        if people is None:
            del self.about
        else:
            self.about.choices = {"": "Personne en particulier"} | {str(one.id): one.display_name for one in people}

    def validate_received_on(self, field: Field) -> None:
        """Refuse a day to come, or one of more than a year ago."""
        today = french.to_paris(now()).date()
        if field.data and not today - datetime.timedelta(days=OLDEST_DAYS) <= field.data <= today:
            raise ValidationError("Indiquez un jour passé, de moins d’un an.")

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for a way to answer."""
        valid = super().validate(extra_validators)
        if not (self.email.data or self.phone.data or self.address.data):
            self.email.errors = ["Indiquez une adresse e-mail, un téléphone ou une adresse postale, pour que nous puissions répondre."]
            valid = False
        return valid

    def content(self) -> dict[str, Any]:
        """Return what is kept, encrypted."""
        return super().content() | {"address": self.address.data or ""}


class MessageForm(NumberedForm):
    """What the complainant adds, with a file."""

    text = text_field("Votre message", required="Écrivez votre message.", maximum=MESSAGE_MAX)
    file = UploadField("Un fichier")


class JudgementForm(NumberedForm):
    """Whether the answer suits her; once, that it is looked at again."""

    verdict = RadioField("Cette réponse vous convient-elle\u00a0?", validators=[not_empty("Choisissez une réponse.")])
    words = text_field("Vos mots", maximum=5_000)

    def offer(self, *, reopening: bool) -> None:
        """Offer the second look, unless it was taken."""
        again = {"again": "Non, je demande un nouvel examen"} if reopening else {}
        self.verdict.choices = {"yes": "Oui", "no": "Non, mais je m’arrête là"} | again

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask why it should be looked at again."""
        valid = super().validate(extra_validators)
        if self.verdict.data == "again" and not self.words.data and not self.words.errors:
            self.words.errors = ["Dites ce qui ne convient pas, pour que nous puissions le reprendre."]
            valid = False
        return valid
