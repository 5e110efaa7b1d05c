"""The form of a piece: the version that it is written on, and what it says otherwise than the one saved elsewhere."""

from typing import Any, ClassVar, Self

from wtforms import DateField, Field, SelectField, SelectMultipleField

from bilan import french
from bilan.fields import Form, version_field
from bilan.journeys.models import Journey


def _said(field: Field) -> str:
    if field.type == "BooleanField":
        return "Oui" if field.data else "Non"
    if isinstance(field, SelectMultipleField):
        return ", ".join(words for value, words in dict(field.choices).items() if value in (field.data or []))
    if isinstance(field, SelectField):
        return dict(field.choices).get(field.data, "")
    if isinstance(field, DateField):
        return french.day(field.data) if field.data else ""
    return str(field._value())  # noqa: SLF001 -- what the field itself would show


class RemovalForm(Form):
    """The version that was read before it is removed."""

    base = version_field()


class PieceForm(Form):
    """The form of a piece: what is not said yet is kept empty. `fixed` is the content that no field writes, kept as it is."""

    base = version_field()
    # The fields that are kept beside the content, or not at all.
    outside: ClassVar[set[str]] = {"base"}
    fixed: dict[str, Any]

    @classmethod
    def new(cls, journey: Journey, **known: Any) -> Self:
        """Return the form of a piece to write; what is known and has no field is fixed."""
        form = cls(data=known)
        form.fixed = {name: value for name, value in known.items() if name not in form}
        form.offer(journey)
        return form

    @classmethod
    def of(cls, piece: Any, **options: Any) -> Self:
        """Return the form as a piece stands."""
        form = cls(data={**cls.typed(piece.content), **cls.beside(piece), "base": piece.revision}, **options)
        form.fixed = {name: value for name, value in piece.content.items() if name not in form}
        form.offer(piece.journey)
        return form

    @classmethod
    def typed(cls, content: dict[str, Any]) -> dict[str, Any]:
        """Return a content as the fields take it."""
        return content

    @classmethod
    def beside(cls, _piece: Any) -> dict[str, Any]:
        """Return what the fields take of what is kept beside the content."""
        return {}

    def offer(self, journey: Journey) -> None:
        """Offer what the journey holds."""

    def values(self) -> dict[str, Any]:
        """Return what `actions.add` and `actions.save` take."""
        content = {
            field.name: field.data or ("" if field.type != "BooleanField" else False) for field in self if field.name not in self.outside
        }
        return {"content": self.fixed | content} | self.links()

    def links(self) -> dict[str, Any]:
        """Return what is kept beside the content."""
        return {}

    def differing(self, piece: Any) -> dict[str, str]:
        """Return, in words, what a piece says otherwise than this form, by field."""
        theirs = type(self).of(piece, formdata=None)
        return {
            field.name: _said(field) for field in theirs if field.name != "base" and (field.data or "") != (self[field.name].data or "")
        }
