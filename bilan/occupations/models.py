"""Occupations, their titles and the moves between them: public facts, which no bilan is needed to read.

An identifier is made of the entry's own key ("rome:A1203", "territorial:jardinier"): a new version
of the ROME changes what an entry says, never where a bilan points to. What a version no longer has
is kept, out of the search.
"""

import uuid
from typing import Any

from peewee import (
    SQL,
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    FixedCharField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
    UUIDField,
)

from bilan.database import BaseModel, database, now

NAMESPACE = uuid.UUID("6f1f2f0c-6a8e-5d0b-9d7c-2f6b3c1e8a54")


def identifier(key: str) -> uuid.UUID:
    """Return the identifier of what has this key, the same for ever."""
    return uuid.uuid5(NAMESPACE, key)


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

    @property
    def letters(self) -> str:
        """Return its one or two interest letters, the major first; "" when it has none."""
        return f"{self.major}{self.minor}"


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
