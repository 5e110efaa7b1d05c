"""What a file is, by its content: neither its name nor what the browser says of it counts.

Guarantee: nothing that runs, and nothing that a browser would show as a page, is recognised; no
archive is opened beyond a bound that holds whatever the archive declares. See docs/decisions/0011-attachments.md.
"""

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable
from functools import partial
from typing import NamedTuple
from zlib import error as zlib_error

from PIL import Image

ACCEPTED = "un PDF, une photo ou une image (JPEG, PNG, WebP, GIF), un document Word, Excel, PowerPoint ou LibreOffice, ou un texte"
# For the file chooser: with it, a phone turns its own photo format into JPEG.
EXTENSIONS = ".pdf,.jpg,.jpeg,.png,.webp,.gif,.docx,.xlsx,.pptx,.odt,.ods,.odp,.doc,.xls,.ppt,.rtf,.txt"
MACROS = "Ce document contient des macros. Enregistrez-le sans macros, puis réessayez."
NAME_MAX = 120
PIXELS_MAX = 89_000_000
ENTRIES_MAX = 5_000
INFLATED_MAX = 100 * 1024 * 1024
CHUNK = 64 * 1024
TAIL = 4096


class FileType(NamedTuple):
    """A type: what it is called in French, its media type, and the ends of name that go with it (the first is given to a name without any)."""

    words: str
    media_type: str
    endings: tuple[str, ...]


class NotAccepted(Exception):
    """The content is of no accepted type; `sentence` says what to do."""

    def __init__(self, why: str = "Ce fichier n’est pas d’un type accepté.") -> None:
        self.sentence = f"{why} Vous pouvez joindre {ACCEPTED}."
        super().__init__(self.sentence)


PDF = FileType("PDF", "application/pdf", (".pdf",))
RTF = FileType("Document RTF", "application/rtf", (".rtf",))
TEXT = FileType("Texte", "text/plain", (".txt",))
IMAGES = {
    "JPEG": FileType("Photo JPEG", "image/jpeg", (".jpg", ".jpeg", ".jfif")),
    "PNG": FileType("Image PNG", "image/png", (".png",)),
    "WEBP": FileType("Image WebP", "image/webp", (".webp",)),
    "GIF": FileType("Image GIF", "image/gif", (".gif",)),
}
_OPEN_XML, _OPEN_DOCUMENT = "application/vnd.openxmlformats-officedocument", "application/vnd.oasis.opendocument"
# By the type of its main part.
OFFICE = {
    f"{_OPEN_XML}.wordprocessingml.document.main+xml": FileType("Document Word", f"{_OPEN_XML}.wordprocessingml.document", (".docx",)),
    f"{_OPEN_XML}.spreadsheetml.sheet.main+xml": FileType("Classeur Excel", f"{_OPEN_XML}.spreadsheetml.sheet", (".xlsx",)),
    f"{_OPEN_XML}.presentationml.presentation.main+xml": FileType(
        "Présentation PowerPoint", f"{_OPEN_XML}.presentationml.presentation", (".pptx",)
    ),
}
# By its entry "mimetype".
LIBRE = {
    f"{_OPEN_DOCUMENT}.text": FileType("Document LibreOffice", f"{_OPEN_DOCUMENT}.text", (".odt",)),
    f"{_OPEN_DOCUMENT}.spreadsheet": FileType("Classeur LibreOffice", f"{_OPEN_DOCUMENT}.spreadsheet", (".ods",)),
    f"{_OPEN_DOCUMENT}.presentation": FileType("Présentation LibreOffice", f"{_OPEN_DOCUMENT}.presentation", (".odp",)),
}
# By the stream that the older formats of Office hold; a text or a presentation may hold a sheet, which comes last.
OLDER = {
    "WordDocument": FileType("Document Word", "application/msword", (".doc",)),
    "PowerPoint Document": FileType("Présentation PowerPoint", "application/vnd.ms-powerpoint", (".ppt",)),
    "Workbook": FileType("Classeur Excel", "application/vnd.ms-excel", (".xls",)),
}
TYPES = {one.media_type: one for one in (PDF, RTF, TEXT, *IMAGES.values(), *OFFICE.values(), *LIBRE.values(), *OLDER.values())}
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
# A text that a program would run or show as a page.
_NOT_PROSE = re.compile(rb"^\s*(<|#!|%!|MZ)|<(!doctype|html|head|body|script|svg|iframe|\?xml|\?php)\b", re.IGNORECASE)
_OBJECTS = re.compile(rb"\\obj(ect|data)\b")
_MACROS = re.compile(r"(^|/)(vbaproject\.bin|vbadata\.xml|basic/.*|scripts/.+)$", re.IGNORECASE)


def identify(content: bytes) -> FileType:
    """Return what a file is; raise NotAccepted."""
    if not content.strip(b"\x00\r\n\t "):
        raise NotAccepted("Ce fichier est vide.")
    for start, read in _READERS.items():
        if content.startswith(start):
            return read(content)
    return _text(content)


def _pdf(content: bytes) -> FileType:
    return _checked(PDF, b"%%EOF" in content[-TAIL:])


