"""Pages that an agent and her counsellor share: one view, at an address of each.

`/mon-bilan/<id>/…` is the agent's way to it, `/parcours/<id>/…` the counsellor's; who may
enter is the permission's to say, whichever address was used.
"""

from typing import Any, NamedTuple

from flask import current_app, request, url_for
from flask_login import current_user

from bilan.application import Application
from bilan.journeys.models import Journey
from bilan.pages import signed_in
from bilan.people.models import Person, Role

WAY = '/<any("mon-bilan",parcours):way>'
AGENT_WAY, COUNSELLOR_WAY = "mon-bilan", "parcours"

# The pages of one bilan, in the order of its navigation, on one line of a wide screen: words, endpoint of the agent, of her counsellor.
SECTIONS = (
    ("Vue d’ensemble", "journeys.mine", "journeys.show"),
    ("Travail", "assignments.index", "assignments.index"),
    ("Parcours", "careers.path", "careers.path"),
    ("Résultats", "results.index", "results.index"),
    ("Pistes", "leads.index", "leads.index"),
    ("Scénarios", "scenarios.index", "scenarios.index"),
    ("Synthèse", "synthesis.show", "synthesis.show"),
    ("Service RH", "disclosure.index", "disclosure.index"),
    ("Clôture", "closing.show", "closing.show"),
    ("Messages", "messages.index", "messages.index"),
    ("Heures", "hours.show", "hours.show"),
    ("Suivi", "followup.journal", "followup.journal"),
)

# Rooms whose pages belong to the entry of another.
WITHIN = {"occupations": "leads", "hr_review": "disclosure", "plans": "scenarios", "questionnaires": "results"}


class Section(NamedTuple):
    """An entry of a bilan's own navigation."""

    label: str
    href: str
    current: bool


def init_together(app: Application) -> None:
    """Let views write their addresses as WAY + "/…": the way is filled for the reader, and the views do not see it."""
    app.url_value_preprocessor(_forget_way)
    app.url_defaults(_fill_way)
    app.way_of_reader = way_of_reader
    app.jinja_env.globals.update(sections=sections, written_by=written_by)


def way_of(person: Person) -> str:
    """Return the way of a person to the shared pages, for the links that an e-mail gives."""
    return AGENT_WAY if person.role is Role.AGENT else COUNSELLOR_WAY


def way_of_reader() -> str:
    """Return the way of whoever reads this page."""
    person = signed_in()
    return way_of(person) if person else COUNSELLOR_WAY


def sections(journey: Journey) -> list[Section]:
    """Return the pages of a bilan for whoever reads one of them."""
    of_agent = current_user.id == journey.agent_id
    room = (request.endpoint or "").split(".")[0]
    room, found = WITHIN.get(room, room), []
    for label, for_agent, for_counsellor in SECTIONS:
        endpoint = for_agent if of_agent else for_counsellor
        here = room == endpoint.split(".")[0]
        found.append(Section(label, url_for(endpoint, **({} if endpoint == "journeys.mine" else {"id": journey.id})), here))
    return found


def written_by(author: Person) -> str:
    """Return who wrote something, as its reader says it."""
    return "vous" if author.id == current_user.id else author.display_name


def _forget_way(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values:
        values.pop("way", None)


def _fill_way(endpoint: str, values: dict[str, Any]) -> None:
    if "way" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "way"):
        values["way"] = way_of_reader()
