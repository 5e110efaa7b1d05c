"""Forms of the open answers and of their themes."""

import uuid
from collections.abc import Iterable

from wtforms import BooleanField, Field, HiddenField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from bilan.fields import Form, as_uuid, line_field, not_empty
from bilan.verbatims.models import Theme
from bilan.verbatims.rules import NAME_MAX


class ThemeForm(Form):
    """The name of a theme."""

    name = line_field("Nom du thème", required="Donnez un nom au thème.", maximum=NAME_MAX)


class MergeForm(Form):
    """The theme that receives the texts of another."""

    into = SelectField("Réunir avec", validators=[not_empty("Choisissez un thème.")])

    def offer(self, themes: Iterable[Theme]) -> None:
        """Offer the other themes."""
        self.into.choices = {"": "Choisissez"} | {str(one.id): one.name for one in themes}


class RemoveForm(Form):
    """The removal of a theme, confirmed when texts have it."""

    confirmed = BooleanField("Retirer quand même")


class SortForm(Form):
    """The themes of a text; `shown` says which it had when the page was made, so that only what changed is written."""

    themes = SelectMultipleField("Thèmes", option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False))
    shown = HiddenField("Thèmes affichés")

    def offer(self, themes: Iterable[Theme]) -> None:
        """Offer every theme."""
        self.themes.choices = {str(one.id): one.name for one in themes}

    def changed(self) -> tuple[set[uuid.UUID], set[uuid.UUID]]:
        """Return the themes given and those taken away."""
        now, before = _ids(self.themes.data), _ids((self.shown.data or "").split())
        return now - before, before - now


def _ids(values: Iterable[str] | None) -> set[uuid.UUID]:
    return {found for found in map(as_uuid, values or ()) if found}


class RedactForm(Form):
    """Words to hide for good; `step` says that the text was read as it will be."""

    words = line_field("Les mots à masquer", required="Recopiez le nom, ou les mots, à masquer.", maximum=120)
    step = HiddenField("Étape", default="read")

    def refuse(self, sentence: str) -> None:
        """Say why these words are not hidden."""
        field: Field = self.words
        field.errors = [sentence]
