"""The form of a piece: the version that it is written on, and what it says otherwise than the one saved elsewhere."""

from typing import Any, ClassVar, Self

from wtforms import Field, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import HiddenInput

from bilan.fields import Form
from bilan.journeys.models import Journey


def version_field() -> IntegerField:
    """Return the hidden version on which a piece was written, or read before it is removed."""
    return IntegerField(
        "Version",
        widget=HiddenInput(),
        default=0,
        validators=[
            InputRequired("Rechargez la page, puis réessayez."),
            NumberRange(min=0, max=1_000_000, message="Rechargez la page, puis réessayez."),
        ],
    )


def _said(field: Field) -> str:
    if field.type == "BooleanField":
        return "Oui" if field.data else "Non"
    if isinstance(field, SelectField):
        return dict(field.choices).get(field.data, "")
    return str(field._value())  # noqa: SLF001 -- what the field itself would show


class RemovalForm(Form):
    """The version that was read before it is removed."""

    base = version_field()


class PieceForm(Form):
    """A piece of the career path: what is not said yet is kept empty."""

    base = version_field()
    # The fields that are kept beside the content, or not at all.
    outside: ClassVar[set[str]] = {"base"}

    @classmethod
    def new(cls, journey: Journey, **known: Any) -> Self:
        """Return the form of a piece to write."""
        form = cls(data=known)
        form.offer(journey)
        return form

    @classmethod
    def of(cls, piece: Any, **options: Any) -> Self:
        """Return the form as a piece stands."""
        beside = {"base": piece.revision, "experience": str(getattr(piece, "experience_id", None) or "")}
        form = cls(data={**piece.content, **beside}, **options)
        form.offer(piece.journey)
        return form

    def offer(self, journey: Journey) -> None:
        """Offer what the journey holds."""

    def values(self) -> dict[str, Any]:
        """Return what `actions.add` and `actions.save` take."""
        content = {
            field.name: field.data or ("" if field.type != "BooleanField" else False) for field in self if field.name not in self.outside
        }
        return {"content": content} | self.links()

    def links(self) -> dict[str, Any]:
        """Return what is kept beside the content."""
        return {}

    def differing(self, piece: Any) -> dict[str, str]:
        """Return, in words, what a piece says otherwise than this form, by field."""
        theirs = type(self).of(piece, formdata=None)
        return {
            field.name: _said(field) for field in theirs if field.name != "base" and (field.data or "") != (self[field.name].data or "")
        }
