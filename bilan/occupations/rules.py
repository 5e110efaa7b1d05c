"""Words that are searched, the shipped catalogue as it is written, and why an occupation could fit: pure functions."""

import csv
import re
import tomllib
import unicodedata
from typing import NamedTuple

# Where the catalogue puts its occupations: ours, as an agent of a town would say it.
FIELDS = {
    "espaces-verts": "Espaces verts et nature",
    "batiment": "Bâtiment et ateliers",
    "voirie": "Voirie et réseaux",
    "proprete": "Propreté, eau et déchets",
    "vehicules": "Véhicules et transports",
    "restauration": "Restauration collective",
    "entretien": "Entretien et gardiennage",
    "petite-enfance": "Petite enfance",
    "ecole": "École et jeunesse",
    "social": "Action sociale et insertion",
    "autonomie": "Santé et autonomie",
    "culture": "Culture et bibliothèque",
    "sport": "Sport et loisirs",
    "securite": "Police, prévention et secours",
    "accueil": "Accueil et état civil",
    "administration": "Administration et droit",
    "finances": "Finances et marchés publics",
    "ressources-humaines": "Ressources humaines",
    "urbanisme": "Urbanisme et habitat",
    "environnement": "Environnement et énergie",
    "informatique": "Informatique",
    "communication": "Communication et tourisme",
    "direction": "Direction et développement local",
}
# The index holds words that were folded this way: another number has it written again.
FOLDING = 1
WORDS_MAX = 8
SMALL_WORDS = frozenset(
    ["a", "au", "aux", "d", "dans", "de", "des", "du", "en", "et", "l", "la", "le", "les", "ou", "par", "pour", "sur", "un", "une"]
)
IRREGULAR = {"travaux": "travail", "vitraux": "vitrail", "yeux": "oeil"}
# "agent(e)", "agent·e": what is typed of the other gender beside a word; ROME writes both words whole.
OTHER_GENDER = re.compile(r"(?<=[a-z])(\([a-z]{1,5}\)|·[a-z]+(·s)?)")


class CatalogueInvalid(ValueError):
    """The shipped catalogue breaks its own form; the message says where."""


class Entry(NamedTuple):
    """An occupation of the shipped catalogue; `letters` has one or two interest letters; `also` are other names of it."""

    slug: str
    field: str
    code: str
    letters: str
    title: str
    sentence: str
    also: tuple[str, ...]

    @property
    def key(self) -> str:
        """Return what its identifier is made of."""
        return f"territorial:{self.slug}"


class Move(NamedTuple):
    """A published move from one code of the ROME to another."""

    source: str
    target: str
    rank: int

    @property
    def key(self) -> str:
        """Return what its identifier is made of."""
        return f"move:{self.source}:{self.target}"


def fold(text: str) -> str:
    """Return the words of a text as they are searched: no accent, capital, plural or little word."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    words = re.findall(r"[a-z0-9]+", OTHER_GENDER.sub(" ", plain))
    return " ".join(_singular(word) for word in words if word not in SMALL_WORDS)


def _singular(word: str) -> str:
    if word in IRREGULAR:
        return IRREGULAR[word]
    if len(word) <= 3 or word[-1] not in "sx":
        return word
    return f"{word[:-3]}al" if word.endswith("aux") and not word.endswith("eaux") else word[:-1]


def read_catalogue(text: str) -> list[Entry]:
    """Return the occupations of the shipped catalogue, in its order; raise CatalogueInvalid."""
    entries = []
    for field, ones in tomllib.loads(text).items():
        if field not in FIELDS:
            raise CatalogueInvalid(f"domaine inconnu : {field}")
        for one in ones["metiers"]:
            try:
                entries.append(Entry(field=field, **{**one, "also": tuple(one.get("also", ()))}))
            except TypeError as error:
                raise CatalogueInvalid(f"{field}, {one.get('slug')} : {error}") from None
    for name in ("slug", "title"):
        values = [getattr(entry, name) for entry in entries]
        twice = sorted({value for value in values if values.count(value) > 1})
        if twice:
            raise CatalogueInvalid(f"{name} deux fois : {', '.join(twice)}")
    return entries


def read_moves(text: str) -> list[Move]:
    """Return the published moves between the codes of the catalogue, which are shipped with it."""
    return [Move(row["source"], row["target"], int(row["rank"])) for row in csv.DictReader(text.splitlines())]
