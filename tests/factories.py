"""People, journeys, interviews, notes, passations and complaints, made by the product's own actions.

Each function needs `with app.test_request_context():` around it, because e-mails hold links.
"""

import datetime
import itertools
import uuid

from client import PASSWORD

from bilan import vault
from bilan.access.models import OpenSession
from bilan.agenda.models import Slot
from bilan.assignments import actions as assignments
from bilan.assignments.models import Assignment, Attachment
from bilan.assignments.rules import Kind
from bilan.careers.models import Condition, Experience, Skill
from bilan.complaints import actions as complaints
from bilan.database import now
from bilan.diagnostics import actions as diagnostics
from bilan.diagnostics.models import Diagnostic
from bilan.diagnostics.rules import TEXTS, Decision, Rhythm
from bilan.french import to_paris
from bilan.interviews import actions as interviews
from bilan.interviews.rules import InterviewKind, Mode, Outcome
from bilan.journeys import actions as journeys
from bilan.journeys.models import Journey
from bilan.journeys.rules import Phase
from bilan.leads import actions as leads
from bilan.leads.models import Lead, Survey
from bilan.leads.rules import Choice
from bilan.mail.models import Email
from bilan.messages import actions as messages
from bilan.notes import actions as notes
from bilan.notes.rules import NoteKind
from bilan.numbering import with_next_number
from bilan.passkeys.models import Passkey
from bilan.people import actions as people
from bilan.people.models import Employer, Person, Role
from bilan.pieces import actions as pieces
from bilan.plans import actions as plans
from bilan.plans.models import Step
from bilan.plans.rules import Answer
from bilan.prescriptions.models import Prescription
from bilan.prescriptions.rules import State
from bilan.questionnaires import actions as questionnaires
from bilan.questionnaires.models import Passation
from bilan.questionnaires.rules import Channel
from bilan.quotes import actions as quotes
from bilan.quotes.models import Quote
from bilan.results import actions as results
from bilan.results.models import Finding
from bilan.scenarios import actions as scenarios
from bilan.scenarios.models import Scenario
from bilan.scenarios.rules import Criterion, Priority
from bilan.synthesis import actions as syntheses
from bilan.synthesis.models import Synthesis
from bilan.synthesis.rules import Variant

SLUG = "interets"
_ranks = itertools.count(1)


def last_link(kind):
    """Return the personal link of the newest e-mail of a kind, as its reader finds it, without the host."""
    email = Email.select().where(Email.kind == kind).order_by(Email.created_at.desc()).first()
    return email.envelope["personal_links"][0].removeprefix("http://localhost")


def make_employer(name=None):
    return Employer.create(name=name or f"Commune {next(_ranks)}")


def make_person(role=Role.AGENT, *, name=None, email=None, employer=None, password=PASSWORD):
    """Return somebody who was invited and has chosen a password (None: not yet)."""
    rank = next(_ranks)
    email = email or f"personne{rank}@exemple.fr"
    person = people.invite(
        email=email, display_name=name or f"Personne {rank}", role=role, employer_name=employer.name if employer else "", by=None
    )
    if password:
        people.choose_password(token=last_link("invitation").rsplit("/", 1)[1], password=password)
    return Person.get_by_id(person.id)


def make_prescription(state=State.ACCEPTED, *, employer=None, agent=None, author=None, counsellor=None, received_days_ago=0, **content):
    """Return a prescription in that state; `content` holds the keys of its agent_file and request."""
    employer = employer or (agent.employer if agent else None) or make_employer()
    rank = next(_ranks)
    received_at = now() - datetime.timedelta(days=received_days_ago)
    file = {"phone": "", "position": "Agent d’entretien", "status": "titulaire", "category": "C", "french": "yes", "mode": "on_site"}
    request = {"motive": "evolution", "expectations": "Faire le point."}
    prescription = Prescription(employer=employer, author=author, state=state, agent=agent, counsellor=counsellor, created_at=received_at)
    prescription.agent_name = agent.display_name if agent else f"Agent prescrit {rank}"
    prescription.agent_email = agent.email if agent else f"agent-prescrit{rank}@exemple.fr"
    if state in (State.INVITED, State.ACCEPTED):
        prescription.invited_at, prescription.answered_at = received_at, received_at if state is State.ACCEPTED else None
    vault.create_key(prescription.id)
    prescription.agent_file = {name: content.get(name, value) for name, value in file.items()}
    prescription.request = {name: content.get(name, value) for name, value in request.items()}

    def write(year, number):
        if state is not State.DRAFT:
            prescription.year, prescription.number, prescription.received_at = year, number, received_at
        prescription.save(force_insert=True)
        return prescription

    return with_next_number(Prescription, write)


