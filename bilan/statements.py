"""Queries whose SQL is written once, and then only given values.

peewee takes longer to write the SQL of what a page asks than the database to answer it.
"""

import inspect
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple, TypeVar

from peewee import ColumnBase, Context, DatabaseProxy, Field, Model, ModelSelect, Query


class Place(NamedTuple):
    """Where a statement takes the value of a name, and how it becomes the database's."""

    name: str
    convert: Callable[[Any], Any]


class Slot(ColumnBase):
    """A value of a statement, to be given at each run: converted by the field that it is compared with, or by `field`."""

    def __init__(self, name: str, field: Field | None = None) -> None:
        self.name = name
        self.field = field

    def __bool__(self) -> bool:
        raise TypeError(f"{self.name} is not known when the SQL is written")

    def __sql__(self, ctx: Context) -> Context:
        convert = self.field.db_value if self.field else ctx.state.converter
        return ctx.value(Place(self.name, convert or as_it_is), converter=False)


def as_it_is(value: Any) -> Any:
    """Return the value: the database takes it so."""
    return value


class Statement:
    """A query whose SQL is written once: what every page asks first, and the few on the hottest ways.

    peewee takes longer to write the SQL of an answer's five queries than the database to
    run them (bench/answers.py): here they are written at their first use, per kind of
    database, and then only given values.
    """

    def __init__(self, model: type[Model], build: Callable[[], Query]) -> None:
        self.build = build
        self.target: DatabaseProxy = model._meta.database  # noqa: SLF001 -- the database of a model
        self.written: dict[type, tuple[Query, str, list[Any]]] = {}

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """Run it with the values of its slots; return the rows as the database gives them."""
        cursor = self._cursor(values)
        return cursor.fetchall() if cursor.description else []

    def instances(self, **values: Any) -> Iterator[Any]:
        """Run it with the values of its slots; return the rows as peewee would."""
        cursor = self._cursor(values)
        query, _, _ = self.written[type(self.target.obj)]
        return iter(query._get_cursor_wrapper(cursor))  # noqa: SLF001 -- the one way to rows of models

    def instance(self, **values: Any) -> Any:
        """Run it with the values of its slots; return the first row as peewee would, or None."""
        return next(self.instances(**values), None)

    def _cursor(self, values: dict[str, Any]) -> Any:
        kind = type(self.target.obj)
        if kind not in self.written:
            query = self.build()
            self.written[kind] = (query, *query.sql())
        _, sql, places = self.written[kind]
        given = [place.convert(values[place.name]) if isinstance(place, Place) else place for place in places]
        return self.target.execute_sql(sql, given)


@cache
def insertion(model: type[Model], names: tuple[str, ...]) -> Statement:
    """Return what inserts a row with values for these fields."""
    return Statement(model, lambda: model.insert({name: Slot(name, model._meta.fields[name]) for name in names}))  # noqa: SLF001 -- the fields of a model


Row = TypeVar("Row", bound=Model)


class WrittenOnce:
    """Make of a method that returns a query one that runs it: its SQL is written once per table, with a slot for each argument.

    What the method computes of anything but its arguments (today, who is signed in) would be that of its first call for ever:
    such things are arguments.
    """

    def __init__(self, build: Callable[..., ModelSelect]) -> None:
        self.build = build
        self.__doc__ = build.__doc__
        self.names = tuple(inspect.signature(build).parameters)[1:]
        self.ways: dict[type[Model], Callable[..., Any]] = {}

    def way_of(self, model: type[Model]) -> Callable[..., Any]:
        """Return what runs the query on a table."""
        if model not in self.ways:
            statement = Statement(model, lambda: self.build(model, *(Slot(name) for name in self.names)))
            self.ways[model] = lambda *values, **named: statement.instances(**dict(zip(self.names, values, strict=False)), **named)
        return self.ways[model]


class all_rows(WrittenOnce):  # noqa: N801 -- it is read as a decorator
    """A class method that returns the rows of its query, see WrittenOnce."""

    def __get__(self, _row: Row | None, model: type[Row]) -> Callable[..., list[Row]]:
        way = self.way_of(model)
        return lambda *values, **named: list(way(*values, **named))


class one_row(WrittenOnce):  # noqa: N801 -- it is read as a decorator
    """A class method that returns the first row of its query or None, see WrittenOnce."""

    def __get__(self, _row: Row | None, model: type[Row]) -> Callable[..., Row | None]:
        way = self.way_of(model)
        return lambda *values, **named: next(way(*values, **named), None)
