"""A public page as a text: what a visitor reads on the day when the file is made."""

from html.parser import HTMLParser
from typing import Any

from flask import current_app, render_template

BLOCKS = {"p", "li", "h1", "h2", "h3", "tr", "dt", "dd", "section", "address", "caption", "ul", "ol", "table", "div"}
UNREAD = {"nav", "script", "style", "svg", "form", "details"}


class _Words(HTMLParser):
    """Keeps the words of <main>, a block a line."""

    def __init__(self) -> None:
        super().__init__()
        self.within, self.unread = False, 0
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line with a block."""
        self.within |= tag == "main"
        self.unread += tag in UNREAD
        if tag in BLOCKS or tag == "br":
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End a line with a block, and a cell with a space."""
        self.within &= tag != "main"
        self.unread -= tag in UNREAD
        self.found.append("\n" if tag in BLOCKS else " | " if tag in ("th", "td") else "")

    def handle_data(self, data: str) -> None:
        """Keep words."""
        if self.within and not self.unread:
            self.found.append(" ".join(data.split(" ")).replace("\n", " "))


def text_of(template: str, **context: Any) -> str:
    """Return the words of a public page, as somebody without an account reads it."""
    with current_app.test_request_context("/"):
        words = _Words()
        words.feed(render_template(template, **context))
    lines = (" ".join(line.split(" ")).strip(" |") for line in "".join(words.found).split("\n"))
    return "\n".join(line for line in lines if line) + "\n"
