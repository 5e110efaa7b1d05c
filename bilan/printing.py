"""Papers: a template like a page, set as a PDF.

Guarantee: a paper reads no file but its typeface and reaches no address; one that
cannot be set whole raises, and nothing is sent.
"""

import base64
import io
import logging
from functools import cache
from typing import Any

from flask import Flask, Response, current_app

from bilan.pages import FONTS

# Written beside the text of the page at any level, which quotes content; what it ignores is seen in the tests.
logging.getLogger("xhtml2pdf").setLevel(logging.CRITICAL)
SECONDS = 20
# What the typeface does not have, in its nearest characters.
SUBSTITUTES = str.maketrans({"\u202f": "\u00a0", "≥": ">=", "→": "->", "✓": "x"})
# What the library says of a character that no font has, in somebody's name: it is drawn as a box, and the paper is whole.
BOX = "No font this document has can draw"


class PrintingFailed(Exception):
    """The paper could not be set whole."""


def init_printing(app: Flask) -> None:
    """Let papers set a drawing: `{% set drawing %}<svg…>{% endset %}<img src="{{ drawing|as_image }}">`."""
    app.jinja_env.filters["as_image"] = as_image


def as_image(svg: str) -> str:
    """Return a drawing as the address of an image: what xhtml2pdf sets as vectors."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


@cache
def _know_typeface() -> None:
    """Let the drawings of a process name the typeface of the papers."""
    from svglib.fonts import register_font  # noqa: PLC0415

    register_font("Atkinson", str(FONTS / "AtkinsonHyperlegible-Regular.ttf"))


def pdf(template: str, /, *, title: str, **context: Any) -> bytes:
    """Set a template that extends layouts/paper.html; return the PDF. Raise PrintingFailed."""
    # Half of the time that the whole application takes to start: only those who print wait for it, once.
    from xhtml2pdf.config.resources import ResourceAccessPolicy  # noqa: PLC0415
    from xhtml2pdf.document import pisaDocument  # noqa: PLC0415

    _know_typeface()
    source = current_app.jinja_env.get_template(template).render(title=title, **context).translate(SUBSTITUTES)
    policy = ResourceAccessPolicy.server(FONTS, allow_remote=False, max_render_seconds=SECONDS)
    target = io.BytesIO()
    # The paper is named as if it lay beside the typeface, the only folder that the policy opens.
    outcome = pisaDocument(source, target, path=str(FONTS / "paper.html"), resource_policy=policy)
    if outcome.err or any(BOX not in message for _, _, message, _ in outcome.log):
        raise PrintingFailed(template)
    return target.getvalue()


def send_pdf(content: bytes, filename: str) -> Response:
    """Answer with a PDF that the browser shows, and saves under this name."""
    response = Response(content, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=filename)
    return response
