"""The chapters around the bilans: the account, what HR asked, adaptations, complaints, the log, certificates."""

import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from bilan.adaptations.models import AdaptationEntry, AdaptationRequest
from bilan.complaints.models import Complaint, ComplaintEntry
from bilan.complaints.rules import LINKS, EntryKind
from bilan.data_requests.models import DataRequest
from bilan.events import Event
from bilan.exports.rules import Chapter, Record, full, said
from bilan.followup.models import journal_of
from bilan.followup.rules import sentence
from bilan.journal import JournalEntry
from bilan.journeys.models import Journey
from bilan.measures.models import Measure
from bilan.people.models import Employer, Person, Role
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import State, in_words
from bilan.privacy.models import Certificate
from bilan.readings.models import Reading
from bilan.readings.rules import WORDS
from bilan.vault import ContentDestroyed

T = TypeVar("T")
TABLES = (
    "person", "employer", "prescription", "adaptation_request", "adaptation_entry", "measure", "complaint", "complaint_entry",
    "complaint_file", "journal_entry", "certificate", "reading", "data_request",
)  # fmt: skip
# What is hers of a complaint's content: not the token of its follow-up page.
OF_COMPLAINT = ("name", "email", "phone", "address", "happened", "expected", "call_back")
OWN_EVENTS = {
    Event.SIGNED_IN: "Connexion à votre compte",
    Event.NEW_DEVICE: "Connexion depuis un nouvel appareil",
    Event.LINK_SENT: "Lien de connexion envoyé",
    Event.PASSWORD_CHOSEN: "Mot de passe choisi",
    Event.SESSIONS_CLOSED: "Connexions fermées",
    Event.ACCOUNT_SUSPENDED: "Compte suspendu",
    Event.ACCOUNT_REOPENED: "Compte rouvert",
    Event.PROPOSAL_ACCEPTED: "Proposition acceptée",
    Event.PROPOSAL_DECLINED: "Proposition déclinée",
    Event.DATA_ASKED: "Copie de vos données demandée",
    Event.DATA_TAKEN: "Copie de vos données téléchargée",
    Event.DATA_REMOVED: "Copie de vos données détruite",
    Event.DATA_REQUEST_MADE: "Effacement ou correction de vos données demandé",
    Event.DATA_REQUEST_WITHDRAWN: "Demande sur vos données reprise",
}


def each(rows: Callable[[], Iterable[T]], make: Callable[[T], Record]) -> Iterator[Record]:
    """Return a record of each row; of one whose content was destroyed, since when."""
    try:
        found = list(rows())
    except ContentDestroyed as gone:
        yield {"Contenu détruit le": gone.destroyed_at}
        return
    for row in found:
        try:
            yield full(make(row))
        except ContentDestroyed as gone:
            yield {"Contenu détruit le": gone.destroyed_at}


def named(person: Person | None) -> str:
    """Return who did something, as the agent may know it."""
    if person is None:
        return "l’application"
    return "le secrétariat" if person.role in (Role.SECRETARIAT, Role.MANAGER) else person.display_name


def chapters_around(person: Person) -> Iterator[Chapter]:
    """Return what is about somebody outside of her bilans."""
    yield Chapter("compte", "Votre compte", "Ce que le centre sait de vous.", [_account(person)])
    asked = (
        Prescription.select(Prescription, Employer).join(Employer).where(Prescription.agent == person.id, Prescription.state != State.DRAFT)
    )
    rows = each(lambda: asked.order_by(Prescription.received_at), _prescription)
    yield Chapter("prescriptions", "Ce que votre service RH a demandé", "Avec ses mots, et vos propres attentes.", list(rows))
    needs = each(lambda: AdaptationRequest.of_agent(person), _adaptation)
    yield Chapter("adaptations", "Vos demandes d’adaptation", "Ce dont vous avez besoin, ce qui a été décidé, les échanges.", list(needs))
    complaints = each(lambda: Complaint.select().where(Complaint.person == person.id).order_by(Complaint.created_at), _complaint)
    yield Chapter("reclamations", "Vos réclamations", "Celles que vous avez envoyées depuis votre compte.", list(complaints))
    asked_for = each(lambda: DataRequest.of_agent(person), _data_request)
    yield Chapter("demandes", "Vos demandes sur vos données", "Ce que vous avez demandé d’effacer ou de corriger.", list(asked_for))
    yield Chapter("journal", "Qui a fait et lu quoi", "Ce qui s’est passé dans vos bilans et votre compte.", list(log_of(person)))
    certificates = each(lambda: Certificate.of_agent(person), _certificate)
    yield Chapter("attestations", "Vos attestations de destruction", "Ce qui a été détruit, quand et comment.", list(certificates))


