"""What protects every request: CSRF, response headers, limits."""

from flask import Flask, Response, current_app, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

csrf = CSRFProtect()
limiter = Limiter(get_remote_address, storage_uri="memory://", strategy="moving-window")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
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
HALF_YEAR = "max-age=15552000; includeSubDomains"


def typed_email() -> str:
    """Return the address being tried at sign-in, known or not: a limit says nothing of the account."""
    return "account:" + request.form.get("email", "").strip().lower()[:254]


def check_csrf() -> None:
    """Check the token of every post, htmx's included."""
    csrf.protect()


def add_headers(response: Response) -> Response:
    """Set the security headers; nothing but static files is kept by browsers or on the way."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    if current_app.config["BILAN"].secure:
        response.headers.setdefault("Strict-Transport-Security", HALF_YEAR)
    return response


def init_protection(app: Flask) -> None:
    """Install the protections. `csrf.protect` is called by `check_csrf`, in the order of create_app."""
    settings = app.config["BILAN"]
    if settings.proxy_count:
        count = settings.proxy_count
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    csrf.init_app(app)
    limiter.init_app(app)
    app.after_request(add_headers)
