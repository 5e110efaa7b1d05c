"""Words that are searched, the shipped catalogue as it is written, and why an occupation could fit: pure functions."""

import csv
import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from bilan.questionnaires.rules import HOLLAND, hexagon_distance

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
OWNED = {"vos": "que vous avez exercé", "ses": "de son parcours", "les": "du parcours"}
SMALL_WORDS = frozenset(
    ["a", "au", "aux", "d", "dans", "de", "des", "du", "en", "et", "l", "la", "le", "les", "ou", "par", "pour", "sur", "un", "une"]
)
IRREGULAR = {"travaux": "travail", "vitraux": "vitrail", "yeux": "oeil"}
# "agent(e)", "agent·e": what is typed of the other gender beside a word; ROME writes both words whole.
OTHER_GENDER = re.compile(r"(?<=[a-z])(\([a-z]{1,5}\)|·[a-z]+(·s)?)")


class CatalogueInvalid(ValueError):
    """The shipped catalogue breaks its own form; the message says where."""


class Wanted(NamedTuple):
    """What is searched: words, a family ("" for all; a field of ours, a large or a professional domain), letters, whose occupations."""

    text: str = ""
    family: str = ""
    letters: str = ""
    territorial: bool = False

    @property
    def words(self) -> list[str]:
        """Return the words to look for, folded; the last one may be the beginning of a word."""
        return fold(self.text).split()[:WORDS_MAX]


class Congruence(NamedTuple):
    """How near two sets of interest letters are, and the most that it could be."""

    value: int
    maximum: int


class Ground(NamedTuple):
    """What an occupation is compared with: the code of the person's interests (None without a result), and what was lived.

    `lived`: (position, code of the occupation that it was); `moves`: the codes that the ROME leads to from each of these.
    """

    code: str | None
    lived: list[tuple[str, str]]
    moves: Mapping[str, Collection[str]]

    def experience_reasons(self, code: str, *, whose: str) -> list[str]:
        """Return the sentences that lead from the experiences to the occupations of a code."""
        return [
            experience_reason(position, same=source == code, whose=whose)
            for position, source in self.lived
            if code == source or code in self.moves.get(source, ())
        ]

    def reasons(self, code: str, letters: str, names: Mapping[str, str], *, whose: str) -> list[str]:
        """Return every sentence that explains why an occupation could fit; with neither results nor experiences, none."""
        found = self.experience_reasons(code, whose=whose)
        return [*found, interest_reason(self.code, letters, names, whose=whose)] if self.code is not None else found

    def nearness(self, code: str, letters: str) -> tuple[bool, float]:
        """Return in which order suggestions are read, the greatest first: from an experience, then by congruence. None is left out."""
        near = congruence(self.code or "", letters)
        lived = any(code == source or code in self.moves.get(source, ()) for _, source in self.lived)
        return lived, near.value / near.maximum if near else -1


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


def closest(position: str, titles: Iterable[tuple[str, bool, str]], most: int) -> list[str]:
    """Return the identifiers of the occupations whose titles have most in common with a position, at most `most`.

    `titles`: (identifier, territorial, title). In common: shared words over all the words of both; then local government first.
    """
    wanted = set(fold(position).split())
    scores: dict[str, tuple[float, bool]] = {}
    for identifier, territorial, title in titles:
        words = set(fold(title).split())
        score = (len(wanted & words) / len(wanted | words), territorial)
        scores[identifier] = max(score, scores.get(identifier, score))
    return sorted((one for one in scores if scores[one][0]), key=lambda one: scores[one], reverse=True)[:most]


def congruence(person: str, occupation: str) -> Congruence | None:
    """Return how near a person's letters are to those of an occupation; None when one of them has none.

    Two letters on both sides: the C index of Brown & Gore (1994), Journal of Vocational Behavior
    45, 315-327, without its third term, since the ROME gives two letters at most: 3 x1 + 2 x2,
    where x is 3 for the same letter, 2 for neighbours on the hexagon, 1 for the next, 0 for
    opposites; 0 to 15. A single letter on one side: x1, the first-letter agreement on Holland's
    hexagon, 0 to 3.
    """
    if not person or not occupation:
        return None
    near = [3 - hexagon_distance(one, other) for one, other in zip(person[:2], occupation[:2], strict=False)]
    return Congruence(3 * near[0] + 2 * near[1], 15) if len(near) == 2 else Congruence(near[0], 3)


def interest_reason(person: str, occupation: str, names: Mapping[str, str], *, whose: str) -> str:
    """Return the sentence that says what an occupation has in common with a person's answers; `whose`: "vos", "ses" or "les" answers."""
    shared = [names[letter] for letter in occupation if letter in person]
    if shared:
        words = f"l’intérêt {shared[0]}" if len(shared) == 1 else f"les intérêts {' et '.join(shared)}"
        return f"Ce métier et {whose} réponses ont en commun {words}."
    for mine in person[:2]:
        if occupation and hexagon_distance(mine, occupation[0]) == 1:
            return f"L’intérêt {names[occupation[0]]} de ce métier est voisin de l’intérêt {names[mine]} de {whose} réponses."
    return f"{whose.capitalize()} réponses ne disent rien pour ou contre ce métier."


def experience_reason(position: str, *, same: bool, whose: str) -> str:
    """Return the sentence that links an occupation to an experience of its reader ("vos"), of the agent ("ses"), or of the bilan ("les")."""
    named = f"«\u00a0{position}\u00a0», {OWNED[whose]}"
    return f"{named}, est de la même fiche." if same else f"Le ROME donne ce métier comme une évolution possible depuis {named}."


def letters_asked(values: Iterable[str]) -> str:
    """Return the interest letters that an address asks for, in the order of the hexagon."""
    asked = set(values)
    return "".join(letter for letter in HOLLAND if letter in asked)
