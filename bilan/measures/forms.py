"""Forms of the disability referent: the decision, the measures, what is written and checked."""

from typing import Any

from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from bilan.adaptations.rules import Decision, EntryKind
from bilan.fields import DURATIONS, Form, NumberedForm, line_field, not_empty, text_field, version_field
from bilan.french import duration
from bilan.measures.rules import READINGS, Kind

TEXT_MAX = 5_000


class WriteForm(NumberedForm):
    """What the referent writes: to the person, or what was told her otherwise."""

    what = RadioField("Ce que vous écrivez", validators=[not_empty("Choisissez ce que vous écrivez.")])
    text = text_field("Texte", required="Écrivez le texte.", maximum=TEXT_MAX)

    def offer(self, *, has_account: bool) -> None:
        """Offer what may be written: somebody without an account reads nothing here."""
        message = {EntryKind.MESSAGE.value: "Un message, qu’elle lira dans son espace"} if has_account else {}
        self.what.choices = message | {EntryKind.TOLD.value: "Ce qui lui a été dit, au téléphone ou autrement, et quand"}
        self.what.data = self.what.data or next(iter(self.what.choices))


class DecideForm(Form):
    """The decision, its reason, and why it comes late when it does."""

    decision = RadioField("Décision", choices=Decision.choices(), validators=[not_empty("Choisissez la décision.")])
    reason = text_field("Motif, que la personne lit", required="Écrivez le motif\u00a0: la personne le lit.", maximum=TEXT_MAX)
    late_reason = text_field("Pourquoi le délai est dépassé", maximum=TEXT_MAX)
    base = version_field()
    is_late = False

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask why, once the last day is past."""
        valid = super().validate(extra_validators)
        if self.is_late and not self.late_reason.data:
            self.late_reason.errors = ["Le délai est dépassé\u00a0: dites pourquoi."]
            return False
        return valid


class MeasureForm(NumberedForm):
    """A measure that needs nothing more."""

    NAMES: tuple[str, ...] = ()

    def values(self) -> dict[str, Any]:
        """Return what the measure holds."""
        return {name: self[name].data for name in self.NAMES}


class SessionForm(MeasureForm):
    """The length of meetings."""

    NAMES = ("minutes",)
    minutes = SelectField("Durée d’un entretien", coerce=int, choices=DURATIONS, default=120)


class BreaksForm(MeasureForm):
    """Breaks, in minutes."""

    NAMES = ("every", "pause")
    every = SelectField("Toutes les", coerce=int, choices={one: duration(one) for one in (20, 30, 45, 60, 90)}, default=45)
    pause = SelectField("Durée d’une pause", coerce=int, choices={one: duration(one) for one in (5, 10, 15, 20, 30)}, default=10)


class ReadingForm(MeasureForm):
    """What is set on the screen."""

    NAMES = ("choices",)
    choices = SelectMultipleField(
        "À l’écran",
        choices={name: words[0].upper() + words[1:] for name, (words, _) in READINGS.items()},
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validators=[not_empty("Cochez au moins un réglage.")],
    )


class PhoneForm(MeasureForm):
    """The number to call."""

    NAMES = ("contact",)
    contact = line_field("Numéro de téléphone", required="Indiquez le numéro.", maximum=60)


class PostForm(MeasureForm):
    """The address to write to."""

    NAMES = ("contact",)
    contact = text_field("Adresse postale", required="Indiquez l’adresse.", maximum=400)


class OtherForm(MeasureForm):
    """A measure put in place by hand."""

    NAMES = ("text",)
    text = text_field("La mesure, que la personne lit", required="Décrivez la mesure.", maximum=1_000)


FORM_OF: dict[Kind, type[MeasureForm]] = {
    Kind.SESSION: SessionForm,
    Kind.BREAKS: BreaksForm,
    Kind.REMOTE: MeasureForm,
    Kind.READING: ReadingForm,
    Kind.PHONE: PhoneForm,
    Kind.POST: PostForm,
    Kind.OTHER: OtherForm,
}


class CheckForm(NumberedForm):
    """What the person said of what is in place."""

    text = text_field("Ce que la personne en dit", required="Écrivez ce que la personne en dit.", maximum=TEXT_MAX)
