"""Answers sent packed, to the browsers that take it.

Guarantee: the length of a packed page says nothing of what it holds. Somebody who makes a reader's
browser ask again and again for a page with words of his own, and watches the lengths, would
guess what else is in it (the BREACH attack); a name of random length in the header of
each packed answer blurs them, as "Heal the BREACH" proposes (Palacios et al., 2022) and Django does.
"""

import secrets
import struct
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache

from flask import Flask, Response, request
from werkzeug.http import parse_accept_header

BLUR_BYTES = 64
# Under this, the wrapping weighs more than what is saved.
SMALLEST = 300
# A sixth faster than zlib's own level, 6, for three bytes in a thousand.
LEVEL = 5
# A window no wider than the text, of 512 bytes to 16 kB: what the packing then needs is memory that the process has already,
# where the usual 256 kB are asked of the system and given back for each page (three quarters of the time of an answer's).
WINDOW_BITS, TABLE = range(9, 15), 7
# A gzip file with a name and no date (RFC 1952).
HEAD = b"\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\xff"
PACKED = {"text/html", "text/plain", "text/csv", "text/calendar", "application/json"}


def init_packing(app: Flask) -> None:
    """Pack each answer on its way out."""
    app.after_request(pack)


def pack(response: Response) -> Response:
    """Pack a text, whole or as it leaves, if the browser takes gzip; leave anything else as it is."""
    if response.mimetype not in PACKED or response.direct_passthrough or "Content-Encoding" in response.headers:
        return response
    if not takes_gzip(request.headers.get("Accept-Encoding", "")):
        return response
    if response.is_streamed:
        response.response = packed_parts(response.iter_encoded(), WINDOW_BITS[-1])
    elif len(content := response.get_data()) >= SMALLEST:
        response.set_data(packed(content))
    else:
        return response
    response.headers["Content-Encoding"] = "gzip"
    return response


@lru_cache(64)
def takes_gzip(accepted: str) -> bool:
    """Whether a browser that accepts these encodings takes gzip."""
    return bool(parse_accept_header(accepted)["gzip"])


def packed(content: bytes) -> bytes:
    """Return a text packed, between 0 and 63 bytes longer than it needs."""
    bits = min(max(len(content).bit_length(), WINDOW_BITS[0]), WINDOW_BITS[-1])
    return b"".join(packed_parts((content,), bits))


def packed_parts(parts: Iterable[bytes], bits: int) -> Iterator[bytes]:
    """Yield the parts of a text packed within a window of 2**bits bytes, as they come, with up to 63 bytes that say nothing."""
    packer, check, length = zlib.compressobj(LEVEL, zlib.DEFLATED, -bits, TABLE), 0, 0
    yield HEAD + b"a" * secrets.randbelow(BLUR_BYTES) + b"\0"
    for part in parts:
        check, length = zlib.crc32(part, check), length + len(part)
        yield packer.compress(part)
    yield packer.flush() + struct.pack("<LL", check, length & 0xFFFFFFFF)
