"""Occupations, their titles and the moves between them: public facts, which no bilan is needed to read.

An identifier is made of the entry's own key ("rome:A1203", "territorial:jardinier"): a new version
of the ROME changes what an entry says, never where a bilan points to. What a version no longer has
is kept, out of the search.
"""

import uuid
from collections.abc import Iterable
from typing import Any, NamedTuple

from peewee import (
    JOIN,
    SQL,
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    FixedCharField,
    ForeignKeyField,
    IntegerField,
    Model,
    NodeList,
    SqliteDatabase,
    TextField,
    UUIDField,
    Value,
    fn,
)

from bilan.careers.models import Experience
from bilan.careers.rules import in_order
from bilan.database import BaseModel, database, now
from bilan.journeys.models import Journey
from bilan.occupations.rules import Ground, Wanted, closest, fold
from bilan.questionnaires import instruments
from bilan.questionnaires.models import INTERESTS, Passation

NAMESPACE = uuid.UUID("6f1f2f0c-6a8e-5d0b-9d7c-2f6b3c1e8a54")


def identifier(key: str) -> uuid.UUID:
    """Return the identifier of what has this key, the same for ever."""
    return uuid.uuid5(NAMESPACE, key)


class Neighbours(NamedTuple):
    """The occupations of the same entry of the ROME, those that may follow one, and those that it may follow."""

    siblings: list[Any]
    following: list[Any]
    preceding: list[Any]


class Occupation(BaseModel):
    """An entry: of the ROME, or of the shipped catalogue (`territorial`), whose `field` of local government and sentence are ours.

    `major` and `minor` are its interest letters ("" when the ROME gives none). `definition` and
    `access` are the ROME's, a sentence per line. `sorting` is its title as a list sorts it.
    """

    key = CharField(max_length=80, unique=True)
    code = FixedCharField(max_length=5, index=True)
    title = CharField(max_length=200)
    sorting = CharField(max_length=200)
    major = CharField(max_length=1)
    minor = CharField(max_length=1)
    domain = CharField(max_length=3)
    territorial = BooleanField()
    field = CharField(max_length=40)
    sentence = CharField(max_length=200)
    definition = TextField()
    access = TextField()
    withdrawn_in = CharField(max_length=20, null=True)

    @classmethod
    def listed(cls) -> Any:
        """Return the query of the occupations that are searched: the withdrawn ones apart."""
        return cls.select().where(cls.withdrawn_in.is_null())

    @classmethod
    def matching(cls, wanted: Wanted) -> Any:
        """Return the query of what is searched: own titles before others, local government first; `found` is the title found."""
        query = cls.listed()
        if wanted.words:
            found = fn.MIN(OccupationTitle.weight.cast("TEXT").concat(OccupationTitle.text))
            query = cls.select(cls, found.alias("found")).join(OccupationTitle).join(*_search()).where(cls.withdrawn_in.is_null())
            query = (
                query.where(_matches(wanted.words)).group_by(cls.id).order_by(fn.SUBSTR(found, 1, 1), cls.territorial.desc(), cls.sorting)
            )
        else:
            query = query.order_by(cls.territorial.desc(), cls.sorting)
        if wanted.family:
            query = query.where((cls.field == wanted.family) | (cls.domain == wanted.family) | cls.code.startswith(wanted.family))
        for letter in wanted.letters:
            query = query.where((cls.major == letter) | (cls.minor == letter))
        return query.where(cls.territorial) if wanted.territorial else query

    @classmethod
    def closest(cls, position: str, most: int = 8) -> list[Any]:
        """Return the occupations whose titles have most in common with a position."""
        words = Wanted(position).words
        if not words:
            return []
        titles = OccupationTitle.select(cls.id, cls.territorial, OccupationTitle.text).join(cls).switch(OccupationTitle).join(*_search())
        chosen = closest(position, titles.where(_matches(words, any_of=True)).tuples(), most)
        found = {one.id: one for one in cls.select().where(cls.id.in_(chosen))}
        return [found[one] for one in chosen]

    @classmethod
    def by_ids(cls, ids: Iterable[str]) -> dict[str, Any]:
        """Return occupations by their identifiers, the withdrawn ones too."""
        wanted = list(ids)
        return {str(one.id): one for one in cls.select().where(cls.id.in_(wanted))} if wanted else {}

    def entry(self) -> Any:
        """Return the entry of the ROME that it belongs to, itself perhaps; None when no ROME is loaded."""
        return Occupation.get_or_none(Occupation.code == self.code, ~Occupation.territorial)

    def neighbours(self) -> Neighbours:
        """Return the occupations around it, local government first: of the same entry, and by the moves of the ROME, in its order."""
        same = Occupation.listed().where(Occupation.code == self.code, Occupation.id != self.id)
        move = OccupationMove
        return Neighbours(
            list(same.order_by(Occupation.territorial.desc(), Occupation.sorting)),
            _of_codes(move.select(move.target).where(move.source == self.code).order_by(move.rank)),
            _of_codes(move.select(move.source).where(move.target == self.code).order_by(move.rank, move.source)),
        )

    def other_titles(self) -> list[str]:
        """Return its other titles, in order."""
        query = OccupationTitle.select(OccupationTitle.text).where(OccupationTitle.occupation == self.id, OccupationTitle.weight > 0)
        return sorted({text for (text,) in query.tuples()}, key=fold)

    @property
    def letters(self) -> str:
        """Return its one or two interest letters, the major first; "" when it has none."""
        return f"{self.major}{self.minor}"

    @property
    def summary(self) -> str:
        """Return what one does, in a sentence."""
        return self.sentence or self.definition.partition("\n")[0]

    @property
    def found_as(self) -> str:
        """Return the other title under which a search has found it, "" when it was its own."""
        found = getattr(self, "found", None) or "0"
        return "" if found[0] == "0" else found[1:]


