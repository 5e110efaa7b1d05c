"""Queries whose SQL is written once: what their methods return, and that none keeps the day, the person or the row of its first call."""

import datetime
import uuid
from importlib import import_module
from pathlib import Path

import pytest
from factories import make_person
from peewee import CharField, DateTimeField, ForeignKeyField, Model

from bilan import database
from bilan.database import BaseModel
from bilan.people.models import Person, Role
from bilan.statements import Place, Slot, WrittenOnce, all_rows, one_row

ROOT = Path(__file__).parents[1]
KEPT = (datetime.date, datetime.time, datetime.datetime, uuid.UUID, Model)


def written_once():
    """Return every method of the models whose SQL is written once, with its table."""
    for path in sorted((ROOT / "bilan").glob("*/models.py")):
        import_module(f"bilan.{path.parent.name}.models")
    found, left = [], [BaseModel]
    while left:
        model = left.pop()
        left += model.__subclasses__()
        if model.__module__.startswith("bilan."):
            found += [(model, name, one) for base in model.__mro__ for name, one in vars(base).items() if isinstance(one, WrittenOnce)]
    return found


def kept(model, one):
    """Return the values that the SQL of a method holds and that another call would not give."""
    _, values = one.build(model, *(Slot(name) for name in one.names)).sql()
    return [value for value in values if isinstance(value, KEPT) or (isinstance(value, str) and len(value) in (32, 36))]


def test_no_statement_keeps_the_day_or_the_row_of_its_first_call(app):
    found = written_once()
    assert len({one for _, _, one in found}) > 25
    assert [f"{model.__name__}.{name}" for model, name, one in found if kept(model, one)] == []


def test_each_argument_has_its_place(app):
    for model, name, one in written_once():
        _, values = one.build(model, *(Slot(argument) for argument in one.names)).sql()
        assert {value.name for value in values if isinstance(value, Place)} == set(one.names), f"{model.__name__}.{name}"


class Planted(BaseModel):
    """A table of which the test only writes SQL."""

    owner = ForeignKeyField(Person)
    name = CharField()
    at = DateTimeField()

    @all_rows
    def lately(cls, owner):
        return cls.select().where(cls.owner == owner, cls.at > database.now())

    @one_row
    def guessed(cls, name):
        return cls.select().where(cls.name == name) if name else cls.select()


def test_a_planted_day_is_seen(app):
    assert kept(Planted, vars(Planted)["lately"]) != []


def test_an_argument_decides_of_no_branch(app):
    with pytest.raises(TypeError, match="name is not known when the SQL is written"):
        Planted.guessed("Paul")


def test_the_same_method_answers_for_each_argument(app):
    with app.test_request_context():
        first, second = make_person(Role.AGENT), make_person(Role.AGENT)
    assert [Person.get_or_none_by_id(one.id) for one in (first, second)] == [first, second]
    assert Person.get_or_none_by_id(row_id=first.id) == first
    assert Person.get_or_none_by_id(uuid.uuid4()) is None