def _rtf(content: bytes) -> FileType:
    """Read a text with layout, which may not carry objects of other programs."""
    return _checked(RTF, not _OBJECTS.search(content) and not _CONTROLS.search(content))


def _checked(found: FileType, whole: bool) -> FileType:  # noqa: FBT001 -- the one thing that is checked
    if not whole:
        raise NotAccepted("Ce fichier est abîmé ou incomplet.")
    return found


def _image(content: bytes, name: str) -> FileType:
    """Read the headers of an image and what can be checked without drawing it."""
    try:
        with Image.open(io.BytesIO(content), formats=(name,)) as image:
            width, height = image.size
            image.verify()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        width, height = PIXELS_MAX, 2
    except Exception:  # noqa: BLE001 -- a damaged image makes the library raise anything
        raise NotAccepted("Cette image est abîmée ou incomplète.") from None
    if width * height > PIXELS_MAX:
        raise NotAccepted("Cette image est trop grande. Réduisez-la, puis réessayez.")
    return IMAGES[name]


def _archive(content: bytes) -> FileType:
    """Read an office document, which is an archive: every entry once, within a bound, none of them kept."""
    # Each entry of the directory begins so: the library makes an object of each before anything can be counted.
    if content.count(b"PK\x01\x02") > ENTRIES_MAX:
        raise NotAccepted
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_bombs(archive)
            return _office_type(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError, zlib_error):
        raise NotAccepted("Ce fichier est abîmé ou incomplet.") from None


def _refuse_bombs(archive: zipfile.ZipFile) -> None:
    """Read every entry: the library gives no more than an entry declares, and its checksum tells a size that lies."""
    entries = archive.infolist()
    if sum(one.file_size for one in entries) > INFLATED_MAX:
        raise NotAccepted("Ce fichier deviendrait énorme une fois ouvert.")
    for one in entries:
        if one.flag_bits & 1 or one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise NotAccepted("Ce fichier est protégé par un mot de passe, ou fait d’une manière que nous ne lisons pas.")
        with archive.open(one) as entry:
            while entry.read(CHUNK):
                pass


def _office_type(archive: zipfile.ZipFile) -> FileType:
    names = archive.namelist()
    if any(_MACROS.search(name) for name in names):
        raise NotAccepted(MACROS)
    if names[:1] == ["mimetype"]:
        found = LIBRE.get(_start_of(archive, "mimetype").decode("ascii", "replace").strip())
    elif "[Content_Types].xml" in names:
        parts = _start_of(archive, "[Content_Types].xml").decode("utf-8", "replace")
        if "macroenabled" in parts.lower():
            raise NotAccepted(MACROS)
        found = next((kind for part, kind in OFFICE.items() if part in parts), None)
    else:
        found = None
    if found is None:
        raise NotAccepted("Ce fichier est une archive, ou un document que nous ne lisons pas.")
    return found


def _start_of(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as entry:
        return entry.read(CHUNK)


def _older_office(content: bytes) -> FileType:
    """Recognise the streams of a compound file by their names in its directory, in UTF-16 and followed by a zero."""
    found = [kind for name, kind in {"_VBA_PROJECT": None, **OLDER}.items() if (name + "\0").encode("utf-16-le") in content]
    if not found:
        raise NotAccepted
    if found[0] is None:
        raise NotAccepted(MACROS)
    return found[0]


def _text(content: bytes) -> FileType:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        try:
            content.decode("cp1252")
        except UnicodeDecodeError:
            raise NotAccepted from None
    if _CONTROLS.search(content) or _NOT_PROSE.search(content.removeprefix(b"\xef\xbb\xbf")):
        raise NotAccepted
    return TEXT


_READERS: dict[bytes, Callable[[bytes], FileType]] = {
    b"%PDF-": _pdf,
    b"\x89PNG\r\n\x1a\n": partial(_image, name="PNG"),
    b"\xff\xd8\xff": partial(_image, name="JPEG"),
    b"GIF87a": partial(_image, name="GIF"),
    b"GIF89a": partial(_image, name="GIF"),
    b"RIFF": partial(_image, name="WEBP"),
    b"PK\x03\x04": _archive,
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": _older_office,
    b"{\\rtf": _rtf,
}


def clean_name(name: str) -> str:
    """Return the last part of a path, without what no keyboard types, at most 120 characters, its ending kept."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(one for one in last if unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
    seen = " ".join(seen.split()).lstrip(". ")
    if len(seen) > NAME_MAX:
        stem, dot, ending = seen.rpartition(".")
        seen = f"{stem[: NAME_MAX - len(ending) - 1]}{dot}{ending}" if dot and len(ending) < 10 else seen[:NAME_MAX]
    return seen or "fichier"


def download_name(name: str, media_type: str) -> str:
    """Return the name under which a file is given back: as written, with an ending that says what it truly is."""
    kind = TYPES.get(media_type)
    if kind is None or name.lower().endswith(kind.endings):
        return name
    return name + kind.endings[0]


def size_words(size: int) -> str:
    """Return "850 Ko" or "2,4 Mo" of a number of bytes."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))}\u00a0Ko"
    return f"{size / 1024 / 1024:.1f}".replace(".", ",").removesuffix(",0") + "\u00a0Mo"
