"""What a monitor asks: is the service up, and its figures."""

import hmac
from http import HTTPStatus

from flask import Blueprint, Response, abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST

from bilan import worker
from bilan.operation.metrics import figures_of, is_database_up
from bilan.permissions import public

blueprint = Blueprint("operation", __name__)


@blueprint.get("/sante")
@public
def health() -> ResponseReturnValue:
    """Tell the state of the database and of the worker, as JSON: 200, or 503 when the database fails."""
    if not is_database_up():
        return jsonify(database="panne", worker="inconnu"), HTTPStatus.SERVICE_UNAVAILABLE
    return jsonify(database="ok", worker="ok" if worker.is_alive() else "arrêté"), HTTPStatus.OK


@blueprint.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """Give the figures to whoever holds the token of the settings; to anybody else there is nothing here."""
    figures = figures_of(current_app)
    wanted = f"Bearer {current_app.config['BILAN'].metrics_token}"
    if figures is None or not hmac.compare_digest(request.headers.get("Authorization", "").encode(), wanted.encode()):
        abort(HTTPStatus.NOT_FOUND)
    return Response(figures.text(), content_type=CONTENT_TYPE_LATEST)
