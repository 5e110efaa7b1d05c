"""Forms of the closing: the day of the handing over, the objectives, what is kept, the reasons."""

from typing import Any, Self

from wtforms import DateField, Field, RadioField, SelectField, ValidationError

from bilan.closing.rules import Item, Keep, Level, Side
from bilan.database import now
from bilan.fields import Form, not_empty, text_field, version_field
from bilan.french import plural, to_paris

SENTENCE_MAX, REASON_MAX = 2000, 2000


class HandOverForm(Form):
    """The day when the synthesis was handed over."""

    on = DateField("Remise à l’agent le", validators=[not_empty("Indiquez le jour.")])

    def validate_on(self, field: Field) -> None:
        """Refuse a day to come."""
        if field.data and field.data > to_paris(now()).date():
            raise ValidationError("Ce jour n’est pas encore venu. Notez la remise le jour même, ou après.")


class AssessForm(Form):
    """How far each objective was reached: the counsellor owes an answer to each, the agent gives those that she wants to."""

    base = version_field()
    objectives: list[str]
    side: Side

    @classmethod
    def of(cls, objectives: list[str], side: Side, known: dict[str, Any], base: int) -> Self:
        """Return the form of these objectives, as one of the two has answered it."""
        made: dict[str, Any] = {}
        data: dict[str, Any] = {"base": base}
        owed = side is Side.COUNSELLOR
        choices = Level.choices() | ({} if owed else {"": "Sans avis"})
        asked = [not_empty("Dites où en est cet objectif.")] if owed else []
        for rank, objective in enumerate(objectives):
            made[f"level_{rank}"] = RadioField(objective, choices=choices, default=None if owed else "", validators=asked)
            made[f"sentence_{rank}"] = text_field("Une phrase pour l’expliquer", maximum=SENTENCE_MAX)
            said = known.get(objective, {})
            data |= {
                f"level_{rank}": said.get("level") or (None if owed else ""),
                f"sentence_{rank}": said.get("sentence", ""),
            }
        form = type("ObjectivesForm", (cls,), made)(data=data)
        form.objectives, form.side = objectives, side
        return form

    def pairs(self) -> list[tuple[Any, Any]]:
        """Return the two fields of each objective."""
        return [(self[f"level_{rank}"], self[f"sentence_{rank}"]) for rank in range(len(self.objectives))]

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask the counsellor for each objective, with a sentence unless it is reached."""
        super().validate(extra_validators)
        for level, sentence in self.pairs():
            if self.side is Side.COUNSELLOR and level.data and level.data != Level.REACHED.value and not sentence.data:
                sentence.errors = ["Écrivez une phrase pour cet objectif."]
            elif self.side is Side.AGENT and sentence.data and not level.data:
                level.errors = ["Choisissez aussi où en est cet objectif."]
        return not self.errors

    def content(self, known: dict[str, Any]) -> dict[str, dict[str, str]]:
        """Return what `assess` takes; what was said of an objective that is no longer one stays said."""
        kept = {objective: said for objective, said in known.items() if objective not in self.objectives}
        pairs = zip(self.objectives, self.pairs(), strict=True)
        return kept | {
            objective: {"level": level.data, "sentence": sentence.data or ""} for objective, (level, sentence) in pairs if level.data
        }


class KeepForm(Form):
    """What the agent asks to be kept: nothing, unless she says otherwise."""

    base = version_field()
    keep = RadioField(
        "Que voulez-vous que le centre garde\u00a0?", choices=Keep.choices(), validators=[not_empty("Choisissez une réponse.")]
    )
    months = SelectField("Pendant combien de temps, au plus", coerce=int)
    need = text_field("À quoi cela vous servira", maximum=SENTENCE_MAX)

    @classmethod
    def of(cls, maximum: int, **known: Any) -> Self:
        """Return the form; `maximum` is how many months may be asked."""
        form = cls(data=known)
        form.months.choices = {count: plural(count, "mois", "mois") for count in range(1, maximum + 1)}
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask what it is for when something is kept."""
        super().validate(extra_validators)
        if self.keep.data in (Keep.SYNTHESIS.value, Keep.FUTURE.value) and not self.need.data:
            self.need.errors = ["Dites en quelques mots à quoi cela vous servira, par exemple\u00a0: faire le point dans six mois."]
        return not self.errors


class CloseForm(Form):
    """Why something is left undone, line by line of the checklist."""

    @classmethod
    def of(cls, items: list[Item]) -> Self:
        """Return the form that asks for a reason of each of these lines."""
        labels = {"synthesis": "Pourquoi clore sans synthèse validée par les deux", "plan": "Pourquoi le plan n’a aucune étape"}
        made = {one.key: text_field(labels[one.key], required="Écrivez la raison.", maximum=REASON_MAX) for one in items}
        return type("ReasonsForm", (cls,), made)()

    def reasons(self) -> dict[str, str]:
        """Return what `close` takes."""
        return {field.name: field.data for field in self}