def quote_terms(**others):
    """Return what a quote offers, exempt from tax; `others` change it."""
    plain = {"minutes": 840, "hourly_cents": 9500, "vat_points": 0, "exemption": "Exonération de TVA, article 261", "valid_until": None}
    valid_until = to_paris(now()).date() + datetime.timedelta(days=60)
    return quotes.Terms(**{**plain, "valid_until": valid_until, **others})


def make_quote(*, prescription=None, employer=None, author=None, by=None, **terms):
    """Return a quote that was sent, on a prescription received; as an HR officer loads it."""
    prescription = prescription or make_prescription(State.RECEIVED, employer=employer, author=author)
    quote = quotes.send_quote(prescription=prescription, terms=quote_terms(**terms), submission=uuid.uuid4(), by=by)
    return Quote.by_id_with_prescription(quote.id)


def accept(quote, by):
    quotes.answer_quote(quote=quote, accepted=True, by=by)


def make_journey(agent=None, counsellor=None, employer=None, **content):
    """Return the journey of an accepted prescription; `content` as for make_prescription."""
    employer = employer or make_employer()
    agent = agent or make_person(Role.AGENT, employer=employer)
    counsellor = counsellor or make_person(Role.COUNSELLOR)
    prescription = make_prescription(agent=agent, counsellor=counsellor, employer=employer, **content)
    return journeys.open_journey(journey_id=prescription.id, agent=agent, counsellor=counsellor, employer=employer, by=counsellor)


def fill_grid(journey, **content):
    """Save the grid of a journey's diagnostic."""
    grid = dict.fromkeys(TEXTS, "") | {"motive": "", "readiness": "", "informed": []} | content
    known = Diagnostic.of_journey(journey)
    return diagnostics.save_grid(journey=journey, content=grid, base=known.revision if known else 0, by=journey.counsellor)


def propose_programme(journey, **content):
    """Decide that the bilan engages, on objectives, after an interview that has begun."""
    fill_grid(journey, **({"objectives": "Faire le point."} | content))
    today = to_paris(now()).date()
    programme = {"planned_minutes": 840, "rhythm": Rhythm.FORTNIGHTLY, "starts_on": today, "ends_on": today + datetime.timedelta(days=90)}
    diagnostics.decide(journey=journey, decision=Decision.ENGAGED, programme=programme, by=journey.counsellor)


def commit(journey):
    """Let the agent commit herself on the programme that waits."""
    diagnostics.commit(journey=journey, by=journey.agent)
    return Journey.by_id_with_people(journey.id)


def close(journey):
    """Close a journey and its prescription, whatever its phase."""
    Prescription.update(state=State.ENDED, ended_at=now()).where(Prescription.id == journey.id).execute()
    Journey.update(phase=Phase.CLOSED, accompaniment_at=journey.created_at, closed_at=now()).where(Journey.id == journey.id).execute()


def make_interview(journey, *, days=-3, held=90):
    """Return an interview so many days from now; a past one was held, unless `held` is None."""
    interview = interviews.plan_interview(
        journey=journey,
        kind=InterviewKind.DIAGNOSTIC,
        mode=Mode.ON_SITE,
        starts_at=now().replace(microsecond=0) + datetime.timedelta(days=days),
        planned_minutes=90,
        by=journey.counsellor,
    )
    if held and days < 0:
        interviews.close_interview(interview=interview, outcome=Outcome.HELD, held_minutes=held, by=journey.counsellor)
    return interview


def make_slot(counsellor, starts_at=None, *, days=7, minutes=90, mode=Mode.ON_SITE, place="4 rue Molière, 42300 ROANNE", **values):
    """Return a free slot of a counsellor, at that moment (naive UTC), else at 8 h UTC so many days from now."""
    starts_at = starts_at or now().replace(hour=8, minute=0, second=0, microsecond=0) + datetime.timedelta(days=days)
    return Slot.reserve(counsellor=counsellor.id, starts_at=starts_at, minutes=minutes, mode=mode, place=place, **values)


