"""The ZIP: the tables and texts of each indicator, the year's report as a PDF, and the page that names every file.

One indicator is held at a time. The ZIP itself is held whole, for it is sealed whole: see docs/measures.md.
"""

import io
import zipfile
from typing import NamedTuple

from flask import current_app

from bilan import tables
from bilan.database import now
from bilan.evidence.proofs import proofs
from bilan.evidence.rules import SAMPLE, Period, Proof, file_name
from bilan.printing import pdf
from bilan.quality.indicators import INDICATORS
from bilan.quality.models import QualityReport
from bilan.quality.readings import read
from bilan.quality.rules import HIDDEN_UNDER, Breakdown

INDEX, REPORT = "index.html", "rapport-annuel.pdf"


class Entry(NamedTuple):
    """An indicator in the page of the file: `files` are path and words, `absent` the titles of what has nothing to show."""

    proof: Proof
    files: list[tuple[str, str]]
    absent: list[str]


def build(period: Period, seed: int) -> bytes:
    """Return the ZIP."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        entries = [_join(archive, proof) for proof in proofs(period, seed)]
        archive.writestr(REPORT, report(period.end.year))
        facts = {"period": period, "seed": seed, "entries": entries, "made_at": now(), "report": REPORT}
        # Without the page's context processors: nobody is signed in where the worker is.
        page = current_app.jinja_env.get_template("evidence/inside.html")
        archive.writestr(INDEX, page.render(most=SAMPLE, least=HIDDEN_UNDER, **facts))
    return target.getvalue()


def _join(archive: zipfile.ZipFile, proof: Proof) -> Entry:
    folder, files, absent = f"indicateur-{proof.number:02}", [], []
    for title, text in proof.texts.items():
        path = f"{folder}/{file_name(title)}.txt"
        archive.writestr(path, text)
        files.append((path, f"{title} (texte)"))
    for table in proof.tables:
        if not table.rows:
            absent.append(table.title)
            continue
        with archive.open(f"{folder}/{table.name}.csv", "w") as file:
            file.writelines(tables.csv_parts(table.headers, table.rows))
        archive.writestr(f"{folder}/{table.name}.ods", tables.as_ods(table.name, table.headers, table.rows))
        files += [(f"{folder}/{table.name}.{one}", f"{table.title} ({one.upper()})") for one in ("csv", "ods")]
    return Entry(proof, files, absent)


def report(year: int) -> bytes:
    """Return the report of a year as a PDF: the indicators as the manager reads them, with their quarters."""
    kept, earlier = QualityReport.of_year(year), QualityReport.of_year(year - 1)
    before = earlier.figures if earlier else {}
    found = [read(one, kept.figures, before, Breakdown.QUARTERS) for one in INDICATORS] if kept else []
    title = f"Rapport annuel {year}, éléments de preuve"
    return pdf("evidence/report.pdf.html", title=title, year=year, report=kept, found=found, split=Breakdown.QUARTERS)
