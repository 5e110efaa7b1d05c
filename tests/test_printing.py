"""A paper is whole, in French, in its own typeface, on numbered pages; it reads no file and reaches no address."""

import io
import logging
import sys

import jinja2
import pytest
from pypdf import PdfReader
from werkzeug.http import dump_cookie
from xhtml2pdf import document

from bilan import press, printing
from bilan.pages import DISPLAY_COOKIE
from bilan.people.rules import Display

FRENCH = "Où l’été s’achève : « cœur », Zoë, ÇA, 1 330,00 €, 4° – 12 %"


@pytest.fixture
def printed(app):
    """Print a body in the frame of every paper, in this process, where it can be watched."""

    def write(body, cookie="", **context):
        source = '{% extends "layouts/paper.html" %}{% block kind %}Essai{% endblock %}{% block body %}' + body + "{% endblock %}"
        planted = jinja2.DictLoader({"planted.html": source})
        app.jinja_env.loader = jinja2.ChoiceLoader([planted, app.jinja_loader])
        app.jinja_env.cache.clear()
        with app.test_request_context(headers={"Cookie": cookie}):
            return press.set_html(printing.rendered("planted.html", title="Un essai d’été", **context), str(printing.FONTS))

    return write


def words(content):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def fonts(content):
    """Return the fonts in which words are drawn: name → whether the file holds them."""
    found = {}

    def note(text, _matrix, _text_matrix, font, _size):
        if text.strip():
            one = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
            found[font["/BaseFont"]] = "/FontFile2" in one.get("/FontDescriptor", {})

    for page in PdfReader(io.BytesIO(content)).pages:
        page.extract_text(visitor_text=note)
    return found


def test_a_paper_says_its_language_title_and_author(printed):
    reader = PdfReader(io.BytesIO(printed("<p>Bonjour</p>")))
    assert reader.trailer["/Root"]["/Lang"] == "fr"
    assert reader.metadata.title == "Un essai d’été"
    assert reader.metadata.author == "Espace 2M – MIFE du Roannais"


def test_the_words_are_there_with_their_accents(printed):
    content = printed("<p>{{ text }}</p><p><strong>Gras</strong> <em>penché</em></p>", text=FRENCH.replace(" ", "\u202f", 1))
    for text in (FRENCH, "Gras penché", "4 rue Molière, 42300 ROANNE", "04 77 68 42 88"):
        assert text in words(content)


def test_the_typeface_is_embedded(printed):
    found = fonts(printed("<p>Romain <strong>gras</strong> <em>penché</em> {{ text }}</p>", text=FRENCH))
    assert sorted(name.rsplit("-", 1)[1] for name in found) == ["Bold", "Italic", "Regular"]
    assert all("Atkinson" in name and held for name, held in found.items())


def test_pages_are_numbered_and_a_table_repeats_its_head(printed):
    rows = "{% for n in range(120) %}<tr><td>ligne {{ n }}</td></tr>{% endfor %}"
    content = printed(f'<table class="rows" repeat="1"><thead><tr><th>Entête</th></tr></thead><tbody>{rows}</tbody></table>')
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]
    assert len(pages) >= 3
    for number, text in enumerate(pages, 1):
        assert f"page {number} / {len(pages)}" in text
        assert "Entête" in text
    assert all(f"ligne {n}" in " ".join(pages) for n in (0, 60, 119))


@pytest.mark.parametrize(
    "address", ["file:///etc/hostname", "/etc/hostname", "../../../../etc/hostname", "http://127.0.0.1:9/x.png", "https://exemple.fr/x.png"]
)
def test_a_paper_reads_no_file_and_reaches_no_address(printed, monkeypatch, address):
    asked = []
    monkeypatch.setattr("socket.getaddrinfo", lambda *arguments, **_: asked.append(arguments) or [])
    try:
        content = printed(f'<p>avant</p><img src="{address}"><p>après</p>')
    except printing.PrintingFailed:
        content = b""
    assert asked == []
    assert b"/Subtype /Image" not in content


def test_what_people_typed_is_text(printed):
    typed = '<img src="http://127.0.0.1/x"> & <b>gras</b> {{ 7 * 7 }}'
    assert typed in words(printed("<p>{{ text }}</p>", text=typed))


def test_a_name_that_the_typeface_lacks_does_not_stop_the_paper(printed):
    assert "Bonjour" in words(printed("<p>Bonjour {{ text }}</p>", text="中文 👩🏽‍🏫 ≥ → ✓"))


@pytest.mark.parametrize("fault", ['<p style="font-family: Ailleurs">b</p>', '<img src="absente.png">'])
def test_a_paper_that_is_not_what_was_meant_is_not_sent(printed, fault):
    with pytest.raises(printing.PrintingFailed):
        printed(f"<p>a</p>{fault}")


def test_a_paper_that_fails_is_not_sent(printed, monkeypatch):
    class Outcome:
        err, log = 1, ()

    monkeypatch.setattr(document, "pisaDocument", lambda *_, **__: Outcome)
    with pytest.raises(printing.PrintingFailed):
        printed("<p>Bonjour</p>")


def test_an_undefined_word_is_an_error(printed):
    with pytest.raises(jinja2.UndefinedError):
        printed("<p>{{ missing }}</p>")


def test_the_libraries_say_nothing_of_what_they_print(printed, caplog):
    caplog.set_level(logging.DEBUG)
    printed("<p>{{ text }}</p>", text="MARQUEUR-imprime 中")
    assert "MARQUEUR-imprime" not in caplog.text
    assert "xhtml2pdf" not in {record.name.split(".")[0] for record in caplog.records}


def test_nobody_waits_for_the_printer_at_the_start():
    import subprocess

    code = "import bilan.quotes.views, bilan.interviews.views, sys; print([m for m in sys.modules if m.startswith(('xhtml2pdf', 'reportlab'))])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_the_process_beside_sets_the_same_paper_and_another_takes_its_place(app):
    beside = printing.Press()
    source = "<html lang='fr'><head><title>T</title></head><body><p>Où l’été s’achève</p></body></html>"
    assert words(beside.set(source)) == "Où l’été s’achève"
    first = beside._process
    first.kill()
    assert words(beside.set(source)) == "Où l’été s’achève", "the paper that finds it killed is set by another"
    assert beside._process is not first
    with pytest.raises(printing.PrintingFailed):
        beside.set("<p><img src='https://espace2m.org/logo.png'></p>")
    assert words(beside.set(source)) == "Où l’été s’achève"
    last = beside._process
    beside._connection.close()
    assert last.wait(timeout=10) == 0, "it outlives whoever started it"


def test_a_process_that_every_paper_kills_is_said(app, monkeypatch):
    beside, tried = printing.Press(), []
    monkeypatch.setattr(beside, "_ask", tried.append)
    with pytest.raises(printing.PrintingFailed):
        beside.set("<p>a</p>")
    assert len(tried) == 2


def test_a_paper_follows_the_size_that_its_reader_prefers(printed):
    def size(content):
        found = []
        for page in PdfReader(io.BytesIO(content)).pages:
            page.extract_text(
                visitor_text=lambda text, _matrix, _text_matrix, _font, size: found.append(size) if "Bonjour" in text else None
            )
        return found[0]

    assert size(printed("<p>Bonjour</p>")) == 10.5
    cookie = dump_cookie(DISPLAY_COOKIE, Display(text="large").dump()).split(";")[0]
    assert size(printed("<p>Bonjour</p>", cookie=cookie)) == 16
