"""What the HR service follows: administrative facts only."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan.htmx import render
from bilan.pages import paginate
from bilan.permissions import Permission, requires
from bilan.prescriptions.models import AdministrativeFacts

blueprint = Blueprint("prescriptions", __name__)


@blueprint.get("/prescriptions")
@requires(Permission.FOLLOW_PRESCRIPTIONS)
def index() -> ResponseReturnValue:
    """List the bilans of the officer's employer: names, phases, dates and hours, nothing else."""
    return render("prescriptions/index.html", page=paginate(AdministrativeFacts.listed(current_user.employer_id)))
