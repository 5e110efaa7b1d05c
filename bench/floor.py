"""The floors of a page: bare Flask and peewee views that do the same reads and the same number of writes.

What the product asks of peewee during one request is recorded, then asked again by a view that does nothing
else: the same queries, their SQL written by peewee each time as it does for any view, every row made an instance,
every sealed cell opened that the product opens. Each statement that writes becomes a row put in the place of the one before,
all in one transaction of its database, committed with the same durability. The answer is a constant of the same length.

What this floor does not do is what the product is for: session, permissions, forms, the page itself, its packing.
Two harder ones say what is left to win. The one has its SQL written before wherever the product has (bilan/statements.py):
a way to be fast that a bare view does not know, and that the product would be compared with for nothing. The other
also writes the page: the same template with what it was given then, by Jinja alone.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from flask import Flask, g, has_request_context, template_rendered
from peewee import BlobField, Database, Model, ModelSelect, UUIDField, _WriteQuery

from bilan.database import database, keystore
from bilan.statements import Statement
from bilan.vault import EncryptedTextField, SealedAccessor

READS = ("SELECT", "WITH", "PRAGMA")


class Asked(NamedTuple):
    """One thing that was asked of a database: a query of peewee, or SQL and its values, or both where the SQL was written before."""

    of: Any
    query: Any
    sql: str
    values: Any
    user: Any

    @property
    def is_write(self) -> bool:
        """Whether it changes something."""
        if self.query is not None:
            return isinstance(self.query, _WriteQuery)
        return not self.sql.lstrip().upper().startswith((*READS, "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET"))

    @property
    def is_read(self) -> bool:
        """Whether it reads rows."""
        return not isinstance(self.query, _WriteQuery) if self.query is not None else self.sql.lstrip().upper().startswith(READS)


# Sealed cells: model, field, row.
Opened = set[tuple[type[Model], str, Any]]


class Heard(list[Asked]):
    """What was asked during a request, and the sealed cells that it opened."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: Opened = set()
        self.is_opening = False

    def note(self, one: Asked) -> None:
        """Keep what was asked; not the key of a cell that is being opened: the floor, which opens it too, asks for it again."""
        if not self.is_opening:
            self.append(one)

    def open(self, cell: tuple[type[Model], str, Any], opened: Callable[[], object]) -> object:
        """Keep the name of a cell, and open it."""
        self.opened.add(cell)
        self.is_opening = True
        try:
            return opened()
        finally:
            self.is_opening = False


def reader() -> Any:
    """Return who is signed in, None before the product knows: some queries name `current_user` itself."""
    return g.get("_login_user") if has_request_context() else None


@contextmanager
def recording() -> Iterator[Heard]:
    """Collect what both databases are asked during the block."""
    heard = Heard()
    proxies = (database, keystore)

    def listen(proxy: Any, one: Database) -> None:
        execute, execute_sql = one.execute, one.execute_sql
        inside = []

        def whole(query: Any, **options: Any) -> Any:
            heard.note(Asked(proxy, query, "", None, reader()))
            inside.append(query)
            try:
                return execute(query, **options)
            finally:
                inside.pop()

        def raw(sql: str, params: Any = None, *others: Any) -> Any:
            if not inside:
                heard.note(Asked(proxy, None, sql, params, reader()))
            return execute_sql(sql, params, *others)

        one.execute, one.execute_sql = whole, raw

    cursor_of = Statement._cursor  # noqa: SLF001 -- watched

    def written(statement: Statement, values: dict[str, Any]) -> Any:
        cursor = cursor_of(statement, values)
        if not heard.is_opening:
            query, _, _ = statement.written[type(statement.target.obj)]
            heard[-1] = heard[-1]._replace(query=query)
        return cursor

    open_cell = SealedAccessor._opened  # noqa: SLF001 -- watched

    def opened(accessor: SealedAccessor, row: Any, held: bytes) -> object:
        return heard.open((type(row), accessor.name, row._pk), lambda: open_cell(accessor, row, held))  # noqa: SLF001 -- the key of a model

    Statement._cursor = written  # type: ignore[method-assign]  # noqa: SLF001 -- watched
    SealedAccessor._opened = opened  # type: ignore[method-assign]  # noqa: SLF001 -- watched
    for proxy in proxies:
        listen(proxy, proxy.obj)
    try:
        yield heard
    finally:
        Statement._cursor = cursor_of  # type: ignore[method-assign]  # noqa: SLF001 -- watched
        SealedAccessor._opened = open_cell  # type: ignore[method-assign]  # noqa: SLF001 -- watched
        for proxy in proxies:
            del proxy.obj.execute, proxy.obj.execute_sql


