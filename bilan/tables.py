"""Tables that leave the application: CSV, a part at a time, and OpenDocument for a spreadsheet.

Guarantee: no cell that somebody wrote runs as a formula where the table is opened.
"""

import csv
import datetime
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from flask import Response
from markupsafe import escape

from bilan.uploads import send_download

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
CSV_TYPE, ODS_TYPE = "text/csv; charset=utf-8", "application/vnd.oasis.opendocument.spreadsheet"
# What is put together before it leaves, in characters.
PART = 32_768
# What XML would read as a space, or as another end of line.
SPACES = {ord(one): f"&#{ord(one)};" for one in "\t\n\r"}
# Where an OpenDocument file has its cells.
CONTENT = "content.xml"


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
    """Return the table as a sheet of that name: dates are dates, numbers are numbers.

    The file and its headers are odfdo's. The rows are written into its content as they are read: odfdo's own cells
    take seven milliseconds a row, and more as there are more, and all are held at once.
    """
    # Read as late as it is wanted: it takes longer than the pages that do not need it.
    from odfdo import Document, Row, Table  # noqa: PLC0415

    document, table, first = Document("spreadsheet"), Table(title), Row()
    for column, header in enumerate(headers):
        first.set_value(column, safe(header))
    table.append_row(first)
    document.body.clear()
    document.body.append(table)
    made, target = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as frame, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in frame.infolist():
            if part.filename != CONTENT:
                archive.writestr(part, frame.read(part))
                continue
            before, end, after = frame.read(part).rpartition(b"</table:table>")
            with archive.open(CONTENT, "w") as file:
                file.write(before)
                file.writelines(_ods_row(row) for row in rows)
                file.write(end + after)
    return target.getvalue()


def _ods_row(values: Sequence[Any]) -> bytes:
    return f"<table:table-row>{''.join(map(_ods_cell, values))}</table:table-row>".encode()


def _ods_cell(value: Any) -> str:
    """Return a cell as OpenDocument 1.3 writes it (part 3, 9.1.4 and 19.387), and LibreOffice beside it."""
    if isinstance(value, datetime.datetime | bool):
        raise TypeError("a moment has a place on the clock of Paris, a truth has words: give its day, or its words")
    if isinstance(value, datetime.date):
        kind, held, text = "date", f'office:date-value="{value}"', str(value)
    elif isinstance(value, int | float):
        kind, held, text = "float", f'office:value="{value}" calcext:value="{value}"', str(value)
    else:
        text = str(escape("" if value is None else safe(value))).translate(SPACES)
        kind, held = "string", f'office:string-value="{text}"'
    kinds = f'office:value-type="{kind}" calcext:value-type="{kind}"'
    return f"<table:table-cell {kinds} {held}><text:p>{text}</text:p></table:table-cell>"
