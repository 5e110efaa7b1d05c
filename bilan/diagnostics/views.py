"""The diagnostic interview: grid, decision, programme, commitment."""

from flask import Blueprint

from bilan.diagnostics.models import Diagnostic

blueprint = Blueprint("diagnostics", __name__)
KEPT = Diagnostic