class FloorRow(Model):
    """What a write of the floor changes."""

    id = UUIDField(primary_key=True)
    of = UUIDField(index=True)
    value = BlobField()

    class Meta:
        database = database
        table_name = "bench_floor"


@contextmanager
def rendering(app: Flask) -> Iterator[list[Any]]:
    """Collect the templates that a product renders during the block, each with what it is given."""
    heard: list[Any] = []

    def listen(_app: Flask, template: Any, context: dict[str, Any], **_others: Any) -> None:
        heard.append((template, context))

    with template_rendered.connected_to(listen, app):
        yield heard


class Again(NamedTuple):
    """What a view of the floor does: reads, whether their SQL is written before, cells to open, rows to write in each database, the answer."""

    reads: list[Asked]
    written_before: bool
    opened: Opened
    writes: Counter[Any]
    body: str
    # Templates, each with what it is given; without any, the answer is the body.
    pages: list[Any]


class Floor:
    """A bare application whose views do again what was recorded."""

    def __init__(self, product: Flask) -> None:
        self.app = Flask(__name__)
        # The addresses that the templates write, what they read of the settings, and the templates, compiled, are the product's.
        self.app.config.update(product.config)
        self.app.extensions.update(product.extensions)
        self.app.url_default_functions.update(product.url_default_functions)
        for rule in product.url_map.iter_rules():
            self.app.url_map.add(rule.empty())
        self.app.__dict__["jinja_env"] = product.jinja_env
        self.views: dict[str, Again] = {}

        @self.app.route("/plancher/<name>", methods=["GET", "POST"])
        def view(name: str) -> str:
            again = self.views[name]
            for one in again.reads:
                g._login_user = one.user  # noqa: SLF001 -- as Flask-Login keeps it
                read_again(one, again)
            for proxy, count in again.writes.items():
                with FloorRow.bind_ctx(proxy.obj), proxy.atomic():
                    for rank in range(count):
                        replace_row(uuid.UUID(int=rank))
            return "".join(template.render(context) for template, context in again.pages) or again.body

    def learn(self, name: str, heard: Heard, body: bytes, pages: list[Any]) -> list[str]:
        """Remember what a page asked and wrote; return the addresses of its floors: bare, its SQL written before, its page written too."""
        reads, writes = [one for one in heard if one.is_read], Counter(one.of for one in heard if one.is_write)
        bare = Again(reads, False, heard.opened, writes, "x" * len(body), [])  # noqa: FBT003 -- a tuple
        before = bare._replace(written_before=True)
        self.views |= {name: bare, f"{name}-sql": before, f"{name}-page": before._replace(pages=pages)}
        return [f"/plancher/{name}", f"/plancher/{name}-sql", f"/plancher/{name}-page"]


def read_again(one: Asked, again: Again) -> None:
    """Ask for the same rows, and open the same cells."""
    if one.query is None:
        one.of.execute_sql(one.sql, one.values).fetchall()
        return
    for row in rows_of(one, again):
        if isinstance(one.query, ModelSelect) and isinstance(row, Model):
            for field in row._meta.sorted_fields:  # noqa: SLF001 -- the fields of a model
                if isinstance(field, EncryptedTextField) and (type(row), field.name, row._pk) in again.opened:  # noqa: SLF001 -- the key of a model
                    getattr(row, field.name)


def rows_of(one: Asked, again: Again) -> Iterable[Any]:
    """Return the rows of a query as peewee gives them to a view that has just made it."""
    query = one.query.clone()
    if not one.sql:
        return query.execute(one.of.obj) or ()
    # Its values are known only to who asked: they are those of then.
    sql = one.sql if again.written_before else query.sql()[0]
    return query._get_cursor_wrapper(one.of.execute_sql(sql, one.values))  # noqa: SLF001 -- as the product reads them


def replace_row(row_id: uuid.UUID) -> None:
    """Put a row in the place of the one before."""
    values = {"id": row_id, "of": uuid.uuid4(), "value": b"x" * 200}
    FloorRow.insert(**values).on_conflict(conflict_target=[FloorRow.id], preserve=[FloorRow.of, FloorRow.value]).execute()
