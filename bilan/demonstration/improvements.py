"""Themes, sorted opinions and the improvement plan, invented: actions in every state, three of them published."""

import datetime
import uuid
from typing import Any

from bilan.complaints.models import Complaint
from bilan.complaints.rules import Reason
from bilan.database import now
from bilan.french import to_paris
from bilan.improvement import actions as plan
from bilan.improvement.models import Improvement
from bilan.improvement.rules import Origin, State
from bilan.people.models import Person
from bilan.satisfaction.models import Verbatim
from bilan.verbatims import actions as verbatims
from bilan.verbatims.models import Theme, readable

# A theme and the words of the invented opinions that it gathers.
THEMES = {
    "Écoute": ("écoutée", "parler de mon travail", "répété"),
    "Horaires": ("horaires", "temps de travail", "manque de temps"),
    "Questionnaires": ("questionnaires",),
    "Lieux et visio": ("parking", "visio"),
    "Suites du bilan": ("plan", "un an après", "à la fin", "formation"),
    "Mobilité": ("mobilité", "poste", "visites"),
}
# One opinion out of so many is left to sort.
LEFT = 6
BEFORE_AFTER = (
    "Sur douze avis de l’année, cinq regrettent des rendez-vous en pleine journée.",
    "Un seul avis en parle au trimestre suivant.",
)
# Title, origin, theme, before, days until the due date, state, after (and its day, in days ago), the published sentence, days ago.
ACTIONS: tuple[tuple[str, Origin, str, str, int, State, str, str, int], ...] = (
    (
        "Ouvrir un créneau à 17 h 30 le mardi et le jeudi",
        Origin.OPINIONS,
        "Horaires",
        BEFORE_AFTER[0],
        -120,
        State.DONE,
        BEFORE_AFTER[1],
        "Vous demandiez des rendez-vous en fin de journée : il y en a maintenant le mardi et le jeudi jusqu’à 18 h 30.",
        70,
    ),
    (
        "Imprimer chaque questionnaire, en gros caractères aussi",
        Origin.OPINIONS,
        "Questionnaires",
        "Quatre avis trouvent les questionnaires longs à l’écran.",
        -300,
        State.DONE,
        "Onze versions papier remises depuis, aucun avis ne le signale plus.",
        "Vous préfériez parfois le papier : chaque questionnaire peut être rempli à la main, aussi en gros caractères.",
        330,
    ),
    (
        "Appeler avant tout déplacement d’un rendez-vous",
        Origin.COMPLAINT,
        "",
        "Deux déplacements sans appel dans le trimestre.",
        -12,
        State.DONE,
        "Aucun déplacement sans appel depuis un mois.",
        "Un rendez-vous n’est plus déplacé sans un appel de notre part.",
        4,
    ),
    (
        "Revoir les pages d’aide de la visio",
        Origin.OPINIONS,
        "Lieux et visio",
        "Trois avis parlent de coupures.",
        -9,
        State.DOING,
        "",
        "",
        0,
    ),
    (
        "Proposer un point un an après le bilan",
        Origin.OPINIONS,
        "Suites du bilan",
        "Deux avis par trimestre le demandent.",
        5,
        State.DOING,
        "",
        "",
        0,
    ),
    (
        "Appeler la personne avant le deuxième entretien",
        Origin.INTERRUPTION,
        "",
        "Trois bilans sur quatre interruptions s’arrêtent avant le deuxième entretien.",
        45,
        State.TODO,
        "",
        "",
        0,
    ),
    ("Dater chaque mise à jour de la fiche de service", Origin.AUDIT, "", "Écart relevé à l’audit interne.", 20, State.TODO, "", "", 0),
    ("Négocier des places au parking", Origin.OPINIONS, "Lieux et visio", "Six avis en deux ans.", -60, State.DROPPED, "", "", 0),
)
DROPPED = "Le parking appartient à la ville, qui n’ouvre pas d’abonnement. La fiche indique les places gratuites proches."


def improve(people: dict[str, Person]) -> None:
    """Sort most of the opinions, and write the plan."""
    manager, desk = people["responsable@demo.example"], people["secretariat@demo.example"]
    themes = {name: verbatims.add_theme(name=name, by=manager) for name in THEMES}
    places = readable()
    found = [one for one in Verbatim.select().order_by(Verbatim.id) if (one.survey, one.quarter) in places]
    for rank, verbatim in enumerate(found):
        if rank % LEFT:
            kept = [themes[name].id for name, words in THEMES.items() if any(word in verbatim.text for word in words)]
            verbatims.sort(verbatim=verbatim, added=kept, removed=[], by=manager)
    for rank, line in enumerate(ACTIONS):
        _act(line, themes, manager if rank % 2 else desk, manager)


def _act(line: tuple[Any, ...], themes: dict[str, Theme], owner: Person, manager: Person) -> None:
    title, origin, theme, before, days, state, after, sentence, ago = line
    day = to_paris(now()).date()
    values = {
        "title": title.replace("17 h 30", "17\u00a0h\u00a030"),
        "observed": before,
        "origin": origin,
        "theme": themes[theme].id if theme else None,
        "owner": owner.id,
        "due_on": day + datetime.timedelta(days=days),
    }
    born_of = Complaint.select().where(Complaint.reason == Reason.MEASURE).order_by(Complaint.number).first()
    made = plan.start(submission=uuid.uuid4(), values=values, complaint=born_of if origin is Origin.COMPLAINT else None, by=manager)
    if state is not State.TODO:
        seen = day - datetime.timedelta(days=ago) if after else None
        others = {"state": state, "reason": DROPPED if state is State.DROPPED else "", "effect": after, "effect_on": seen}
        plan.change(improvement=made, values=values | others, base=1, by=manager)
    if sentence:
        words = sentence.replace(" :", "\u00a0:").replace("18 h 30", "18\u00a0h\u00a030")
        plan.publish(improvement=Improvement.get_by_id(made.id), sentence=words, by=manager)
        Improvement.update(published_at=now() - datetime.timedelta(days=ago)).where(Improvement.id == made.id).execute()
