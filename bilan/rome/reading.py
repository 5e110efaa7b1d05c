"""The files of a published version: found by their names, read by their headers, each line accounted for."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

# What is read of each file: the columns may be in any order, among others.
COLUMNS = {
    "referentiel_code_rome": ("code_rome", "libelle_rome"),
    "referentiel_code_rome_riasec": ("code_rome", "riasec_majeur", "riasec_mineur"),
    "referentiel_appellation": ("code_ogr", "libelle_appellation_long", "code_rome"),
    "cr_gd_dp": (
        "code_rome",
        "code_grand_domaine",
        "libelle_grand_domaine",
        "code_domaine_professionel",
        "libelle_domaine_professionel",
    ),
    "texte": ("code_rome", "libelle_type_texte", "position_phrase", "libelle_texte"),
    "rubrique_mobilite": ("code_rome", "code_rome_cible", "numero_ordre"),
}
VERSION = "version.txt"
# Control characters, and the bytes that were not UTF-8.
UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class FolderUnreadable(Exception):
    """The folder does not hold what a version of the ROME holds; the message is a sentence for whoever imports it."""


class Line(NamedTuple):
    """A line of a file: the columns that are read of it, or the `fault` that keeps it out."""

    file: str
    number: int
    values: dict[str, str]
    fault: str = ""


def read_version(folder: Path) -> str:
    """Return the text that says which version this is; raise FolderUnreadable."""
    if not folder.is_dir():
        raise FolderUnreadable(f"Le dossier {folder} n’existe pas.")
    try:
        return (folder / VERSION).read_text(encoding="utf-8", errors="replace")
    except OSError:
        raise FolderUnreadable(f"Le fichier {VERSION} manque dans {folder}.") from None


def read_lines(folder: Path, name: str) -> list[Line]:
    """Return every line of a file after its header; raise FolderUnreadable when the file or one of its columns is not there."""
    pattern = f"unix_{name}_v*_utf8.csv"
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        fault = "manque dans" if not found else "est là en plusieurs versions dans"
        raise FolderUnreadable(f"Le fichier {pattern} {fault} {folder}.")
    try:
        # Bytes that are not UTF-8 are kept apart, to refuse their line only.
        with found[0].open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            return list(_lines(found[0].name, csv.reader(file), COLUMNS[name]))
    except OSError as error:
        raise FolderUnreadable(f"Le fichier {found[0].name} ne peut pas être lu : {error.strerror}.") from None


def _lines(name: str, rows: Iterator[list[str]], columns: tuple[str, ...]) -> Iterator[Line]:
    reader = _rows(rows)
    _, header, fault = next(reader, (1, [], ""))
    missing = [column for column in columns if column not in header]
    if missing or fault:
        raise FolderUnreadable(
            f"Le fichier {name} n’a pas la colonne {', '.join(missing)}." if missing else f"Le fichier {name} : {fault}."
        )
    places = {column: header.index(column) for column in columns}
    for number, row, fault in reader:
        wrong = fault or _fault(row, len(header))
        yield Line(name, number, {} if wrong else {column: row[place].strip() for column, place in places.items()}, wrong)


def _fault(row: list[str], width: int) -> str:
    if len(row) != width:
        return f"{len(row)} champs au lieu de {width}"
    return "un caractère ne peut pas être lu" if any(UNREADABLE.search(value) for value in row) else ""


def _rows(rows: Iterator[list[str]]) -> Iterator[tuple[int, list[str], str]]:
    """Return each row with the number of its first line; an error of the reader is a fault of that row."""
    while True:
        number = rows.line_num + 1  # type: ignore[attr-defined]
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield number, [], f"ligne illisible ({error})"
            continue
        if row:
            yield number, row, ""
