"""Forms of the leads: an idea, what the agent says of it, a survey."""

import datetime
import uuid
from typing import Any

from wtforms import DateField, Field, RadioField, SelectField, ValidationError
from wtforms.validators import Optional

from bilan import french
from bilan.database import now
from bilan.fields import Form, line_field, not_empty, text_field, version_field
from bilan.leads.rules import Choice, Contact
from bilan.pieces.forms import PieceForm

TEXT_MAX = 4000


class LeadForm(PieceForm):
    """A lead of one's own: its name and why; its origin and its occupation do not change."""

    title = line_field("Métier ou direction", required="Nommez le métier ou la direction.")
    why = text_field("Pourquoi cette piste", maximum=TEXT_MAX)


class SortForm(Form):
    """What the agent says of a lead, with her reason."""

    choice = RadioField("Qu’en dites-vous\u00a0?", choices=Choice.choices(), validators=[not_empty("Choisissez une réponse.")])
    reason = text_field("Votre raison", required="Écrivez votre raison\u00a0: quelques mots suffisent.", maximum=TEXT_MAX)
    base = version_field()


class SurveyForm(PieceForm):
    """What was found out about a job."""

    who = line_field("Avec qui, ou où", required="Indiquez avec qui, ou où.")
    contact = SelectField("De quelle façon", choices={"": "Pas encore dit"} | Contact.choices())
    on = DateField("Quel jour", validators=[Optional()])
    findings = text_field("Ce que vous avez appris", maximum=TEXT_MAX)

    lead_id: uuid.UUID

    @classmethod
    def typed(cls, content: dict[str, Any]) -> dict[str, Any]:
        """Return a content with its day as a date."""
        return content | {"on": datetime.date.fromisoformat(content["on"]) if content["on"] else None}

    def validate_on(self, field: Field) -> None:
        """Refuse a day of another century."""
        today = french.to_paris(now()).date()
        if field.data and not today.year - 5 <= field.data.year <= today.year + 1:
            raise ValidationError("Vérifiez l’année.")

    def links(self) -> dict[str, Any]:
        """Return the lead that it is about."""
        return {"lead_id": self.lead_id}

    def values(self) -> dict[str, Any]:
        """Return what `pieces.actions` take; the day as text."""
        found = super().values()
        found["content"]["on"] = self.on.data.isoformat() if self.on.data else ""
        return found