class OccupationTitle(BaseModel):
    """A title under which an occupation is found; `weight` 0 is its own, 1 another."""

    occupation = ForeignKeyField(Occupation, on_delete="CASCADE")
    text = CharField(max_length=250)
    weight = IntegerField()

    class Meta:
        constraints = (SQL("CONSTRAINT own_title_or_another CHECK (weight IN (0, 1))"),)


class OccupationMove(BaseModel):
    """A move that the ROME publishes from one code to another, by its rank."""

    source = FixedCharField(max_length=5)
    target = FixedCharField(max_length=5, index=True)
    rank = IntegerField()

    class Meta:
        indexes = ((("source", "target"), True),)


def interest_names() -> dict[str, str]:
    """Return the names of the interests by their letters."""
    return {scale.letter: scale.name for scale in instruments.find(INTERESTS).scales}


def ground_of(journey: Journey, *, by_agent: bool) -> Ground:
    """Return what occupations are compared with, as far as the reader may know it: results that are not released are not the agent's."""
    result = Passation.interests_of(journey, reader_is_agent=by_agent)
    experiences = [one for one in in_order(Experience.of_journey(journey)) if one.occupation]
    linked = Occupation.by_ids(one.occupation for one in experiences)
    lived = [(one.content["position"], linked[one.occupation].code) for one in experiences if one.occupation in linked]
    moves: dict[str, set[str]] = {code: set() for _, code in lived}
    query = OccupationMove.select(OccupationMove.source, OccupationMove.target).where(OccupationMove.source.in_(list(moves)))
    for source, target in query.tuples() if moves else ():
        moves[source].add(target)
    return Ground(result["code"] if result else None, lived, moves)


class OccupationDomain(BaseModel):
    """The words of a domain of the ROME: of one letter, the large one; of three signs, the professional one."""

    code = CharField(max_length=3, unique=True)
    label = CharField(max_length=200)


class OccupationSource(BaseModel):
    """What was loaded last: `name` "catalogue" or "rome", its version and the day it was published."""

    name = CharField(max_length=20, unique=True)
    version = CharField(max_length=64)
    published_on = DateField(null=True)
    loaded_at = DateTimeField(default=now)

    @classmethod
    def version_of(cls, name: str) -> str | None:
        """Return the version that was loaded last, or None."""
        return cls.select(cls.version).where(cls.name == name).scalar()

    @classmethod
    def rome(cls) -> Any:
        """Return the ROME that is loaded, or None."""
        return cls.get_or_none(cls.name == "rome")


class OccupationSearch(Model):
    """The words of a title, folded: an FTS5 table on SQLite, a tsvector with its GIN index on PostgreSQL (migration 0007)."""

    title_id = UUIDField()
    words = TextField()

    class Meta:
        database = database
        table_name = "occupation_search"
        primary_key = False


def _search() -> tuple[Any, Any, Any]:
    return OccupationSearch, JOIN.INNER, OccupationSearch.title_id == OccupationTitle.id


def _matches(words: list[str], *, any_of: bool = False) -> Any:
    """Return the condition on the index: every word, the last one perhaps begun only; or any of them, whole."""
    if isinstance(database.obj, SqliteDatabase):
        asked = " OR ".join(f'"{word}"' for word in words) if any_of else " ".join(f'"{word}"' for word in words) + " *"
        return NodeList((OccupationSearch.words, SQL("MATCH"), Value(asked)))
    asked = " | ".join(words) if any_of else " & ".join(words) + ":*"
    return NodeList((OccupationSearch.words, SQL("@@"), fn.to_tsquery("simple", asked)))


def _of_codes(query: Any) -> list[Occupation]:
    """Return the occupations of these codes, in their order: those of local government, else the entry itself."""
    codes = [code for (code,) in query.tuples()]
    of_code: dict[str, list[Occupation]] = {}
    for one in Occupation.listed().where(Occupation.code.in_(codes)).order_by(Occupation.sorting) if codes else []:
        of_code.setdefault(one.code, []).append(one)
    kept = ([one for one in ones if one.territorial] or ones for ones in (of_code.get(code, []) for code in codes))
    return [one for ones in kept for one in ones]
