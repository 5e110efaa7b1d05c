"""Files as people have them, and as nobody should: made here, without a sample on the disk."""

import io
import zipfile

from PIL import Image
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import stream_encode_multipart

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\nxref\n0 1\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def post(browser, path, content, name, *, field="file", media_type="image/png", status=200, **fields):
    """Post a form with a file as a browser does, with a type that is only said; the body stays in memory."""
    data = MultiDict({"csrf_token": browser.csrf_token(), **fields})
    data.add(field, FileStorage(io.BytesIO(content), filename=name, content_type=media_type))
    body, length, boundary = stream_encode_multipart(data, use_tempfile=False)
    kind = f"multipart/form-data; boundary={boundary}"
    response = browser.client.post(path, input_stream=body, content_length=length, content_type=kind, follow_redirects=True)
    return browser._page(response, status, ())


def image(kind="PNG", size=(40, 30), exif=None):
    """Return a photograph of nothing."""
    held = io.BytesIO()
    Image.new("RGB", size, (200, 120, 40)).save(held, kind)
    return held.getvalue()


def archive(entries, compression=zipfile.ZIP_DEFLATED):
    """Return an archive of (name, content)."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", compression) as found:
        for name, content in entries:
            found.writestr(name, content)
    return held.getvalue()


def word(*others, main=WORD):
    """Return a document of Word with other entries."""
    types = f'<Types><Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    return archive([("[Content_Types].xml", types), ("word/document.xml", "<w:document/>"), *others])


def libre(kind="text", *others):
    """Return a document of LibreOffice with other entries."""
    return archive([("mimetype", f"application/vnd.oasis.opendocument.{kind}"), ("content.xml", "<office/>"), *others])


def older(stream="WordDocument", *others):
    """Return a compound file that names its streams."""
    return OLE + b"\0" * 504 + b"".join((name + "\0").encode("utf-16-le") for name in ("Root Entry", stream, *others))


def bomb(size=1024**3):
    """Return a document of Word of some kilobytes that would become that many bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as found:
        found.writestr("[Content_Types].xml", f'<Types><Override ContentType="{WORD}"/></Types>')
        with found.open("word/document.xml", "w", force_zip64=True) as entry:
            for _ in range(size // (1024 * 1024)):
                entry.write(b"\0" * 1024 * 1024)
    return held.getvalue()


def nested_bomb(copies=200):
    """Return a small archive whose many entries name the same megabytes: each entry is modest, all of them are not."""
    zeros = b"\0" * 1024 * 1024
    return word(*((f"word/media/{rank}.bin", zeros) for rank in range(copies)))


def lying(size=90 * 1024 * 1024):
    """Return a document that declares entries far smaller than they are."""
    held = bytearray(word(("word/media/image.bin", b"\0" * size)))
    real = size.to_bytes(4, "little")
    while (place := held.find(real)) >= 0:
        held[place : place + 4] = (10).to_bytes(4, "little")
    return bytes(held)