def write_note(interview, kind, *texts):
    """Write the versions of a note, one after the other."""
    for base, text in enumerate(texts):
        notes.save_note(interview=interview, kind=NoteKind(kind), text=text, base=base, author=interview.journey.counsellor)


def make_experience(journey, *, by=None, **content):
    """Return an experience; `content` changes what is kept of it."""
    texts = dict.fromkeys(("employer", "ends", "status", "grade", "tasks", "successes", "difficulties", "leaving", "pleasure", "proof"), "")
    plain = {"position": "Agent d’accueil", "starts": "2015-03", "ongoing": False} | texts | content
    return _piece(Experience, journey, by, content=plain)


def make_skill(journey, experience=None, *, by=None, **content):
    texts = dict.fromkeys(("level", "frequency", "again", "proof", "transferable"), "")
    plain = {"name": "Accueillir", "kind": "know_how", "to_develop": False} | texts | content
    return _piece(Skill, journey, by, content=plain, experience_id=experience.id if experience else None)


def make_condition(journey, *, by=None, **content):
    plain = {"kind": "resource", "sentence": "Une équipe qui aide.", "strength": "", "answer": ""} | content
    return _piece(Condition, journey, by, content=plain)


def make_finding(journey, *, by=None, **content):
    """Write what stands out."""
    content = {"sentence": "L’aide aux autres revient partout.", "sources": ["interests", "path"]} | content
    return _piece(Finding, journey, by, content=content)


def make_lead(journey, *, by=None, sorting=None, kept=False, **content):
    """Write a lead, sorted and kept or not."""
    content = {"title": "Médiathèque", "why": "Les livres et le public.", "origin": "agent", "occupation": ""} | content
    lead = _piece(Lead, journey, by, content=content)
    if sorting:
        leads.sort(lead=lead, choice=Choice(sorting[0]), reason=sorting[1], base=0, by=journey.agent)
    if kept:
        leads.keep(lead=lead, kept=True, by=journey.agent)
    return Lead.by_id_with_people(lead.id)


def make_survey(lead, *, by=None, **content):
    """Write what was found out about a job."""
    content = {"who": "Une bibliothécaire", "contact": "interview", "on": "2026-10-05", "findings": "Beaucoup de manutention."} | content
    return _piece(Survey, lead.journey, by, content=content, lead_id=lead.id)


def make_scenario(journey, *, lead=None, own=None, marks="3", by=None, **content):
    """Write a scenario: each criterion has that mark (or none, when ""), `own` is the agent's words."""
    sentence = content.pop("sentence", "Parce que.") if marks else ""
    texts = {"title": "À la médiathèque", "description": "", "origin": "", "route": "transfer", "first_step": "", "risk": ""}
    content = texts | {"criteria": {one.value: {"mark": marks, "sentence": sentence} for one in Criterion}} | content
    scenario = _piece(Scenario, journey, by, content=content, lead_id=lead.id if lead else None)
    if own:
        scenarios.choose(scenario=scenario, priority=Priority.FIRST, words=own, base=0, by=journey.agent)
    return Scenario.by_id_with_people(scenario.id)


def make_step(journey, *, scenario=None, days=30, by=None, **content):
    """Write a step of the plan, so many days from today (None: without a day)."""
    due_on = None if days is None else to_paris(now()).date() + datetime.timedelta(days=days)
    texts = dict.fromkeys(("objective", "indicator", "who", "support", "obstacle", "answer"), "")
    content = {"action": "Appeler la médiathèque"} | texts | content
    step = _piece(Step, journey, by, content=content, scenario_id=scenario.id if scenario else None, due_on=due_on)
    return Step.by_id_with_people(step.id)


def review_step(step, why, done=Answer.NO):
    """Let the agent say what became of a step, once the bilan is over."""
    plans.review(step=step, done=done, why=why, base=step.review_revision, by=step.journey.agent)
    return Step.by_id_with_people(step.id)


def enter(passation, channel=Channel.PAPER):
    """Let the counsellor type the answers; return the passation as it is then."""
    questionnaires.enter(passation=passation, channel=channel, by=passation.journey.counsellor)
    return Passation.by_id_with_people(passation.id)


def _piece(model, journey, by, **values):
    return pieces.add(model=model, journey=journey, values=values, submission=uuid.uuid4(), by=by or journey.agent)


def assign(journey, slug=SLUG):
    return questionnaires.assign(journey=journey, slug=slug, due_on=None, by=journey.counsellor)


