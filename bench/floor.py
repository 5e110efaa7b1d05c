"""The floors of a page: bare Flask and peewee views that do the same reads and the same number of writes.

What the product asks of peewee during one request is recorded, then asked again by a view that does nothing
else: the same queries, the SQL written by peewee (or written before, where the product does so too), every row made
an instance, every sealed cell opened that the product opens. Each statement that writes becomes a row put in the place of the one before,
all in one transaction of its database, committed with the same durability. The answer is a constant of the same length.

What this floor does not do is what the product is for: session, permissions, forms, the page itself, its packing.
The second floor writes the page too: the same template with what it was given then, by Jinja alone.
"""

import uuid
from collections import Counter
from collections.abc import Iterator
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
            heard.append(Asked(proxy, query, "", None, reader()))
            inside.append(query)
            try:
                return execute(query, **options)
            finally:
                inside.pop()

        def raw(sql: str, params: Any = None, *others: Any) -> Any:
            if not inside:
                heard.append(Asked(proxy, None, sql, params, reader()))
            return execute_sql(sql, params, *others)

        one.execute, one.execute_sql = whole, raw

    instances = Statement.instances

    def written(statement: Statement, **values: Any) -> Iterator[Any]:
        rows = instances(statement, **values)
        query, _, _ = statement.written[type(statement.target.obj)]
        heard[-1] = heard[-1]._replace(query=query)
        return rows

    open_cell = SealedAccessor._opened  # noqa: SLF001 -- watched

    def opened(accessor: SealedAccessor, row: Any, held: bytes) -> object:
        heard.opened.add((type(row), accessor.name, row._pk))  # noqa: SLF001 -- the key of a model
        return open_cell(accessor, row, held)

    Statement.instances = written  # type: ignore[method-assign]
    SealedAccessor._opened = opened  # type: ignore[method-assign]  # noqa: SLF001 -- watched
    for proxy in proxies:
        listen(proxy, proxy.obj)
    try:
        yield heard
    finally:
        Statement.instances = instances  # type: ignore[method-assign]
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
        self.views: dict[str, tuple[list[Asked], Opened, Counter[Any], str, list[Any]]] = {}

        @self.app.route("/plancher/<name>", methods=["GET", "POST"])
        def view(name: str) -> str:
            reads, opened, writes, body, pages = self.views[name]
            for one in reads:
                g._login_user = one.user  # noqa: SLF001 -- as Flask-Login keeps it
                read_again(one, opened)
            for proxy, count in writes.items():
                with FloorRow.bind_ctx(proxy.obj), proxy.atomic():
                    for rank in range(count):
                        replace_row(uuid.UUID(int=rank))
            return "".join(template.render(context) for template, context in pages) or body

    def learn(self, name: str, heard: Heard, body: bytes, pages: list[Any]) -> None:
        """Remember what a page asked, and how long its answer is; then, under another name, what it wrote."""
        again = [one for one in heard if one.is_read], heard.opened, Counter(one.of for one in heard if one.is_write), "x" * len(body)
        self.views[name], self.views[f"{name}-page"] = (*again, []), (*again, pages)


def read_again(one: Asked, opened: Opened) -> None:
    """Ask for the same rows, and open the same cells."""
    if one.query is None:
        one.of.execute_sql(one.sql, one.values).fetchall()
        return
    query = one.query.clone()
    as_the_product = query._get_cursor_wrapper  # noqa: SLF001 -- as the product reads them
    rows = as_the_product(one.of.execute_sql(one.sql, one.values)) if one.sql else query.execute(one.of.obj) or ()
    for row in rows:
        if isinstance(query, ModelSelect) and isinstance(row, Model):
            for field in row._meta.sorted_fields:  # noqa: SLF001 -- the fields of a model
                if isinstance(field, EncryptedTextField) and (type(row), field.name, row._pk) in opened:  # noqa: SLF001 -- the key of a model
                    getattr(row, field.name)


def replace_row(row_id: uuid.UUID) -> None:
    """Put a row in the place of the one before."""
    values = {"id": row_id, "of": uuid.uuid4(), "value": b"x" * 200}
    FloorRow.insert(**values).on_conflict(conflict_target=[FloorRow.id], preserve=[FloorRow.of, FloorRow.value]).execute()
