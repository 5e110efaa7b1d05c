"""Words of the code that the screens say in French: an enumeration whose members carry both."""

import enum
from typing import Self


class Worded(enum.StrEnum):
    """Members are written NAME = "value", "mots": the value is what the database keeps, `label` what the screens say."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        """Make a member of its value and its words."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls) -> dict[str, str]:
        """Return the words by value, for the choices of a form."""
        return {member.value: member.label for member in cls}
