"""The journal as the manager reads it: what happened and when, never to whom."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bilan import french
from bilan.database import now
from bilan.htmx import render
from bilan.pages import paginate
from bilan.permissions import Permission, requires
from bilan.seals.models import JournalSeal, listed
from bilan.seals.rules import DAY, Wanted, newest_sealable
from bilan.seals.words import WORDS, Family

blueprint = Blueprint("seals", __name__)


@blueprint.get("/qualite/journal")
@requires(Permission.FOLLOW_QUALITY)
def index() -> ResponseReturnValue:
    """List what happened in a period, and say how far it is sealed."""
    wanted = Wanted.read(request.args, french.to_paris(now()).date())
    last = JournalSeal.last()
    query, counted = listed(current_user, wanted)
    return render(
        "seals/index.html",
        page=paginate(query, counted=counted),
        wanted=wanted,
        families=Family.choices(),
        words=WORDS,
        last=last,
        late=last is not None and last.day < newest_sealable(now()) - DAY,
    )
