"""References that are read aloud: a letter, the year, a number without gaps (R-2026-0001)."""

from collections.abc import Callable
from typing import Any, TypeVar

from peewee import IntegrityError, fn

from bilan.database import now, transaction
from bilan.french import to_paris

TRIES = 10
Written = TypeVar("Written")


class Numbered:
    """What goes by a number of the year. The model has `year` and `number`, unique together, and says its letter."""

    letter: str
    year: Any
    number: Any

    @property
    def reference(self) -> str:
        """Return the reference, like R-2026-0001; empty as long as there is none."""
        return f"{self.letter}-{self.year}-{self.number:04d}" if self.number else ""

    @classmethod
    def next_number(cls, year: int) -> int:
        """Return the number that follows in the year."""
        return (cls.select(fn.MAX(cls.number)).where(cls.year == year).scalar() or 0) + 1  # type: ignore[attr-defined]


def with_next_number(model: type[Numbered], write: Callable[[int, int], Written]) -> Written:
    """Run a write that takes the next number of this year, given (year, number), in one transaction.

    A write that fails gives its number back: there is no gap. On PostgreSQL two may compute
    the same number at once: the unique index refuses the second, which tries again.
    """
    year = to_paris(now()).year
    for _ in range(TRIES):
        try:
            with transaction():
                return write(year, model.next_number(year))
        except IntegrityError as error:
            refused = error
    raise refused
