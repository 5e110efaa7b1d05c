"""Small folders in the form of a published version of the ROME."""

import csv
import io

HEADERS = {
    "referentiel_code_rome": ("code_rome", "code_fiche_metier", "libelle_rome"),
    "referentiel_code_rome_riasec": ("code_rome", "riasec_majeur", "riasec_mineur"),
    "referentiel_appellation": ("code_ogr", "libelle_appellation_long", "libelle_appellation_court", "code_rome"),
    "cr_gd_dp": (
        *("code_rome", "libelle_rome", "code_grand_domaine", "libelle_grand_domaine"),
        *("code_domaine_professionel", "libelle_domaine_professionel"),
    ),
    "texte": ("code_rome", "code_compo_bloc", "libelle_type_texte", "position_phrase", "libelle_texte"),
    "rubrique_mobilite": ("code_rome", "code_rome_cible", "numero_ordre"),
}
ENTRIES = {"A1203": "Agent / Agente d'entretien", "A1208": "Jardinier / Jardinière", "K1701": "Gardien / Gardienne"}
TITLES = {"100": ("A1203", ENTRIES["A1203"]), "101": ("A1203", "Cantonnier / Cantonnière"), "102": ("A1208", ENTRIES["A1208"])}
MOVES = (("A1203", "A1208", 1), ("A1208", "K1701", 1), ("K1701", "A1203", 2))
LETTERS = {"A1203": ("R", ""), "A1208": ("R", "A"), "K1701": ("C", "R")}
TEXTS = (
    ("A1203", "definition", 2, "Taille."),
    ("A1203", "definition", 1, "L''agent tond."),
    ("A1203", "acces_metier", 1, "Sans diplôme."),
)


def write_version(folder, number=60, *, entries=ENTRIES, titles=TITLES, moves=MOVES, letters=LETTERS, texts=TEXTS, extra=()):
    """Write the files of a version; `extra` adds raw bytes after a file: (name, bytes)."""
    folder.mkdir(exist_ok=True)
    (folder / "version.txt").write_text(f"Numero de version : {number}\n\nDate de publication : 18/09/2025\n", encoding="utf-8")
    rows = {
        "referentiel_code_rome": [(code, "1", title) for code, title in entries.items()],
        "referentiel_code_rome_riasec": [(code, *two) for code, two in letters.items() if code in entries],
        "referentiel_appellation": [(ogr, text, text, code) for ogr, (code, text) in titles.items()],
        "cr_gd_dp": [
            (code, title, code[0], f"Grand domaine {code[0]}", code[:3], f"Domaine {code[:3]}") for code, title in entries.items()
        ],
        "texte": [(code, "3", kind, position, text) for code, kind, position, text in texts],
        "rubrique_mobilite": list(moves),
    }
    for name, lines in rows.items():
        text = io.StringIO()
        writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerows([HEADERS[name], *lines])
        raw = text.getvalue().encode() + b"".join(more for other, more in extra if other == name)
        (folder / f"unix_{name}_v4{number}_utf8.csv").write_bytes(raw)
    return folder
