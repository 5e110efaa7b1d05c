"""Forms of the improvement plan."""

import datetime
from collections.abc import Iterable
from typing import Any

from wtforms import DateField, Field, HiddenField, SelectField, ValidationError

from bilan import french
from bilan.fields import Form, NumberedForm, as_uuid, line_field, not_empty, text_field, version_field
from bilan.improvement.models import Improvement, today
from bilan.improvement.rules import SENTENCE_MAX, TITLE_MAX, Origin, State
from bilan.people.models import Person
from bilan.verbatims.models import Theme

FARTHEST_DAYS = 5 * 366
FIELDS = ("title", "observed", "origin", "theme", "owner", "due_on", "state", "reason", "effect", "effect_on")


class ActionForm(Form):
    """What an action is: what was seen before, who does it, until when."""

    title = line_field("L’action", required="Dites en une phrase ce qui sera fait.", maximum=TITLE_MAX)
    observed = text_field("Ce qui a été constaté avant", maximum=5_000)
    origin = SelectField(
        "Origine", choices=Origin.choices(), default=Origin.OPINIONS.value, validators=[not_empty("Choisissez une origine.")]
    )
    theme = SelectField("Thème des avis", default="")
    owner = SelectField("Confiée à", default="")
    due_on = DateField("Échéance", validators=[not_empty("Indiquez un jour.")])

    def offer(self, *, keepers: Iterable[Person], themes: Iterable[Theme], complaint: bool) -> None:
        """Offer whom it may be entrusted to, the themes, and the origins: a complaint comes from its own page only."""
        self.owner.choices = {"": "Personne encore"} | {str(one.id): one.display_name for one in keepers}
        self.theme.choices = {"": "Aucun"} | {str(one.id): one.name for one in themes}
        choices = Origin.choices()
        if complaint:
            choices = {Origin.COMPLAINT.value: choices[Origin.COMPLAINT.value]}
        else:
            choices.pop(Origin.COMPLAINT.value)
        self.origin.choices = choices

    def validate_due_on(self, field: Field) -> None:
        """Refuse a day that is a slip of the fingers."""
        day = today()
        if field.data and not day - datetime.timedelta(days=FARTHEST_DAYS) <= field.data <= day + datetime.timedelta(days=FARTHEST_DAYS):
            raise ValidationError("Indiquez un jour à moins de cinq ans.")

    def values(self) -> dict[str, Any]:
        """Return what is kept."""
        return {
            "title": self.title.data,
            "observed": self.observed.data or "",
            "origin": Origin(self.origin.data),
            "theme": as_uuid(self.theme.data),
            "owner": as_uuid(self.owner.data),
            "due_on": self.due_on.data,
        }


class StartForm(ActionForm, NumberedForm):
    """A new action."""


class ChangeForm(ActionForm):
    """An action that goes on: where it stands, what it changed."""

    base = version_field()
    state = SelectField("État", choices=State.choices(), validators=[not_empty("Choisissez un état.")])
    reason = text_field("Pourquoi elle est abandonnée", maximum=2_000)
    effect = text_field("Ce qui est constaté après", maximum=5_000)
    effect_on = DateField("Constaté le", validators=[])

    @staticmethod
    def typed(improvement: Improvement) -> dict[str, Any]:
        """Return an action as the fields take it."""
        known = {name: getattr(improvement, name) for name in ("title", "observed", "due_on", "reason", "effect", "effect_on")}
        words = {"origin": improvement.origin.value, "state": improvement.state.value}
        links = {"theme": str(improvement.theme_id or ""), "owner": str(improvement.owner_id or "")}
        return known | words | links | {"base": improvement.revision}

    def process(self, *arguments: Any, **others: Any) -> None:
        """Take an empty day as no day: the browser sends an empty text."""
        super().process(*arguments, **others)
        if self.effect_on.raw_data and not self.effect_on.raw_data[0].strip():
            self.effect_on.process_errors = []

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask why it is dropped, and when an effect was seen."""
        valid = super().validate(extra_validators)
        if self.state.data == State.DROPPED.value and not self.reason.data:
            self.reason.errors = ["Dites pourquoi elle est abandonnée."]
            valid = False
        if self.effect.data and not self.effect_on.data and not self.effect_on.errors:
            self.effect_on.errors = ["Indiquez le jour où vous l’avez constaté."]
            valid = False
        if self.effect_on.data and self.effect_on.data > today():
            self.effect_on.errors = ["Indiquez un jour passé."]
            valid = False
        return valid

    def values(self) -> dict[str, Any]:
        """Return what is kept."""
        effect = self.effect.data or ""
        others = {"state": State(self.state.data), "reason": self.reason.data or "", "effect": effect}
        return super().values() | others | {"effect_on": self.effect_on.data if effect else None}

    def differing(self, improvement: Improvement) -> dict[str, str]:
        """Return, in words, what was saved otherwise than this form says, by field."""
        theirs = type(self)(formdata=None, data=self.typed(improvement))
        for name in ("theme", "owner", "origin"):
            theirs[name].choices = self[name].choices
        return {name: said(theirs[name]) for name in FIELDS if (theirs[name].data or "") != (self[name].data or "")}


def said(field: Field) -> str:
    """Return what a field holds, in words."""
    if isinstance(field, SelectField):
        return dict(field.choices).get(field.data, "")
    return french.short_day(field.data) if field.data and isinstance(field, DateField) else str(field.data or "")


class SentenceForm(Form):
    """What the public will read; `step` says that it was read again."""

    sentence = text_field("La phrase publique", required="Écrivez la phrase que tout le monde lira.", maximum=SENTENCE_MAX)
    step = HiddenField("Étape", default="read")
