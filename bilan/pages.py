"""What every page receives: words, dates, navigation, preferences, addresses of static files."""

import gzip
import hashlib
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from flask import Blueprint, Flask, Response, abort, current_app, g, request, send_file, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from jinja2 import StrictUndefined, Template
from markupsafe import Markup
from peewee import ModelSelect
from werkzeug.wrappers import Response as BaseResponse

from bilan import french
from bilan.database import now
from bilan.fields import attributes
from bilan.people.models import Person, Role
from bilan.people.rules import Display, read_display
from bilan.permissions import public
from bilan.prose import formatted

ROOT = Path(__file__).parent.parent
DISPLAY_COOKIE = "affichage"
YEAR_SECONDS = 31_536_000
# The tags that a process remembers, some 300 bytes each.
TAGS = 300

# The readers' browsers keep these files for good: their address changes with their content.
STATIC_FILES = {
    "bilan.css": ROOT / "static" / "bilan.css",
    "bilan.js": ROOT / "static" / "bilan.js",
    "passkey.js": ROOT / "static" / "passkey.js",
    "favicon.svg": ROOT / "static" / "favicon.svg",
    "htmx": Path(str(files("js_lib_htmx"))) / "static" / "htmx" / "htmx.min.js",
}
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".ttf": "font/ttf"}
FONTS = Path(str(files("fontpkg_atkinson_hyperlegible"))) / "files"
FONT_FILES = {f"AtkinsonHyperlegible-{style}.ttf" for style in ("Regular", "Bold", "Italic", "BoldItalic")}

blueprint = Blueprint("pages", __name__)


class Link(NamedTuple):
    """An entry of the navigation."""

    label: str
    href: str
    current: bool


class Page(NamedTuple):
    """One page of a list: its rows, its number from 1, the number of the last, and how many rows the whole list has."""

    rows: list[Any]
    number: int
    last: int
    total: int


def paginate(query: ModelSelect, size: int = 25, *, counted: ModelSelect | None = None) -> Page:
    """Return the page of the list that the address asks for, or the nearest that exists.

    `counted` has as many rows, where the list's own query joins what its count does without.
    """
    # Not "or": a query is true when it has rows, which it then reads.
    counted = query if counted is None else counted
    count = counted.select(counted.model.id).order_by().count()
    number, last = _asked_page(count, size)
    return Page(list(query.paginate(number, size)), number, last, count)


def paginate_list(rows: Sequence[Any], size: int) -> Page:
    """Return the same of rows that are already read."""
    number, last = _asked_page(len(rows), size)
    return Page(list(rows[(number - 1) * size : number * size]), number, last, len(rows))


