"""The chapters of the bilans: everything that its agent writes or may read, and nothing that only another reads."""

from collections.abc import Callable, Iterator
from typing import Any

from bilan.agenda.models import Slot
from bilan.assignments.models import Assignment, AssignmentComment
from bilan.careers.models import Condition, Experience, Skill
from bilan.diagnostics.models import Diagnostic
from bilan.diagnostics.rules import readable_by_agent
from bilan.disclosure.models import Disclosure, Statement
from bilan.exports.around import each, named
from bilan.exports.endings import end, synthesis
from bilan.exports.rules import Chapter, Record, full, said
from bilan.followup.models import Interruption
from bilan.french import duration
from bilan.hr_review.models import HrReview
from bilan.interviews.models import Interview, ObjectivesTouched
from bilan.journeys.models import Journey, Referral, Suspension
from bilan.leads.models import Lead, Survey
from bilan.messages.models import Message
from bilan.notes.models import Note
from bilan.notes.rules import NoteKind
from bilan.people.models import Person
from bilan.pieces.models import Piece
from bilan.plans.models import Step
from bilan.questionnaires.models import Passation
from bilan.results.models import Finding
from bilan.results.rules import in_brief
from bilan.scenarios.models import Scenario

TABLES = (
    "journey", "referral", "suspension", "interview", "note", "objectives_touched", "diagnostic", "passation", "answer", "experience",
    "skill", "condition", "finding", "assignment", "assignment_comment", "attachment", "message", "lead", "survey", "scenario", "step",
    "synthesis", "synthesis_version", "synthesis_paper", "statement", "disclosure", "disclosure_reading", "hr_review", "hr_minutes",
    "hr_minutes_reading", "closing", "attainment", "interruption", "midway_review",
)  # fmt: skip


def chapters_of_bilans(person: Person) -> Iterator[Chapter]:
    """Return the chapters of somebody's bilans, in the order in which a bilan goes; each record says of which bilan it is."""
    journeys = list(Journey.with_people().where(Journey.agent == person.id).order_by(Journey.created_at))
    for key, title, about, make in CHAPTERS:
        records = []
        for journey in journeys:
            of = {"Bilan": f"ouvert le {journey.created_at:%d/%m/%Y}"} if len(journeys) > 1 else {}
            records += [of | record for record in make(journey)]
        yield Chapter(key, title, about, records)


def _journey(journey: Journey) -> Iterator[Record]:
    def referents(one: Journey) -> list[Record]:
        query = Referral.select(Referral, Person).join(Person).where(Referral.journey == one.id).order_by(Referral.since)
        return [full({"Qui": line.counsellor.display_name, "Depuis": line.since, "Jusqu’à": line.until}) for line in query]

    def pauses(one: Journey) -> list[Record]:
        query = Suspension.select().where(Suspension.journey == one.id).order_by(Suspension.since)
        return [{"Depuis": line.since, "Reprise": line.resumes_on} for line in query]

    interruption = Interruption.select(Interruption.created_at, Interruption.origin).where(Interruption.journey == journey.id).first()
    yield full(
        {
            "Étape": journey.phase,
            "Collectivité": journey.employer.name,
            "Ouvert le": journey.created_at,
            "Accompagnement depuis": journey.accompaniment_at,
            "Conclusion depuis": journey.conclusion_at,
            "Clos le": journey.closed_at,
            "Accompagné par": journey.counsellor.display_name,
            "Remplacement jusqu’au": journey.replacement_until,
            "Conseillers et conseillères": referents(journey),
            "Pauses": pauses(journey),
            "Interrompu le": interruption and interruption.created_at,
            "Interrompu par": interruption and interruption.origin,
        }
    )


def _programme(journey: Journey) -> Iterator[Record]:
    def make(one: Diagnostic) -> Record:
        return {
            "Décision": one.decision,
            "Décidé le": one.decided_at,
            "Durée prévue": duration(one.planned_minutes) if one.planned_minutes else "",
            "Rythme": one.rhythm,
            "Du": one.starts_on,
            "Au": one.ends_on,
            "Vous vous êtes engagé ou engagée le": one.committed_at,
            "Objectifs": readable_by_agent(one.content)["objectives"],
        }

    yield from each(lambda: Diagnostic.select().where(Diagnostic.journey == journey.id, ~Diagnostic.decided_at.is_null()), make)


def _interviews(journey: Journey) -> Iterator[Record]:
    places = dict(Slot.select(Slot.interview, Slot.place).join(Interview).where(Interview.journey == journey.id).tuples())

    def make(one: Interview) -> Record:
        one.journey = journey
        note = Note.current(one, NoteKind.SHARED, journey.agent)
        return {
            "Sorte": one.kind,
            "Le": one.starts_at,
            "Modalité": one.mode,
            "Lieu": places.get(one.id, ""),
            "Durée prévue": duration(one.planned_minutes),
            "Durée tenue": duration(one.held_minutes) if one.held_minutes else "",
            "Ce qu’il est devenu": one.outcome,
            "Objectifs travaillés": ObjectivesTouched.of_interview(one),
            "Note partagée": note.text if note else "",
            "Note écrite le": note.created_at if note else None,
        }

    yield from each(lambda: Interview.of_journey(journey), make)


