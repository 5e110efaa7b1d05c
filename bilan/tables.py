"""Tables that leave the application: CSV, and OpenDocument for a spreadsheet.

Guarantee: no cell that somebody wrote runs as a formula where the table is opened.
"""

import csv
import datetime
import io
from collections.abc import Iterable, Sequence
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
CSV_TYPE, ODS_TYPE = "text/csv; charset=utf-8", "application/vnd.oasis.opendocument.spreadsheet"


def safe(value: Any) -> Any:
    """Return a cell that no spreadsheet runs: a text that begins like a formula has an apostrophe before it."""
    if not isinstance(value, str):
        return value
    clean = "".join(character for character in value if character.isprintable() or character in "\t\r\n\u00a0\u202f")
    return f"'{clean}" if clean.lstrip(" \u00a0").startswith(FORMULA) else clean


def as_csv(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return the table as French spreadsheets read it: semicolons, a byte-order mark, decimal commas, dates as 2026-11-23."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow([safe(one) for one in headers])
    for row in rows:
        writer.writerow([_in_french(value) for value in row])
    return target.getvalue().encode("utf-8-sig")


def _in_french(value: Any) -> Any:
    if isinstance(value, float):
        return str(value).replace(".", ",")
    return "" if value is None else safe(value)


def as_ods(title: str, headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return the table as a sheet of that name: dates are dates, numbers are numbers."""
    # Read as late as it is wanted: it takes longer than the pages that do not need it.
    from odfdo import Document, Table  # noqa: PLC0415

    document = Document("spreadsheet")
    document.body.clear()
    table = Table(title)
    table.append_row(_row([safe(one) for one in headers]))
    for row in rows:
        table.append_row(_row([safe(value) for value in row]))
    document.body.append(table)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _row(values: Sequence[Any]) -> Any:
    from odfdo import Row  # noqa: PLC0415

    row = Row()
    for column, value in enumerate(values):
        if isinstance(value, datetime.datetime):
            raise TypeError("a moment has a place on the clock of Paris: give its day or its words")
        row.set_value(column, "" if value is None else value)
    return row