def _asked_page(count: int, size: int) -> tuple[int, int]:
    last = max(-(-count // size), 1)
    return min(max(request.args.get("page", 1, type=int), 1), last), last


NAVIGATION: dict[Role, tuple[tuple[str, str], ...]] = {
    Role.AGENT: (("Mon bilan", "journeys.mine"),),
    Role.COUNSELLOR: (("Mes parcours", "journeys.index"), ("Agenda", "agenda.index")),
    Role.HR: (("Prescriptions", "prescriptions.index"), ("Restitutions", "disclosure.received")),
    Role.SECRETARIAT: (
        ("Aujourd’hui", "reception.home"),
        ("Prescriptions", "reception.index"),
        ("Agenda", "agenda.index"),
        ("Réclamations", "treatment.index"),
        ("Courriers", "mail.index"),
        ("Comptes", "people.accounts"),
    ),
    Role.DISABILITY_REFERENT: (("Demandes d’adaptation", "measures.index"),),
    Role.MANAGER: (
        ("Indicateurs", "quality.index"),
        ("Avis", "verbatims.index"),
        ("Plan d’amélioration", "improvement.index"),
        ("Preuves", "evidence.index"),
        ("Réclamations", "treatment.index"),
        ("Journal", "seals.index"),
    ),
}


def signed_in() -> Person | None:
    """Return the person of this request, or None."""
    # Not the proxy, which asks for the request at each attribute.
    person = current_user._get_current_object()  # noqa: SLF001 -- its one way out
    return person if person.is_authenticated else None


def display_cookie() -> str:
    """Return the name of the cookie that holds the preferences of somebody without an account: of this host alone over https."""
    return f"__Host-{DISPLAY_COOKIE}" if current_app.config["BILAN"].secure else DISPLAY_COOKIE


def display() -> Display:
    """Return this reader's preferences: the account's, else the cookie's."""
    if "display" not in g:
        person = signed_in()
        g.display = read_display((person.preferences if person else "") or request.cookies.get(display_cookie()))
    return g.display


def keep_display(response: BaseResponse, chosen: Display) -> None:
    """Have this browser keep preferences, for the pages that nobody is signed in on."""
    secure = current_app.config["BILAN"].secure
    response.set_cookie(display_cookie(), chosen.dump(), max_age=YEAR_SECONDS, secure=secure, httponly=True, samesite="Lax")


def _carry_display(response: Response) -> Response:
    """Leave in the browser the preferences of the account whose page was shown, chosen elsewhere or put in place for its owner: they outlive the sign-out."""
    person = signed_in() if request.method == "GET" and "display" in g else None
    if person and person.preferences and read_display(request.cookies.get(display_cookie())) != g.display:
        keep_display(response, g.display)
    return response


def navigation(person: Person | None) -> list[Link]:
    """Return the entries of the header for this person."""
    if person is None:
        return []
    return [Link(label, url_for(endpoint), request.endpoint == endpoint) for label, endpoint in NAVIGATION[person.role]]


@cache
def asset(name: str) -> str:
    """Return the address of a static file, which holds the digest of its content."""
    return url_for("pages.static_file", digest=current_app.config["ASSETS"][name], name=name)


@blueprint.get("/statique/<digest>/<name>")
@public
def static_file(digest: str, name: str) -> Response:
    """Send a static file that never changes at this address."""
    if current_app.config["ASSETS"].get(name) != digest:
        abort(404)
    return _immutable(name, STATIC_FILES[name])


@blueprint.get("/static-lib/atkinson/<name>")
@public
def font(name: str) -> Response:
    """Send the readable typeface, for those who prefer it."""
    if name not in FONT_FILES:
        abort(404)
    return _immutable(name, FONTS / name)


def _immutable(name: str, path: Path) -> Response:
    if request.accept_encodings["gzip"]:
        response = Response(current_app.config["PACKED"][name], mimetype=MEDIA_TYPES[path.suffix])
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = send_file(path, mimetype=MEDIA_TYPES[path.suffix])
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    return response


@cache
def _read_static_files() -> tuple[dict[str, str], dict[str, bytes]]:
    """Return the digest of each static file, and its content packed, the typeface's too: once per process."""
    contents = {name: path.read_bytes() for name, path in STATIC_FILES.items()}
    digests = {name: hashlib.sha256(content).hexdigest()[:12] for name, content in contents.items()}
    contents |= {name: (FONTS / name).read_bytes() for name in FONT_FILES}
    return digests, {name: gzip.compress(content, mtime=0) for name, content in contents.items()}


class Known(Template):
    """A template whose macros are made once: whatever page imports them, all that they may name is of the environment."""

    def _get_default_module(self, _context: Any = None) -> Any:
        # Jinja compares, at each import, what the page and its macros may name.
        return super()._get_default_module()


def csrf_token() -> str:
    """Return the token that the forms of this page post."""
    return g.get("csrf_token") or generate_csrf()


def footer() -> Markup:
    """Return the foot of every page."""
    return Markup(current_app.jinja_env.get_template("layouts/_footer.html").render())  # noqa: S704 -- Jinja has escaped it


def init_pages(app: Flask) -> None:
    """Give templates their filters and what they may always name."""
    app.config["ASSETS"], app.config["PACKED"] = _read_static_files()
    app.jinja_env.template_class = Known
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for name in ("day", "short_day", "clock", "moment", "brief", "duration", "euros", "decimal", "points", "of", "that"):
        app.jinja_env.filters[name] = getattr(french, name)
    app.jinja_env.filters["formatted"] = formatted
    app.jinja_env.globals.update(plural=french.plural, asset=asset, attributes=attributes, sheet=app.config["BILAN"], footer=cache(footer))
    # For a macro: what it writes of the same words, of the same types (a text and its escaped form are equal).
    app.jinja_env.globals["remembered"] = lru_cache(TAGS, typed=True)
    app.jinja_env.globals["today"] = lambda: french.short_day(now())
    app.register_blueprint(blueprint)
    app.after_request(_carry_display)

    @app.context_processor
    def always() -> dict[str, object]:
        person = signed_in()
        # Flask-WTF gives its own token to each page, which asks for its settings each time.
        return {"person": person, "navigation": navigation(person), "display": display(), "csrf_token": csrf_token}
