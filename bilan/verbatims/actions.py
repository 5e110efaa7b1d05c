"""Sorting open answers into themes, keeping the themes, hiding a name in a text."""

import uuid
from collections.abc import Collection

from peewee import IntegrityError

from bilan.database import transaction
from bilan.french import folded
from bilan.improvement.models import Improvement
from bilan.journal import Event, record
from bilan.people.models import Person
from bilan.satisfaction.models import Verbatim
from bilan.verbatims.models import Sorting, Theme
from bilan.verbatims.rules import NAME_MAX, hide


class NameTaken(Exception):
    """Another theme reads the same."""


class ThemeInUse(Exception):
    """Texts have this theme: its removal is to be confirmed."""


class NotInTheText(Exception):
    """The words to hide are not in the text."""


def add_theme(*, name: str, by: Person) -> Theme:
    """Add a theme. Raise NameTaken."""
    try:
        with transaction():
            theme = Theme.create(name=name, folded=folded(name)[: 2 * NAME_MAX])
            record(Event.THEME_SAVED, person=by, subject_id=theme.id)
    except IntegrityError:
        raise NameTaken from None
    return theme


def rename_theme(*, theme: Theme, name: str, by: Person) -> None:
    """Rename a theme. Raise NameTaken."""
    try:
        with transaction():
            Theme.update(name=name, folded=folded(name)[: 2 * NAME_MAX]).where(Theme.id == theme.id).execute()
            record(Event.THEME_SAVED, person=by, subject_id=theme.id)
    except IntegrityError:
        raise NameTaken from None


def merge_theme(*, theme: Theme, into: Theme, by: Person) -> None:
    """Put everything of a theme under another, and remove it; the plan follows."""
    with transaction():
        texts = [one for (one,) in Sorting.select(Sorting.verbatim).where(Sorting.theme == theme.id).tuples()]
        for one in texts:
            _sort(one, into.id)
        Improvement.update(theme=into).where(Improvement.theme == theme.id).execute()
        Theme.delete().where(Theme.id == theme.id).execute()
        record(Event.THEME_MERGED, person=by, subject_id=into.id)


def remove_theme(*, theme: Theme, confirmed: bool, by: Person) -> None:
    """Remove a theme; its texts are to sort again. Raise ThemeInUse unless it is confirmed."""
    with transaction():
        if not confirmed and Sorting.select().where(Sorting.theme == theme.id).exists():
            raise ThemeInUse
        Theme.delete().where(Theme.id == theme.id).execute()
        record(Event.THEME_REMOVED, person=by, subject_id=theme.id)


def sort(*, verbatim: Verbatim, added: Collection[uuid.UUID], removed: Collection[uuid.UUID], by: Person) -> list[Theme]:
    """Give and take themes, what another page did meanwhile stays; return the themes that the text has."""
    with transaction():
        for theme in Theme.select().where(Theme.id.in_(list(added))):
            _sort(verbatim.id, theme.id)
        Sorting.delete().where(Sorting.verbatim == verbatim.id, Sorting.theme.in_(list(removed))).execute()
        if added or removed:
            record(Event.VERBATIM_SORTED, person=by, subject_id=verbatim.id)
        return list(Theme.select().join(Sorting).where(Sorting.verbatim == verbatim.id).order_by(Theme.folded))


def _sort(verbatim_id: uuid.UUID, theme_id: uuid.UUID) -> None:
    Sorting.insert(verbatim=verbatim_id, theme=theme_id).on_conflict_ignore().execute()


def redact(*, verbatim: Verbatim, words: str, by: Person) -> None:
    """Hide words of a text for good. Raise NotInTheText."""
    with transaction():
        # The row is taken first: two names hidden at once are both hidden.
        Verbatim.update(survey=Verbatim.survey).where(Verbatim.id == verbatim.id).execute()
        fresh = Verbatim.get_by_id(verbatim.id)
        shortened = hide(fresh.text, words)
        if shortened == fresh.text:
            raise NotInTheText
        fresh.text = shortened
        fresh.save(only=[Verbatim.text])
        record(Event.VERBATIM_REDACTED, person=by, subject_id=verbatim.id)
