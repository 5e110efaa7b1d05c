"""What protects every request: the host that it names, CSRF, response headers, limits."""

from __future__ import annotations

import ipaddress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, request
from flask.globals import request_ctx
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from bilan import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

View = TypeVar("View", bound="Callable[..., Any]")

csrf = CSRFProtect()
limiter = Limiter(get_remote_address, strategy="moving-window")

POLICY = (
    "default-src 'none'; object-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
NO_STORE = ("Cache-Control", "no-store")
# What tells caches how to keep an answer: the libraries write it, and nobody keeps it.
FOR_CACHES = {"Cache-Control", "Vary"}
# Asked on the machine itself, whatever the name of the site: neither writes an address.
OF_MONITORS = ("operation.health", "operation.metrics")
ONE_YEAR = "max-age=31536000; includeSubDomains"


def typed_email() -> str:
    """Return the address being tried at sign-in, known or not: a limit says nothing of the account."""
    return "account:" + request.form.get("email", "").strip().lower()[:254]


def is_refused(response: Response) -> bool:
    """Whether a form came back with errors: only those tries count against the limit of the sign-in."""
    return response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def few_from_strangers(view: View) -> View:
    """Let an address send a form that is open to all ten times an hour, and try sixty times."""
    sent = limiter.limit("10 per hour", methods=["POST"], deduct_when=lambda response: response.status_code == HTTPStatus.FOUND)
    return sent(limiter.limit("60 per hour", methods=["POST"])(view))


def _name_of(netloc: str) -> str:
    """Return the name in "name:port", as a browser sends it; nothing when it is no name."""
    try:
        return (urlsplit(f"//{netloc}").hostname or "").encode("idna").decode()
    except ValueError:
        return ""


def is_a_machine(name: str) -> bool:
    """Whether a name is this machine's or an address: no other site can take it, as it could a name."""
    try:
        return name == "localhost" or bool(ipaddress.ip_address(name))
    except ValueError:
        return False


def init_hosts(app: Flask) -> None:
    """Answer to the name of BILAN_BASE_URL alone, whatever its port; without a site's name there (on one's own machine), to any address."""
    base_url = app.config["BILAN"].base_url
    ours = _name_of(urlsplit(base_url).netloc)
    nameless = is_a_machine(ours)

    @app.before_request
    def refuse_other_hosts() -> tuple[str, int] | None:
        name = _name_of(request.host)
        if name == ours or ((nameless or request.endpoint in OF_MONITORS) and is_a_machine(name)):
            return None
        # What is no host at all ("0..0") leaves Flask without addresses, of which the page writes some.
        request_ctx.url_adapter = request_ctx.url_adapter or app.url_map.bind(ours)
        message = (
            f"Le service ne répond pas à cette adresse. La sienne est {base_url}\u00a0: ouvrez-la, ou reprenez le lien de votre e-mail."
        )
        return errors.page(HTTPStatus.BAD_REQUEST, message=message)


def check_csrf() -> None:
    """Check the token of every post, htmx's included."""
    csrf.protect()


class SecurityHeaders:
    """WSGI: set the security headers of every answer; nothing but static files is kept by browsers or on the way."""

    def __init__(self, wsgi: WSGIApplication, *, secure: bool) -> None:
        self.wsgi = wsgi
        self.headers = [*HEADERS.items(), *([("Strict-Transport-Security", ONE_YEAR)] if secure else [])]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer with the headers added."""

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            immutable = any(name == "Cache-Control" and "immutable" in value for name, value in headers)
            if not immutable:
                headers = [*((name, value) for name, value in headers if name not in FOR_CACHES), NO_STORE]
            headers += self.headers
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        return self.wsgi(environ, start)


def forget_before_request(app: Flask, work: Callable[..., Any]) -> None:
    """Take back what a library does before each request and nothing here needs."""
    app.before_request_funcs[None] = [one for one in app.before_request_funcs.get(None, []) if one != work]


def init_protection(app: Flask) -> None:
    """Install the protections. `csrf.protect` is called by `check_csrf`, in the order of create_app."""
    settings = app.config["BILAN"]
    if settings.proxy_count:
        count = settings.proxy_count
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    init_hosts(app)
    csrf.init_app(app)
    # A counter that is away never closes the door: each process counts for itself until it is back.
    app.config.update(RATELIMIT_STORAGE_URI=settings.limits_url, RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=settings.limits_url != "memory://")
    limiter.init_app(app)
    # Every limit here is on its view, where it is checked: the check before each request would find nothing.
    forget_before_request(app, limiter._check_request_limit)  # noqa: SLF001
    app.wsgi_app = SecurityHeaders(app.wsgi_app, secure=settings.secure)  # type: ignore[method-assign]
