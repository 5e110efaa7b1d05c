"""Demonstration data, invented: nine accounts and about thirty journeys in every state; one seed, told from today."""

import datetime
import random
import secrets
import unicodedata
from collections.abc import Iterator

from flask import current_app
from flask_security import hash_password

from bilan import vault
from bilan.agenda import actions as agenda
from bilan.agenda.models import Slot, TimeTaken
from bilan.agenda.rules import series
from bilan.complaints import actions as complaints
from bilan.database import now, transaction
from bilan.french import from_paris, to_paris
from bilan.interviews.models import Interview, Note
from bilan.interviews.rules import InterviewKind, Mode, NoteKind, Outcome
from bilan.journeys import actions as journeys
from bilan.journeys.models import Journey
from bilan.journeys.rules import Phase
from bilan.numbering import with_next_number
from bilan.people.models import Employer, Person, Role
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import State
from bilan.questionnaires import instruments
from bilan.questionnaires.models import Answer, Passation
from bilan.questionnaires.rules import score

SEED = 42300
JOURNEYS = 30
EMPLOYERS = ("Commune de Roanne (démonstration)", "Communauté du Forez (démonstration)", "Commune de Renaison (démonstration)")
ACCOUNTS = (
    ("agent@demo.example", "Nadia Benali", Role.AGENT, 0),
    ("agent2@demo.example", "Marc Dutel", Role.AGENT, 1),
    ("conseiller@demo.example", "Claire Monnet", Role.COUNSELLOR, None),
    ("conseiller2@demo.example", "Hugo Perrin", Role.COUNSELLOR, None),
    ("rh@demo.example", "Sylvie Garnier", Role.HR, 0),
    ("rh2@demo.example", "Denis Vial", Role.HR, 1),
    ("secretariat@demo.example", "Martine Roche", Role.SECRETARIAT, None),
    ("handicap@demo.example", "Laurent Duval", Role.DISABILITY_REFERENT, None),
    ("responsable@demo.example", "Stéphanie Faure", Role.MANAGER, None),
)
FIRST_NAMES = ("Amina", "Bernard", "Céline", "Damien", "Élodie", "Farid", "Gaëlle", "Henri", "Inès", "Joël", "Karine")
LAST_NAMES = ("Arnaud", "Bonnet", "Chassagne", "Durand", "Épinat", "Fournier", "Giraud", "Haddad", "Jacquet", "Moreau")
SHARED_NOTES = (
    "Nous avons repris le parcours depuis l’entrée dans la collectivité. Trois périodes se dégagent, et une envie qui revient : le contact avec le public.",
    "L’enquête auprès de la médiathèque confirme l’intérêt pour l’accueil. Points à vérifier : les horaires du samedi, le concours.",
    "Deux pistes gardées : accueil en maison France services, gestion des plannings. Pour la prochaine fois : appeler une personne qui fait ce métier.",
    "Les questionnaires sont relus ensemble. Ce qui surprend, ce qui confirme, ce qui manque : noté avec vos mots.",
)
PRIVATE_NOTES = (
    "Revoir la question du rythme avant d’ouvrir le second scénario.",
    "Très à l’aise dès qu’il est question de transmettre. À reprendre.",
    "Prudence sur le calendrier : laisser le temps de la décision.",
)
COMPLAINTS = (
    (
        "Paul Mercier",
        "Mon rendez-vous a été déplacé deux fois sans explication. J’avais posé une demi-journée à chaque fois.",
        "Être prévenu plus tôt.",
    ),
    ("Yasmine Cherif", "La salle d’attente n’est pas accessible avec une poussette.", ""),
    ("Agnès Rolland", "Je n’ai pas reçu le compte rendu promis à la fin de l’entretien.", "Le recevoir avant la fin du mois."),
)


def load() -> Iterator[str]:
    """Load the data unless it is there; yield the lines to print."""
    if Person.by_email(ACCOUNTS[0][0]):
        yield "Les données de démonstration sont déjà là."
        return
    password = current_app.config["BILAN"].demo_password or secrets.token_urlsafe(9)
    chance = random.Random(SEED)
    with transaction():
        employers = [Employer.create(name=name) for name in EMPLOYERS]
        people = _accounts(employers, password)
    for rank in range(JOURNEYS):
        _history(rank, people, employers, chance)
    with transaction():
        _slots(people)
    _complaints()
    yield f"Comptes de démonstration, mot de passe : {password}"
    for email, name, role, _ in ACCOUNTS:
        yield f"  {email:28} {name} ({role.label})"


