"""Importing a version of the ROME: one transaction, in which what has not changed is left alone."""

import uuid
from pathlib import Path
from typing import Any, NamedTuple

from bilan.database import transaction
from bilan.occupations.actions import Tally, note_source, put_domains, put_moves, put_occupations, put_titles, rebuild_search
from bilan.occupations.models import Occupation, OccupationSource, identifier
from bilan.occupations.rules import fold
from bilan.rome.reading import COLUMNS, FolderUnreadable, read_lines, read_version
from bilan.rome.rules import Entry, Problem, Rome, Title, Version, understand, version_of


class Count(NamedTuple):
    """What became of one kind of facts: how many lines were read, and refused."""

    label: str
    read: int
    tally: Tally
    refused: int


class Report(NamedTuple):
    """What an import did: `before` is the version that was there, `sentences` counts those read of the texts, `notes` is what somebody should look at."""

    version: Version
    before: str | None
    counts: list[Count]
    sentences: int
    problems: list[Problem]
    notes: list[str]

    @property
    def changes(self) -> int:
        """Return how many facts are not as before."""
        return sum(count.tally.changes for count in self.counts)


def import_folder(folder: Path) -> Report:
    """Load a version of the ROME in the place of the one before; raise FolderUnreadable, and then nothing has changed.

    A refused line is reported and the rest is loaded. An entry that this version no longer has
    is withdrawn, never removed: what points to it keeps pointing to it.
    """
    version = version_of(read_version(folder))
    if version is None:
        raise FolderUnreadable("Le fichier version.txt ne dit pas de quelle version il s’agit.")
    rome = understand({name: read_lines(folder, name) for name in COLUMNS})
    if not rome.entries:
        raise FolderUnreadable(f"Aucune fiche ne peut être lue dans {folder}.")
    with transaction():
        before = OccupationSource.rome()
        letters_before = _letters()
        entries = put_occupations(
            {identifier(f"rome:{one.code}"): _row(one) for one in rome.entries}, territorial=False, version=version.number
        )
        own = {(one.code, one.title) for one in rome.entries}
        titles = put_titles({identifier(f"title:rome:{one.ogr}"): _title(one, own) for one in rome.titles}, territorial=False)
        moves, domains = put_moves(rome.moves), put_domains(rome.domains)
        counts = _counts(rome, letters_before, {"entries": entries, "titles": titles, "moves": moves, "domains": domains})
        if entries.changes or titles.changes:
            rebuild_search()
        if before is None or Version(before.version, before.published_on) != version:
            note_source(name="rome", version=version.number, published_on=version.published_on)
        notes = _notes(rome, version, before)
    return Report(version, before and before.version, counts, rome.sentences, rome.problems, notes)


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "key": f"rome:{entry.code}",
        "code": entry.code,
        "title": entry.title,
        "sorting": fold(entry.title),
        "major": entry.letters[:1],
        "minor": entry.letters[1:],
        "domain": entry.code[:3],
        "territorial": False,
        "field": "",
        "sentence": "",
        "definition": entry.definition,
        "access": entry.access,
        "withdrawn_in": None,
    }


def _title(title: Title, own: set[tuple[str, str]]) -> dict[str, Any]:
    weight = 0 if (title.code, title.text) in own else 1
    return {"occupation": identifier(f"rome:{title.code}"), "text": title.text, "weight": weight}


def _letters() -> dict[uuid.UUID, tuple[str, str]]:
    """Return the letters of the entries that are there."""
    columns = (Occupation.id, Occupation.major, Occupation.minor)
    query = Occupation.select(*columns).where(~Occupation.territorial, Occupation.withdrawn_in.is_null())
    return {one: (major, minor) for one, major, minor in query.tuples()}


def _counts(rome: Rome, before: dict[uuid.UUID, tuple[str, str]], tallies: dict[str, Tally]) -> list[Count]:
    """Return what became of each kind of facts, in the order of the report."""
    after, read = _letters(), rome.read

    def refused(name: str) -> int:
        return sum(problem.file.startswith(f"unix_{name}_v") for problem in rome.problems)

    rows = [
        ("fiches", "referentiel_code_rome", tallies["entries"]),
        ("appellations", "referentiel_appellation", tallies["titles"]),
        ("mobilités", "rubrique_mobilite", tallies["moves"]),
        ("domaines", "cr_gd_dp", tallies["domains"]),
    ]
    counts = [Count(label, read[name], tally, refused(name)) for label, name, tally in rows]
    wrong = refused("referentiel_code_rome_riasec")
    for place, label in enumerate(("intérêts majeurs", "intérêts mineurs")):
        old, new = ({one: two[place] for one, two in letters.items() if two[place]} for letters in (before, after))
        same = sum(old.get(one) == letter for one, letter in new.items())
        added = sum(one not in old for one in new)
        tally = Tally(added, len(new) - same - added, sum(one not in new for one in old), same)
        counts.append(Count(label, len(new) + (wrong if place == 0 else 0), tally, wrong if place == 0 else 0))
    return counts


def _notes(rome: Rome, version: Version, before: OccupationSource | None) -> list[str]:
    """Return what somebody should look at: a step back, entries without letters, lines of the catalogue that the ROME contradicts."""
    notes = []
    if before and int(before.version) > int(version.number):
        notes.append(f"La version {version.number} est plus ancienne que la version {before.version}, qu’elle remplace.")
    bare = [one.code for one in rome.entries if not one.letters]
    if bare:
        notes.append(f"Sans intérêt\u00a0: {', '.join(bare)}.")
    letters = {one.code: one.letters for one in rome.entries}
    for one in Occupation.select().where(Occupation.territorial, Occupation.withdrawn_in.is_null()).order_by(Occupation.sorting):
        if one.code not in letters:
            notes.append(f"«\u00a0{one.title}\u00a0», du catalogue livré\u00a0: le code {one.code} n’est pas dans cette version.")
        elif letters[one.code] and letters[one.code] != one.letters:
            notes.append(f"«\u00a0{one.title}\u00a0», du catalogue livré\u00a0: {one.letters}, et {letters[one.code]} dans cette version.")
    return notes
