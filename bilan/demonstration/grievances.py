"""Complaints in every state, invented: one is late, one names a counsellor, one came by letter."""

import datetime
import uuid
from typing import Any

from bilan.complaints import actions as complaints
from bilan.complaints.models import Complaint, ComplaintEntry
from bilan.complaints.rules import Channel, EntryKind, Kind, Reason
from bilan.database import now
from bilan.french import to_paris
from bilan.people.models import Person
from bilan.treatment import actions

# Who, what happened, what is expected; how many days ago it came, and what else is known of it.
FILED: tuple[tuple[str, str, str, int, dict[str, Any]], ...] = (
    (
        "Paul Mercier",
        "Mon rendez-vous a été déplacé deux fois sans explication. J’avais posé une demi-journée à chaque fois.",
        "Être prévenu plus tôt.",
        40,
        {},
    ),
    ("Yasmine Cherif", "La salle d’attente n’est pas accessible avec une poussette.", "", 26, {"kind": Kind.DIFFICULTY}),
    ("Agnès Rolland", "Je n’ai pas reçu le compte rendu promis à la fin de l’entretien.", "Le recevoir avant la fin du mois.", 3, {}),
    (
        "Lucien Faure",
        "Je n’ai pas pu m’exprimer : on m’a coupé la parole pendant tout l’entretien.",
        "Changer de conseiller, ou en parler à trois.",
        6,
        {"about": True},
    ),
    (
        "Odile Perrin",
        "La rampe de l’escalier bouge. Une dame a failli tomber mardi.",
        "Qu’elle soit réparée.",
        2,
        {"kind": Kind.HAZARD, "channel": Channel.PHONE},
    ),
    (
        "Marcel Thiers",
        "Lettre du 3 : les horaires proposés ne tiennent pas compte du travail de nuit.",
        "Des rendez-vous l’après-midi.",
        9,
        {"channel": Channel.LETTER},
    ),
)
ANSWERS = (
    (
        "Deux déplacements sans explication, ce n’est pas normal : nos excuses. Désormais, nous appelons avant de déplacer un rendez-vous.",
        "Appel obligatoire avant tout déplacement d’un rendez-vous.",
    ),
    ("Un espace est dégagé près de l’entrée depuis lundi : une poussette y passe.", "Deux fauteuils retirés de la salle d’attente."),
)
CLOSED_DAYS, NOTED_DAYS = 15, 20
NOTE = "Vu avec l’accueil : les deux déplacements viennent d’une réunion ajoutée tard."
QUESTION = "Pouvez-vous nous dire de quel entretien il s’agit ?"


def tell_complaints(people: dict[str, Person]) -> None:
    """File the complaints and bring each to its state."""
    desk, manager = people["secretariat@demo.example"], people["responsable@demo.example"]
    late, helped, fresh, naming, _, letter = (_filed(rank, people) for rank in range(len(FILED)))
    for complaint in (late, helped):
        actions.note(complaint=complaint, kind=EntryKind.STEP, text=NOTE, file=None, submission=uuid.uuid4(), by=desk)
        _date(complaint, NOTED_DAYS)
    _close(late, 0, desk)
    complaints.reopen(complaint=late, text="Merci, mais personne ne m’a encore appelé.", submission=uuid.uuid4())
    _close(helped, 1, manager)
    complaints.judge(complaint=helped, satisfied=True, text="C’est rapide, merci.", submission=uuid.uuid4())
    actions.reply(complaint=fresh, text=QUESTION.replace(" ?", "\u00a0?"), file=None, submission=uuid.uuid4(), by=desk)
    actions.qualify(complaint=naming, kind=naming.kind, about=naming.about, owner=manager, by=desk)
    actions.note(complaint=letter, kind=EntryKind.STEP, text="À lire avec Claire.", file=None, submission=uuid.uuid4(), by=desk)


def _filed(rank: int, people: dict[str, Person]) -> Complaint:
    name, happened, expected, days, known = FILED[rank]
    facts = {**known, "received_on": to_paris(now()).date() - datetime.timedelta(days=days)}
    if facts.get("about"):
        facts["about"] = people["conseiller2@demo.example"]
    by_form = "channel" not in facts
    content = {
        "name": name,
        "email": f"reclamant{rank + 1}@demo.example" if by_form else "",
        "phone": "" if by_form else "04 77 00 00 00",
        "address": "12 rue des Tanneurs\n42300 Roanne" if facts.get("channel") is Channel.LETTER else "",
        "link": "agent",
        "happened": happened.replace(" :", "\u00a0:"),
        "expected": expected,
        "call_back": False,
    }
    logged_by = None if by_form else people["secretariat@demo.example"]
    complaint, _ = complaints.file_complaint(content=content, submission=f"demo-{rank}", person=None, logged_by=logged_by, **facts)
    moment = now() - datetime.timedelta(days=days)
    Complaint.update(created_at=moment).where(Complaint.id == complaint.id).execute()
    Complaint.update(acknowledged_at=moment).where(Complaint.id == complaint.id, ~Complaint.acknowledged_at.is_null()).execute()
    _date(complaint, days)
    return complaint


def _date(complaint: Complaint, days: int) -> None:
    """Give the lines written just now the date of so many days ago."""
    lately = now() - datetime.timedelta(hours=12)
    change = ComplaintEntry.update(created_at=now() - datetime.timedelta(days=days))
    change.where(ComplaintEntry.complaint == complaint.id, ComplaintEntry.created_at > lately).execute()


def _close(complaint: Complaint, rank: int, by: Person) -> None:
    answer, measure = (text.replace(" :", "\u00a0:") for text in ANSWERS[rank])
    words = {"answer": answer, "measure": measure}
    actions.close(complaint=complaint, reason=Reason.MEASURE, measure_taken=True, submission=uuid.uuid4(), by=by, **words)
    moment = now() - datetime.timedelta(days=CLOSED_DAYS)
    Complaint.update(answered_at=moment, closed_at=moment).where(Complaint.id == complaint.id).execute()
    _date(complaint, CLOSED_DAYS)
