"""Who reads a note, and what its versions are to each other."""

import datetime
from collections.abc import Iterable
from typing import Any, TypeVar

from bilan.wording import Worded

V = TypeVar("V", bound=Any)
# Savings that follow each other within this time are one moment of writing.
SITTING = datetime.timedelta(minutes=10)


class NoteKind(Worded):
    """Who reads a note."""

    PRIVATE = "private", "privée"
    SHARED = "shared", "partagée"


def sittings(versions: Iterable[V]) -> list[V]:
    """Return, of versions from the newest to the oldest, the last of each moment of writing by one author."""
    kept: list[V] = []
    after: V | None = None
    for version in versions:
        if after is None or after.author != version.author or after.created_at - version.created_at > SITTING:
            kept.append(version)
        after = version
    return kept
