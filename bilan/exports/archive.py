"""The ZIP: a page that opens without network, the same as JSON, the files and the papers."""

import io
import json
import zipfile
from typing import Any

from flask import current_app

from bilan.database import now
from bilan.exports.around import chapters_around
from bilan.exports.chapters import chapters_of_bilans
from bilan.exports.files import files_of
from bilan.exports.rules import LEFT_OUT, PARTS_LEFT_OUT, Chapter, whole
from bilan.people.models import Person

INDEX, DATA, FOLDER = "index.html", "donnees.json", "fichiers"
VERSION = 1


def chapters_of(person: Person) -> list[Chapter]:
    """Return every chapter of somebody's copy, those that have nothing left out."""
    return [one for one in (*chapters_around(person), *chapters_of_bilans(person)) if one.records]


def build(person: Person) -> bytes:
    """Return the ZIP, made in memory: nothing of it touches the disk in clear."""
    target, chapters, made_at = io.BytesIO(), chapters_of(person), now()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        names = []
        for rank, (name, content, words) in enumerate(files_of(person), 1):
            path = f"{FOLDER}/{rank:02}-{name}"
            archive.writestr(path, content)
            names.append((path, words))
        about: dict[str, Any] = {"Version": VERSION, "Fait le": made_at, "Nom": person.display_name}
        data = whole(chapters, about) | {"fichiers": [{"chemin": path, "description": words} for path, words in names]}
        archive.writestr(DATA, json.dumps(data, ensure_ascii=False, indent=2))
        # Without the page's context processors: nobody is signed in where the worker is.
        page = current_app.jinja_env.get_template("exports/inside.html")
        facts = {"person": person, "chapters": chapters, "files": names, "made_at": made_at, "data": DATA}
        archive.writestr(INDEX, page.render(parts=PARTS_LEFT_OUT, left_out=LEFT_OUT, **facts))
    return target.getvalue()
