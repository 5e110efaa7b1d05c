"""Forms of the treatment of a complaint."""

from collections.abc import Iterable
from typing import Any

from wtforms import RadioField, SelectField

from bilan.complaints.rules import EntryKind, Kind, Reason
from bilan.fields import Form, NumberedForm, as_uuid, not_empty, text_field
from bilan.people.models import Person
from bilan.uploads import UploadField

SAME = "Une personne ne traite pas la réclamation qui la concerne. Choisissez quelqu’un d’autre."


class WriteForm(NumberedForm):
    """A line of the thread: for colleagues, for the complainant, or what she said otherwise than on her page."""

    what = RadioField("Ce que vous écrivez", validators=[not_empty("Choisissez ce que vous écrivez.")], default=EntryKind.STEP.value)
    text = text_field("Texte", required="Écrivez le texte.", maximum=10_000)
    file = UploadField("Un fichier")

    def offer(self, *, acknowledged: bool, reopening: bool) -> None:
        """Offer what may still be written."""
        choices = {
            EntryKind.STEP.value: "Une note interne\u00a0: seule l’équipe la lit",
            EntryKind.REPLY.value: "Un message à la personne",
            EntryKind.MESSAGE.value: "Ce que la personne a dit, par téléphone ou autrement",
        }
        if not acknowledged:
            choices[EntryKind.ACKNOWLEDGEMENT.value] = (
                "L’accusé de réception donné autrement que par e-mail\u00a0: comment, quand et pourquoi"
            )
        if reopening:
            choices[EntryKind.REOPENING.value] = "La réponse ne convient pas à la personne\u00a0: elle demande un nouvel examen"
        self.what.choices = choices


class QualifyForm(Form):
    """What it is, whom it concerns, who treats it."""

    kind = SelectField("Sorte", choices=Kind.choices())
    about = SelectField("Personne de l’équipe concernée")
    owner = SelectField("Confiée à")

    def offer(self, *, staff: Iterable[Person], keepers: Iterable[Person]) -> None:
        """Offer the people of the service."""
        self.about.choices = {"": "Personne en particulier"} | {str(one.id): one.display_name for one in staff}
        self.owner.choices = {"": "Personne encore"} | {str(one.id): one.display_name for one in keepers}

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse that somebody treats what concerns her."""
        valid = super().validate(extra_validators)
        if valid and self.owner.data and self.owner.data == self.about.data:
            self.owner.errors = [SAME]
            return False
        return valid

    def chosen(self, field: SelectField, people: Iterable[Person]) -> Person | None:
        """Return the person that a field names."""
        wanted = as_uuid(field.data)
        return next((one for one in people if one.id == wanted), None)


class CloseForm(NumberedForm):
    """The three things without which nothing is closed: a written answer, a reason, the measure taken."""

    answer = text_field("La réponse à la personne", required="Écrivez la réponse individuelle que la personne lira.", maximum=20_000)
    reason = RadioField("Motif", choices=Reason.choices(), validators=[not_empty("Choisissez le motif.")])
    measure_taken = RadioField(
        "Une mesure est-elle prise\u00a0?", choices={"yes": "Oui", "no": "Non"}, validators=[not_empty("Dites si une mesure est prise.")]
    )
    measure = text_field("Laquelle, ou pourquoi aucune", required="Décrivez la mesure, ou dites pourquoi il n’y en a pas.", maximum=5_000)

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse a corrective measure that is none."""
        valid = super().validate(extra_validators)
        if self.reason.data == Reason.MEASURE.value and self.measure_taken.data == "no":
            self.measure_taken.errors = ["Le motif choisi est une mesure corrective\u00a0: dites laquelle."]
            return False
        return valid
