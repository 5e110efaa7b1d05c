"""The form fields of the whole application: what they accept, and the sentence when they do not."""

import unicodedata
import uuid
from collections.abc import Callable
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from markupsafe import Markup, escape
from werkzeug.datastructures import CombinedMultiDict
from wtforms import EmailField, Field, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional, StopValidation, ValidationError
from wtforms.widgets import HiddenInput, Input, Select, TextArea
from wtforms.widgets.core import clean_key

from bilan.french import duration

LINE_MAX = 200
QUOTE = '"'
RELOAD = "Rechargez la page, puis réessayez."
TEXT_MAX = 20_000
# The lengths of a meeting that forms offer, in minutes.
DURATIONS = {minutes: duration(minutes) for minutes in (30, 45, 60, 75, 90, 105, 120, 150, 180)}
ALLOWED_CONTROLS = {"\n", "\r", "\t"}


def attributes(**given: Any) -> Markup:
    """Return the attributes of a control, as WTForms writes them and in a fifth of the time: they were half of a page of questions."""
    words = []
    for name, value in sorted(given.items()):
        if value is True:
            words.append(clean_key(name))
        elif value is not False:
            # What is already Markup may hold a quote.
            words.append(f'{clean_key(name)}="{str(escape(value)).replace(QUOTE, "&quot;")}"')
    return Markup(" ".join(words))  # noqa: S704 -- each value was escaped


def option(_widget: type[Select], choice: SelectChoice, **given: Any) -> Markup:
    """Return an option of a list, as WTForms writes it and in half of the time: a network has two thousand employers."""
    label = str(escape(choice.label or choice.value))
    shown = attributes(value=str(choice.value), selected=bool(choice.selected), **(choice.render_kw or {}), **given)
    return Markup(f"<option {shown}>{label}</option>")  # noqa: S704 -- both were escaped


for widget in (Input, TextArea):
    widget.html_params = staticmethod(attributes)
Select.render_option = classmethod(option)


class Form(FlaskForm):
    """A form of the application. CSRF is checked for every post before any form is built."""

    class Meta(FlaskForm.Meta):
        csrf = False
        locales = ("fr",)

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            """Return what was typed: neither files (see uploads.UploadField) nor JSON, whose numbers are no words, fill a field."""
            found = super().wrap_formdata(form, formdata)
            return request.form if isinstance(found, CombinedMultiDict) or (found is not None and request.is_json) else found


class EmptyForm(Form):
    """A button and nothing else."""


class NumberedForm(Form):
    """A form with a number of its own, so that a double click writes once."""

    submission = HiddenField("Envoi")

    def validate_submission(self, field: Field) -> None:
        """Refuse a number that is none."""
        if as_uuid(field.data) is None:
            raise ValidationError(RELOAD)

    def number(self) -> uuid.UUID:
        """Return the number, once the form is valid."""
        return uuid.UUID(self.submission.data)

    def renumber(self) -> None:
        """Give a form that has no number one, before it is shown."""
        self.submission.data = self.submission.data or str(uuid.uuid4())


def form_status(form: FlaskForm) -> int:
    """Return 422 when the form comes back with errors, else 200."""
    return 422 if form.errors else 200


def clean_line(value: str | None) -> str:
    """Return a one-line text in composed Unicode, without the spaces around."""
    return unicodedata.normalize("NFC", value or "").strip()


def clean_text(value: str | None) -> str:
    """Return a text with one kind of line ending and without the empty lines around."""
    return unicodedata.normalize("NFC", value or "").replace("\r\n", "\n").replace("\r", "\n").strip()


def clean_search(value: str | None) -> str:
    """Return what is searched: one line of at most 100 characters, without what no keyboard types."""
    return "".join(character for character in clean_line(value) if character.isprintable())[:100]


def as_uuid(value: str | None) -> uuid.UUID | None:
    """Return the identifier that a form or an address names, None when it is none."""
    try:
        return uuid.UUID(value or "")
    except ValueError:
        return None


def readable(_form: Form, field: Field) -> None:
    """Refuse control characters and halves of characters, which no keyboard types."""
    for character in field.data or "":
        if unicodedata.category(character) in ("Cc", "Cs") and character not in ALLOWED_CONTROLS:
            raise StopValidation("Ce texte contient un caractère qui ne peut pas être enregistré. Effacez-le, puis réessayez.")


def single_line(_form: Form, field: Field) -> None:
    """Refuse a line break where one line is asked."""
    if any(character in (field.data or "") for character in "\r\n\u2028\u2029"):
        raise ValidationError("Écrivez sur une seule ligne.")


class NotEmpty(InputRequired):
    """Refuses a mandatory field that is left empty, or filled with spaces."""

    def __call__(self, form: Form, field: Field) -> None:
        """Refuse the field with its sentence."""
        if field.raw_data and not str(field.raw_data[0]).strip():
            field.errors[:] = []
            raise StopValidation(self.message)
        super().__call__(form, field)


def not_empty(sentence: str) -> NotEmpty:
    """Return the check of a mandatory field, with its own sentence."""
    return NotEmpty(sentence)


def _presence(required: str | None) -> Any:
    return not_empty(required) if required else Optional()


def line_field(label: str, *, required: str | None = None, maximum: int = LINE_MAX) -> StringField:
    """Return a one-line field; `required` is the sentence shown when it is empty."""
    return StringField(
        label,
        filters=[clean_line],
        validators=[_presence(required), readable, single_line, Length(max=maximum, message=_too_long(maximum))],
    )


def version_field() -> IntegerField:
    """Return the hidden version on which a text was written, or read before it is removed."""
    return IntegerField(
        "Version",
        widget=HiddenInput(),
        default=0,
        validators=[
            InputRequired(RELOAD),
            NumberRange(min=0, max=1_000_000, message=RELOAD),
        ],
    )


def email_field(label: str, *, required: str | None = None) -> EmailField:
    """Return an e-mail field."""
    return EmailField(
        label,
        filters=[clean_line],
        validators=[
            _presence(required),
            readable,
            single_line,
            Length(max=254, message=_too_long(254)),
            Email("Indiquez une adresse e-mail complète, comme prenom.nom@exemple.fr."),
        ],
    )


class ReadField(StringField):
    """A value typed as people write it: `read` makes it, raising ValueError, and `write` shows it again."""

    data: Any

    def __init__(self, label: str, *, read: Callable[[str], Any], write: Callable[[Any], str], sentence: str, **others: Any) -> None:
        super().__init__(label, **others)
        self.read, self.write, self.sentence = read, write, sentence

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; `data` is None when it cannot be."""
        self.data = None
        typed = clean_line(valuelist[0]) if valuelist else ""
        try:
            self.data = self.read("".join(typed.split())) if typed else None
        except ValueError:
            raise ValueError(self.sentence) from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.write(self.data)


def text_field(label: str, *, required: str | None = None, maximum: int = TEXT_MAX) -> TextAreaField:
    """Return a field of several lines."""
    return TextAreaField(
        label,
        filters=[clean_text],
        validators=[_presence(required), readable, Length(max=maximum, message=_too_long(maximum))],
    )


def _too_long(maximum: int) -> str:
    shown = f"{maximum:,}".replace(",", "\u00a0")
    return f"Ce texte est trop long\u00a0: {shown} caractères au plus. Votre texte est conservé ci-dessous, raccourcissez-le."
