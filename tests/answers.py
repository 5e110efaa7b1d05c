"""What a person reads in an answer, whatever its format: what the tests look for markers in."""

import gzip
import io
import zipfile
from functools import lru_cache

from pypdf import PdfReader
from pypdf.errors import PyPdfError

PDF, ZIP = b"%PDF-", b"PK\x03\x04"


def text_of(response):
    """Return the text of an answer, packed or not, and the words of a PDF, of a spreadsheet or of all that a ZIP holds; nothing of a font."""
    if response.mimetype == "font/ttf":
        return ""
    packed = response.headers.get("Content-Encoding") == "gzip"
    return text_in(gzip.decompress(response.data) if packed and response.data else response.data)


def text_in(content):
    """Return the words of a file, known by its first bytes."""
    if content.startswith(PDF):
        return words_of_pdf(content)
    if content.startswith(ZIP):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                return "\n".join([*archive.namelist(), *(text_in(archive.read(name)) for name in archive.namelist())])
        except zipfile.BadZipFile:  # a part of it, as asked for by Range
            pass
    return content.decode(errors="replace")


@lru_cache(maxsize=1000)
def words_of_pdf(content):
    """Return the words of a PDF, its title and author included, without spaces: a marker may be cut by the end of a line."""
    try:
        reader = PdfReader(io.BytesIO(content))
        texts = [page.extract_text() for page in reader.pages] + [str(value) for value in (reader.metadata or {}).values()]
    except PyPdfError:  # what people send is a PDF by its first bytes only
        return content.decode(errors="replace")
    return "".join("".join(texts).split())
