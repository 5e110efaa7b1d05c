"""The service sheet and the legal pages."""

import datetime
from pathlib import Path

from flask import Blueprint, Response, current_app, url_for
from flask.typing import ResponseReturnValue

from bilan.database import now
from bilan.htmx import render
from bilan.journeys.models import Journey
from bilan.pages import NAVIGATION, signed_in
from bilan.people.models import Person, Role
from bilan.permissions import public
from bilan.privacy.models import published_schedule
from bilan.public.rules import Trial, read_trial
from bilan.together import sections

blueprint = Blueprint("public", __name__)
PUBLIC_PAGES = (
    ("Le bilan professionnel, en détail", "public.sheet"),
    ("Nos résultats", "quality.published"),
    ("Ce que vos retours ont changé", "improvement.published"),
    ("Signaler une difficulté, faire une réclamation", "complaints.new"),
    ("Demander une adaptation", "adaptations.new"),
    ("Déclaration d’accessibilité", "public.accessibility"),
    ("Vos données personnelles", "public.privacy"),
    ("Aide", "public.help_page"),
    ("Régler l’affichage", "people.display"),
)
# What a role opens beside the entries of the header.
FURTHER: dict[Role, tuple[tuple[str, str], ...]] = {
    Role.AGENT: (("Choisir un rendez-vous", "agenda.choose"), ("Mes adaptations", "adaptations.mine"), ("Mes données", "privacy.mine")),
    Role.COUNSELLOR: (
        ("Proposer des créneaux", "agenda.publish"),
        ("Suivre l’agenda dans le vôtre", "agenda.subscription"),
        ("Conflits d’intérêts", "journeys.conflicts"),
        ("Consigner une réclamation", "complaints.log"),
    ),
    Role.HR: (("Demander un bilan", "prescriptions.new"),),
    Role.SECRETARIAT: (
        ("Collectivités", "quotes.employers"),
        ("Avis à donner par téléphone ou par courrier", "mail.notices"),
        ("Consigner une réclamation", "complaints.log"),
        ("Plan d’amélioration", "improvement.index"),
    ),
    Role.DISABILITY_REFERENT: (),
    Role.MANAGER: (("Thèmes des avis", "verbatims.themes"), ("Consigner une réclamation", "complaints.log")),
}
# Written by `make accessibility`, and part of a version.
TRIAL = Path(__file__).with_name("accessibility.json")


@blueprint.get("/")
@public
def sheet() -> ResponseReturnValue:
    """Show the service sheet."""
    return render("public/sheet.html")


@blueprint.get("/.well-known/security.txt")
@public
def security() -> Response:
    """Say to whom a fault is reported (RFC 9116); what it says holds until the end of the next month but ten."""
    sheet, today = current_app.config["BILAN"], now().date()
    expires = (today.replace(day=1) + datetime.timedelta(days=330)).replace(day=1)
    lines = (
        f"Contact: mailto:{sheet.security_email}",
        f"Expires: {expires.isoformat()}T00:00:00Z",
        "Preferred-Languages: fr, en",
        f"Canonical: {sheet.base_url}{url_for('public.security')}",
    )
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@blueprint.get("/accessibilite")
@public
def accessibility() -> ResponseReturnValue:
    """Show the accessibility statement, with the results of the last run of the bench."""
    return render("public/accessibility.html", trial=last_trial())


def last_trial() -> Trial | None:
    """Return the last run of the bench; None when there is none, or when its file cannot be read."""
    try:
        return read_trial(TRIAL.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None


@blueprint.get("/donnees-personnelles")
@public
def privacy() -> ResponseReturnValue:
    """Show what is kept, why, until when, and who reads it."""
    return render("public/privacy.html", schedule=published_schedule())


@blueprint.get("/aide")
@public
def help_page() -> ResponseReturnValue:
    """Show how to use the service, step by step."""
    return render("public/help.html")


@blueprint.get("/plan-du-site")
@public
def site_plan() -> ResponseReturnValue:
    """Show every part that the reader's account opens, and the public pages."""
    person = signed_in()
    groups = [("Pages publiques", [(words, url_for(endpoint)) for words, endpoint in PUBLIC_PAGES])]
    entered = _own_pages(person) if person else [("Votre espace", [("Se connecter", url_for("security.login"))])]
    return render("public/site_plan.html", groups=[*entered, *groups])


def _own_pages(person: Person) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the parts of a person's own space, then the pages of an agent's bilan."""
    own = [(words, url_for(endpoint)) for words, endpoint in (*NAVIGATION[person.role], *FURTHER[person.role])]
    groups = [("Votre espace", [*own, ("Mon compte", url_for("people.account"))])]
    if person.role is Role.AGENT and (journey := Journey.of_agent(person)):
        groups.append(("Votre bilan", [(one.label, one.href) for one in sections(journey)[1:]]))
    return groups
