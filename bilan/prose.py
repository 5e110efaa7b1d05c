"""Light formatting of a text that people type: paragraphs, lists, bold; and what changed between two texts.

Guarantee: whatever is typed or pasted, the HTML that comes out holds p, br, strong, ul, ol
and li without any attribute but an `ol`'s start: a tag that was typed is shown as text.
"""

import difflib
import re
from collections.abc import Sequence
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup

# Markdown's own rules for these three things and no other; tags stay text.
RULES = ["newline", "list", "emphasis", "escape"]
# A word with the spaces before it: two words that change together are one change.
WORDS = re.compile(r"\s*(?:\w+|[^\w\s])|\s+")
# Beyond this many lines or words a comparison would take seconds: what differs is then shown as a whole.
COMPARED = 2000


class _Renderer(RendererHTML):
    """Writes one asterisk (Markdown's italics) as it was typed: it has its use in notes."""

    def em_open(self, tokens: Sequence[Token], index: int, _options: OptionsDict, _environment: EnvType) -> str:
        """Return the mark itself."""
        return tokens[index].markup

    em_close = em_open


_markdown = MarkdownIt("zero", {"html": False, "breaks": True}, renderer_cls=_Renderer).enable(RULES)


class Change(NamedTuple):
    """A piece of text: `kind` is "same", "added" or "removed"."""

    kind: str
    text: str


def formatted(text: str) -> Markup:
    """Return a text as HTML: a line that begins with "- " or "1. " is a list's, **two stars** make bold."""
    return Markup(_markdown.render(text))  # noqa: S704 -- see the guarantee above, held by tests/test_prose.py


def changes(before: str, after: str) -> list[Change]:
    """Return what turns one text into the other, by lines, then by words within the lines that differ."""
    found: list[Change] = []
    for kind, old, new in _blocks(before.splitlines(keepends=True), after.splitlines(keepends=True)):
        if kind == "equal":
            _add(found, "same", old)
            continue
        for inner, removed, added in _blocks(WORDS.findall("".join(old)), WORDS.findall("".join(new))):
            if inner == "equal":
                _add(found, "same", removed)
            else:
                _add(found, "removed", removed)
                _add(found, "added", added)
    return found


def _blocks(old: list[str], new: list[str]) -> list[tuple[str, list[str], list[str]]]:
    if max(len(old), len(new)) > COMPARED:
        return [("equal" if old == new else "replace", old, new)]
    matcher = difflib.SequenceMatcher(None, old, new)
    return [(kind, old[a:b], new[c:d]) for kind, a, b, c, d in matcher.get_opcodes()]


def _add(found: list[Change], kind: str, pieces: list[str]) -> None:
    text = "".join(pieces)
    if text and found and found[-1].kind == kind:
        found[-1] = Change(kind, found[-1].text + text)
    elif text:
        found.append(Change(kind, text))