def _questionnaires(journey: Journey) -> Iterator[Record]:
    def make(one: Passation) -> Record:
        one.journey, instrument = journey, one.instrument
        given = one.answers()
        answers = []
        for question in instrument.questions:
            if question.id in given:
                value = given[question.id]
                words = "je préfère ne pas répondre" if value is None else dict(question.choices).get(str(value), value)
                asked = question.part.asked(plain=False)
                answers.append({"Question": " – ".join(dict.fromkeys((asked, question.worded(plain=False)))), "Réponse": words})
        found = {"Questionnaire": instrument.title, "Donné le": one.created_at, "Façon de répondre": one.channel}
        found |= {"Commencé le": one.started_at, "Envoyé le": one.submitted_at, "Restitué le": one.released_at, "Vos réponses": answers}
        if one.released_at is None:
            return found
        scores = one.result.get("scores", {}) if instrument.scoring else {}
        said_of_it = {"Commentaire": one.comment, "Votre commentaire": one.own_comment, "Gardé hors de la synthèse le": one.withdrawn_at}
        return found | {"Résultat": in_brief(instrument, one.result), "Mesures": scores} | said_of_it

    yield from each(lambda: Passation.of_journey(journey), make)


def _pieces(*models: type[Piece]) -> Callable[[Journey], Iterator[Record]]:
    """Return the maker of the records of what is written piece by piece; what is the agent's own is joined."""

    def records(journey: Journey) -> Iterator[Record]:
        for model in models:
            table = model._meta.table_name  # noqa: SLF001 -- as peewee documents it

            def make(one: Any, table: str = table) -> Record:
                found = {"Écrit par": named(one.written_by), "Écrit le": one.created_at, "Changé le": one.saved_at} | said(
                    table, one.content
                )
                for name in ("sorting", "own", "review"):
                    found |= said(table, getattr(one, name, None) or {})
                return found | {
                    "Gardée le": getattr(one, "kept_at", None),
                    "Pour le": getattr(one, "due_on", None),
                    "État": getattr(one, "state", None),
                }

            yield from each(lambda model=model: model.of_journey(journey), make)  # type: ignore[misc]

    return records


def _work(journey: Journey) -> Iterator[Record]:
    def make(one: Assignment) -> Record:
        one.journey = journey
        words = [{"De": named(line.author), "Le": line.created_at, "Texte": line.text} for line in AssignmentComment.of_assignment(one)]
        return {
            "Travail": one.title,
            "Détails": one.content.get("details", ""),
            "Donné par": named(one.given_by),
            "Donné le": one.created_at,
            "Pour le": one.due_on,
            "Fait le": one.finished_at,
            "Ce qui en a été dit": words,
        }

    yield from each(lambda: Assignment.of_journey(journey), make)


def _messages(journey: Journey) -> Iterator[Record]:
    def make(one: Message) -> Record:
        return {"De": named(one.author), "Le": one.created_at, "Lu le": one.read_at, "Texte": one.text}

    yield from each(lambda: reversed(list(Message.listed(journey))), make)


def _told(journey: Journey) -> Iterator[Record]:
    def agreed(one: Disclosure) -> Record:
        days = {"Accord donné le": one.created_at, "Jusqu’au": one.until, "Retiré le": one.revoked_at, "Lu le": one.readings}
        return {"Dit à": one.recipient.display_name, **days, **said("disclosure", one.content)}

    def met(one: HrReview) -> Record:
        minutes = one.minutes
        found = {"Rencontre avec": one.recipient.display_name, "Proposée le": one.created_at, "Acceptée le": one.accepted_at}
        found |= {"Lieu": one.place, "Abandonnée le": one.ended_at}
        if minutes:
            found |= {"Compte rendu": minutes.text, "Validé par vous le": minutes.agreed_at, "Lu par le service RH le": minutes.readings()}
        return found

    yield from _pieces(Statement)(journey)
    yield from each(lambda: Disclosure.of_journey(journey), agreed)
    yield from each(lambda: HrReview.of_journey(journey), met)


CHAPTERS: tuple[tuple[str, str, str, Callable[[Journey], Iterator[Record]]], ...] = (
    ("bilans", "Vos bilans", "Étapes, dates et personnes.", _journey),
    ("programme", "Votre programme", "Ce qui a été décidé au premier entretien.", _programme),
    ("entretiens", "Vos entretiens", "Dates, durées, notes partagées.", _interviews),
    ("questionnaires", "Vos questionnaires", "Vos réponses, et les résultats qui vous ont été restitués.", _questionnaires),
    ("experiences", "Votre parcours", "Expériences, de l’une et l’autre main.", _pieces(Experience)),
    ("competences", "Vos compétences", "Chacune avec ses preuves.", _pieces(Skill)),
    ("appuis_et_freins", "Vos appuis et vos freins", "Ce qui aide et ce qui gêne.", _pieces(Condition)),
    ("lectures_croisees", "Ce qui ressort", "Résultats et parcours lus ensemble.", _pieces(Finding)),
    ("travail", "Votre travail personnel", "Les fichiers joints sont à part.", _work),
    ("messages", "Vos messages", "Dans les deux sens.", _messages),
    ("pistes", "Vos pistes et vos enquêtes", "Avec votre tri et vos raisons.", _pieces(Lead, Survey)),
    ("scenarios", "Vos scénarios", "Avec vos mots.", _pieces(Scenario)),
    ("plan", "Votre plan d’action", "Les étapes, et ce qu’elles sont devenues.", _pieces(Step)),
    ("synthese", "Votre document de synthèse", "Toutes ses versions.", synthesis),
    ("service_rh", "Ce qui a été dit au service RH", "Textes, accords, lectures, compte rendu.", _told),
    ("fin", "Points et fin du bilan", "À mi-parcours, et à la clôture.", end),
)
