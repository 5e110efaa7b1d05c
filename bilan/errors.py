"""What somebody reads when something goes wrong: what happened, what to do next, and what was typed."""

import logging
import traceback
from collections.abc import Iterator

from flask import Flask, Response, render_template, request, url_for
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from peewee import OperationalError
from werkzeug.exceptions import HTTPException

from bilan.french import plural, short_day
from bilan.htmx import wants_fragment
from bilan.operation.logs import request_number
from bilan.vault import ContentDestroyed

logger = logging.getLogger("bilan.errors")
SERVER_ERROR = 500

MESSAGES = {
    400: ("Demande incomplète", "Votre navigateur a envoyé une demande que nous ne comprenons pas. Revenez en arrière et réessayez."),
    401: ("Connexion nécessaire", "Connectez-vous pour voir cette page."),
    404: ("Page introuvable", "Cette adresse n’existe pas, ou vous n’y avez pas accès. Vérifiez le lien, ou repartez de l’accueil."),
    405: ("Page introuvable", "Cette adresse ne s’ouvre pas ainsi. Repartez de l’accueil."),
    409: ("Déjà fait", "Cette action a déjà eu lieu."),
    422: ("Une information est à corriger", "Revenez en arrière, corrigez, puis réessayez."),
    410: ("Contenu détruit", "Ce contenu a été détruit."),
    413: (
        "Envoi trop volumineux",
        "Ce que vous envoyez est trop volumineux. Raccourcissez le texte, ou choisissez un fichier de 10 Mo au plus, puis réessayez.",
    ),
    429: ("Trop d’essais", "Vous avez fait beaucoup d’essais en peu de temps. Attendez quelques minutes, puis réessayez."),
    500: ("Un problème est survenu", "Le problème vient de nous, il est noté. Réessayez dans quelques minutes."),
    503: ("Service très occupé", "L’enregistrement n’a pas pu se faire tout de suite. Réessayez dans un instant."),
}
# How SQLite and PostgreSQL say that a write could not be done now, but may be later.
BUSY_WORDS = ("locked", "busy", "full", "disk i/o", "connection", "timeout", "shutting down", "starting up")
NOT_TYPED = {"csrf_token", "password", "new_password", "confirmation", "proof", "submission", "site_web"}


def page(code: int, *, message: str | None = None) -> tuple[str, int]:
    """Return the page of an error, with what was typed so that nothing is lost."""
    title, usual = MESSAGES.get(code, MESSAGES[500 if code >= SERVER_ERROR else 400])
    if wants_fragment():
        return render_template("errors/_error.html", message=message or usual), code
    steps = [("Revenir à l’accueil", url_for("public.sheet"))]
    kept = _typed_text()
    told = {"title": title, "message": message or usual, "reference": request_number() if code >= SERVER_ERROR else ""}
    return render_template("errors/error.html", **told, next_steps=steps, kept_text=kept), code


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and those that it came from: a full disk ends a transaction, whose rollback then finds none."""
    while error is not None:
        yield error
        error = error.__context__


def _typed_text() -> list[tuple[str, str]]:
    if request.method != "POST" or request.content_length is None:
        return []
    try:
        return [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_TYPED and value.strip()]
    except HTTPException:  # the form itself cannot be read
        return []


def init_errors(app: Flask) -> None:
    """Answer every failure with a French page."""

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> tuple[str, int] | Response | HTTPException:
        if error.code is None or error.code < 400:
            return error
        return page(error.code)

    @app.errorhandler(CSRFError)
    def forged(_error: CSRFError) -> tuple[str, int]:
        message = (
            "Par sécurité, cette page devait être rechargée avant l’envoi. "
            "Ce que vous aviez écrit est ci-dessous\u00a0: copiez-le, rouvrez la page, puis envoyez de nouveau."
        )
        return page(400, message=message)

    @app.errorhandler(RateLimitExceeded)
    def too_often(error: RateLimitExceeded) -> tuple[str, int]:
        minutes = error.limit.limit.get_expiry() // 60
        wait = {15: "un quart d’heure", 60: "une heure"}.get(minutes, plural(minutes, "minute", "minutes"))
        return page(429, message=f"Vous avez fait beaucoup d’essais en peu de temps. Attendez {wait} au plus, puis réessayez.")

    @app.errorhandler(ContentDestroyed)
    def destroyed(error: ContentDestroyed) -> tuple[str, int]:
        return page(410, message=f"Contenu détruit le {short_day(error.destroyed_at)}. Il ne peut plus être lu par personne.")

    @app.errorhandler(OperationalError)
    def busy(error: OperationalError) -> tuple[str, int]:
        if not any(word in str(one).lower() for one in _chain(error) for word in BUSY_WORDS):
            return unexpected(error)
        logger.error("database: %s", str(error).splitlines()[0][:120])
        return page(503)

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> tuple[str, int]:
        if app.config.get("RAISE_UNEXPECTED"):
            raise error
        logger.error("%s on %s\n%s", type(error).__name__, request.endpoint, _places(error))
        return page(SERVER_ERROR)


def _places(error: Exception) -> str:
    """Return where it happened, without the exception's message: that may quote content."""
    return "".join(traceback.format_tb(error.__traceback__))
