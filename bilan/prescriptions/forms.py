"""The short pages by which an HR service asks for a bilan."""

from typing import Any

from wtforms import RadioField, SelectField, TelField
from wtforms.validators import Length, Optional

from bilan.fields import Form, clean_line, email_field, line_field, not_empty, readable, single_line, text_field
from bilan.people.models import Person
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import CATEGORIES, FRENCH, MODES, MOTIVES, STATUSES

EXPECTATIONS_MAX = 4000
STAFF_ADDRESS = "Cette adresse est celle d’un compte professionnel. Indiquez une autre adresse de l’agent, si possible personnelle."
ALREADY_OPEN = "Un bilan est déjà demandé ou en cours à cette adresse. Appelez le secrétariat si c’est une erreur."


class StepForm(Form):
    """One page of the request. `prescription` is the one being written, None before it exists."""

    prescription: Prescription | None = None

    def values(self, *, valid_only: bool = False) -> dict[str, Any]:
        """Return what the page holds, under the names of rules.STEPS; `valid_only` leaves out the fields with errors."""
        return {name: field.data or "" for name, field in self._fields.items() if not (valid_only and field.errors)}


class AgentForm(StepForm):
    """Who the agent is."""

    agent_name = line_field("Prénom et nom", required="Indiquez le prénom et le nom de l’agent.", maximum=120)
    agent_email = email_field("Adresse e-mail de l’agent", required="Indiquez l’adresse e-mail de l’agent.")
    phone = TelField(
        "Téléphone de l’agent",
        filters=[clean_line],
        validators=[Optional(), readable, single_line, Length(max=40, message="Ce numéro est trop long : 40 caractères au plus.")],
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse an address of the team or of HR, and that of an agent whose bilan is already asked for."""
        valid = super().validate(extra_validators)
        if "agent_email" not in self or self.agent_email.errors:
            return valid
        owner = Person.by_email(self.agent_email.data)
        if owner and owner.is_staff:
            self.agent_email.errors = [STAFF_ADDRESS]
        elif Prescription.open_at(self.agent_email.data, but=self.prescription):
            self.agent_email.errors = [ALREADY_OPEN]
        return valid and not self.agent_email.errors

    def lock_identity(self) -> None:
        """Leave only the phone: once the agent is invited, the account is hers."""
        del self.agent_name, self.agent_email


class SituationForm(StepForm):
    """What the agent does."""

    position = line_field("Poste occupé", required="Indiquez le poste occupé.")
    status = RadioField("Statut", choices=STATUSES, validators=[not_empty("Choisissez le statut.")])
    category = RadioField("Catégorie", choices=CATEGORIES, validators=[not_empty("Choisissez la catégorie.")])


class RequestForm(StepForm):
    """Why a bilan is asked for."""

    motive = SelectField(
        "Motif de la demande", choices={"": "Choisissez un motif"} | MOTIVES, validators=[not_empty("Choisissez le motif de la demande.")]
    )
    expectations = text_field(
        "Ce que la collectivité attend du bilan", required="Écrivez ce que vous attendez du bilan.", maximum=EXPECTATIONS_MAX
    )


class ModalitiesForm(StepForm):
    """How the bilan may take place."""

    french = RadioField(
        "La personne lit et écrit le français", choices=FRENCH, validators=[not_empty("Dites si la personne lit et écrit le français.")]
    )
    mode = RadioField("Lieu préféré pour les entretiens", choices=MODES, validators=[not_empty("Choisissez le lieu préféré.")])


FORMS: dict[str, type[StepForm]] = {"agent": AgentForm, "situation": SituationForm, "demande": RequestForm, "modalites": ModalitiesForm}
