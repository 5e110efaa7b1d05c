"""What an import says to whoever ran it: what changed, count by count, then each refused line."""

from bilan.french import plural, short_day
from bilan.rome.actions import Report

HEADERS = ("lues", "ajoutées", "changées", "retirées", "inchangées", "refusées")


def told(report: Report) -> list[str]:
    """Return the lines to print."""
    number, day = report.version
    lines = [f"ROME version {number}{f' du {short_day(day)}' if day else ''}"]
    if report.before and report.before != number:
        lines[0] += f", en remplacement de la version {report.before}"
    lines.append(f"{'':18}" + "".join(f"{header:>12}" for header in HEADERS))
    for label, read, tally, refused in report.counts:
        lines.append(f"{label:18}" + "".join(f"{figure:>12}" for figure in (read, *tally, refused)))
    lines.append(f"Définitions et accès\u00a0: {plural(report.sentences, 'phrase lue', 'phrases lues')}.")
    lines.append("Rien ne change." if not report.changes else f"{plural(report.changes, 'changement', 'changements')}.")
    lines += report.notes
    if report.problems:
        lines.append(f"{plural(len(report.problems), 'ligne refusée', 'lignes refusées')}, le reste est importé\u00a0:")
        lines += [f"  {one.file}, ligne {one.number}\u00a0: {one.reason}" for one in report.problems]
    return lines
