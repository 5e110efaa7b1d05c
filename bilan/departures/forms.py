"""The form of a departure: who goes on with each bilan, and with what is treated."""

import uuid
from typing import Any

from wtforms import SelectField

from bilan.complaints.models import KEEPERS
from bilan.departures.models import Holding, may_treat
from bilan.fields import Form, not_empty
from bilan.journeys.models import ConflictOfInterest
from bilan.people.models import Person, Role
from bilan.prescriptions.models import Prescription

CONFLICT = "Cette personne a déclaré un conflit d’intérêts pour ce bilan. Choisissez quelqu’un d’autre."


class DepartureForm(Form):
    """Names whoever goes on; a field is added for each bilan (see departure_form)."""

    everybody = SelectField("La même personne pour tous les bilans", default="")
    successor = SelectField("Réclamations et actions confiées à", validators=[not_empty("Choisissez une personne.")])

    cases: tuple[Prescription, ...] = ()
    conflicts: dict[uuid.UUID, set[uuid.UUID]]
    people: dict[str, Person]

    def fields_of_cases(self) -> list[tuple[Prescription, Any]]:
        """Return each bilan with its field."""
        return [(case, self[f"heir_{case.id.hex}"]) for case in self.cases]

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for somebody for each bilan, who has declared no conflict of interest with it."""
        valid = super().validate(extra_validators)
        for case, field in self.fields_of_cases():
            chosen = self.people.get(field.data or self.everybody.data or "")
            fault = "Choisissez une personne." if chosen is None else CONFLICT if chosen.id in self.conflicts[case.id] else None
            if fault and not field.errors:
                field.errors, valid = [fault], False
        return valid

    def heirs(self) -> dict[uuid.UUID, Person]:
        """Return the next referent of each bilan, once the form is valid."""
        return {case.id: self.people[field.data or self.everybody.data] for case, field in self.fields_of_cases()}

    def chosen_successor(self) -> Person | None:
        """Return who treats the complaints and the actions from now on; None when nothing was asked."""
        return self.people.get(self.successor.data) if "successor" in self else None


def departure_form(person: Person, holding: Holding) -> DepartureForm:
    """Return the form of a departure; whoever has declared a conflict of interest with a bilan is not offered for it."""
    counsellors = [one for one in Person.active_of(Role.COUNSELLOR) if one.id != person.id]
    keepers = [one for one in Person.active_of(*KEEPERS) if one.id != person.id]
    names = {str(one.id): one.display_name for one in counsellors}
    conflicts = {case.id: ConflictOfInterest.of_case(case.employer_id, case.agent_name) for case in holding.cases}
    fields: dict[str, Any] = {}
    for case in holding.cases:
        free = {str(one.id): one.display_name for one in counsellors if one.id not in conflicts[case.id]}
        label = f"{case.agent_name}, {case.employer.name}"
        fields[f"heir_{case.id.hex}"] = SelectField(label, choices={"": "La personne choisie pour tous"} | free, default="")
    form = type("FilledDepartureForm", (DepartureForm,), fields)()
    form.cases, form.conflicts = tuple(holding.cases), conflicts
    form.people = {str(one.id): one for one in [*counsellors, *keepers]}
    form.everybody.choices = {"": "Une personne pour chaque bilan"} | names
    form.successor.choices = {"": "Choisissez une personne"} | {str(one.id): one.display_name for one in keepers}
    if not holding.cases:
        del form.everybody
    if not may_treat(person):
        del form.successor
    return form
