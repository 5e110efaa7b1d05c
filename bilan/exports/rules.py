"""Pure rules of the copy of one's data: its states, its words, its chapters, what it leaves out and why."""

import datetime
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from bilan.adaptations.rules import Need
from bilan.careers.rules import STRENGTHS, Again, ConditionKind, Employment, Frequency, Level, SkillKind
from bilan.closing.rules import Level as Reached
from bilan.disclosure.rules import Subject
from bilan.followup.rules import Pace
from bilan.french import to_paris
from bilan.leads.rules import Choice, Contact, Origin
from bilan.plans.rules import Answer
from bilan.results.rules import Source
from bilan.scenarios.rules import Criterion, Priority, Route
from bilan.wording import Worded

# A copy takes some seconds: one that still waits after this was lost with its worker.
STOPPED = datetime.timedelta(minutes=15)
Record = dict[str, Any]


class State(Worded):
    """How far the making of a copy is."""

    WAITING = "waiting", "en préparation"
    READY = "ready", "prête"
    FAILED = "failed", "n’a pas abouti"


class Chapter(NamedTuple):
    """A chapter of the copy: its key in the JSON, its title, what it is, and its records, from words to values."""

    key: str
    title: str
    about: str
    records: list[Record]


class Absent(NamedTuple):
    """Tables of which the copy has nothing, and why."""

    tables: tuple[str, ...]
    what: str
    why: str


# What is not in the copy though its table is.
PARTS_LEFT_OUT = (
    (
        "Les notes privées de la personne qui vous accompagne\u00a0: ce sont ses notes de travail. Elles sont détruites à la fin du bilan. "
        "Pour demander à les connaître, écrivez au secrétariat."
    ),
    "Les versions précédentes d’une note partagée\u00a0: la dernière est là, c’est celle que vous lisez.",
    "Un résultat de questionnaire qui ne vous a pas encore été restitué\u00a0: il le sera en entretien. Vos réponses sont là.",
    "Ce que le centre note pour lui-même\u00a0: la raison d’un délai, le motif d’une interruption, le travail interne sur une réclamation.",
)
LEFT_OUT = (
    Absent(("slot", "busy_cell", "subscription"), "L’agenda des conseillers et conseillères", "vos rendez-vous sont dans la copie"),
    Absent(("quote",), "Les devis", "ils lient votre employeur et le centre, et ne disent rien de plus de vous"),
    Absent(("email", "notice"), "Les e-mails", "vous les avez reçus\u00a0; certains ouvrent votre compte, ils restent chiffrés"),
    Absent(
        ("survey_answer", "rating", "verbatim", "theme", "sorting"),
        "Vos avis",
        "ils sont détachés de votre nom\u00a0: personne ne peut les retrouver, le centre non plus",
    ),
    Absent(
        ("account_request", "proconnect_identity", "proconnect_visit"),
        "Les comptes de l’équipe et des services RH",
        "ils ne disent rien de vous",
    ),
    Absent(
        ("one_time_link", "kept_entry", "second_factor", "passkey", "recovery_code", "open_session", "known_browser"),
        "Ce qui protège votre compte",
        "des empreintes et des secrets, qui ne doivent sortir nulle part",
    ),
    Absent(
        ("complaint_reminder", "adaptation_reminder", "silence_told", "end_told", "survey_invitation", "review_asked"),
        "Les rappels déjà envoyés",
        "seulement le fait qu’un e-mail est parti",
    ),
    Absent(("relay",), "Votre demande d’être prévenu ou prévenue autrement", "elle est dans vos demandes d’adaptation"),
    Absent(("data_export",), "Les copies de vos données", "vous lisez la dernière"),
    Absent(
        ("quality_report", "improvement", "improvement_reminder", "evidence_file", "journal_seal"),
        "Les chiffres de qualité et les sceaux du journal",
        "ils ne mènent à personne",
    ),
    Absent(
        ("occupation", "occupation_title", "occupation_move", "occupation_domain", "occupation_source", "conflict_of_interest"),
        "Ce qui sert à tous",
        "le catalogue des métiers et l’organisation du centre",
    ),
)

