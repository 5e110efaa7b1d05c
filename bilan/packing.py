"""Answers sent packed, to the browsers that take it.

Guarantee: the length of a packed page says nothing of what it holds. Somebody who makes a reader's
browser ask again and again for a page with words of his own, and watches the lengths, would
guess what else is in it (the BREACH attack); a name of random length in the header of
each packed answer blurs them, as "Heal the BREACH" proposes (Palacios et al., 2022) and Django does.
"""

import gzip
import io
import secrets

from flask import Flask, Response, request

BLUR_BYTES = 64
# Under this, the wrapping weighs more than what is saved.
SMALLEST = 300
LEVEL = 6
PACKED = {"text/html", "text/plain", "text/csv", "text/calendar", "application/json"}


def init_packing(app: Flask) -> None:
    """Pack each answer on its way out."""
    app.after_request(pack)


def pack(response: Response) -> Response:
    """Pack a text that is whole, if the browser takes gzip; leave anything else as it is."""
    if response.mimetype not in PACKED or response.is_streamed or response.direct_passthrough or "Content-Encoding" in response.headers:
        return response
    content = response.get_data()
    if len(content) < SMALLEST or not request.accept_encodings["gzip"]:
        return response
    response.set_data(packed(content))
    response.headers["Content-Encoding"] = "gzip"
    return response


def packed(content: bytes) -> bytes:
    """Return a text packed, between 0 and 63 bytes longer than it needs."""
    written = io.BytesIO()
    with gzip.GzipFile("a" * secrets.randbelow(BLUR_BYTES), "wb", LEVEL, written, mtime=0) as file:
        file.write(content)
    return written.getvalue()