def answer(passation, count=None, level=3):
    """Answer the first items (all of them when `count` is None); return the passation as it is then."""
    asked = passation.instrument.questions[:count]
    answers = {question.id: some_answer(question, level + rank) for rank, question in enumerate(asked)}
    questionnaires.save_answers(passation=passation, answers=answers, seen=passation.revision)
    return Passation.by_id_with_people(passation.id)


def some_answer(question, rank):
    """Return an answer that varies with the rank: a level, a letter of the ranking, a sentence."""
    if question.part.kind == "text":
        return f"Phrase {question.id}"
    if question.part.kind == "rank":
        return question.choices[int(question.id.removeprefix("rang-")) - 1][0]
    return int(question.choices[rank % len(question.choices)][0])


def submit(passation, by=None, **others):
    """Answer everything, some of it with these words, and hand it in."""
    passation = answer(passation)
    if others:
        questionnaires.save_answers(passation=passation, answers=others, seen=passation.revision)
    questionnaires.submit(passation=passation, by=by or passation.journey.agent)
    return Passation.by_id_with_people(passation.id)


def comment(passation, text, *, by=None):
    results.comment(passation=passation, text=text, base=0, by=by or passation.journey.counsellor)


def release(passation):
    results.release(passation=passation, by=passation.journey.counsellor)
    return Passation.by_id_with_people(passation.id)


def complaint_content(**others):
    """Return what a complaint holds."""
    plain = {"name": "Paul Mercier", "email": "paul@exemple.fr", "phone": "", "link": "agent"}
    return {**plain, "happened": "Un rendez-vous déplacé.", "expected": "", "call_back": False, **others}


def file_complaint(person=None, **content):
    """Return a complaint and the token of its follow-up page."""
    return complaints.file_complaint(content=complaint_content(**content), submission=str(uuid.uuid4()), person=person)


def give_work(journey, *, title="Noter trois moments de travail", kind=Kind.TEXT, **values):
    """Return a piece of work as its page loads it."""
    plain = {"details": "", "interview": None, "due": None, "submission": uuid.uuid4(), "by": journey.counsellor}
    work = assignments.give(journey=journey, kind=kind, title=title, **{**plain, **values})
    return Assignment.by_id_with_people(work.id)


def give_passation(passation):
    """Return work that is a questionnaire given already."""
    content = {"title": passation.instrument.title, "details": ""}
    journey = passation.journey
    work = Assignment.create(journey=journey, kind=Kind.QUESTIONNAIRE, given_by=journey.counsellor, content=content, passation=passation)
    return Assignment.by_id_with_people(work.id)


def answer_work(work, author, text="", *, name="notes.txt", content=b"Bonjour.", media_type="text/plain"):
    """Write about a piece of work and join a file; return the file."""
    file = {"name": name, "media_type": media_type, "content": content} if content else None
    submission = uuid.uuid4()
    assignments.answer(assignment=work, text=text, file=file, submission=submission, by=author)
    return Attachment.by_id_with_people(submission)


def tick(work, *, done=True):
    assignments.tick(assignment=work, done=done, by=work.journey.agent)
    return Assignment.by_id_with_people(work.id)


def send_message(journey, author, text="Bonjour."):
    messages.send(journey=journey, text=text, submission=uuid.uuid4(), by=author)


def make_synthesis(journey, *, observed="", proposed=False, validated=()):
    """Assemble a synthesis, bring it as far as asked, and return it."""
    syntheses.assemble(journey=journey, by=journey.counsellor)
    base = 1
    if observed:
        syntheses.observe(journey=journey, text=observed, base=base, by=journey.agent)
        base = 2
    if proposed or validated:
        syntheses.propose(journey=journey, base=base, by=journey.counsellor)
    for person in validated:
        syntheses.validate(journey=journey, base=base, by=person)
    return Synthesis.of_journey(journey)


def make_paper(synthesis, variant=Variant.NORMAL):
    """Ask for a printed copy of the last version: the worker sets it."""
    return syntheses.print_version(version=synthesis.version(), variant=variant, by=synthesis.journey.agent)


def make_passkey(person, credential="AAAA"):
    """Give somebody a key that no device holds; return its identifier."""
    return Passkey.create(person=person, name="Clé bleue", credential=credential, public_key=b"", handle="AAAA").id


def make_open_session(person):
    """Open a session that no browser of the tests holds; return its identifier."""
    return OpenSession.create(person=person, browser="Firefox, Windows").id