def _accounts(employers: list[Employer], password: str) -> dict[str, Person]:
    hashed = hash_password(unicodedata.normalize("NFKD", password))
    return {
        email: Person.create(
            email=email, display_name=name, role=role, password=hashed, employer=employers[place] if place is not None else None
        )
        for email, name, role, place in ACCOUNTS
    }


def _history(rank: int, people: dict[str, Person], employers: list[Employer], chance: random.Random) -> None:
    """Tell one journey: the two demonstration agents first, then invented ones."""
    counsellor = people["conseiller@demo.example" if rank % 2 == 0 else "conseiller2@demo.example"]
    if rank < 2:
        agent = people["agent@demo.example" if rank == 0 else "agent2@demo.example"]
        employer, phase, age = employers[rank], Phase.ACCOMPANIMENT, 35
    else:
        employer = employers[rank % 3]
        name = f"{FIRST_NAMES[rank % len(FIRST_NAMES)]} {LAST_NAMES[rank % len(LAST_NAMES)]}"
        agent = Person.create(email=f"agent{rank + 1}@demo.example", display_name=name, role=Role.AGENT, employer=employer)
        phase = list(Phase)[rank % 4]
        age = {Phase.DIAGNOSTIC: 8, Phase.ACCOMPANIMENT: 40, Phase.CONCLUSION: 80, Phase.CLOSED: 130}[phase] + chance.randrange(15)
    journey = _journey(agent, counsellor, employer, age)
    with transaction():
        _date_phases(journey, phase, age)
        _interviews(journey, age, chance)
        if phase is not Phase.DIAGNOSTIC:
            _passation(journey, rank, chance)


def _journey(agent: Person, counsellor: Person, employer: Employer, age: int) -> Journey:
    received_at = now() - datetime.timedelta(days=age + 9)
    prescription = Prescription(
        employer=employer,
        state=State.ACCEPTED,
        agent=agent,
        agent_name=agent.display_name,
        agent_email=agent.email,
        counsellor=counsellor,
        received_at=received_at,
        created_at=received_at,
        invited_at=received_at + datetime.timedelta(days=2),
        answered_at=received_at + datetime.timedelta(days=4),
    )
    vault.create_key(prescription.id)

    def write(year: int, number: int) -> Journey:
        prescription.year, prescription.number = year, number
        prescription.save(force_insert=True)
        return journeys.open_journey(journey_id=prescription.id, agent=agent, counsellor=counsellor, employer=employer)

    return with_next_number(Prescription, write)


def _date_phases(journey: Journey, phase: Phase, age: int) -> None:
    start = now() - datetime.timedelta(days=age)
    journey.created_at, journey.phase = start, phase
    reached = list(Phase).index(phase)
    journey.accompaniment_at = start + datetime.timedelta(days=12) if reached >= 1 else None
    journey.conclusion_at = start + datetime.timedelta(days=70) if reached >= 2 else None
    journey.closed_at = start + datetime.timedelta(days=95) if phase is Phase.CLOSED else None
    journey.save()
    if phase is Phase.CLOSED:
        Prescription.update(state=State.ENDED, ended_at=journey.closed_at).where(Prescription.id == journey.id).execute()


def _interviews(journey: Journey, age: int, chance: random.Random) -> None:
    days = [10, *range(20, min(age, 95), 11)]
    if journey.is_open:
        days = [day for day in days if day < age] + [age + chance.randrange(1, 12)]
    for place, day in enumerate(days):
        starts_at = _working_hour(day - age, chance)
        planned = 90 if place == 0 else chance.choice((60, 90, 120))
        held = planned if starts_at < now() - datetime.timedelta(days=2) else None
        interview = Interview.create(
            journey=journey,
            kind=InterviewKind.DIAGNOSTIC if place == 0 else InterviewKind.ACCOMPANIMENT,
            mode=Mode.REMOTE if chance.random() < 0.25 else Mode.ON_SITE,
            starts_at=starts_at,
            planned_minutes=planned,
            held_minutes=held,
            outcome=Outcome.HELD if held else None,
        )
        if interview.is_coming:
            _take_time(interview)
        if held:
            moment = starts_at + datetime.timedelta(minutes=planned)
            for kind, texts in ((NoteKind.SHARED, SHARED_NOTES), (NoteKind.PRIVATE, PRIVATE_NOTES)):
                text = chance.choice(texts)
                Note.create(interview=interview, kind=kind, number=1, author=journey.counsellor, text=text, created_at=moment)


