"""Forms of the questionnaires: they say whether it is an answer to this item."""

import datetime
from collections.abc import Iterable, Mapping
from functools import lru_cache

from wtforms import DateField, Field, IntegerField, RadioField, SelectField, ValidationError
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import HiddenInput

from bilan import french
from bilan.database import now
from bilan.fields import Form, not_empty, text_field
from bilan.questionnaires import instruments
from bilan.questionnaires.instruments import Instrument, Item

NO_ANSWER = "sans"
NO_ANSWER_LABEL = "Je préfère ne pas répondre"
RELOAD = "Rechargez la page, puis réessayez."


class PageForm(Form):
    """The items of one page, as radio buttons named by their identifiers, and the revision that the page knows."""

    seen = IntegerField("Version", default=0, validators=[NumberRange(min=0, max=10_000_000, message=RELOAD)])

    def answers(self) -> dict[str, int | None]:
        """Return the answers that the page gives, item to level (None: prefers not to answer)."""
        given = {name: field.data for name, field in self._fields.items() if name != "seen" and not field.errors and field.data}
        return {item: None if value == NO_ANSWER else int(value) for item, value in given.items()}


def page_form(instrument: Instrument, items: Iterable[Item], held: Mapping[str, int | None]) -> PageForm:
    """Return the form of these items, showing the answers held."""
    shown = {item: NO_ANSWER if level is None else str(level) for item, level in held.items()}
    return _items_form(instrument.slug, instrument.version, tuple(item.id for item in items))(data=shown)


@lru_cache(maxsize=512)
def _items_form(slug: str, version: int, items: tuple[str, ...]) -> type[PageForm]:
    """Return the form of some items, built once."""
    instrument = instruments.find(slug, version)
    choices = {str(level.value): level.label for level in instrument.levels} | {NO_ANSWER: NO_ANSWER_LABEL}

    class ItemsForm(PageForm):
        pass

    for item in (one for one in instrument.items if one.id in items):
        missing = not_empty(f"Choisissez une réponse, ou « {NO_ANSWER_LABEL} ».")
        setattr(ItemsForm, item.id, RadioField(item.text, choices=choices, validators=[missing]))
    return ItemsForm


def one_answer(instrument: Instrument, item: str, posted: Mapping[str, str]) -> tuple[int | None, int]:
    """Return the level given to one item and the revision that its page knows; raise ValueError.

    No form class: this is done at each click, and one radio button needs none.
    """
    value, seen = posted.get(item, ""), posted.get("seen", "")
    if not (seen.isdecimal() and len(seen) < 9):
        raise ValueError(RELOAD)
    if value == NO_ANSWER:
        return None, int(seen)
    if value not in {str(level.value) for level in instrument.levels}:
        raise ValueError("Choisissez une des réponses proposées.")
    return int(value), int(seen)


class AssignForm(Form):
    """Gives a questionnaire to the agent."""

    slug = SelectField("Questionnaire", validators=[not_empty("Choisissez un questionnaire.")])
    due_on = DateField("À remplir avant le", validators=[Optional()])

    def __init__(self) -> None:
        super().__init__()
        self.slug.choices = {
            one.slug: f"{one.title} – {len(one.items)} questions, environ {one.minutes} minutes" for one in instruments.published()
        }

    def validate_due_on(self, field: Field) -> None:
        """Refuse a date that is past, or absurdly far."""
        today = french.to_paris(now()).date()
        if field.data and not today <= field.data <= today + datetime.timedelta(days=730):
            raise ValidationError("Indiquez une date à partir d’aujourd’hui.")


class CommentForm(Form):
    """The counsellor's comment on a result."""

    text = text_field("Votre commentaire")
    base = IntegerField("Version", default=0, widget=HiddenInput(), validators=[NumberRange(min=0, max=1_000_000, message=RELOAD)])
