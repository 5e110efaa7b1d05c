"""Bilan: the software with which a career-guidance centre runs its bilans professionnels."""

import datetime
from importlib import import_module

from flask import Flask
from flask_babel import Babel
from flask_login import user_logged_in, user_logged_out
from flask_security import Security
from peewee import PeeweeException

from bilan import (
    commands,
    database,
    errors,
    packing,
    pages,
    permissions,
    printing,
    protection,
    second_step,
    sessions,
    together,
    uploads,
    vault,
    worker,
)
from bilan.application import Application
from bilan.htmx import htmx
from bilan.operation.logs import init_logs
from bilan.operation.metrics import init_metrics
from bilan.people import views as accounts
from bilan.people.accounts import Accounts
from bilan.people.forms import SignInForm
from bilan.people.models import Person
from bilan.people.rules import PASSWORD_COST
from bilan.proconnect import views as proconnect
from bilan.protection import forget_before_request, is_refused, limiter, typed_email
from bilan.readings.actions import init_readings
from bilan.settings import Settings, load

DOMAINS = (
    "public",
    "operation",
    "people",
    "access",
    "passkeys",
    "proconnect",
    "confirmations",
    "departures",
    "prescriptions",
    "quotes",
    "proposals",
    "reception",
    "journeys",
    "agenda",
    "interviews",
    "notes",
    "hours",
    "followup",
    "diagnostics",
    "questionnaires",
    "results",
    "careers",
    "leads",
    "scenarios",
    "plans",
    "synthesis",
    "occupations",
    "disclosure",
    "hr_review",
    "closing",
    "satisfaction",
    "quality",
    "verbatims",
    "improvement",
    "evidence",
    "seals",
    "privacy",
    "exports",
    "data_requests",
    "complaints",
    "treatment",
    "adaptations",
    "measures",
    "assignments",
    "messages",
    "mail",
)
SIGN_IN_REFUSED = "L’adresse et le mot de passe ne vont pas ensemble. Vérifiez-les, ou demandez un autre mot de passe."
REQUEST_BYTES = 4 * 1024 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application: reads as its table of contents."""
    app = Application(__name__, template_folder="../templates", static_folder=None)
    app.config["BILAN"] = settings = settings or load()
    _configure(app, settings)
    init_logs(app)
    init_metrics(app)
    _open_databases(app, settings)
    protection.init_protection(app)
    packing.init_packing(app)
    _init_accounts(app)
    htmx.init_app(app)
    pages.init_pages(app)
    together.init_together(app)
    init_readings(app)
    printing.init_printing(app)
    errors.init_errors(app)
    for domain in DOMAINS:
        app.register_blueprint(import_module(f"bilan.{domain}.views").blueprint)
    app.before_request(permissions.deny_by_default)
    app.before_request(sessions.expire_session)
    app.before_request(second_step.demand_second_factor)
    app.before_request(uploads.allow_files)
    app.before_request(protection.check_csrf)
    commands.init_commands(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-bilan" if settings.secure else "bilan",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # The cookie outlives the idle limits, which `sessions` enforces: it remembers who was posting what.
        PERMANENT_SESSION_LIFETIME=datetime.timedelta(hours=24),
        SESSION_REFRESH_EACH_REQUEST=False,
        SESSION_PROTECTION=None,
        MAX_CONTENT_LENGTH=REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=REQUEST_BYTES,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        # WTForms' own sentences in French, read once; Flask-WTF would read them again at each form.
        WTF_I18N_ENABLED=False,
        BABEL_DEFAULT_LOCALE="fr",
        RATELIMIT_HEADERS_ENABLED=False,
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 -- the name of an algorithm
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=PASSWORD_COST,
        SECURITY_PASSWORD_SALT=settings.secret_key,
        SECURITY_PASSWORD_LENGTH_MIN=1,
        SECURITY_LOGIN_URL="/connexion",
        SECURITY_LOGOUT_URL="/deconnexion",
        SECURITY_LOGOUT_CSRF=True,
        SECURITY_POST_LOGIN_VIEW="/accueil",
        SECURITY_LOGIN_USER_TEMPLATE="people/sign_in.html",
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_MSG_GENERIC_AUTHN_FAILED=(SIGN_IN_REFUSED, "error"),
        SECURITY_STATIC_FOLDER=None,
    )


def _open_databases(app: Flask, settings: Settings) -> None:
    main = database.open_database(settings.database_url)
    store = database.open_database(settings.keystore_url, secure_delete=True)
    database.database.initialize(main)
    vault.unlock(store, settings.master_keys)
    worker.queue.bind(app, main)

    @app.before_request
    def connect() -> None:
        # A thread of the server keeps its connections from one request to the next.
        main.connect(reuse_if_open=True)
        store.connect(reuse_if_open=True)

    @app.teardown_request
    def drop_broken(error: BaseException | None) -> None:
        if isinstance(error, PeeweeException):
            database.disconnect()


def _init_accounts(app: Flask) -> None:
    app.session_interface = sessions.SignedSessions()
    Babel(app)
    security = Security(app, Accounts(database.database, Person, None, None), login_form=SignInForm)
    limited = limiter.limit("10 per 15 minutes", methods=["POST"], key_func=typed_email, deduct_when=is_refused)
    by_address = limiter.limit("60 per 15 minutes", methods=["POST"], deduct_when=is_refused)
    app.view_functions["security.login"] = by_address(limited(app.view_functions["security.login"]))
    security.two_factor_plugins = second_step.SecondStep()
    security.render_template = accounts.render_sign_in
    # Flask-Principal would load each request's roles, which nothing here asks for.
    forget_before_request(app, security.principal._on_before_request)  # noqa: SLF001
    # Nor does anybody sign in by a token of a header, an address or a JSON body, which its loader would look for.
    app.login_manager.request_loader(None)  # type: ignore[attr-defined]
    # A session is not bound to an address, which a telephone changes in the street: nothing of it is computed, nor kept in the cookie.
    app.login_manager._session_identifier_generator = str  # type: ignore[attr-defined]  # noqa: SLF001 -- its one place
    app.login_manager.unauthorized_handler(sessions.ask_to_sign_in)  # type: ignore[attr-defined]
    user_logged_in.connect(sessions.begin, app)
    user_logged_out.connect(sessions.end, app)
    user_logged_in.connect(accounts.after_sign_in, app)
    proconnect.init_sign_out(app)
    app.after_request(sessions.forget_resumed)