# What the content of a row calls its parts, in words.
LABELS = {
    "position": "Poste", "employer": "Employeur", "starts": "Début", "ends": "Fin", "ongoing": "Encore en cours", "status": "Statut",
    "grade": "Grade", "tasks": "Tâches", "successes": "Réussites", "difficulties": "Difficultés", "leaving": "Raison du départ",
    "pleasure": "Plaisir, de 1 à 5", "proof": "Preuves", "name": "Nom", "kind": "Sorte", "level": "Niveau", "frequency": "Fréquence",
    "again": "À refaire", "to_develop": "À développer", "transferable": "Utile ailleurs", "sentence": "Phrase", "strength": "Force",
    "answer": "Réponse", "sources": "Vient de", "title": "Titre", "why": "Pourquoi", "origin": "Origine", "occupation": "Métier (numéro)",
    "choice": "Votre choix", "reason": "Votre raison", "who": "Qui", "contact": "Comment", "on": "Quand", "findings": "Ce qui a été appris",
    "description": "Description", "first_step": "Premier pas", "risk": "Risque", "route": "Voie statutaire", "criteria": "Critères",
    "mark": "Note, de 1 à 4", "words": "Vos mots", "priority": "Votre priorité", "action": "Action", "objective": "Objectif",
    "indicator": "Repère", "support": "Appui", "obstacle": "Obstacle", "done": "Fait", "subject": "Sujet", "text": "Texte",
    "blocks": "Éléments", "purpose": "But", "useful": "Ce qui est utile", "adjust": "Ce qui est à ajuster", "pace": "Rythme",
    "details": "Détails", "removed": "Retiré", "key": "Partie", "happened": "Ce qui s’est passé", "expected": "Ce que vous attendez",
    "email": "E-mail", "phone": "Téléphone", "address": "Adresse", "link": "Votre lien avec le service", "call_back": "Vous rappeler",
    "agent_name": "Nom", "agent_email": "E-mail", "category": "Catégorie", "motive": "Motif", "expectations": "Attentes du service RH",
    "french": "Lecture du français", "mode": "Modalité", "every": "Toutes les (minutes)", "pause": "Pause (minutes)",
    "longest": "Durée au plus (minutes)", "minutes": "Minutes", "reading": "Lecture", "reworded": "Reformulé",
    "source": "Texte assemblé", "left_out": "Laissé de côté", "lines": "Lignes",
}  # fmt: skip
# The words of the codes, by table and part; "" is any table.
CHOICES: dict[tuple[str, str], dict[str, str]] = {
    ("experience", "status"): Employment.choices(), ("skill", "kind"): SkillKind.choices(), ("skill", "level"): Level.choices(),
    ("skill", "frequency"): Frequency.choices(), ("skill", "again"): Again.choices(), ("condition", "kind"): ConditionKind.choices(),
    ("condition", "strength"): STRENGTHS, ("finding", "sources"): {one.value: one.label for one in Source},
    ("lead", "origin"): Origin.choices(), ("lead", "choice"): Choice.choices(), ("survey", "contact"): Contact.choices(),
    ("scenario", "route"): Route.choices(), ("scenario", "priority"): Priority.choices(), ("scenario", ""): Criterion.choices(),
    ("step", "done"): Answer.choices(), ("statement", "subject"): Subject.choices(), ("midway_review", "pace"): Pace.choices(),
    ("attainment", "level"): Reached.choices(), ("adaptation_request", "needs"): Need.choices(),
}  # fmt: skip


def said(table: str, value: Any, part: str = "") -> Any:
    """Return a content with words in the place of its names and codes; what is empty is left out."""
    if isinstance(value, Mapping):
        named = CHOICES.get((table, ""), {})
        return {named.get(key, LABELS.get(key, key)): said(table, one, key) for key, one in value.items() if one not in ("", None, [], {})}
    if isinstance(value, (list, tuple)):
        return [said(table, one, part) for one in value]
    return CHOICES.get((table, part), {}).get(value, value) if isinstance(value, str) else value


def slug(words: str) -> str:
    """Return "ecrit_le" of "Écrit le": what a label is called in the JSON."""
    plain = unicodedata.normalize("NFKD", words.lower().replace("œ", "oe"))
    signs = (sign if sign.isascii() and sign.isalnum() else "_" for sign in plain if not unicodedata.combining(sign))
    return "_".join(part for part in "".join(signs).split("_") if part) or "_"


def as_json(value: Any) -> Any:
    """Return a value as JSON holds it: dates in ISO 8601, moments with the hour of Paris."""
    if isinstance(value, Mapping):
        return {slug(key): as_json(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(one) for one in value]
    if isinstance(value, datetime.datetime):
        return to_paris(value).isoformat(timespec="seconds")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value.label if isinstance(value, Worded) else value


def full(record: Mapping[str, Any]) -> Record:
    """Return a record without what is empty."""
    return {words: value for words, value in record.items() if value not in ("", None, [], {})}


def whole(chapters: Iterable[Chapter], about: Record) -> Record:
    """Return the JSON of a copy."""
    return {"a_propos": as_json(about), "chapitres": {one.key: as_json(one.records) for one in chapters}}