def _take_time(interview: Interview) -> None:
    """Give a meeting its time, a working day later each time that its counsellor is not free."""
    while True:
        try:
            Slot.follow(interview, interview.journey.counsellor)
        except TimeTaken:
            interview.starts_at += datetime.timedelta(days=1 if to_paris(interview.starts_at).weekday() < 4 else 3)
            interview.save()
        else:
            return


def _slots(people: dict[str, Person]) -> None:
    """Offer slots of both counsellors in the six weeks to come, around the meetings that are planned."""
    today = to_paris(now()).date()
    for name, weekday, hour in (("conseiller", 1, 9), ("conseiller", 3, 14), ("conseiller2", 0, 14), ("conseiller2", 2, 9)):
        first = today + datetime.timedelta(days=(weekday - today.weekday()) % 7 or 7)
        offered = series(first, datetime.time(hour), 1, first + datetime.timedelta(weeks=5))
        mode, place = (Mode.ON_SITE, "4 rue Molière, 42300 ROANNE") if hour > 12 else (Mode.REMOTE, "https://visio.demo.example/salle")
        by = people[f"{name}@demo.example"]
        agenda.publish_slots(counsellor=by, series=offered, minutes=90, mode=mode, place=place, access_notes="", repeats=True)


def _working_hour(days: int, chance: random.Random) -> datetime.datetime:
    """Return an hour of a working day, that many days from today (naive UTC)."""
    local = to_paris(now()).replace(tzinfo=None) + datetime.timedelta(days=days)
    local += datetime.timedelta(days=max(0, local.weekday() - 4) and 7 - local.weekday())
    return from_paris(local.replace(hour=chance.choice((9, 10, 14, 16)), minute=chance.choice((0, 0, 30)), second=0, microsecond=0))


def _passation(journey: Journey, rank: int, chance: random.Random) -> None:
    """Give the questionnaire: begun for agent@, then every state in turn."""
    instrument = instruments.find("interets")
    given_at = journey.created_at + datetime.timedelta(days=14)
    due_on = (given_at + datetime.timedelta(days=28)).date()
    passation = Passation.create(journey=journey, slug=instrument.slug, version=instrument.version, due_on=due_on, created_at=given_at)
    state = 1 if rank == 0 else 3 if rank == 1 or not journey.is_open else rank % 4
    if state == 0:
        return
    favourites = chance.sample([scale.letter for scale in instrument.scales], 2)
    levels = {
        item.id: None if chance.random() < 0.02 else min(5, max(1, round(chance.gauss(4 if item.scale in favourites else 2.5, 1))))
        for item in instrument.items
    }
    given = levels if state > 1 else dict(list(levels.items())[:12])
    for item, level in given.items():
        Answer.create(passation=passation, item=item, value=level, answered_at=given_at)
    passation.started_at, passation.revision = given_at, len(given)
    if state > 1:
        passation.result = score(instrument, levels)
        passation.submitted_at = given_at + datetime.timedelta(days=2)
    if state > 2:
        passation.comment = "Ce que ces réponses disent rejoint vos récits d’accueil du public. À reprendre avec les pistes."
        passation.released_at = given_at + datetime.timedelta(days=5)
    passation.save()


def _complaints() -> None:
    for rank, (name, happened, expected) in enumerate(COMPLAINTS):
        content = {
            "name": name,
            "email": f"reclamant{rank + 1}@demo.example",
            "phone": "",
            "link": "agent",
            "happened": happened,
            "expected": expected,
            "call_back": False,
        }
        complaints.file_complaint(content=content, submission=f"demo-{rank}", person=None)
