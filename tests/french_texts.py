"""What the product says in French: the texts of its templates, its code, its scripts and its data, word by word."""

import ast
import html
import re
import tomllib
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
SCRIPTING = re.compile(r"<(script|style|svg)\b.*?</\1>|<!--.*?-->", re.DOTALL)
TAG = re.compile(r"<[^>]*>", re.DOTALL)
SPOKEN = re.compile(r'\b(?:aria-label|title|placeholder|alt|data-label)="([^"]*)"')
QUOTED = re.compile(r"'((?:[^'\\\n]|\\.)*)'")
IN_SCRIPT = re.compile(r"'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`")
REMARK = re.compile(r"(?:^|(?<=\s))//[^\n]*|/\*.*?\*/", re.MULTILINE | re.DOTALL)
FILLED = re.compile(r"\$\{[^}]*\}")
# Strings of the scripts that are classes, selectors, directives.
CODE = re.compile(r"^use strict$|^button |^\.")
ADDRESS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+|\S+\.(?:org|fr|example|ics|pdf|csv|ods|zip)\b|/\S+")
# A sentence, or a label: what no identifier looks like.
SAID = re.compile(r"[a-zà-ÿ] [a-zà-ÿ«]|[À-ÿœ’«»]|^[A-Z][a-z]+$")
WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿœŒ]+(?:-[A-Za-zÀ-ÖØ-öø-ÿœŒ]+)*")
# Strings of the code that are for machines or for who develops.
MACHINE = re.compile(r"CONSTRAINT|CREATE |SELECT |\bCHECK\b|PRAGMA|\\[dwsb]|\(\?|%\(|</|[a-z]_[a-z]|^(?:closest|find) |per hour")
ENGLISH = re.compile(r"\b(?:the|is|of|to|not|and|this|shutting|starting)\b")
STYLES = re.compile(r"[^{}<>]*\{[^{}]*;\s*\}")


def template_texts(source: str) -> list[str]:
    """Return the words that a template shows, and the strings that its expressions hold."""
    held = [text for block in JINJA.findall(source) if not block.startswith("{#") for text in QUOTED.findall(block)]
    rest = SCRIPTING.sub(" ", JINJA.sub(" ", source))
    spoken = SPOKEN.findall(rest)
    return [text for text in held if is_said(text)] + spoken + [html.unescape(TAG.sub(" ", STYLES.sub(" ", rest)))]


def code_texts(source: str) -> list[str]:
    """Return the sentences and labels among the strings of a module, without its docstrings."""
    tree = ast.parse(source)
    bodies = [node.body for node in ast.walk(tree) if hasattr(node, "body") and isinstance(node.body, list)]
    docstrings = {id(body[0].value) for body in bodies if body and isinstance(body[0], ast.Expr)}
    # What an exception or a log says in English is for who develops.
    raised = [node for node in ast.walk(tree) if isinstance(node, ast.Raise) or (isinstance(node, ast.Call) and for_developers(node))]
    english = {id(one) for node in raised for one in ast.walk(node) if isinstance(one, ast.Constant) and str(one.value).isascii()}
    strings = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [one.value for one in strings if id(one) not in docstrings | english and is_said(one.value)]


def for_developers(call: ast.Call) -> bool:
    """Whether a call makes an exception, or writes a log or an annotation of types."""
    name = ast.unparse(call.func)
    return name in {"super().__init__", "TypeVar"} or name.startswith(("log.", "logger.", "current_app.logger."))


def script_texts(source: str) -> list[str]:
    """Return the sentences and labels among the strings of a script."""
    found = [FILLED.sub("…", one or other) for one, other in IN_SCRIPT.findall(REMARK.sub("", source))]
    return [text for text in found if is_said(text) and not CODE.search(text)]


def data_texts(content: object) -> list[str]:
    """Return the sentences and labels of a file of data."""
    if isinstance(content, dict):
        return [text for value in content.values() for text in data_texts(value)]
    if isinstance(content, list):
        return [text for value in content for text in data_texts(value)]
    return [content] if isinstance(content, str) and is_said(content) else []


def is_said(text: str) -> bool:
    """Whether a string is read by people."""
    return bool(SAID.search(text)) and not MACHINE.search(text) and not (text.isascii() and ENGLISH.search(text))


def texts() -> dict[Path, list[str]]:
    """Return what each file of the product says."""
    found = {path: template_texts(path.read_text("utf-8")) for path in (ROOT / "templates").rglob("*.*")}
    modules = [path for path in (ROOT / "bilan").rglob("*.py") if "migrations" not in path.parts]
    found |= {path: code_texts(path.read_text("utf-8")) for path in modules}
    found |= {path: script_texts(path.read_text("utf-8")) for path in (ROOT / "static").glob("*.js")}
    # The words of delicate.toml are written without accents: they are compared so.
    data = [path for path in (ROOT / "bilan").rglob("*.toml") if path.name != "delicate.toml"]
    found |= {path: data_texts(tomllib.loads(path.read_text("utf-8"))) for path in data}
    return found


def words() -> dict[str, set[str]]:
    """Return each word that the product says, with the files that say it."""
    where = defaultdict(set)
    for path, said in texts().items():
        for text in said:
            for word in WORD.findall(ADDRESS.sub(" ", text)):
                where[word].add(str(path.relative_to(ROOT)))
    return where
