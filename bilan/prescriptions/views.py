"""What the HR service follows: administrative facts only."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan.htmx import render
from bilan.permissions import Permission, requires
from bilan.prescriptions.models import AdministrativeFacts

blueprint = Blueprint("prescriptions", __name__)
PAGE_SIZE = 25


@blueprint.get("/prescriptions")
@requires(Permission.FOLLOW_PRESCRIPTIONS)
def index() -> ResponseReturnValue:
    """List the bilans of the officer's employer: names, phases, dates and hours, nothing else."""
    page = max(request.args.get("page", 1, type=int), 1)
    facts, pages = AdministrativeFacts.page(current_user.employer_id, page, PAGE_SIZE)
    return render("prescriptions/index.html", facts=facts, page=min(page, pages), pages=pages)
