"""Forms of journeys."""

from typing import Any

from wtforms import SelectField

from bilan.fields import Form, line_field
from bilan.people.models import Employer


class ConflictForm(Form):
    """Declares an employer, or a person, that a counsellor cannot accompany; no reason is asked."""

    employer = SelectField("Collectivité", choices={})
    person_name = line_field("Ou une personne, prénom et nom", maximum=120)

    def offer(self, employers: list[Employer]) -> None:
        """Offer these employers."""
        self.employer.choices = {"": "Aucune"} | {str(one.id): one.name for one in employers}

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for one of the two."""
        valid = super().validate(extra_validators)
        if valid and bool(self.employer.data) == bool(self.person_name.data):
            self.employer.errors = ["Choisissez une collectivité, ou écrivez le nom d’une personne."]
            return False
        return valid
