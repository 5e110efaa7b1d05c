"""Forms of whoever asks: what is needed, who sees it, what she writes and thinks."""

from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectMultipleField, StringField
from wtforms.widgets import CheckboxInput, ListWidget

from bilan.adaptations.rules import NEEDS, CounsellorSees, Need, Theme
from bilan.fields import Form, NumberedForm, line_field, not_empty, text_field

WORDS_MAX, TEXT_MAX = 4_000, 5_000


def _needs(theme: Theme) -> SelectMultipleField:
    choices = {one.value: one.label for one in NEEDS[theme]}
    return SelectMultipleField(theme.label, choices=choices, option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False))


class NeedsForm(NumberedForm):
    """What somebody needs; never why."""

    welcome = _needs(Theme.WELCOME)
    meetings = _needs(Theme.MEETINGS)
    tools = _needs(Theme.TOOLS)
    words = text_field("Avec vos mots", maximum=WORDS_MAX)

    def needs(self) -> list[str]:
        """Return what was ticked."""
        return [*(self.welcome.data or []), *(self.meetings.data or []), *(self.tools.data or [])]

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for one need at least, and for words of "something else"."""
        valid = super().validate(extra_validators)
        if not self.needs() and not any(self[theme.value].errors for theme in Theme):
            self.welcome.errors = ["Cochez au moins un besoin, dans l’une des trois listes."]
            valid = False
        if Need.OTHER.value in self.needs() and not self.words.data:
            self.words.errors = ["Dites en quelques mots ce qu’est «\u00a0autre chose\u00a0»."]
            valid = False
        return valid


class SharingForm(Form):
    """Who sees what."""

    shows_words = BooleanField("Mes mots", default=True)
    shows_name = BooleanField("Mon nom")
    shows_meetings = BooleanField("Mon conseiller ou ma conseillère, et mon prochain rendez-vous")
    counsellor_sees = RadioField(
        "La personne qui m’accompagne voit",
        choices=CounsellorSees.choices(),
        default=CounsellorSees.MEASURES.value,
        validators=[not_empty("Choisissez ce que voit la personne qui vous accompagne.")],
    )

    def shown(self) -> dict[str, Any]:
        """Return what the actions take."""
        seen = {name: self[name].data for name in ("shows_words", "shows_name", "shows_meetings")}
        return {**seen, "counsellor_sees": CounsellorSees(self.counsellor_sees.data)}


class AskForm(NeedsForm, SharingForm):
    """A request of an agent."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse "something else" alone, when its words stay hidden."""
        valid = super().validate(extra_validators)
        if self.needs() == [Need.OTHER.value] and not self.shows_words.data:
            self.shows_words.errors = [
                "Le référent handicap ne saurait pas ce qu’il vous faut. Montrez vos mots, ou cochez un autre besoin."
            ]
            return False
        return valid

    def content(self) -> dict[str, Any]:
        """Return what is kept, encrypted."""
        return {"needs": self.needs(), "words": self.words.data or "", "contact": {}}


class PublicForm(NeedsForm):
    """A request of anybody. `site_web` is a trap: people do not see it."""

    submission = HiddenField("Envoi")
    name = line_field("Votre nom", required="Indiquez votre nom.", maximum=120)
    contact = line_field("Votre téléphone ou votre adresse e-mail", required="Indiquez un moyen de vous répondre.", maximum=254)
    proof = HiddenField()
    site_web = StringField("Ne remplissez pas ce champ")

    def validate_submission(self, _field: HiddenField) -> None:
        """Leave it to the proof, which holds the number."""

    def content(self) -> dict[str, Any]:
        """Return what is kept, encrypted."""
        contact = {"name": self.name.data, "contact": self.contact.data}
        return {"needs": self.needs(), "words": self.words.data or "", "contact": contact}


class MessageForm(NumberedForm):
    """A message."""

    text = text_field("Votre message", required="Écrivez votre message.", maximum=TEXT_MAX)


class JudgeForm(NumberedForm):
    """Whether what is in place suits the person."""

    suits = RadioField(
        "Ce qui est en place vous convient-il\u00a0?",
        choices={"yes": "Oui, cela me convient", "no": "Non, c’est à revoir"},
        validators=[not_empty("Dites si cela vous convient.")],
    )
    words = text_field("En quelques mots", maximum=TEXT_MAX)

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask what is to be changed."""
        valid = super().validate(extra_validators)
        if self.suits.data == "no" and not self.words.data:
            self.words.errors = ["Dites ce qu’il faudrait changer."]
            return False
        return valid
