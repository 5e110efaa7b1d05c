"""Some hundred random requests in each weather (bench/storm.py sends fifty thousand): no 500, no leak, no write by who is refused."""

import io
import re
import zipfile

import pytest
from client import COOKIE
from flask import Response
from posts import POSTS
from reportlab.pdfgen.canvas import Canvas
from storm import Storm, full_disk, locked

from bilan.pages import DISPLAY_COOKIE
from bilan.permissions import public
from bilan.sessions import BROWSER_COOKIE
from bilan.tables import as_ods

COUNT = 300


@pytest.fixture
def databases(sqlite_databases):
    """On SQLite: what is locked or full there is a file."""
    return sqlite_databases


def write_until_refused(storm):
    """Save an agent's preferences again and again: chance may have asked for nothing that writes."""
    data = {"theme": "dark", "text": "normal", "spacing": "normal", "typeface": "system", "contrast": "normal"}
    asked = {"person": "agent", "endpoint": "people.display", "path": "/affichage", "query": {}, "method": "POST", "headers": {}}
    for turn in range(80):
        if storm.faults.statuses[503]:
            return
        chosen = data | {"text": "large" if turn % 2 else "normal"}
        storm.send(asked | {"token": "good", "data": chosen, "body": "form", "raw": b"", "kind": ""})


def test_random_requests_break_nothing(world):
    faults = Storm(world).blow(COUNT, seed=1)
    assert faults.found == []
    assert faults.requests > COUNT / 2
    assert {200, 302, 404, 405} <= set(faults.statuses)


def test_neither_does_a_full_disk(world):
    storm = Storm(world)
    with full_disk():
        faults = storm.blow(COUNT, seed=2)
        write_until_refused(storm)
    assert faults.found == []
    assert faults.statuses[503], faults.statuses


def test_nor_a_locked_database(world):
    storm = Storm(world)
    with locked(world.app):
        faults = storm.blow(COUNT, seed=3)
        write_until_refused(storm)
    assert faults.found == []
    assert faults.statuses[503], faults.statuses


POSTED = {"query": {}, "method": "POST", "headers": {}, "token": "good", "raw": b"a", "kind": "multipart/form-data; boundary=b"}


@pytest.mark.parametrize("body", ["large", "endless", "announced"])
@pytest.mark.parametrize("endpoint", ["messages.send", "treatment.show"])
def test_a_body_larger_than_allowed_is_refused(world, endpoint, body):
    storm = Storm(world)
    person, path = next((POSTS[one].person, where) for one, where, _ in storm.places if one == endpoint)
    storm.send(POSTED | {"person": person, "endpoint": endpoint, "path": path, "data": {}, "body": body})
    assert storm.faults.found == []
    # Without a length to look at, what is beyond the limit is not read: nothing of it is a form with its token.
    assert storm.faults.statuses == {400 if body == "endless" else 413: 1}


@pytest.mark.parametrize("damage", ["cut", "changed", "unsigned", "A" * 9000, "\x00"])
def test_a_damaged_cookie_opens_nothing_and_breaks_nothing(world, damage):
    storm = Storm(world)
    asked = POSTED | {"person": "agent", "endpoint": "privacy.mine", "path": "/mes-donnees", "method": "GET", "body": "form", "data": {}}
    for name in (BROWSER_COOKIE, DISPLAY_COOKIE):
        storm.send(asked | {"cookies": {name: damage}})
    assert storm.faults.statuses == {200: 2}
    storm.send(asked | {"cookies": {COOKIE: damage}})
    assert storm.faults.statuses == {200: 2, 302: 1}
    assert storm.faults.found == []


def test_what_only_a_populated_world_knows_is_posted(world):
    storm = Storm(world)
    words = {word for one in POSTS.values() for value in one.data.values() for word in re.findall(r"\{[a-z_]+\}", value)}
    assert words == set(storm.known)
    asked = POSTED | {"person": "agent", "body": "form", "data": POSTS["complaints.new"].data, "headers": {}}
    assert "{proof}" not in str(storm.arguments(storm.browsers["agent"], asked | {"path": "/reclamations"}))


def as_pdf(text):
    held = io.BytesIO()
    paper = Canvas(held)
    paper.drawString(40, 700, text)
    paper.save()
    return held.getvalue()


def as_zip(text):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("dossier/papier.pdf", as_pdf(text))
    return held.getvalue()


@pytest.mark.parametrize("make", [as_pdf, as_zip, lambda text: as_ods("Feuille", ["a"], [[text]]), lambda text: f"{text} {'a' * 2000}"])
def test_a_marker_shows_in_a_paper_a_zip_a_sheet_and_a_packed_page(world, make):
    storm = Storm(world)
    marker = next(iter(world.markers.values()))
    content = make(marker.text)
    assert isinstance(content, str) or marker.text.encode() not in content, "it would be found without looking inside"
    world.app.view_functions["public.sheet"] = public(lambda: Response(content, mimetype="text/plain" if isinstance(content, str) else ""))
    headers = {"Accept-Encoding": "gzip"}
    storm.send(
        POSTED | {"person": "hr", "endpoint": "public.sheet", "path": "/", "method": "GET", "headers": headers, "data": {}, "body": "form"}
    )
    assert [one.split(":")[0] for one in storm.faults.found] == [f"shows {marker.name}"]


def test_a_planted_fault_of_each_sort_is_noted(world):
    storm = Storm(world)
    asked = {"person": "hr", "endpoint": "public.sheet", "path": "/", "query": {}, "method": "GET", "headers": {}, "token": "none"}
    marker = next(iter(world.markers.values()))
    for body, words in (((lambda: 1 / 0), "status 500"), ((lambda: marker.text), f"shows {marker.name}")):
        view, world.app.view_functions["public.sheet"] = world.app.view_functions["public.sheet"], body
        body.is_public = True
        storm.send(asked | {"data": {}, "body": "form", "raw": b"", "kind": ""})
        world.app.view_functions["public.sheet"] = view
        assert storm.faults.found[-1].startswith(words)
