"""What a file is, by its content: each accepted type, and each disguise."""

import time
import tracemalloc
import zipfile

import files
import pytest

from bilan.filetypes import NotAccepted, clean_name, download_name, identify, size_words

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ACCEPTED = {
    "pdf": (files.PDF, "application/pdf"),
    "png": (files.image("PNG"), "image/png"),
    "jpeg": (files.image("JPEG"), "image/jpeg"),
    "webp": (files.image("WEBP"), "image/webp"),
    "gif": (files.image("GIF"), "image/gif"),
    "docx": (files.word(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "odt": (files.libre(), "application/vnd.oasis.opendocument.text"),
    "ods": (files.libre("spreadsheet"), "application/vnd.oasis.opendocument.spreadsheet"),
    "doc": (files.older(), "application/msword"),
    "xls": (files.older("Workbook"), "application/vnd.ms-excel"),
    "a sheet in a text": (files.older("Workbook", "WordDocument"), "application/msword"),
    "the word macros in a text": (files.older("WordDocument") + "Excel, Macros, _VBA_PROJECT".encode("utf-16-le"), "application/msword"),
    "photo of two views": (files.image("MPO"), "image/jpeg"),
    "pptx": (files.word(main=files.WORD.replace("wordprocessingml.document", "presentationml.presentation")), PPTX),
    "rtf": (b"{\\rtf1\\ansi Bonjour.}", "application/rtf"),
    "utf-8": ("Ma semaine à l’accueil.\r\n- 3 < 5".encode(), "text/plain"),
    "cp1252": ("Ma journée".encode("cp1252"), "text/plain"),
}
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
REFUSED = {
    "empty": b"",
    "spaces": b" \r\n\t ",
    "zeros": b"\0" * 4096,
    "svg": SVG,
    "svg without a head": b"  <svg onload='alert(1)'/>",
    "svg after a mark": b"\xef\xbb\xbf<svg/>",
    "html": b"<!doctype html><script>alert(1)</script>",
    "html later": b"Bonjour\n<script>alert(1)</script>",
    "html that holds a pdf": b"<html><script>alert(1)</script>" + files.PDF,
    "spaces, then a pdf": b"\n\n" + files.PDF + b"\x00",
    "pdf without an end": b"%PDF-1.7\n<script>alert(1)</script>",
    "shell script": b"#!/bin/sh\nrm -rf /\n",
    "windows program": b"MZ\x90\x00\x03\x00\x00\x00" + b"\0" * 200,
    "linux program": b"\x7fELF\x02\x01\x01" + b"\0" * 200,
    "archive": files.archive([("a.txt", "a")]),
    "archive of nothing": b"PK\x05\x06" + b"\0" * 18,
    "jar": files.archive([("META-INF/MANIFEST.MF", "Main-Class: A"), ("A.class", b"\xca\xfe\xba\xbe")]),
    "gzip": b"\x1f\x8b\x08\x00" + b"\0" * 30,
    "macros": files.word(("word/vbaProject.bin", b"x")),
    "macros in the types": files.word(main="application/vnd.ms-word.document.macroEnabled.main+xml"),
    "macros of libreoffice": files.libre("text", ("Basic/Standard/Module1.xml", "<x/>")),
    "scripts of libreoffice": files.libre("text", ("Scripts/python/a.py", "x")),
    "other open document": files.libre("image"),
    "macros of the older kind": files.older("WordDocument", "Macros", "_VBA_PROJECT"),
    "installer": files.older("ProductCode"),
    "rtf with an object": b"{\\rtf1{\\object\\objdata 0105}}",
    "half a png": files.image("PNG")[:-20],
    "a png in name only": b"\x89PNG\r\n\x1a\n" + SVG,
    "a jpeg in name only": b"\xff\xd8\xff" + b"<script>alert(1)</script>",
    "half a document": files.word()[:-30],
    "heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    "film": b"RIFF\x24\x00\x00\x00AVI LIST",
    "other compression": files.archive([("[Content_Types].xml", files.WORD), ("a", "a" * 999)], zipfile.ZIP_LZMA),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_people_have_is_recognised_by_its_content(name):
    content, media_type = ACCEPTED[name]
    assert identify(content).media_type == media_type


@pytest.mark.parametrize("name", REFUSED)
def test_what_runs_or_lies_is_refused_with_what_to_do(name):
    with pytest.raises(NotAccepted) as refused:
        identify(REFUSED[name])
    assert "Vous pouvez joindre un PDF, une photo" in refused.value.sentence


@pytest.mark.parametrize(
    ("make", "sentence"),
    [(files.bomb, "énorme"), (files.nested_bomb, "énorme"), (files.lying, "abîmé")],
    ids=["one entry of gigabytes", "many entries", "sizes that lie"],
)
def test_a_bomb_is_refused_without_being_opened(make, sentence):
    content = make()
    assert len(content) < 3_000_000
    tracemalloc.start()
    begun = time.monotonic()
    with pytest.raises(NotAccepted, match=sentence):
        identify(content)
    assert time.monotonic() - begun < 5
    assert tracemalloc.get_traced_memory()[1] < 8_000_000
    tracemalloc.stop()


def test_an_archive_of_too_many_entries_is_refused_before_it_is_listed():
    content = files.word(*((f"a{rank}", "") for rank in range(5_001)))
    with pytest.raises(NotAccepted):
        identify(content)


def test_an_image_too_large_to_be_drawn_is_refused():
    with pytest.raises(NotAccepted, match="trop grande"):
        identify(files.image("PNG", (30_000, 3_000)))


def test_a_document_protected_by_a_password_is_refused():
    held = bytearray(files.word())
    for start, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = held.find(start)
        held[at + place] |= 1
    with pytest.raises(NotAccepted, match="mot de passe"):
        identify(bytes(held))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/x.pdf", "x.pdf"),
        ("C:\\Users\\y\\Mon CV.docx", "Mon CV.docx"),
        ("/srv/.htaccess", "htaccess"),
        ("a\x00b\r\nSet-Cookie: x.pdf", "abSet-Cookie: x.pdf"),
        ("fact\u202egpj.exe", "factgpj.exe"),
        ("été  d’E\u0301milie.pdf", "été d’Émilie.pdf"),
        ("a" * 300 + ".pdf", "a" * 116 + ".pdf"),
        ("a" * 300, "a" * 120),
        ("../..", "fichier"),
        ("", "fichier"),
    ],
)
def test_a_name_is_the_last_of_its_path_and_nothing_hidden(given, kept):
    assert clean_name(given) == kept


@pytest.mark.parametrize(
    ("name", "media_type", "given_back"),
    [
        ("cv.pdf", "application/pdf", "cv.pdf"),
        ("Photo.JPEG", "image/jpeg", "Photo.JPEG"),
        ("facture.exe", "application/pdf", "facture.exe.pdf"),
        ("page.html", "text/plain", "page.html.txt"),
        ("lance.bat", "text/plain", "lance.bat.txt"),
        ("sans fin", "image/png", "sans fin.png"),
    ],
)
def test_a_file_is_given_back_under_an_ending_that_is_true(name, media_type, given_back):
    assert download_name(name, media_type) == given_back


def test_sizes_are_said_in_words():
    assert [size_words(size) for size in (1, 870_400, 2_516_582, 10 * 1024 * 1024)] == [
        "1\u00a0Ko",
        "850\u00a0Ko",
        "2,4\u00a0Mo",
        "10\u00a0Mo",
    ]
