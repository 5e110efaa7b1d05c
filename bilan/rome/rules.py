"""What the lines of a version say: entries, titles, moves, domains; and what each refused line has. Pure functions."""

import datetime
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from bilan.occupations.rules import Move
from bilan.questionnaires.rules import HOLLAND
from bilan.rome.reading import Line

CODE = re.compile(r"[A-Z]\d{4}")
TITLE_MAX, OTHER_TITLE_MAX, TEXT_MAX = 200, 250, 20_000
DEFINITION, ACCESS = "definition", "acces_metier"


class Version(NamedTuple):
    """The number of a version and the day it was published."""

    number: str
    published_on: datetime.date | None


class Entry(NamedTuple):
    """An entry of the ROME; `definition` and `access` have a sentence per line, `letters` 0 to 2 signs."""

    code: str
    title: str
    letters: str
    definition: str
    access: str


class Title(NamedTuple):
    """A title (appellation) of an entry, and its number in the ROME."""

    ogr: str
    text: str
    code: str


class Problem(NamedTuple):
    """A line that was refused, and why."""

    file: str
    number: int
    reason: str


class Rome(NamedTuple):
    """A version as it was read: what is in order, and the rest in `problems`; `read` counts the lines of each file."""

    entries: list[Entry]
    titles: list[Title]
    moves: list[Move]
    domains: dict[str, str]
    sentences: int
    problems: list[Problem]
    read: dict[str, int]


class Refused(ValueError):
    """A line says something that cannot be; the message says what."""


def tidy(text: str) -> str:
    """Return a published text with apostrophes that are doubled or straight in the files, and spaces, as French sets them."""
    return " ".join(text.replace("''", "'").replace("'", "’").split())


def version_of(text: str) -> Version | None:
    """Return the version that its text announces, None when it announces none."""
    number = re.search(r"num[eé]ro de version\s*:\s*(\d{1,6})", text, re.IGNORECASE)
    published = re.search(r"date de publication\s*:\s*(\d{2})/(\d{2})/(\d{4})", text, re.IGNORECASE)
    if number is None:
        return None
    try:
        day = datetime.date(*map(int, reversed(published.groups()))) if published else None
    except ValueError:
        day = None
    return Version(str(int(number[1])), day)


def understand(files: dict[str, list[Line]]) -> Rome:
    """Return what the files of a version say."""
    reading = _Reading()
    titles = dict(reading.each(files["referentiel_code_rome"], reading.entry))
    reading.codes = set(titles)
    letters = dict(reading.each(files["referentiel_code_rome_riasec"], reading.letters))
    domains = {code: label for two in reading.each(files["cr_gd_dp"], reading.domains) for code, label in two}
    texts: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for code, kind, position, text in reading.each(files["texte"], reading.text):
        texts.setdefault((code, kind), []).append((position, text))
    said = {key: "\n".join(text for _, text in sorted(ones)) for key, ones in texts.items()}
    entries = [
        Entry(code, title, letters.get(code, ""), said.get((code, DEFINITION), ""), said.get((code, ACCESS), ""))
        for code, title in titles.items()
    ]
    appellations = list(reading.each(files["referentiel_appellation"], reading.title))
    moves = list(reading.each(files["rubrique_mobilite"], reading.move))
    sentences = sum(map(len, texts.values()))
    return Rome(entries, appellations, moves, domains, sentences, reading.problems, {name: len(lines) for name, lines in files.items()})


class _Reading:
    """The checks of the lines, with what was read before: a code is known once its entry was read."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.codes: set[str] = set()
        self.seen: set[tuple[str, ...]] = set()

    def each(self, lines: Iterable[Line], read: Any) -> Iterator[Any]:
        for line in lines:
            try:
                yield self._read(line, read)
            except Refused as refused:
                self.problems.append(Problem(line.file, line.number, str(refused)))

    @staticmethod
    def _read(line: Line, read: Any) -> Any:
        if line.fault:
            raise Refused(line.fault)
        return read(line.values)

    def entry(self, values: dict[str, str]) -> tuple[str, str]:
        code = values["code_rome"]
        if not CODE.fullmatch(code):
            raise Refused(f"code « {code} » mal formé")
        title = self._words(values["libelle_rome"], "intitulé", TITLE_MAX)
        self._once("code", code)
        return code, title

    def letters(self, values: dict[str, str]) -> tuple[str, str]:
        code, major, minor = self._known(values["code_rome"]), values["riasec_majeur"].upper(), values["riasec_mineur"].upper()
        for letter in (major, minor):
            if len(letter) > 1 or letter not in HOLLAND:
                raise Refused(f"lettre d’intérêt « {letter} » inconnue")
        if not major or major == minor:
            raise Refused("intérêt majeur vide" if not major else f"le même intérêt « {major} » deux fois")
        self._once("letters", code)
        return code, major + minor

    def domains(self, values: dict[str, str]) -> tuple[tuple[str, str], tuple[str, str]]:
        code = self._known(values["code_rome"])
        large, small = values["code_grand_domaine"], values["code_domaine_professionel"]
        if (large, small) != (code[:1], code[:3]):
            raise Refused(f"domaine « {small} » qui n’est pas celui du code {code}")
        names = ("libelle_grand_domaine", "libelle_domaine_professionel")
        first, second = (self._words(values[name], "nom de domaine", TITLE_MAX) for name in names)
        return (large, first), (small, second)

    def text(self, values: dict[str, str]) -> tuple[str, str, int, str]:
        code, kind = self._known(values["code_rome"]), values["libelle_type_texte"]
        text = self._words(values["libelle_texte"], "texte", TEXT_MAX)
        return code, kind, self._rank(values["position_phrase"]), text

    def title(self, values: dict[str, str]) -> Title:
        ogr, code = values["code_ogr"], self._known(values["code_rome"])
        if not re.fullmatch(r"\d{1,20}", ogr):
            raise Refused(f"numéro d’appellation « {ogr} » mal formé")
        text = self._words(values["libelle_appellation_long"], "appellation", OTHER_TITLE_MAX)
        self._once("title", ogr)
        return Title(ogr, text, code)

    def move(self, values: dict[str, str]) -> Move:
        source, target = self._known(values["code_rome"]), self._known(values["code_rome_cible"])
        if source == target:
            raise Refused(f"mobilité de {source} vers lui-même")
        rank = self._rank(values["numero_ordre"])
        self._once("move", source, target)
        return Move(source, target, rank)

    def _known(self, code: str) -> str:
        if code not in self.codes:
            raise Refused(f"code « {code} » inconnu")
        return code

    def _once(self, *key: str) -> None:
        if key in self.seen:
            raise Refused(f"déjà lu : {' '.join(key[1:])}")
        self.seen.add(key)

    @staticmethod
    def _words(text: str, what: str, maximum: int) -> str:
        said = tidy(text)
        if not said or len(said) > maximum:
            raise Refused(f"{what} vide" if not said else f"{what} de plus de {maximum} signes")
        return said

    @staticmethod
    def _rank(text: str) -> int:
        if not re.fullmatch(r"\d{1,3}", text):
            raise Refused(f"rang « {text} » qui n’est pas un nombre")
        return int(text)
