"""Tables that leave the application: CSV, a part at a time, and OpenDocument for a spreadsheet.

Guarantee: no cell that somebody wrote runs as a formula where the table is opened.
"""

import csv
import datetime
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from flask import Response

from bilan.uploads import send_download

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
CSV_TYPE, ODS_TYPE = "text/csv; charset=utf-8", "application/vnd.oasis.opendocument.spreadsheet"
# What is put together before it leaves, in characters.
PART = 32_768


def safe(value: Any) -> Any:
    """Return a cell that no spreadsheet runs: a text that begins like a formula has an apostrophe before it."""
    if not isinstance(value, str):
        return value
    clean = "".join(character for character in value if character.isprintable() or character in "\t\r\n\u00a0\u202f")
    return f"'{clean}" if clean.lstrip(" \u00a0").startswith(FORMULA) else clean


def send_table(extension: str, headers: Sequence[str], rows: Iterable[Sequence[Any]], *, name: str, sheet: str) -> Response:
    """Answer with the table as a file of that name: "csv" leaves as its rows are read, "ods" once it is whole, as a ZIP must be."""
    if extension == "csv":
        return send_download(csv_parts(headers, rows), name=f"{name}.csv", media_type=CSV_TYPE)
    return send_download(as_ods(sheet, headers, rows), name=f"{name}.ods", media_type=ODS_TYPE)


def csv_parts(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Yield the table as French spreadsheets read it, a part at a time: semicolons, a byte-order mark, decimal commas, dates as 2026-11-23."""
    target = io.StringIO("\ufeff")
    target.seek(1)
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow([safe(one) for one in headers])
    for row in rows:
        writer.writerow([_in_french(value) for value in row])
        if target.tell() >= PART:
            yield _taken_from(target)
    yield _taken_from(target)


def _taken_from(target: io.StringIO) -> bytes:
    text = target.getvalue()
    target.seek(0)
    target.truncate()
    return text.encode()


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
