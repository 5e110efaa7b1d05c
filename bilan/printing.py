"""Papers: a template like a page, set as a PDF.

Guarantee: a paper reads no file but its typeface and reaches no address; one that
cannot be set whole raises, and nothing is sent.
"""

import atexit
import base64
import subprocess
import sys
import threading
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

from flask import Flask, Response, current_app, has_request_context
from markupsafe import Markup

from bilan import press
from bilan.pages import FONTS, display
from bilan.press import PrintingFailed
from bilan.prose import formatted

# What the typeface does not have, in its nearest characters.
SUBSTITUTES = str.maketrans({"\u202f": "\u00a0", "≥": ">=", "→": "->", "✓": "x"})


def init_printing(app: Flask) -> None:
    """Let papers set a drawing (`{% set drawing %}<svg…>{% endset %}<img src="{{ drawing|as_image }}">`) and a formatted text (`|set`)."""
    app.jinja_env.filters.update({"as_image": as_image, "set": formatted_for_paper})


def as_image(svg: str) -> str:
    """Return a drawing as the address of an image: what xhtml2pdf sets as vectors."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def formatted_for_paper(text: str) -> Markup:
    """Return a text as prose.formatted does; a paragraph that begins in bold, as a heading does, stays with what follows it."""
    return Markup(str(formatted(text)).replace("<p><strong>", '<p class="kept"><strong>'))  # noqa: S704 -- what formatted guarantees


class Press:
    """A process of low priority that sets papers, one at a time: a server of pages shares its time with none of them, nor its memory.

    It is started by the first paper, and again after it was killed.
    """

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()
        self._connection: Connection | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def set(self, source: str) -> bytes:
        """Return the PDF of a finished HTML; raise PrintingFailed."""
        with self._one_at_a_time:
            # Killed while nobody looked, or by this very paper: another process tries it, once.
            answer = self._ask(source) or self._ask(source)
        if answer is None or not answer.startswith(press.READY):
            raise PrintingFailed
        return answer.removeprefix(press.READY)

    def _ask(self, source: str) -> bytes | None:
        connection = self._connection or self._start()
        try:
            connection.send_bytes(source.encode())
            return connection.recv_bytes()
        except (EOFError, OSError):
            self._stop()
            return None

    def _start(self) -> Connection:
        self._connection, theirs = Pipe()
        # It ends by itself when this process does, however that ends: the connection closes.
        self._process = subprocess.Popen([sys.executable, "-P", press.__file__, str(theirs.fileno())], pass_fds=[theirs.fileno()])  # noqa: S603 -- our own file
        theirs.close()
        atexit.unregister(self._stop)
        atexit.register(self._stop)
        self._connection.send_bytes(str(FONTS).encode())
        return self._connection

    def _stop(self) -> None:
        if self._connection and self._process:
            self._connection.close()
            self._process.wait()
        self._connection = self._process = None


beside = Press()


def rendered(template: str, /, *, title: str, **context: Any) -> str:
    """Return the finished HTML of a paper that extends layouts/paper.html; `large` unless told follows its reader's preference."""
    if "large" not in context:
        context["large"] = has_request_context() and display().is_large
    return current_app.jinja_env.get_template(template).render(title=title, **context).translate(SUBSTITUTES)


def pdf(template: str, /, *, title: str, **context: Any) -> bytes:
    """Set a paper in the process beside; raise PrintingFailed."""
    return beside.set(rendered(template, title=title, **context))


def send_pdf(content: bytes, filename: str) -> Response:
    """Answer with a PDF that the browser shows, and saves under this name."""
    response = Response(content, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=filename)
    return response