def _account(person: Person) -> Record:
    return full(
        {
            "Nom": person.display_name,
            "E-mail": person.email,
            "Collectivité": person.employer.name if person.employer_id else "",
            "Ouvert le": person.created_at,
            "Préférences d’affichage": person.preferences,
        }
    )


def _prescription(one: Prescription) -> Record:
    answers = in_words({"agent_name": one.agent_name, "agent_email": one.agent_email, **(one.agent_file or {}), **(one.request or {})})
    return {
        "Référence": one.reference,
        "Collectivité": one.employer.name,
        "État": one.state,
        "Reçue le": one.received_at,
        "Proposée le": one.invited_at,
        "Répondu le": one.answered_at,
        "Premier entretien proposé": one.proposed_for,
        "Terminée le": one.ended_at,
        **said("prescription", answers),
        "Vos attentes": one.wishes,
    }


def _adaptation(one: AdaptationRequest) -> Record:
    exchanges = (
        {"Le": line.created_at, "De": "vous" if line.by_agent else "le référent handicap", "Texte": line.text}
        for line in AdaptationEntry.of_request(one)
    )
    measures = (
        full({"Mesure": line.kind, "Dite ainsi": line.said, "En place depuis": line.applied_at, "Finie le": line.ended_at})
        for line in Measure.of_request(one)
    )
    return {
        "Demandée le": one.created_at,
        "État": one.state,
        "Besoins": one.needs_words,
        "Vos mots": one.words,
        "Le référent lit vos mots": one.shows_words,
        "Le référent lit votre nom": one.shows_name,
        "Le référent lit vos rendez-vous": one.shows_meetings,
        "La personne qui vous accompagne lit": one.counsellor_sees,
        "Décision": one.decision,
        "Raison de la décision": one.reason,
        "Raison du retard": one.late_reason,
        "Décidée le": one.decided_at,
        "Cela convient": one.suits,
        "Mesures": list(measures),
        "Échanges": list(exchanges),
    }


def _complaint(one: Complaint) -> Record:
    lines = [line for line in ComplaintEntry.of_complaint(one) if line.kind is not EntryKind.STEP]
    content = {key: one.content.get(key) for key in OF_COMPLAINT} | {"link": LINKS.get(one.content.get("link", ""), "")}
    return {
        "Référence": one.reference,
        "Sorte": one.kind,
        "État": one.state,
        "Envoyée le": one.created_at,
        "Réponse attendue avant le": one.answer_by,
        "Close le": one.closed_at,
        **said("complaint", content),
        "Échanges": [{"Le": line.created_at, "Quoi": line.kind, "Texte": line.content.get("text", "")} for line in lines],
    }


def _data_request(one: DataRequest) -> Record:
    return {
        "Quoi": one.kind,
        "Demandée le": one.created_at,
        "État": one.state,
        "À corriger": one.datum,
        "Vos mots": one.words,
        "Réponse avant le": one.answer_by,
        "Finie le": one.closed_at,
        "Issue": one.outcome,
        "Réponse": one.answer,
        "Décisions": [full({"Quoi": what, "Décision": choice, "Détruit le": gone}) for what, choice, gone in one.told_to(None)],
    }


def _certificate(one: Certificate) -> Record:
    return {"Numéro": one.reference, "Quoi": one.kind, "Détruit le": one.completed_at, "Comment": one.method, "Combien": dict(one.lines)}


def log_of(person: Person) -> Iterator[Record]:
    """Return who did and read what in somebody's bilans, and what happened to her account, the newest first."""
    found: list[tuple[Any, Record]] = []
    for journey in Journey.select().where(Journey.agent == person.id):
        entries = journal_of(journey)
        found += [(one.created_at, {"Qui": named(one.person), "Quoi": sentence(one.event, one.detail)}) for one in entries]
    for one in Reading.of_subjects(*_read_of(person)):
        words = f"A ouvert, pour la première fois ce jour-là\u00a0: {WORDS[one.room]}"
        found.append((one.created_at, {"Qui": named(one.person), "Quoi": words}))
    own = JournalEntry.select().where(JournalEntry.person == person.id, JournalEntry.event.in_(list(OWN_EVENTS)))
    found += [(entry.created_at, {"Qui": person.display_name, "Quoi": OWN_EVENTS[entry.event]}) for entry in own]
    for moment, record in sorted(found, key=lambda one: one[0], reverse=True):
        yield {"Le": moment, **record}


def _read_of(person: Person) -> Iterator[uuid.UUID]:
    """Return what may have been read of her: her bilans, and what is of none."""
    for field in (Journey.agent, AdaptationRequest.agent, Complaint.person, DataRequest.agent):
        yield from (one for (one,) in field.model.select(field.model.id).where(field == person.id).tuples())
