"""Setting finished HTML as a PDF, here or in a process beside the server.

It imports nothing of the application: run as a program (`python bilan/press.py DESCRIPTOR`), it is a small
process of low priority that sets what it receives on a connection, until the other end closes.
"""

import io
import logging
import os
import sys
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path

# Written beside the text of the page at any level, which quotes content; what it ignores is seen in the tests.
logging.getLogger("xhtml2pdf").setLevel(logging.CRITICAL)
SECONDS = 20
NICENESS = 10
# What the library says of a character that no font has, in somebody's name: it is drawn as a box, and the paper is whole.
BOX = "No font this document has can draw"
READY, FAILED = b"R", b"F"


class PrintingFailed(Exception):
    """The paper could not be set whole."""


@cache
def _know_typeface(fonts: str) -> None:
    """Let the drawings of a process name the typeface of the papers."""
    from svglib.fonts import register_font  # noqa: PLC0415

    register_font("Atkinson", str(Path(fonts) / "AtkinsonHyperlegible-Regular.ttf"))


def set_html(source: str, fonts: str) -> bytes:
    """Return the PDF of a finished HTML; `fonts` is the one folder that it may read. Raise PrintingFailed."""
    # Half of the time that the whole application takes to start: only those who print wait for it, once.
    from xhtml2pdf.config.resources import ResourceAccessPolicy  # noqa: PLC0415
    from xhtml2pdf.document import pisaDocument  # noqa: PLC0415

    _know_typeface(fonts)
    policy = ResourceAccessPolicy.server(fonts, allow_remote=False, max_render_seconds=SECONDS)
    target = io.BytesIO()
    # The paper is named as if it lay beside the typeface, the only folder that the policy opens.
    outcome = pisaDocument(source, target, path=str(Path(fonts) / "paper.html"), resource_policy=policy)
    if outcome.err or any(BOX not in message for _, _, message, _ in outcome.log):
        raise PrintingFailed
    return target.getvalue()


def run(connection: Connection) -> None:
    """Set what comes (the folder of the fonts, then a source, …) and answer READY with the PDF, or FAILED; end with the other end."""
    os.nice(NICENESS)
    try:
        fonts = connection.recv_bytes().decode()
        while True:
            source = connection.recv_bytes().decode()
            try:
                answer = READY + set_html(source, fonts)
            except Exception:  # noqa: BLE001 -- whatever it is, somebody waits for a word; the content is not told
                answer = FAILED
            connection.send_bytes(answer)
    except (EOFError, ConnectionError):
        return


if __name__ == "__main__":
    run(Connection(int(sys.argv[1])))
