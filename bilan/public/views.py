"""The service sheet, the legal pages, and the state of the service."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from peewee import PeeweeException

from bilan import worker
from bilan.database import database
from bilan.htmx import render
from bilan.permissions import public

blueprint = Blueprint("public", __name__)


@blueprint.get("/")
@public
def sheet() -> ResponseReturnValue:
    """Show the service sheet."""
    return render("public/sheet.html")


@blueprint.get("/accessibilite")
@public
def accessibility() -> ResponseReturnValue:
    """Show the accessibility statement."""
    return render("public/accessibility.html")


@blueprint.get("/donnees-personnelles")
@public
def privacy() -> ResponseReturnValue:
    """Show what is kept, why, until when, and who reads it."""
    return render("public/privacy.html")


@blueprint.get("/sante")
@public
def health() -> ResponseReturnValue:
    """Tell the state of the database and of the worker, as JSON: 200, or 503 when the database fails."""
    try:
        database.execute_sql("SELECT 1").fetchone()
    except PeeweeException:
        return jsonify(database="panne", worker="inconnu"), 503
    return jsonify(database="ok", worker="ok" if worker.is_alive() else "arrêté"), 200
